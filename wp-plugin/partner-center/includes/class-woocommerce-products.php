<?php
/**
 * Products of WooCommerce.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

use Throwable;
use WC_Product;

defined( 'ABSPATH' ) || exit;

/**
 * Tells the sidecar what the shop sells, so that programs can take products in
 * before the first one is sold.
 */
final class WooCommerce_Products {

	/** Of their facts. */
	const KIND = 'product';

	const STEP = 100;

	/** Hooks. */
	public function register(): void {
		foreach ( array( 'woocommerce_new_product', 'woocommerce_update_product', 'woocommerce_new_product_variation',
			'woocommerce_update_product_variation'
		) as $hook ) {
			add_action( $hook, array( $this, 'on_saved' ), 100, 2 );
		}
	}

	/**
	 * After a product was saved.
	 *
	 * @param int   $id      Of the product.
	 * @param mixed $product The product.
	 */
	public function on_saved( $id, $product = null ): void {
		try {
			$product = $product instanceof WC_Product ? $product : wc_get_product( $id );
			if ( $product instanceof WC_Product && 'auto-draft' !== $product->get_status() ) {
				self::report( $product );
			}
		} catch ( Throwable $problem ) {
			do_action( 'partner_center_product_failed', $id, $problem );
		}
	}

	/**
	 * Reports the next products of the catalog.
	 *
	 * @param int $page From 1.
	 * @return bool Whether there are more.
	 */
	public static function report_page( int $page ): bool {
		$products = wc_get_products(
			array(
				'type'    => array_merge( array_keys( wc_get_product_types() ), array( 'variation' ) ),
				'status'  => array( 'publish', 'private', 'future' ),
				'orderby' => 'ID',
				'order'   => 'ASC',
				'limit'   => self::STEP,
				'page'    => $page,
			)
		);
		foreach ( $products as $product ) {
			self::report( $product );
		}
		return count( $products ) === self::STEP;
	}

	/**
	 * Reports one product; the latest state of it counts.
	 *
	 * @param WC_Product $product The product.
	 */
	private static function report( WC_Product $product ): void {
		$price = (string) $product->get_price();
		Inbox::put(
			array(
				'kind'        => self::KIND,
				'source'      => WooCommerce::SOURCE,
				'external_id' => (string) $product->get_id(),
				'seq'         => (int) ( microtime( true ) * 1000000 ),
				'occurred_at' => Inbox::now(),
				'click'       => '',
				'payload'     => (string) wp_json_encode(
					array(
						'name'     => (string) $product->get_name(),
						'price'    => is_numeric( $price ) ? $price : '',
						'currency' => get_woocommerce_currency(),
					)
				),
			)
		);
	}
}
