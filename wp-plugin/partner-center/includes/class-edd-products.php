<?php
/**
 * Products of Easy Digital Downloads.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

use Throwable;
use WP_Post;

defined( 'ABSPATH' ) || exit;

/** Downloads, and each of their prices where they have several. */
final class EDD_Products {

	/** Hooks. */
	public function register(): void {
		add_action( 'save_post_download', array( $this, 'on_saved' ), 100, 2 );
		add_action( 'edd_save_download', array( $this, 'on_saved' ), 100, 2 );
		add_action( 'trashed_post', array( $this, 'on_gone' ) );
		add_action( 'before_delete_post', array( $this, 'on_gone' ) );
	}

	/**
	 * After a product was saved; its prices may come after it.
	 *
	 * @param mixed $id   Of the product.
	 * @param mixed $post The product.
	 */
	public function on_saved( $id, $post = null ): void {
		try {
			$post = $post instanceof WP_Post ? $post : get_post( $id );
			if ( $post instanceof WP_Post && ! in_array( $post->post_status, array( 'auto-draft', 'trash' ), true )
				&& function_exists( 'edd_get_variable_prices' ) ) {
				self::report( $post, false );
			}
		} catch ( Throwable $problem ) {
			do_action( 'partner_center_product_failed', $id, $problem );
		}
	}

	/**
	 * A product goes into the trash, or for good.
	 *
	 * @param mixed $id Of any post.
	 */
	public function on_gone( $id ): void {
		try {
			$post = get_post( $id );
			if ( $post instanceof WP_Post && 'download' === $post->post_type
				&& function_exists( 'edd_get_variable_prices' ) ) {
				self::report( $post, true );
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
		$posts = get_posts(
			array(
				'post_type'        => 'download',
				'post_status'      => array( 'publish', 'private', 'future' ),
				'orderby'          => 'ID',
				'order'            => 'ASC',
				'posts_per_page'   => Products::STEP,
				'paged'            => $page,
				'suppress_filters' => true,
			)
		);
		foreach ( $posts as $post ) {
			self::report( $post, false );
		}
		return count( $posts ) === Products::STEP;
	}

	/**
	 * The id of a price of a product, as it calls it itself; "" without one.
	 *
	 * @param int   $product Id.
	 * @param mixed $price   Its number among the product's prices, from 0.
	 */
	public static function variation( int $product, $price ): string {
		$is_one = is_numeric( $price ) && ( (int) $price > 0 || edd_has_variable_prices( $product ) );
		return $is_one ? $product . '_' . (int) $price : '';
	}

	/**
	 * Reports a product and its prices.
	 *
	 * @param WP_Post $post    The product.
	 * @param bool    $is_gone Not sold any more.
	 */
	private static function report( WP_Post $post, bool $is_gone ): void {
		$name   = wp_specialchars_decode( $post->post_title, ENT_QUOTES );
		$prices = edd_has_variable_prices( $post->ID ) ? (array) edd_get_variable_prices( $post->ID ) : array();
		$amount = array() === $prices ? (string) edd_get_download_price( $post->ID ) : '';
		self::report_one( (string) $post->ID, $name, $amount, $is_gone );
		foreach ( $prices as $id => $price ) {
			$option = edd_get_price_option_name( $post->ID, $id );
			self::report_one( self::variation( $post->ID, $id ), $name . ( '' === $option ? '' : ' — ' . $option ),
				(string) ( $price['amount'] ?? '' ), $is_gone );
		}
	}

	/**
	 * Reports a product or a price of it.
	 *
	 * @param string $id      Of it.
	 * @param string $name    What it is called.
	 * @param string $price   What it costs; "" when that depends.
	 * @param bool   $is_gone Not sold any more.
	 */
	private static function report_one( string $id, string $name, string $price, bool $is_gone ): void {
		Products::report(
			EDD_Cart::SOURCE,
			$id,
			array(
				'name'     => $name,
				'price'    => $price,
				'currency' => edd_get_currency(),
				'parent'   => false === strpos( $id, '_' ) ? '' : strtok( $id, '_' ),
				'gone'     => $is_gone,
			)
		);
	}
}
