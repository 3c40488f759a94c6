<?php
/**
 * Orders that changed in this request.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

use Throwable;

defined( 'ABSPATH' ) || exit;

/**
 * Hooks only mark an order as changed, since they come several times, before
 * the order is complete, and other plugins fire some and not others. At the end
 * of the request each marked order is read once and reported as it stands.
 */
final class Marked_Orders {

	/** Marked orders beyond which a long process does not wait for its end. */
	const MOST = 200;

	/**
	 * Where the orders are.
	 *
	 * @var Cart
	 */
	private $cart;

	/**
	 * Changed orders, by site of the network: id to true.
	 *
	 * @var array
	 */
	private $marked = array();

	/**
	 * Of this cart.
	 *
	 * @param Cart $cart Where the orders are.
	 */
	public function __construct( Cart $cart ) {
		$this->cart = $cart;
	}

	/** Hooks. */
	public function register(): void {
		add_action( 'action_scheduler_after_execute', array( $this, 'flush' ) );
		add_action( 'shutdown', array( $this, 'flush' ), 100 );
	}

	/**
	 * Notes that an order changed.
	 *
	 * @param mixed $id Of an order; of any post for some hooks.
	 */
	public function mark( $id ): void {
		if ( ! is_numeric( $id ) || (int) $id <= 0 ) {
			return;
		}
		$site = get_current_blog_id();
		if ( count( $this->marked[ $site ] ?? array() ) >= self::MOST ) {
			$this->flush();
		}
		$this->marked[ $site ][ (int) $id ] = true;
	}

	/**
	 * Reports an order that is about to be deleted; never throws.
	 *
	 * @param int $id Of the order.
	 */
	public function report_deleted( int $id ): void {
		try {
			Carts::report_deleted( $this->cart, $id );
			unset( $this->marked[ get_current_blog_id() ][ $id ] );
		} catch ( Throwable $problem ) {
			do_action( 'partner_center_order_failed', $this->cart->source(), (string) $id, $problem );
		}
	}

	/** Reports the marked orders; never throws. */
	public function flush(): void {
		$marked       = array_filter( $this->marked );
		$this->marked = array();
		if ( array() === $marked || ! $this->cart->is_there() ) {
			return;
		}
		// What this request has read of an order may be older than the number it takes.
		if ( wp_cache_supports( 'flush_runtime' ) ) {
			wp_cache_flush_runtime();
		}
		foreach ( $marked as $site => $ids ) {
			$is_other = get_current_blog_id() !== $site && switch_to_blog( $site );
			foreach ( array_keys( $ids ) as $id ) {
				$this->report( $id );
			}
			if ( $is_other ) {
				restore_current_blog();
			}
		}
	}

	/**
	 * Reports one order; never throws.
	 *
	 * @param int $id Of the order.
	 */
	private function report( int $id ): void {
		try {
			Carts::report( $this->cart, $id );
		} catch ( Throwable $problem ) {
			do_action( 'partner_center_order_failed', $this->cart->source(), (string) $id, $problem );
		}
	}
}
