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
		add_action( 'delete_user', array( $this, 'removed' ) );
		add_action( 'wpmu_delete_user', array( $this, 'deleted_from_network' ) );
		add_action( 'remove_user_from_blog', array( $this, 'removed' ), 10, 2 );
	}

	/**
	 * After a profile was saved: on a network, for each site it belongs to.
	 *
	 * @param int $user_id The user.
	 */
	public function updated( $user_id ): void {
		foreach ( self::sites( (int) $user_id ) as $site ) {
			self::report( (int) $user_id, false, $site );
		}
	}

	/**
	 * Before an account is deleted, or taken off one site of a network.
	 *
	 * @param int $user_id The user.
	 * @param int $site    The site; not given: this one.
	 */
	public function removed( $user_id, $site = 0 ): void {
		self::report( (int) $user_id, true, is_multisite() ? (int) $site : 0 );
	}

	/**
	 * Before an account is deleted from all sites of a network.
	 *
	 * @param int $user_id The user.
	 */
	public function deleted_from_network( $user_id ): void {
		foreach ( self::sites( (int) $user_id ) as $site ) {
			self::report( (int) $user_id, true, $site );
		}
	}

	/**
	 * The sites a user belongs to; 0 stands for the only one.
	 *
	 * @param int $user_id The user.
	 * @return int[]
	 */
	private static function sites( int $user_id ): array {
		return is_multisite() ? array_keys( get_blogs_of_user( $user_id, true ) ) : array( 0 );
	}

	/**
	 * Tells one site's sidecar, if the user is a partner there.
	 *
	 * @param int  $user_id The user.
	 * @param bool $deleted Whether the account is gone.
	 * @param int  $site    The site, 0 for this one.
	 */
	private static function report( int $user_id, bool $deleted, int $site ): void {
		if ( $site > 0 ) {
			switch_to_blog( $site );
		}
		$user = get_userdata( $user_id );
		if ( $user && Roles::is_partner( $user ) ) {
			self::append( $user, $deleted );
		}
		if ( $site > 0 ) {
			restore_current_blog();
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
