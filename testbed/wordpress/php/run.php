<?php
// usage: php run.php ROOT URL CODE [ARGUMENT…]
// Runs CODE inside WordPress; any problem ends in exit code 1.
require __DIR__ . '/boot.php';

error_reporting(E_ALL & ~E_DEPRECATED & ~E_USER_DEPRECATED);
set_error_handler(function ($severity, $message, $file, $line) {
	if (!(error_reporting() & $severity)) { // not asked for, or silenced by @
		return false;
	}
	throw new ErrorException($message, 0, $severity, $file, $line);
});
try {
	(function (string $code, array $args) {
		eval($code);
	})($argv[3], array_slice($argv, 4));
	$testbed_finished = true;
} catch (Throwable $problem) {
	fwrite(STDERR, $problem . "\n");
}
