<?php
/**
 * Where partners land after login.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

use WP_User;

defined( 'ABSPATH' ) || exit;

/**
 * "Partners Redirect To". The page somebody wanted to see goes first, and
 * people who work on the site are left alone.
 */
final class Login_Redirect {

	/** Hooks. */
	public function register(): void {
		add_filter( 'login_redirect', array( $this, 'choose' ), 20, 3 );
	}

	/**
	 * The place to go to.
	 *
	 * @param string $default As WordPress would have it.
	 * @param string $wanted  What the login form was asked for.
	 * @param mixed  $user    A user, or the error of a failed login.
	 */
	public function choose( $default, $wanted, $user ) {
		if ( ! $user instanceof WP_User || ! Roles::is_partner( $user ) || user_can( $user, 'edit_posts' ) || user_can( $user, 'manage_options' ) ) {
			return $default;
		}
		// The login form asks for the dashboard when nobody asked for anything.
		if ( ! in_array( untrailingslashit( (string) $wanted ), array( '', untrailingslashit( admin_url() ) ), true ) ) {
			return $default;
		}
		$page = Settings::redirect_url();
		return '' === $page ? $default : $page;
	}
}
