<?php
/**
 * Passwords that are asked for again.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

use WP_User;

defined( 'ABSPATH' ) || exit;

/**
 * Before money is moved a person shows that the session is theirs. WordPress
 * checks the password as at its login form, with every plugin that has a say in
 * it; nobody is logged in by it.
 */
final class Rest_Password {

	/**
	 * Whether a password is that of a user.
	 *
	 * @param array $in user_id, password as typed, ip of the person.
	 * @return array ok.
	 */
	public function check( array $in ): array {
		$user     = get_userdata( (int) ( $in['user_id'] ?? 0 ) );
		$password = $in['password'] ?? '';
		if ( false === $user || ! is_string( $password ) || '' === $password ) {
			return array( 'ok' => false );
		}
		// In a REST call an application password would pass, which programs have.
		remove_filter( 'authenticate', 'wp_authenticate_application_password', 20 );
		// Plugins that lock out after too many attempts shall see who made them, not the sidecar.
		$ip = filter_var( $in['ip'] ?? '', FILTER_VALIDATE_IP );
		if ( false !== $ip ) {
			$_SERVER['REMOTE_ADDR'] = $ip;
		}
		$found = wp_authenticate( wp_slash( $user->user_login ), wp_slash( $password ) ); // Forms arrive slashed.
		return array( 'ok' => $found instanceof WP_User && $found->ID === $user->ID );
	}
}
