<?php
/**
 * Orders of WooCommerce that no hook announced.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

use DateTimeImmutable;
use DateTimeZone;
use WC_Order;

defined( 'ABSPATH' ) || exit;

/**
 * Each hour compares the orders that changed since the last time with what was
 * reported of them: importers write tables, hooks are taken away, processes die.
 * It works in small steps and for some seconds at a time, in cron alone.
 */
final class WooCommerce_Sweep {

	/** The cron event. */
	const EVENT = 'partner_center_sweep';

	/** When this site began: orders placed before are past ones and earn nothing. */
	const SINCE = 'partner_center_orders_since';

	/** How far it got: from (change of orders), page, began; products (page of the catalog, which is told once). */
	const PLACE = 'partner_center_sweep_place';

	const STEP    = 50;
	const SECONDS = 20;

	/** Clocks of servers differ, and orders may be saved slowly. */
	const OVERLAP = 2 * HOUR_IN_SECONDS;

	/** Hooks. */
	public function register(): void {
		if ( false === get_option( self::SINCE ) ) {
			add_option( self::SINCE, time() );
		}
		add_action( self::EVENT, array( self::class, 'run' ) );
		add_action( 'init', array( $this, 'schedule' ) );
	}

	/** Each hour, while there is a shop. */
	public function schedule(): void {
		if ( function_exists( 'wc_get_orders' ) && ! wp_next_scheduled( self::EVENT ) ) {
			wp_schedule_event( time(), 'hourly', self::EVENT );
		}
	}

	/** Nothing is done while the plugin is off. */
	public static function stop(): void {
		wp_clear_scheduled_hook( self::EVENT );
	}

	/**
	 * Whether an order is of the time before this site had partners.
	 *
	 * @param WC_Order $order The order.
	 */
	public static function is_past( WC_Order $order ): bool {
		$placed = $order->get_date_created();
		return null !== $placed && $placed->getTimestamp() < (int) get_option( self::SINCE );
	}

	/** Begins anew with the first order the shop ever had. */
	public static function take_in_past(): void {
		update_option( self::PLACE, self::place( 0 ), false );
		wp_schedule_single_event( time(), self::EVENT );
	}

	/** Whether it is still at orders of the past. */
	public static function is_at_past(): bool {
		$place = get_option( self::PLACE );
		return is_array( $place ) && 0 === $place['from'];
	}

	/**
	 * Goes on where it stopped, for some seconds.
	 *
	 * @return int How many orders were reported.
	 */
	public static function run(): int {
		if ( ! function_exists( 'wc_get_orders' ) ) {
			return 0;
		}
		$place    = get_option( self::PLACE );
		$place    = is_array( $place ) ? $place : self::place( (int) get_option( self::SINCE ) );
		$end      = microtime( true ) + self::SECONDS;
		$reported = 0;
		while ( $place['products'] > 0 && microtime( true ) < $end ) {
			$place['products'] = WooCommerce_Products::report_page( $place['products'] ) ? $place['products'] + 1 : 0;
		}
		do {
			$ids       = self::changed( $place );
			$reported += self::compare( $ids );
			$is_over   = count( $ids ) < self::STEP;
			$place     = $is_over ? self::place( $place['began'] - self::OVERLAP, $place['products'] )
				: array( 'page' => $place['page'] + 1 ) + $place;
			update_option( self::PLACE, $place, false );
		} while ( ! $is_over && microtime( true ) < $end );
		if ( ! $is_over ) {
			wp_schedule_single_event( time() + 1, self::EVENT );
		}
		return $reported;
	}

	/**
	 * A new round.
	 *
	 * @param int $from     Changes since then.
	 * @param int $products The page of the catalog that comes next, 0 for none.
	 */
	private static function place( int $from, int $products = 1 ): array {
		return array(
			'from'     => $from,
			'page'     => 1,
			'began'    => time(),
			'products' => $products,
		);
	}

	/**
	 * The next orders.
	 *
	 * @param array $place How far it got.
	 * @return int[]
	 */
	private static function changed( array $place ): array {
		$statuses = array_diff( array_keys( wc_get_order_statuses() ), array( 'wc-checkout-draft' ) );
		return wc_get_orders(
			array(
				'type'          => 'shop_order',
				'status'        => array_merge( $statuses, array( 'trash' ) ),
				'date_modified' => '>=' . $place['from'],
				'orderby'       => 'ID',
				'order'         => 'ASC',
				'limit'         => self::STEP,
				'page'          => $place['page'],
				'return'        => 'ids',
			)
		);
	}

	/**
	 * Reports the orders of which something else was reported, or nothing.
	 *
	 * @param int[] $ids Of orders.
	 */
	private static function compare( array $ids ): int {
		$known    = Order_Seqs::digests( WooCommerce::SOURCE, array_map( 'strval', $ids ) );
		$reported = 0;
		foreach ( $ids as $id ) {
			$order = wc_get_order( $id );
			if ( ! $order instanceof WC_Order ) {
				continue;
			}
			if ( ( $known[ $id ] ?? '' ) !== Orders::digest( ( new WooCommerce_Order( $order ) )->state() ) ) {
				WooCommerce::report( $id, self::changed_at( $order ) );
				++$reported;
			}
		}
		return $reported;
	}

	/**
	 * When an order came into its state, as far as it tells.
	 *
	 * @param WC_Order $order The order.
	 */
	private static function changed_at( WC_Order $order ): string {
		$times = array( $order->get_date_created(), $order->get_date_modified(), $order->get_date_paid() );
		foreach ( $order->get_refunds() as $refund ) {
			$times[] = $refund->get_date_created();
		}
		$seconds = array( 0 );
		foreach ( array_filter( $times ) as $time ) {
			$seconds[] = $time->getTimestamp();
		}
		$last = new DateTimeImmutable( '@' . min( max( $seconds ), time() ), new DateTimeZone( 'UTC' ) );
		return $last->format( 'Y-m-d H:i:s.u' );
	}
}
