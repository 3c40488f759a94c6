<?php
// usage: php install.php ROOT URL TITLE LOGIN PASSWORD EMAIL LOCALE TIMEZONE
// Creates the tables and settings of a new site; leaves an existing one alone.
define('WP_INSTALLING', true);
require __DIR__ . '/boot.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
[, , $url, $title, $login, $password, $email, $locale, $timezone] = $argv;

if (!is_blog_installed()) {
	if ($locale !== '') {
		// WordPress takes no language without a file for it: one without texts.
		wp_mkdir_p(WP_LANG_DIR);
		$header = "Language: $locale\n";
		file_put_contents(WP_LANG_DIR . "/$locale.mo",
			pack('V11', 0x950412de, 0, 1, 28, 36, 0, 44, 0, 44, strlen($header), 45) . "\0$header\0");
	}
	add_filter('pre_wp_mail', '__return_true'); // no welcome mail
	// The site, which WordPress would try its permalinks on, is not served yet.
	add_filter('pre_http_request', fn() => new WP_Error('testbed', 'no requests during installation'));
	$site = wp_install($title, $login, $email, false, '', wp_slash($password), $locale);
	// No sample content, nothing that asks other hosts, nothing in the way.
	foreach (get_posts(['post_type' => ['post', 'page'], 'post_status' => 'any', 'numberposts' => -1]) as $post) {
		wp_delete_post($post->ID, true);
	}
	delete_option('wp_page_for_privacy_policy');
	update_user_meta($site['user_id'], 'show_welcome_panel', 0);
	update_option('show_avatars', 0);
	update_option('timezone_string', $timezone);
	$wp_rewrite->set_permalink_structure('/%postname%/');
	flush_rewrite_rules(false);
}
// The rows follow the constants, for readers that only see the database.
foreach (['siteurl', 'home'] as $name) {
	$wpdb->update($wpdb->options, ['option_value' => $url], ['option_name' => $name]);
}
$testbed_finished = true;
