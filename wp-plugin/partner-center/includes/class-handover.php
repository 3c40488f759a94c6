<?php
/**
 * What only WordPress knows about the site, handed to the sidecar.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

defined( 'ABSPATH' ) || exit;

/**
 * An encrypted document in one option, rewritten only when a value differs.
 */
final class Handover {

	const OPTION  = 'partner_center_handover';
	const VERSION = 1;

	/** Seconds an administrator waits for the sidecar at most. */
	const PATIENCE = 3;

	/** Runs where administrators pass by; never on pages of visitors. */
	public function register(): void {
		add_action( 'admin_init', array( $this, 'on_admin_page' ) );
		add_action( 'update_option_' . Settings::OPTION, array( $this, 'refresh' ), 20, 0 );
		add_action( 'add_option_' . Settings::OPTION, array( $this, 'refresh' ), 20, 0 );
	}

	/** Admin-ajax also fires admin_init, for visitors as well: not there. */
	public function on_admin_page(): void {
		if ( ! wp_doing_ajax() && current_user_can( 'manage_options' ) ) {
			$this->refresh();
		}
	}

	/** Hands over again if anything changed. Without a key there is nothing to do. */
	public function refresh(): void {
		$key = Key::of_site();
		if ( null === $key ) {
			return;
		}
		$new = self::document();
		$old = json_decode( $key->open( (string) get_option( self::OPTION, '' ) ), true );
		unset( $old['made_at'] );
		if ( $old !== $new ) {
			update_option( self::OPTION, $key->seal( wp_json_encode( $new + array( 'made_at' => time() ) ) ), false );
			self::tell();
		}
	}

	/** Has the sidecar read it now and not two seconds later. One that is not there reads it when it starts. */
	private static function tell(): void {
		try {
			( new Client() )->call( 'POST', Client::target( 'handover' ), array(), Body::of_text( '' ),
				self::PATIENCE );
		} catch ( Unreachable $e ) {
			return;
		}
	}

	/** The document without its date. */
	private static function document(): array {
		return array( 'v' => self::VERSION ) + self::login() + self::database() + self::addresses() + array(
			'look'           => Look::of_site(),
			'plugin_version' => VERSION,
			'wp_version'     => $GLOBALS['wp_version'],
			'timezone'       => wp_timezone_string(),
			'currency'       => self::currency(),
			'locale'         => get_locale(),
			'switches'       => array(
				'tracking' => Settings::tracking(),
				'center'   => Settings::center(),
			),
		);
	}

	/** What it takes to check a login cookie. */
	private static function login(): array {
		return array(
			'salts'              => array(
				'logged_in' => wp_salt( 'logged_in' ),
				'nonce'     => wp_salt( 'nonce' ),
			),
			'logged_in_cookie'   => LOGGED_IN_COOKIE,
			'cookie_path'        => COOKIEPATH,
			'cookie_domain'      => (string) COOKIE_DOMAIN,
			'core_auth_replaced' => Core_Auth::is_replaced(),
			'signup_guarded'     => Signup_Guard::is_on(),
		);
	}

	/** Where users and options are. */
	private static function database(): array {
		global $wpdb;
		return array(
			'prefix'         => $wpdb->prefix,
			'base_prefix'    => $wpdb->base_prefix,
			'blog_id'        => get_current_blog_id(),
			'multisite'      => is_multisite(),
			'users_table'    => $wpdb->users,
			'usermeta_table' => $wpdb->usermeta,
		);
	}

	/** Where visitors and the sidecar reach what. */
	private static function addresses(): array {
		return array(
			'home'        => home_url(),
			'siteurl'     => site_url(),
			'page_url'    => Center_Page::url(),
			'admin_url'   => admin_url(),
			'rest_url'    => home_url( '/?rest_route=/' ),
			'login_url'   => wp_login_url(),
			'logout_url'  => self::logout_url(),
			'redirect_to' => Settings::redirect_url(),
			'public_url'  => Settings::public_url(),
		);
	}

	/** Where to log out, without what proves that one person asked for it. */
	private static function logout_url(): string {
		return remove_query_arg( '_wpnonce', html_entity_decode( wp_logout_url(), ENT_QUOTES ) );
	}

	/** The shop's currency, as the cart plugin knows it. */
	private static function currency(): string {
		if ( function_exists( 'get_woocommerce_currency' ) ) {
			return get_woocommerce_currency();
		}
		return function_exists( 'edd_get_currency' ) ? edd_get_currency() : 'USD';
	}
}
