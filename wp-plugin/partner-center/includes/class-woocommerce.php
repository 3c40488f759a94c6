<?php
/**
 * Orders of WooCommerce.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

use Throwable;
use WC_Order;

defined( 'ABSPATH' ) || exit;

/**
 * Hooks only mark an order as changed, since they come several times, before
 * the order is complete, and other plugins fire some and not others. At the end
 * of the request each marked order is read once and reported as it stands.
 */
final class WooCommerce {

	/** Where its orders come from. */
	const SOURCE = 'woocommerce';

	/** What the block checkout keeps while nobody has ordered, and wp-admin before a first save. */
	const DRAFTS = array( 'checkout-draft', 'auto-draft', 'draft', 'new' );

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

	/** Marked orders beyond which a long process does not wait for its end. */
	const MOST_MARKED = 200;

	/**
	 * Changed orders, by site of the network: id to true.
	 *
	 * @var array
	 */
	private $marked = array();

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
		add_action( 'action_scheduler_after_execute', array( $this, 'flush' ) );
		add_action( 'shutdown', array( $this, 'flush' ), 100 );
		( new WooCommerce_Checkout() )->register();
		( new WooCommerce_Subscriptions( $this ) )->register();
		( new WooCommerce_Products() )->register();
		( new WooCommerce_Basket() )->register();
		( new WooCommerce_Sweep() )->register();
		if ( is_admin() ) {
			( new WooCommerce_Box() )->register();
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
		$is_draft = $order instanceof WC_Order && in_array( $order->get_status(), self::DRAFTS, true );
		if ( ! is_numeric( $id ) || $is_draft ) {
			return;
		}
		$site = get_current_blog_id();
		if ( count( $this->marked[ $site ] ?? array() ) >= self::MOST_MARKED ) {
			$this->flush();
		}
		$this->marked[ $site ][ (int) $id ] = true;
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
		try {
			$is_order = $order instanceof WC_Order || 'shop_order' === get_post_type( $id );
			$order    = $is_order && function_exists( 'wc_get_order' ) ? wc_get_order( $id ) : false;
			if ( $order instanceof WC_Order && ! in_array( $order->get_status(), self::DRAFTS, true ) ) {
				$state                      = ( new WooCommerce_Order( $order ) )->state();
				$state['payload']['status'] = 'void';
				Orders::report(
					self::SOURCE,
					(string) $id,
					static function () use ( $state ) {
						return $state;
					}
				);
				unset( $this->marked[ get_current_blog_id() ][ (int) $id ] );
			}
		} catch ( Throwable $problem ) {
			do_action( 'partner_center_order_failed', self::SOURCE, (string) $id, $problem );
		}
	}

	/** Reports the marked orders; never throws. */
	public function flush(): void {
		$marked       = $this->marked;
		$this->marked = array();
		if ( array() === $marked || ! function_exists( 'wc_get_order' ) ) {
			return;
		}
		// What this request has read of an order may be older than the number it takes.
		if ( wp_cache_supports( 'flush_runtime' ) ) {
			wp_cache_flush_runtime();
		}
		foreach ( $marked as $site => $ids ) {
			$is_other = get_current_blog_id() !== $site && switch_to_blog( $site );
			foreach ( array_keys( $ids ) as $id ) {
				self::report( $id );
			}
			if ( $is_other ) {
				restore_current_blog();
			}
		}
	}

	/**
	 * Reports an order as it stands now.
	 *
	 * @param int    $id Of an order; anything else is passed over.
	 * @param string $at When it came into this state, if that was not now.
	 * @return bool Whether its state is safe, or there is nothing to say.
	 */
	public static function report( int $id, string $at = '' ): bool {
		if ( $id <= 0 || ! self::is_order( $id ) ) {
			return true;
		}
		return Orders::report(
			self::SOURCE,
			(string) $id,
			static function () use ( $id, $at ) {
				$order = wc_get_order( $id );
				if ( ! $order instanceof WC_Order || in_array( $order->get_status(), self::DRAFTS, true ) ) {
					return null;
				}
				$state = ( new WooCommerce_Order( $order ) )->state();
				return '' === $at ? $state : array( 'occurred_at' => $at ) + $state;
			}
		);
	}

	/**
	 * Whether it is an order and neither a refund, a subscription nor a page.
	 *
	 * @param int $id Of anything.
	 */
	private static function is_order( int $id ): bool {
		return class_exists( \Automattic\WooCommerce\Utilities\OrderUtil::class )
			&& 'shop_order' === \Automattic\WooCommerce\Utilities\OrderUtil::get_order_type( $id );
	}
}
