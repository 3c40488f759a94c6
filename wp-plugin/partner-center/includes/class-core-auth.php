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
 * sessions, or overrule whom a cookie stands for. The sidecar then cannot check
 * the cookie itself: its pages are shown by WordPress, which tells who the
 * visitor is.
 */
final class Core_Auth {

	const FUNCTIONS = array( 'wp_validate_auth_cookie', 'wp_generate_auth_cookie', 'wp_parse_auth_cookie', 'wp_hash' );

	/**
	 * Filters that have a say in who is logged in, with WordPress' own callbacks,
	 * and those of plugins that concern the REST API alone.
	 */
	const FILTERS = array(
		'determine_current_user' => array( 'wp_validate_auth_cookie', 'wp_validate_logged_in_cookie',
			'wp_validate_application_password', 'WC_REST_Authentication::authenticate',
			'WC_WCCOM_Site::authenticate_wccom',
			'Automattic\Jetpack\Connection\Rest_Authentication::wp_rest_authenticate',
		),
		'auth_cookie_valid'      => array( 'rest_cookie_collect_status' ),
	);

	/** Call it not before plugins_loaded. */
	public static function is_replaced(): bool {
		foreach ( self::FUNCTIONS as $name ) {
			$file = ( new ReflectionFunction( $name ) )->getFileName();
			if ( wp_normalize_path( (string) $file ) !== wp_normalize_path( ABSPATH . WPINC . '/pluggable.php' ) ) {
				return true;
			}
		}
		foreach ( self::FILTERS as $name => $known ) {
			if ( array_diff( self::callbacks( $name ), $known ) ) {
				return true;
			}
		}
		/** This filter is documented in wp-includes/class-wp-session-tokens.php */
		return 'WP_User_Meta_Session_Tokens' !== apply_filters( 'session_token_manager',
			'WP_User_Meta_Session_Tokens' );
	}

	/**
	 * Names of what is called for a filter.
	 *
	 * @param string $filter Its name.
	 * @return string[]
	 */
	private static function callbacks( string $filter ): array {
		$hook  = $GLOBALS['wp_filter'][ $filter ] ?? null;
		$names = array();
		foreach ( $hook ? array_merge( ...array_values( $hook->callbacks ) ) : array() as $callback ) {
			$function = $callback['function'];
			if ( is_array( $function ) ) {
				$function = ( is_object( $function[0] ) ? get_class( $function[0] ) : $function[0] ) . '::'
					. $function[1];
			}
			$names[] = is_string( $function ) ? $function : 'closure';
		}
		return $names;
	}
}
