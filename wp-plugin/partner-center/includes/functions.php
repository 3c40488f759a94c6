<?php
/**
 * What other plugins may call. It stands in the global namespace.
 *
 * @package PartnerCenter
 */

defined( 'ABSPATH' ) || exit;

if ( ! function_exists( 'partner_center_order' ) ) {
	/**
	 * Reports an order of a cart with its full state, as often as it changes. It
	 * is quick, waits for nobody and never throws. The same as the action of
	 * that name, which may be called whether or not this plugin is active.
	 *
	 * @param array $state source, id, status, currency, lines and more: see docs/carts.md.
	 * @return true|WP_Error What is wrong with the state, field by field.
	 */
	function partner_center_order( array $state ) {
		return PartnerCenter\Orders::take( $state );
	}
}

if ( ! function_exists( 'partner_center_click' ) ) {
	/**
	 * The click of this request's visitor, "" without one, for carts to keep with
	 * the order: the payment may be reported by a request that has no visitor.
	 */
	function partner_center_click(): string {
		return PartnerCenter\Inbox::click();
	}
}
