<?php
/**
 * Accounts for partners.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

use WP_Error;
use WP_User;

defined( 'ABSPATH' ) || exit;

/**
 * Finds or makes the WordPress user of a partner. Only WordPress makes users:
 * its checks, defaults and hooks are part of what a user is.
 */
final class Rest_User {

	/**
	 * Gives a person the role of a partner; the same call again changes nothing.
	 *
	 * @param array $in email, first_name, last_name, login, role, existing.
	 * @return array|WP_Error user_id, login, created.
	 */
	public function ensure( array $in ) {
		$given = (string) ( $in['email'] ?? '' );
		$email = sanitize_email( $given );
		// Characters that are taken out would leave the address, and the account, of somebody else.
		if ( $email !== $given || ! is_email( $email ) ) {
			return Rest::invalid( array( 'email' => __( 'This isn\'t a valid email address.', 'partner-center' ) ) );
		}
		if ( Roles::PARTNER !== ( $in['role'] ?? Roles::PARTNER ) ) {
			return Rest::invalid( array( 'role' => __( 'Only the role "partner" can be given.', 'partner-center' ) ) );
		}
		$user    = get_user_by( 'email', $email );
		$created = false === $user;
		if ( $created ) {
			if ( ! empty( $in['existing'] ) ) {
				return new WP_Error( 'partner_center_no_user', __( 'There is no user with this email address.',
					'partner-center' ), array( 'status' => 404 ) );
			}
			$user = self::create( $email, $in );
		}
		return is_wp_error( $user ) ? $user : self::as_partner( $user, $created );
	}

	/**
	 * A new user with a password nobody knows; the welcome mail has a link to set one.
	 *
	 * @param string $email Checked.
	 * @param array  $in    first_name, last_name, login.
	 * @return WP_User|WP_Error
	 */
	private static function create( string $email, array $in ) {
		$id = wp_insert_user(
			wp_slash(
				array(
					'user_login' => self::free_login( (string) ( $in['login'] ?? '' ), $email ),
					'user_email' => $email,
					'user_pass'  => wp_generate_password( 32 ),
					'first_name' => sanitize_text_field( (string) ( $in['first_name'] ?? '' ) ),
					'last_name'  => sanitize_text_field( (string) ( $in['last_name'] ?? '' ) ),
					'role'       => Roles::PARTNER,
				)
			)
		);
		if ( is_wp_error( $id ) ) {
			$id->add_data( array( 'status' => 409 ) );
			return $id;
		}
		return get_userdata( $id );
	}

	/**
	 * Adds the role, and on a network the site.
	 *
	 * @param WP_User $user    The user.
	 * @param bool    $created Whether it is new.
	 */
	private static function as_partner( WP_User $user, bool $created ): array {
		if ( is_multisite() && ! is_user_member_of_blog( $user->ID ) ) {
			add_user_to_blog( get_current_blog_id(), $user->ID, Roles::PARTNER );
		} elseif ( ! Roles::is_partner( $user ) ) {
			$user->add_role( Roles::PARTNER );
		}
		return array(
			'user_id' => $user->ID,
			'login'   => $user->user_login,
			'created' => $created,
		);
	}

	/**
	 * A user name nobody has.
	 *
	 * @param string $wanted What the applicant asked for, may be "".
	 * @param string $email  Else its first part serves.
	 */
	private static function free_login( string $wanted, string $email ): string {
		$base = sanitize_user( '' === $wanted ? explode( '@', $email )[0] : $wanted, true );
		$base = '' === $base ? 'partner' : substr( $base, 0, 50 ); // WordPress allows 60.
		for ( $login = $base, $n = 2; username_exists( $login ); $n++ ) {
			$login = $base . $n;
		}
		return $login;
	}
}
