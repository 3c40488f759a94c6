<?php
/**
 * The coupon that a partner's link carried.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

defined( 'ABSPATH' ) || exit;

/**
 * A link with a coupon leaves its code in a cookie, so that it does not matter
 * whether the page it led to came out of a cache: baskets never do. The sidecar
 * sets it, see sidecar/track there.
 */
final class Coupon_Cookie {

	/** Holds the code, as rawurlencode() writes it. */
	const NAME = 'pc_coupon';

	/** The code, "" for none. */
	public static function code(): string {
		return rawurldecode( Inbox::cookie( self::NAME ) );
	}

	/** The visitor does not want the code: it does not come back. */
	public static function forget(): void {
		$name = Inbox::cookie_name( self::NAME );
		unset( $_COOKIE[ $name ] );
		if ( ! headers_sent() ) {
			setcookie( $name, '', array(
				'expires' => 1,
				'path'    => '' === COOKIEPATH ? '/' : COOKIEPATH,
			) );
		}
	}
}
