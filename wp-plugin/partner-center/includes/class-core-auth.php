<?php
/**
 * Whether WordPress' own login cookies are in use on this site.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

use ReflectionFunction;

defined( 'ABSPATH' ) || exit;

/**
 * Plugins may replace WordPress' functions for cookies and the store of
 * sessions. The sidecar then cannot check the cookie itself and is told who the
 * visitor is.
 */
final class Core_Auth {

	const FUNCTIONS = array( 'wp_validate_auth_cookie', 'wp_generate_auth_cookie', 'wp_parse_auth_cookie', 'wp_hash' );

	/** Call it not before plugins_loaded. */
	public static function is_replaced(): bool {
		foreach ( self::FUNCTIONS as $name ) {
			$file = ( new ReflectionFunction( $name ) )->getFileName();
			if ( wp_normalize_path( (string) $file ) !== wp_normalize_path( ABSPATH . WPINC . '/pluggable.php' ) ) {
				return true;
			}
		}
		/** This filter is documented in wp-includes/class-wp-session-tokens.php */
		return 'WP_User_Meta_Session_Tokens' !== apply_filters( 'session_token_manager', 'WP_User_Meta_Session_Tokens' );
	}
}
