<?php
/**
 * The click of whoever orders in Easy Digital Downloads.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

defined( 'ABSPATH' ) || exit;

/**
 * Keeps the visitor's click with the order while the visitor is there: the
 * payment may be reported by a gateway, from a request that has no cookies.
 */
final class EDD_Checkout {

	const CLICK     = '_partner_center_click';
	const PLACED_AT = '_partner_center_placed_at';

	/** Hooks. */
	public function register(): void {
		add_action( 'edd_built_order', array( $this, 'keep' ), 5 );
	}

	/**
	 * At the checkout. Whoever comes back to an order that was never paid orders
	 * anew, unless they come without a click: then the first one stays.
	 *
	 * @param mixed $id Of the order.
	 */
	public function keep( $id ): void {
		$click = Inbox::click();
		$order = Carts::by_visitor() ? edd_get_order( $id ) : false;
		if ( ! $order || EDD_Recurring::of( $order )['renewal'] ) {
			return;
		}
		if ( '' !== $click || '' === (string) edd_get_order_meta( $id, self::PLACED_AT, true ) ) {
			edd_update_order_meta( $id, self::CLICK, $click );
			edd_update_order_meta( $id, self::PLACED_AT, Carts::now() );
		}
	}
}
