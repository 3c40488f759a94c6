<?php
/**
 * Who earned what by an order, on WooCommerce's screen of it.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

use WC_Order;
use WP_Post;

defined( 'ABSPATH' ) || exit;

/** A box beside the order, whether orders are posts or have tables of their own. */
final class WooCommerce_Box {

	/**
	 * What stands in it.
	 *
	 * @var Order_Box
	 */
	private $box;

	/**
	 * On this site.
	 *
	 * @param Order_Box $box What stands in it.
	 */
	public function __construct( Order_Box $box ) {
		$this->box = $box;
	}

	/** Hooks. */
	public function register(): void {
		add_action( 'add_meta_boxes', array( $this, 'add' ), 20, 2 );
	}

	/**
	 * Adds the box on the screen of an order.
	 *
	 * @param string $screen Of wp-admin.
	 * @param mixed  $thing  What it shows.
	 */
	public function add( $screen, $thing = null ): void {
		$order = self::order( $thing );
		if ( null !== $order && current_user_can( Order_Box::SEE ) ) {
			add_meta_box( 'partner-center-order', Order_Box::title(), array( $this, 'show' ), $screen,
				'side' );
		}
	}

	/**
	 * Prints the box.
	 *
	 * @param mixed $thing What the screen shows.
	 */
	public function show( $thing ): void {
		$order = self::order( $thing );
		if ( null !== $order ) {
			$this->box->show( WooCommerce_Cart::SOURCE, $order->get_id() );
		}
	}

	/**
	 * The order that a screen shows.
	 *
	 * @param mixed $thing A post or an order.
	 */
	private static function order( $thing ): ?WC_Order {
		if ( $thing instanceof WP_Post ) {
			$thing = 'shop_order' === $thing->post_type && function_exists( 'wc_get_order' )
				? wc_get_order( $thing->ID ) : null;
		}
		return $thing instanceof WC_Order && 'shop_order' === $thing->get_type() ? $thing : null;
	}
}
