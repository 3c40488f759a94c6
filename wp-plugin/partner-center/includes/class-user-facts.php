<?php
/**
 * Changes of partners' accounts.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

use WP_User;

defined( 'ABSPATH' ) || exit;

/**
 * Tells the sidecar when a partner's name or e-mail changed or the account is
 * gone. Other users are none of its business.
 */
final class User_Facts {

	/** Hooks. */
	public function register(): void {
		add_action( 'profile_update', array( $this, 'updated' ) );
		add_action( 'deleted_user', array( $this, 'deleted' ), 10, 3 );
	}

	/**
	 * After a profile was saved.
	 *
	 * @param int $user_id The user.
	 */
	public function updated( $user_id ): void {
		$user = get_userdata( $user_id );
		if ( $user && Roles::is_partner( $user ) ) {
			self::append( $user, false );
		}
	}

	/**
	 * After an account was deleted.
	 *
	 * @param int     $user_id  The user.
	 * @param mixed   $reassign Not used.
	 * @param WP_User $user     The user as it was.
	 */
	public function deleted( $user_id, $reassign, $user ): void {
		if ( Roles::is_partner( $user ) ) {
			self::append( $user, true );
		}
	}

	/**
	 * The time in microseconds orders the states of one user.
	 *
	 * @param WP_User $user    The user.
	 * @param bool    $deleted Whether it is gone.
	 */
	private static function append( WP_User $user, bool $deleted ): void {
		Inbox::append(
			'user',
			(string) $user->ID,
			(int) ( microtime( true ) * 1000000 ),
			array(
				'user_id'    => $user->ID,
				'email'      => $user->user_email,
				'first_name' => $user->first_name,
				'last_name'  => $user->last_name,
				'deleted'    => $deleted,
			)
		);
	}
}
