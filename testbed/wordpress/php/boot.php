<?php
// Loads WordPress for a script of the command line, as if ROOT were visited at
// URL (the first two arguments). The script must set $testbed_finished at its
// end: WordPress likes to print a page and exit with code 0 when something is
// wrong, which becomes exit code 1 here.
$testbed_parts = parse_url($argv[2]);
$_SERVER['HTTP_HOST'] = $testbed_parts['host'] . (isset($testbed_parts['port']) ? ':' . $testbed_parts['port'] : '');
$_SERVER['SERVER_NAME'] = $testbed_parts['host'];
$_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';
$_SERVER['REQUEST_METHOD'] = 'GET';
$_SERVER['REQUEST_URI'] = ($testbed_parts['path'] ?? '') . '/';
$_SERVER['REMOTE_ADDR'] = '127.0.0.1';

$testbed_finished = false;
register_shutdown_function(function () {
	if (!$GLOBALS['testbed_finished']) {
		fwrite(STDERR, "the script ended early " . (error_get_last()['message'] ?? '') . "\n");
		exit(1);
	}
});

require $argv[1] . '/wp-load.php';
