<?php
/**
 * The carts of this site.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

use DateTimeImmutable;
use DateTimeZone;

defined( 'ABSPATH' ) || exit;

/** What is done alike with each of them. */
final class Carts {

	/**
	 * Those whose plugins are active.
	 *
	 * @return Cart[]
	 */
	public static function active(): array {
		return array_filter(
			array( new WooCommerce_Cart(), new EDD_Cart() ),
			static function ( Cart $cart ) {
				return $cart->is_there();
			}
		);
	}

	/**
	 * Reports an order as it stands now.
	 *
	 * @param Cart   $cart Where it was placed.
	 * @param int    $id   Of an order; anything else is passed over.
	 * @param string $at   When it came into this state, if that was not now.
	 * @return bool Whether its state is safe, or there is nothing to say.
	 */
	public static function report( Cart $cart, int $id, string $at = '' ): bool {
		if ( $id <= 0 || ! $cart->has( $id ) ) {
			return true;
		}
		return Orders::report(
			$cart->source(),
			(string) $id,
			static function () use ( $cart, $id, $at ) {
				$state = $cart->state( $id );
				return null === $state || '' === $at ? $state : array( 'occurred_at' => $at ) + $state;
			}
		);
	}

	/**
	 * Reports an order that is about to be deleted, and can be read for the last time.
	 *
	 * @param Cart $cart Where it was placed.
	 * @param int  $id   Of the order.
	 */
	public static function report_deleted( Cart $cart, int $id ): void {
		$state = $cart->has( $id ) ? $cart->state( $id ) : null;
		if ( null === $state ) {
			return;
		}
		$state['payload']['status'] = 'void';
		Orders::report(
			$cart->source(),
			(string) $id,
			static function () use ( $state ) {
				return $state;
			}
		);
	}

	/** Whether this request is a visitor's. What an admin or a program does is not, whatever cookies they have. */
	public static function by_visitor(): bool {
		return ! wp_doing_cron() && ( ! is_admin() || wp_doing_ajax() );
	}

	/** The time as payloads have it. */
	public static function now(): string {
		return ( new DateTimeImmutable( 'now', new DateTimeZone( 'UTC' ) ) )->format( Order_State::TIME );
	}

	/**
	 * An amount as text. Carts keep texts; plugins hand them floats.
	 *
	 * @param mixed $amount As a cart has it.
	 */
	public static function amount( $amount ): string {
		if ( is_float( $amount ) ) {
			$amount = number_format( $amount, 6, '.', '' );
		}
		return is_numeric( $amount ) ? (string) $amount : '0';
	}

	/**
	 * The amount of a refund, which carts write below zero.
	 *
	 * @param mixed $amount As a cart has it.
	 */
	public static function positive( $amount ): string {
		return ltrim( self::amount( $amount ), '-' );
	}

	/**
	 * An id; "" for none.
	 *
	 * @param mixed $id As a cart has it.
	 */
	public static function id( $id ): string {
		return (int) $id > 0 ? (string) (int) $id : '';
	}
}
