<?php
/**
 * Orders of WooCommerce.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

use WC_Order;

defined( 'ABSPATH' ) || exit;

/** Finds out which orders change: see Marked_Orders. */
final class WooCommerce {

	/** Hooks whose first argument is the id of the order. Some say what the others say. */
	const MARKING = array(
		'woocommerce_new_order',
		'woocommerce_update_order',
		'woocommerce_checkout_order_processed',
		'woocommerce_payment_complete',
		'woocommerce_order_status_changed',
		'woocommerce_order_refunded',
		'woocommerce_saved_order_items',
		'woocommerce_trash_order',
		'woocommerce_untrash_order',
		// Orders kept as posts, moved in WordPress' own lists.
		'trashed_post',
		'untrashed_post',
	);

	/**
	 * What is reported when the request ends.
	 *
	 * @var Marked_Orders
	 */
	private $marked;

	/**
	 * The request.
	 *
	 * @var Browser_Request
	 */
	private $request;

	/**
	 * For one request.
	 *
	 * @param Browser_Request $request What the browser sent.
	 */
	public function __construct( Browser_Request $request ) {
		$this->request = $request;
		$this->marked = new Marked_Orders( new WooCommerce_Cart() );
	}

	/** Hooks; nothing happens without WooCommerce. */
	public function register(): void {
		add_action( 'before_woocommerce_init', array( $this, 'declare_compatibility' ) );
		if ( ! Settings::tracking() ) {
			return;
		}
		foreach ( self::MARKING as $hook ) {
			add_action( $hook, array( $this, 'mark' ), 100, 2 );
		}
		add_action( 'woocommerce_store_api_checkout_order_processed', array( $this, 'mark_order' ), 100 );
		add_action( 'woocommerce_refund_created', array( $this, 'mark_refunded' ), 100, 2 );
		add_action( 'woocommerce_refund_deleted', array( $this, 'mark_refund_deleted' ), 100, 2 );
		add_action( 'woocommerce_before_delete_order', array( $this, 'report_deleted' ), 1, 2 );
		add_action( 'before_delete_post', array( $this, 'report_deleted' ), 1 );
		$this->marked->register();
		( new WooCommerce_Checkout() )->register();
		( new WooCommerce_Subscriptions( $this ) )->register();
		( new WooCommerce_Products() )->register();
		( new WooCommerce_Basket() )->register();
		if ( is_admin() ) {
			( new WooCommerce_Box( new Order_Box( $this->request ) ) )->register();
		}
	}

	/** Orders are read and written by WooCommerce's own objects alone, wherever it keeps them. */
	public function declare_compatibility(): void {
		if ( class_exists( \Automattic\WooCommerce\Utilities\FeaturesUtil::class ) ) {
			foreach ( array( 'custom_order_tables', 'cart_checkout_blocks' ) as $feature ) {
				\Automattic\WooCommerce\Utilities\FeaturesUtil::declare_compatibility( $feature, PLUGIN_FILE, true );
			}
		}
	}

	/**
	 * Notes that an order changed.
	 *
	 * @param mixed $id    Of an order; of any post for some hooks.
	 * @param mixed $order The order, for some hooks.
	 */
	public function mark( $id, $order = null ): void {
		$is_draft = $order instanceof WC_Order && in_array( $order->get_status(), WooCommerce_Cart::DRAFTS, true );
		if ( ! $is_draft ) {
			$this->marked->mark( $id );
		}
	}

	/**
	 * Notes that an order changed.
	 *
	 * @param mixed $order The order.
	 */
	public function mark_order( $order ): void {
		if ( $order instanceof WC_Order ) {
			$this->mark( $order->get_id(), $order );
		}
	}

	/**
	 * After a refund was made.
	 *
	 * @param int   $refund_id Of the refund.
	 * @param mixed $args      With the id of its order.
	 */
	public function mark_refunded( $refund_id, $args = array() ): void {
		$this->mark( is_array( $args ) && isset( $args['order_id'] ) ? $args['order_id'] : 0 );
	}

	/**
	 * After a refund was deleted.
	 *
	 * @param int $refund_id Of the refund.
	 * @param int $order_id  Of its order.
	 */
	public function mark_refund_deleted( $refund_id, $order_id = 0 ): void {
		$this->mark( $order_id );
	}

	/**
	 * An order that is about to be deleted can be read for the last time.
	 *
	 * @param int   $id    Of an order, or any post.
	 * @param mixed $order The order, or post.
	 */
	public function report_deleted( $id, $order = null ): void {
		if ( $order instanceof WC_Order || 'shop_order' === get_post_type( $id ) ) {
			$this->marked->report_deleted( (int) $id );
		}
	}
}
