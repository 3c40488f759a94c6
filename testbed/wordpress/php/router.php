<?php
// Router of `php -S`: PHP files as asked, everything else to WordPress. The
// proxy in front has already served what are plain files.

// As behind a real web server, PHP sees the visitor's own address and port.
if (isset($_SERVER['HTTP_X_TESTBED_CLIENT'])) {
	$_SERVER['REMOTE_ADDR'] = $_SERVER['HTTP_X_TESTBED_CLIENT'];
	unset($_SERVER['HTTP_X_TESTBED_CLIENT'], $_SERVER['REMOTE_PORT']);
}
[$_SERVER['SERVER_NAME'], $_SERVER['SERVER_PORT']] = explode(':', $_SERVER['HTTP_HOST'] ?? '') + ['', '80'];

$testbed_root = $_SERVER['DOCUMENT_ROOT'];
$testbed_path = rawurldecode((string) parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH));
// The sites of a network share their files, as WordPress' own rules for Apache say.
if (!file_exists($testbed_root . $testbed_path)
	&& preg_match('#^/[_0-9a-zA-Z-]+(/(?:wp-(?:content|admin|includes)(?:/.*)?|[^/]*\.php))$#', $testbed_path,
		$testbed_found)
	&& file_exists($testbed_root . $testbed_found[1])) {
	$testbed_path = $testbed_found[1];
}
if (is_dir($testbed_root . $testbed_path)) {
	if (substr($testbed_path, -1) !== '/') {
		header('Location: ' . $testbed_path . '/', true, 301);
		return true;
	}
	$testbed_path .= 'index.php';
}
if (substr($testbed_path, -4) !== '.php' || strpos($testbed_path, '..') !== false
	|| !is_file($testbed_root . $testbed_path)) {
	$testbed_path = '/index.php';
}
$_SERVER['SCRIPT_NAME'] = $_SERVER['PHP_SELF'] = $testbed_path;
$_SERVER['SCRIPT_FILENAME'] = $testbed_root . $testbed_path;
unset($_SERVER['PATH_INFO']);
chdir(dirname($testbed_root . $testbed_path));
require $testbed_root . $testbed_path;
