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
		add_filter( 'woocommerce_login_redirect', array( $this, 'choose_in_shop' ), 20, 2 );
		add_filter( 'woocommerce_prevent_admin_access', array( $this, 'let_in' ) );
	}

	/**
	 * The place to go to.
	 *
	 * @param string $default As WordPress would have it.
	 * @param string $wanted  What the login form was asked for.
	 * @param mixed  $user    A user, or the error of a failed login.
	 */
	public function choose( $default, $wanted, $user ) {
		if ( ! $user instanceof WP_User || ! Roles::is_partner( $user ) || user_can( $user, 'edit_posts' )
			|| user_can( $user, 'manage_options' ) ) {
			return $default;
		}
		// The login form asks for the dashboard when nobody asked for anything.
		if ( ! in_array( untrailingslashit( (string) $wanted ), array( '', untrailingslashit( admin_url() ) ),
			true ) ) {
			return $default;
		}
		$page = Settings::redirect_url();
		return '' === $page ? $default : $page;
	}

	/**
	 * The same for the form of a shop, which asks for its own account page when
	 * nobody asked for anything.
	 *
	 * @param string $default As WooCommerce would have it.
	 * @param mixed  $user    The user.
	 */
	public function choose_in_shop( $default, $user ) {
		$account = function_exists( 'wc_get_page_permalink' ) ? wc_get_page_permalink( 'myaccount' ) : '';
		$nothing = untrailingslashit( (string) $default ) === untrailingslashit( (string) $account );
		$chosen  = $nothing ? $this->choose( '', '', $user ) : '';
		return '' === $chosen ? $default : $chosen;
	}

	/**
	 * WooCommerce keeps people who edit nothing out of wp-admin, where the
	 * pages of the partner program are.
	 *
	 * @param bool $prevent Whether it would.
	 */
	public function let_in( $prevent ) {
		return $prevent && ! current_user_can( Roles::VIEW );
	}
}
