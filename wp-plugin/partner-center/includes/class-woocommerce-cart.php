<?php
/**
 * WooCommerce, as every cart is seen.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

use WC_Order;

defined( 'ABSPATH' ) || exit;

/** Orders are read by WooCommerce's own objects alone, wherever it keeps them. */
final class WooCommerce_Cart implements Cart {

	/** Where its orders come from. */
	const SOURCE = 'woocommerce';

	/** What the block checkout keeps while nobody has ordered, and wp-admin before a first save. */
	const DRAFTS = array( 'checkout-draft', 'auto-draft', 'draft', 'new' );

	/** See Cart. */
	public function source(): string {
		return self::SOURCE;
	}

	/** See Cart. */
	public function is_there(): bool {
		return function_exists( 'wc_get_orders' );
	}

	/**
	 * See Cart.
	 *
	 * @param int $id Of anything.
	 */
	public function has( int $id ): bool {
		return class_exists( \Automattic\WooCommerce\Utilities\OrderUtil::class )
			&& 'shop_order' === \Automattic\WooCommerce\Utilities\OrderUtil::get_order_type( $id );
	}

	/**
	 * See Cart.
	 *
	 * @param int $id Of the order.
	 */
	public function state( int $id ): ?array {
		$order = wc_get_order( $id );
		$is_it = $order instanceof WC_Order && ! in_array( $order->get_status(), self::DRAFTS, true );
		return $is_it ? ( new WooCommerce_Order( $order ) )->state() : null;
	}

	/**
	 * See Cart.
	 *
	 * @param int $id Of the order.
	 */
	public function changed_at( int $id ): array {
		$order = wc_get_order( $id );
		if ( ! $order instanceof WC_Order ) {
			return array();
		}
		$times = array( $order->get_date_created(), $order->get_date_modified(), $order->get_date_paid() );
		foreach ( $order->get_refunds() as $refund ) {
			$times[] = $refund->get_date_created();
		}
		return array_map(
			static function ( $time ) {
				return $time->getTimestamp();
			},
			array_filter( $times )
		);
	}

	/**
	 * See Cart.
	 *
	 * @param int $from Unix seconds.
	 * @param int $page From 1.
	 * @param int $size Of a page.
	 */
	public function changed( int $from, int $page, int $size ): array {
		$statuses = array_diff( array_keys( wc_get_order_statuses() ), array( 'wc-checkout-draft' ) );
		return wc_get_orders(
			array(
				'type'          => 'shop_order',
				'status'        => array_merge( $statuses, array( 'trash' ) ),
				'date_modified' => '>=' . $from,
				'orderby'       => 'ID',
				'order'         => 'ASC',
				'limit'         => $size,
				'page'          => $page,
				'return'        => 'ids',
			)
		);
	}

	/**
	 * See Cart.
	 *
	 * @param int $page From 1.
	 */
	public function report_products( int $page ): bool {
		return WooCommerce_Products::report_page( $page );
	}
}
