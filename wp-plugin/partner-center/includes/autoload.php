<?php
/**
 * Loads the class PartnerCenter\Center_Page from class-center-page.php, so that
 * a request reads only the files it needs.
 *
 * @package PartnerCenter
 */

defined( 'ABSPATH' ) || exit;

spl_autoload_register(
	static function ( $name ) {
		if ( 0 !== strpos( $name, 'PartnerCenter\\' ) ) {
			return;
		}
		$noun = strtolower( str_replace( '_', '-', substr( $name, strlen( 'PartnerCenter\\' ) ) ) );
		$file = __DIR__ . '/class-' . $noun . '.php';
		if ( is_file( $file ) ) {
			require $file;
		}
	}
);
