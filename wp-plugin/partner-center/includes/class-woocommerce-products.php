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

	/** Hooks. */
	public function register(): void {
		foreach ( array( 'woocommerce_new_product', 'woocommerce_update_product', 'woocommerce_new_product_variation',
			'woocommerce_update_product_variation'
		) as $hook ) {
			add_action( $hook, array( $this, 'on_saved' ), 100, 2 );
		}
		add_action( 'untrashed_post', array( $this, 'on_restored' ), 100 );
		add_action( 'trashed_post', array( $this, 'on_gone' ) );
		add_action( 'before_delete_post', array( $this, 'on_gone' ) );
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
			$no_more = array( 'auto-draft', 'trash' );
			if ( $product instanceof WC_Product && ! in_array( $product->get_status(), $no_more, true ) ) {
				self::report( $product, false );
			}
		} catch ( Throwable $problem ) {
			do_action( 'partner_center_product_failed', $id, $problem );
		}
	}

	/**
	 * A product comes back from the trash.
	 *
	 * @param mixed $id Of any post.
	 */
	public function on_restored( $id ): void {
		if ( self::is_product( $id ) ) {
			$this->on_saved( (int) $id );
		}
	}

	/**
	 * A product goes into the trash, or for good.
	 *
	 * @param mixed $id Of any post.
	 */
	public function on_gone( $id ): void {
		try {
			$product = self::is_product( $id ) ? wc_get_product( $id ) : null;
			if ( $product instanceof WC_Product ) {
				self::report( $product, true );
			}
		} catch ( Throwable $problem ) {
			do_action( 'partner_center_product_failed', $id, $problem );
		}
	}

	/**
	 * Whether a post is a product or a variation of one.
	 *
	 * @param mixed $id Of any post.
	 */
	private static function is_product( $id ): bool {
		return function_exists( 'wc_get_product' )
			&& in_array( get_post_type( (int) $id ), array( 'product', 'product_variation' ), true );
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
				'limit'   => Products::STEP,
				'page'    => $page,
			)
		);
		foreach ( $products as $product ) {
			self::report( $product, false );
		}
		return count( $products ) === Products::STEP;
	}

	/**
	 * Reports one product.
	 *
	 * @param WC_Product $product The product.
	 * @param bool       $is_gone Not sold any more.
	 */
	private static function report( WC_Product $product, bool $is_gone ): void {
		Products::report(
			WooCommerce_Cart::SOURCE,
			(string) $product->get_id(),
			array(
				'name'     => (string) $product->get_name(),
				'price'    => (string) $product->get_price(),
				'currency' => get_woocommerce_currency(),
				'parent'   => $product->is_type( 'variation' ) ? (string) $product->get_parent_id() : '',
				'gone'     => $is_gone,
			)
		);
	}
}
