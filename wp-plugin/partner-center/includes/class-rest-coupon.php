<?php
/**
 * Coupons of partners.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

use Throwable;
use WP_Error;

defined( 'ABSPATH' ) || exit;

/**
 * Keeps the code of a partner in the shop as the sidecar says. The sidecar calls
 * as often as it likes: it comes to the same. Each shop has a class with the
 * static methods is_there, marked, kept, named, save and switch_off.
 */
final class Rest_Coupon {

	/** Shops by the sidecar's names. */
	const SHOPS = array(
		'woocommerce' => WooCommerce_Coupons::class,
		'edd'         => EDD_Coupons::class,
	);

	/** Where our coupons keep the sidecar's number of the code. */
	const MARK = '_partner_center_coupon';

	/**
	 * Makes, changes or switches off one code.
	 *
	 * @param array $in shop, id, code, on, and with it kind, amount, minimum, until, once, alone.
	 * @return array|WP_Error
	 */
	public function keep( array $in ) {
		$shop = self::shop( $in );
		if ( is_wp_error( $shop ) ) {
			return $shop;
		}
		$id   = (int) ( $in['id'] ?? 0 );
		$code = (string) ( $in['code'] ?? '' );
		if ( $id <= 0 || '' === $code ) {
			return Rest::invalid( array( 'code' => __( 'Name the coupon.', 'partner-center' ) ) );
		}
		try {
			return empty( $in['on'] ) ? self::switch_off( $shop, $id ) : self::switch_on( $shop, $id, $code, $in );
		} catch ( Throwable $problem ) {
			return new WP_Error( 'partner_center_coupon', $problem->getMessage(), array( 'status' => 500 ) );
		}
	}

	/**
	 * Whether the shop has a working coupon of a code.
	 *
	 * @param array $in shop, code.
	 * @return array|WP_Error found.
	 */
	public function find( array $in ) {
		$shop = self::shop( $in );
		return is_wp_error( $shop ) ? $shop
			: array( 'found' => 0 !== $shop::named( (string) ( $in['code'] ?? '' ) ) );
	}

	/**
	 * The class for a shop.
	 *
	 * @param array $in shop.
	 * @return string|WP_Error
	 */
	private static function shop( array $in ) {
		$class = self::SHOPS[ (string) ( $in['shop'] ?? '' ) ] ?? '';
		if ( '' === $class || ! class_exists( $class ) || ! $class::is_there() ) {
			return new WP_Error( 'partner_center_no_shop', __( 'The shop is not active on this site.',
				'partner-center' ), array( 'status' => 409 ) );
		}
		return $class;
	}

	/**
	 * A code that works from now on.
	 *
	 * @param string $shop Class.
	 * @param int    $id   Of the sidecar.
	 * @param string $code The code.
	 * @param array  $in   What it gives.
	 * @return array|WP_Error
	 */
	private static function switch_on( string $shop, int $id, string $code, array $in ) {
		$own   = $shop::marked( $id );
		$named = $shop::named( $code );
		if ( 0 !== $named && $named !== $own && ! $shop::is_ours( $named ) ) {
			return new WP_Error( 'partner_center_coupon_taken',
				__( 'The shop has a coupon with this code that Partner Center did not make.', 'partner-center' ),
				array( 'status' => 409 ) );
		}
		if ( 0 === $own ) {
			$own = 0 === $named ? $shop::kept( $code ) : $named;
		}
		return array( 'shop_id' => $shop::save( $own, $id, $code, $in ) );
	}

	/**
	 * A code that works no more. One that is not there does not work.
	 *
	 * @param string $shop Class.
	 * @param int    $id   Of the sidecar.
	 */
	private static function switch_off( string $shop, int $id ): array {
		$own = $shop::marked( $id );
		if ( 0 !== $own ) {
			$shop::switch_off( $own );
		}
		return array( 'shop_id' => $own );
	}
}
