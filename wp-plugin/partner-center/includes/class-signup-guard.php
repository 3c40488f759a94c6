<?php
/**
 * What other plugins say of sign-ups.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

use WP_Error;

defined( 'ABSPATH' ) || exit;

/**
 * A captcha, say, puts its fields into the form and refuses forms without them. The
 * sidecar asks about each form once there is such a filter; see docs/signup.md.
 */
final class Signup_Guard {
	/** Filter: true, or false or a WP_Error to refuse. */
	const FILTER = 'partner_center_signup_allowed';

	/** Action: prints fields into the form. */
	const FIELDS = 'partner_center_signup_fields';

	/** Where the sidecar leaves room for them; it escapes whatever people type. */
	const PLACE = '<div class="partner-center-signup-guard"></div>';

	/** Whether anybody wants to be asked. */
	public static function is_on(): bool {
		return false !== has_filter( self::FILTER );
	}

	/**
	 * Whether a form may be taken.
	 *
	 * @param array $in program, fields (name to list of values), ip of the visitor.
	 * @return array ok; why, for the visitor.
	 */
	public function check( array $in ): array {
		$fields = self::fields( (array) ( $in['fields'] ?? array() ) );
		$ip     = filter_var( $in['ip'] ?? '', FILTER_VALIDATE_IP );
		if ( false !== $ip ) {
			$_SERVER['REMOTE_ADDR'] = $ip; // Not the sidecar's.
		}
		$_POST    = wp_slash( $fields ); // Most captchas look for their answer there.
		$_REQUEST = $_POST;
		$about    = array(
			'program' => (string) ( $in['program'] ?? '' ),
			'ip'      => (string) $ip,
		);
		$allowed  = apply_filters( self::FILTER, true, $fields, $about );
		return array(
			'ok'  => true === $allowed,
			'why' => $allowed instanceof WP_Error ? wp_strip_all_tags( $allowed->get_error_message(), true ) : '',
		);
	}

	/**
	 * HTML of the sidecar with the fields of plugins in their place.
	 *
	 * @param string $html The sidecar's.
	 */
	public static function fill( string $html ): string {
		$at = strpos( $html, self::PLACE );
		if ( false === $at || ! has_action( self::FIELDS ) ) {
			return $html;
		}
		ob_start();
		do_action( self::FIELDS );
		$fields = ob_get_clean();
		$close  = strlen( '</div>' );
		return substr_replace( $html, $fields, $at + strlen( self::PLACE ) - $close, 0 );
	}

	/**
	 * The fields as PHP would have had them.
	 *
	 * @param array $sent Name to list of values.
	 */
	private static function fields( array $sent ): array {
		$fields = array();
		foreach ( $sent as $name => $values ) {
			$values = array_values( array_filter( (array) $values, 'is_string' ) );
			$is_one = '[]' !== substr( (string) $name, -2 );

			$fields[ $is_one ? $name : substr( $name, 0, -2 ) ] = $is_one ? (string) end( $values ) : $values;
		}
		return $fields;
	}
}
