<?php
/**
 * Orders that no hook announced.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

use DateTimeImmutable;
use DateTimeZone;

defined( 'ABSPATH' ) || exit;

/**
 * Each hour compares the orders that changed since the last time with what was
 * reported of them: importers write tables, hooks are taken away, processes die.
 * It works in small steps and for some seconds at a time, in cron alone.
 */
final class Order_Sweep {

	/** The cron event. */
	const EVENT = 'partner_center_sweep';

	/** When this site began: orders placed before are past ones and earn nothing. */
	const SINCE = 'partner_center_orders_since';

	/** How far it got, by cart: from (change of orders), page, began; products (page of the catalog, told once). */
	const PLACE = 'partner_center_sweep_place';

	const STEP    = 50;
	const SECONDS = 20;

	/** Clocks of servers differ, and orders may be saved slowly. */
	const OVERLAP = 2 * HOUR_IN_SECONDS;

	/** Hooks. */
	public function register(): void {
		if ( ! Settings::tracking() ) {
			return;
		}
		if ( false === get_option( self::SINCE ) ) {
			add_option( self::SINCE, time() );
		}
		add_action( self::EVENT, array( self::class, 'run' ) );
		add_action( 'init', array( $this, 'schedule' ) );
	}

	/** Each hour, while there is a shop. */
	public function schedule(): void {
		if ( array() !== Carts::active() && ! wp_next_scheduled( self::EVENT ) ) {
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
	 * @param int $placed Unix seconds; 0 when it is not known.
	 */
	public static function is_past( int $placed ): bool {
		return $placed > 0 && $placed < (int) get_option( self::SINCE );
	}

	/** Begins anew with the first order the shops ever had. */
	public static function take_in_past(): void {
		$places = array();
		foreach ( Carts::active() as $cart ) {
			$places[ $cart->source() ] = self::place( 0 );
		}
		update_option( self::PLACE, $places, false );
		wp_schedule_single_event( time(), self::EVENT );
	}

	/** Whether it is still at orders of the past. */
	public static function is_at_past(): bool {
		return in_array( 0, array_column( self::places(), 'from' ), true );
	}

	/**
	 * Goes on where it stopped, for some seconds.
	 *
	 * @return int How many orders were reported.
	 */
	public static function run(): int {
		$end      = microtime( true ) + self::SECONDS;
		$reported = 0;
		foreach ( Carts::active() as $cart ) {
			$reported += self::run_cart( $cart, $end );
		}
		return $reported;
	}

	/**
	 * Goes on with one cart.
	 *
	 * @param Cart  $cart The cart.
	 * @param float $end  When to stop.
	 */
	private static function run_cart( Cart $cart, float $end ): int {
		$place    = self::places()[ $cart->source() ] ?? self::place( (int) get_option( self::SINCE ) );
		$reported = 0;
		while ( $place['products'] > 0 && microtime( true ) < $end ) {
			$place['products'] = $cart->report_products( $place['products'] ) ? $place['products'] + 1 : 0;
		}
		do {
			$ids       = $cart->changed( $place['from'], $place['page'], self::STEP );
			$reported += self::compare( $cart, $ids );
			$is_over   = count( $ids ) < self::STEP;
			$place     = $is_over ? self::place( $place['began'] - self::OVERLAP, $place['products'] )
				: array( 'page' => $place['page'] + 1 ) + $place;
			update_option( self::PLACE, array( $cart->source() => $place ) + self::places(), false );
		} while ( ! $is_over && microtime( true ) < $end );
		if ( ! $is_over ) {
			wp_schedule_single_event( time() + 1, self::EVENT );
		}
		return $reported;
	}

	/** How far it got, by cart. */
	private static function places(): array {
		$places = get_option( self::PLACE );
		return array_filter( is_array( $places ) ? $places : array(), 'is_array' );
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
	 * Reports the orders of which something else was reported, or nothing.
	 *
	 * @param Cart  $cart Where they were placed.
	 * @param int[] $ids  Of orders.
	 */
	private static function compare( Cart $cart, array $ids ): int {
		$known    = Order_Seqs::digests( $cart->source(), array_map( 'strval', $ids ) );
		$reported = 0;
		foreach ( $ids as $id ) {
			$state = $cart->state( $id );
			if ( null !== $state && ( $known[ $id ] ?? '' ) !== Orders::digest( $state ) ) {
				Carts::report( $cart, $id, self::latest( $cart->changed_at( $id ) ) );
				++$reported;
			}
		}
		return $reported;
	}

	/**
	 * The latest of some times, as facts have it.
	 *
	 * @param int[] $times Unix seconds.
	 */
	private static function latest( array $times ): string {
		$times[] = 0;
		$last    = new DateTimeImmutable( '@' . min( max( $times ), time() ), new DateTimeZone( 'UTC' ) );
		return $last->format( 'Y-m-d H:i:s.u' );
	}
}
