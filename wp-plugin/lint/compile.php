<?php
/**
 * Compiles all files of the plugin with the PHP that runs this, in one process
 * because starting PHP for WebAssembly takes a second. Including a class file
 * only declares its class; the other two files are parsed.
 *
 * usage: php compile.php DIR
 */

error_reporting( E_ALL );
set_error_handler(
	function ( $severity, $message, $file, $line ) {
		throw new ErrorException( $message, 0, $severity, $file, $line );
	}
);
define( 'ABSPATH', __DIR__ );

$count = 0;
try {
	foreach ( array( 'partner-center.php', 'uninstall.php' ) as $name ) {
		token_get_all( file_get_contents( "$argv[1]/$name" ), TOKEN_PARSE );
		++$count;
	}
	foreach ( glob( "$argv[1]/includes/*.php" ) as $file ) {
		require_once $file;
		++$count;
	}
} catch ( Throwable $problem ) {
	echo PHP_VERSION, ': ', $problem->getFile(), ':', $problem->getLine(), ': ', $problem->getMessage(), "\n";
	exit( 1 );
}
echo 'PHP ', PHP_VERSION, " compiles $count files\n";
