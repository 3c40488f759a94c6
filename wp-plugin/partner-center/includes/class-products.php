<?php
/**
 * What carts sell.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

defined( 'ABSPATH' ) || exit;

/**
 * Tells the sidecar what a cart sells, so that programs can take products in
 * before the first one is sold, and what it has ceased to sell.
 */
final class Products {

	/** Of their facts. */
	const KIND = 'product';

	/** A page of a catalog. */
	const STEP = 100;

	/**
	 * Reports a product or variation; the latest state of it counts.
	 *
	 * @param string $source Cart.
	 * @param string $id     Of the product in its cart.
	 * @param array  $state  name, price (text, "" for none), currency, parent (of which it is a variation, "" for
	 *                       none), and gone (whether the cart ceased to sell it).
	 */
	public static function report( string $source, string $id, array $state ): void {
		$price = (string) ( $state['price'] ?? '' );
		Inbox::put(
			array(
				'kind'        => self::KIND,
				'source'      => $source,
				'external_id' => $id,
				'seq'         => (int) ( microtime( true ) * 1000000 ),
				'occurred_at' => Inbox::now(),
				'click'       => '',
				'payload'     => (string) wp_json_encode(
					array( 'price' => is_numeric( $price ) ? $price : '' ) + $state
				),
			)
		);
	}
}
