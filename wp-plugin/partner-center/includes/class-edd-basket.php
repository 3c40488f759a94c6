<?php
/**
 * Links with a coupon in Easy Digital Downloads.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

defined( 'ABSPATH' ) || exit;

/** Puts the code that a link carried into the basket, as WooCommerce_Basket does. */
final class EDD_Basket {

	/** Hooks. */
	public function register(): void {
		add_action( 'edd_post_add_to_cart', array( $this, 'apply' ), 100, 0 );
		add_action( 'template_redirect', array( $this, 'apply' ), 5, 0 );
		add_action( 'edd_cart_discount_removed', array( $this, 'forget' ), 100 );
	}

	/** Puts the link's code into the basket, unless another is there or it does not fit. */
	public function apply(): void {
		$code = Coupon_Cookie::code();
		if ( '' === $code || ! function_exists( 'edd_set_cart_discount' ) || ! edd_get_cart_contents()
			|| edd_get_cart_discounts() || ! edd_is_discount_valid( $code, '', false ) ) {
			return;
		}
		edd_set_cart_discount( $code );
	}

	/**
	 * After a code was taken out.
	 *
	 * @param mixed $code The code.
	 */
	public function forget( $code ): void {
		if ( is_string( $code ) && 0 === strcasecmp( $code, Coupon_Cookie::code() ) ) {
			Coupon_Cookie::forget();
		}
	}
}
