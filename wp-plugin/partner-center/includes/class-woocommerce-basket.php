<?php
/**
 * Links with a coupon in WooCommerce.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

use DateTimeImmutable;
use DateTimeZone;
use WC_Cart;
use WC_Coupon;
use WC_Discounts;

defined( 'ABSPATH' ) || exit;

/**
 * Puts the code that a link carried into the basket, as soon as there is something
 * in it that it is good for.
 */
final class WooCommerce_Basket {

	/** In the session: when each code came into the basket. */
	const TIMES = 'partner_center_coupons_at';

	/**
	 * Whether a code is being put into the basket.
	 *
	 * @var bool
	 */
	private $applying = false;

	/** Hooks. */
	public function register(): void {
		add_action( 'woocommerce_cart_loaded_from_session', array( $this, 'apply' ), 100, 0 );
		add_action( 'woocommerce_add_to_cart', array( $this, 'apply' ), 100, 0 );
		add_action( 'woocommerce_applied_coupon', array( $this, 'note' ), 100 );
		add_action( 'woocommerce_removed_coupon', array( $this, 'forget' ), 100 );
	}

	/** Puts the link's code into the basket, unless it is there or does not fit. */
	public function apply(): void {
		$code = Coupon_Cookie::code();
		$cart = function_exists( 'WC' ) && WC()->session ? WC()->cart : null;
		if ( '' === $code || $this->applying || ! $cart instanceof WC_Cart || $cart->is_empty()
			|| $cart->has_discount( $code ) ) {
			return;
		}
		$coupon = new WC_Coupon( wc_format_coupon_code( $code ) );
		$alone  = $coupon->get_individual_use() && array() !== $cart->get_applied_coupons();
		if ( 0 === $coupon->get_id() || $alone || true !== ( new WC_Discounts( $cart ) )->is_coupon_valid( $coupon ) ) {
			return;
		}
		$this->applying = true;
		$cart->apply_coupon( $code );
		$this->applying = false;
	}

	/**
	 * Notes when a code came into the basket: by the settings of the program the
	 * newest of coupon and click may count.
	 *
	 * @param mixed $code The code.
	 */
	public function note( $code ): void {
		if ( is_string( $code ) && function_exists( 'WC' ) && WC()->session ) {
			$now = new DateTimeImmutable( 'now', new DateTimeZone( 'UTC' ) );
			WC()->session->set( self::TIMES, array( $code => $now->format( Order_State::TIME ) ) + self::times() );
		}
	}

	/**
	 * A visitor who takes the code out does not want it: it does not come back.
	 *
	 * @param mixed $code The code.
	 */
	public function forget( $code ): void {
		if ( ! is_string( $code ) || ! function_exists( 'WC' ) || ! WC()->session ) {
			return;
		}
		WC()->session->set( self::TIMES, array_diff_key( self::times(), array( $code => '' ) ) );
		if ( 0 === strcasecmp( Coupon_Cookie::code(), $code ) ) {
			Coupon_Cookie::forget();
		}
	}

	/**
	 * When each code came into the basket of this visitor.
	 *
	 * @return string[]
	 */
	public static function times(): array {
		$times = function_exists( 'WC' ) && WC()->session ? WC()->session->get( self::TIMES ) : array();
		return is_array( $times ) ? array_filter( $times, 'is_string' ) : array();
	}
}
