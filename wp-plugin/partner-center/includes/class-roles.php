<?php
/**
 * Role and capabilities.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

use WP_User;

defined( 'ABSPATH' ) || exit;

/**
 * The role is for menus and redirects only; who is a partner is decided by the
 * sidecar's table of partners.
 */
final class Roles {

	const PARTNER  = 'partner';
	const VIEW     = 'partner_center_view';
	const SETTINGS = 'partner_center_settings';

	const CAPABILITIES = array( self::VIEW, 'partner_center_approve', 'partner_center_pay', self::SETTINGS );

	/** Adds what is missing. */
	public static function add(): void {
		add_role( self::PARTNER, __( 'Partner', 'partner-center' ), array( 'read' => true ) );
		$administrator = get_role( 'administrator' );
		foreach ( $administrator ? self::CAPABILITIES : array() as $capability ) {
			$administrator->add_cap( $capability );
		}
	}

	/** Takes everything away, from all roles an admin gave it to. */
	public static function remove(): void {
		foreach ( array_keys( wp_roles()->roles ) as $name ) {
			foreach ( self::CAPABILITIES as $capability ) {
				get_role( $name )->remove_cap( $capability );
			}
		}
		remove_role( self::PARTNER );
	}

	/**
	 * Whether a user has the role.
	 *
	 * @param WP_User $user The user.
	 */
	public static function is_partner( WP_User $user ): bool {
		return in_array( self::PARTNER, (array) $user->roles, true );
	}
}
