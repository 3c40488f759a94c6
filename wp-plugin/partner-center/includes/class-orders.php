<?php
/**
 * Orders of any cart.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

use Throwable;
use WP_Error;

defined( 'ABSPATH' ) || exit;

/**
 * Reports the full state of an order to the sidecar: as often as the cart
 * likes, in any order. Nothing here waits for the sidecar, and whatever goes
 * wrong, the request that reports goes on.
 */
final class Orders {

	/** Of their facts. */
	const KIND = 'order';

	/** Hooks. */
	public function register(): void {
		add_action( 'partner_center_order', array( $this, 'on_action' ) );
	}

	/**
	 * The action partner_center_order.
	 *
	 * @param mixed $state As for partner_center_order().
	 */
	public function on_action( $state ): void {
		self::take( is_array( $state ) ? $state : array() );
	}

	/**
	 * What partner_center_order() does.
	 *
	 * @param array $given The state, see docs/carts.md.
	 * @return true|WP_Error
	 */
	public static function take( array $given ) {
		if ( ! Settings::tracking() ) {
			return true; // Nothing is tracked.
		}
		$state = Order_State::of( $given );
		if ( is_wp_error( $state ) ) {
			return $state;
		}
		$read = static function () use ( $state ) {
			return $state;
		};
		if ( self::report( (string) $given['source'], (string) $given['id'], $read ) ) {
			return true;
		}
		return new WP_Error( 'partner_center_database', __( 'The order could not be written down. Report it again.',
			'partner-center' ) );
	}

	/**
	 * Reports an order as it stands when $read is called. What says nothing new
	 * is not written down again.
	 *
	 * @param string   $source At most 32 characters of ASCII.
	 * @param string   $id     Of the order in its cart, at most 190 bytes.
	 * @param callable $read   Reads the order: click, occurred_at and payload; null when there is nothing to tell.
	 * @return bool Whether the state is safe.
	 */
	public static function report( string $source, string $id, callable $read ): bool {
		try {
			$seq   = Order_Seqs::raise( $source, $id );
			$state = $seq > 0 ? $read() : null;
			if ( null === $state ) {
				return $seq > 0;
			}
			$digest = self::digest( $state );
			$safe   = Order_Seqs::repeats( $source, $id, $seq, $digest ) || Inbox::put(
				array(
					'kind'        => self::KIND,
					'source'      => $source,
					'external_id' => $id,
					'seq'         => $seq,
					'occurred_at' => $state['occurred_at'],
					'click'       => $state['click'],
					'payload'     => (string) wp_json_encode( $state['payload'] ),
				)
			);
			if ( $safe ) {
				Order_Seqs::reported( $source, $id, $seq, $digest );
			}
			return $safe;
		} catch ( Throwable $problem ) {
			// A checkout must not fail because its commission cannot be noted; the sweep finds the order.
			do_action( 'partner_center_order_failed', $source, $id, $problem );
			return false;
		}
	}

	/**
	 * Tells states apart by what they say.
	 *
	 * @param array $state As report() wants it.
	 */
	public static function digest( array $state ): string {
		return hash( 'sha256', $state['click'] . "\n" . wp_json_encode( $state['payload'] ) );
	}
}
