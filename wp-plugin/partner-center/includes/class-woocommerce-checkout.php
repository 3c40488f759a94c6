<?php
/**
 * The click of whoever orders in WooCommerce.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

use WC_Order;

defined( 'ABSPATH' ) || exit;

/**
 * Keeps the visitor's click with the order while the visitor is there: the
 * payment may be reported by a gateway, from a request that has no cookies.
 */
final class WooCommerce_Checkout {

	const CLICK     = '_partner_center_click';
	const PLACED_AT = '_partner_center_placed_at';
	const COUPONS   = '_partner_center_coupons_at';

	/** Hooks. */
	public function register(): void {
		add_action( 'woocommerce_checkout_create_order', array( $this, 'keep' ) );
		add_action( 'woocommerce_store_api_checkout_update_order_from_request', array( $this, 'keep' ) );
		add_action( 'woocommerce_new_order', array( $this, 'keep_by_the_way' ), 5, 2 );
	}

	/**
	 * At the checkout, before WooCommerce saves the order. The time is kept too:
	 * WooCommerce's own is cut to seconds, and that of the block checkout is when
	 * the visitor first opened the page.
	 *
	 * @param mixed $order The order.
	 */
	public function keep( $order ): void {
		if ( $order instanceof WC_Order ) {
			$order->update_meta_data( self::CLICK, Inbox::click() );
			$times = WooCommerce_Basket::times();
			if ( array() !== $times ) {
				$order->update_meta_data( self::COUPONS, (string) wp_json_encode( $times ) );
			}
			$order->update_meta_data( self::PLACED_AT, Carts::now() );
		}
	}

	/**
	 * Wallets and other gateways make the order without the checkout. What an
	 * admin or a program makes is not the visitor's, whatever cookies they have.
	 *
	 * @param int   $id    Of the order.
	 * @param mixed $order The order.
	 */
	public function keep_by_the_way( $id, $order = null ): void {
		if ( '' === Inbox::click() || ! Carts::by_visitor() || ! $order instanceof WC_Order ) {
			return;
		}
		$made_by = $order->get_created_via();
		if ( 'shop_order' === $order->get_type() && ! $order->meta_exists( self::CLICK )
			&& ! in_array( $made_by, array( 'admin', 'rest-api', 'subscription' ), true ) ) {
			$this->keep( $order );
			$order->save_meta_data();
		}
	}
}
