<?php
/**
 * Subscriptions of Easy Digital Downloads.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

use EDD\Orders\Order;

defined( 'ABSPATH' ) || exit;

/**
 * Says which orders are payments of the same subscription. They are made by
 * Recurring Payments, a plugin of its own: a later payment is an order below
 * the first one.
 */
final class EDD_Recurring {

	/** Of later payments that were paid. */
	const STATUS = 'edd_subscription';

	/** At a first order. */
	const NOTE = '_partner_center_subscription';

	/**
	 * What is reported when the request ends.
	 *
	 * @var Marked_Orders
	 */
	private $marked;

	/**
	 * Beside the hooks of orders.
	 *
	 * @param Marked_Orders $marked What is reported when the request ends.
	 */
	public function __construct( Marked_Orders $marked ) {
		$this->marked = $marked;
	}

	/** Hooks. */
	public function register(): void {
		add_action( 'edd_subscription_post_create', array( $this, 'on_created' ), 100, 2 );
		add_action( 'edd_subscription_post_renew', array( $this, 'on_renewed' ), 100, 4 );
		add_action( 'edd_recurring_add_subscription_payment', array( $this, 'on_payment' ), 100 );
		add_action( 'edd_recurring_record_payment', array( $this->marked, 'mark' ), 100 );
	}

	/**
	 * A checkout made a subscription. Several of one checkout follow its order.
	 *
	 * @param mixed $id   Of the subscription.
	 * @param mixed $args With the id of the order that began it.
	 */
	public function on_created( $id, $args = array() ): void {
		$order = is_array( $args ) ? (int) ( $args['parent_payment_id'] ?? 0 ) : 0;
		if ( $order > 0 ) {
			edd_update_order_meta( $order, self::NOTE, self::key( $order ) );
			$this->marked->mark( $order );
		}
	}

	/**
	 * A subscription was renewed.
	 *
	 * @param mixed $id           Of the subscription.
	 * @param mixed $expires      When it ends now.
	 * @param mixed $subscription The subscription.
	 * @param mixed $order        Of the payment; none for a renewal by hand.
	 */
	public function on_renewed( $id, $expires = '', $subscription = null, $order = 0 ): void {
		$this->marked->mark( $order );
	}

	/**
	 * A payment of a subscription was added.
	 *
	 * @param mixed $payment An EDD_Payment.
	 */
	public function on_payment( $payment ): void {
		$this->marked->mark( is_object( $payment ) ? $payment->ID : $payment );
	}

	/**
	 * What an order has to do with subscriptions.
	 *
	 * @param Order $order The order.
	 * @return array id (string, "" for nothing) and renewal (bool).
	 */
	public static function of( $order ): array {
		$first = (int) $order->parent;
		$id    = $first > 0 ? self::key( $first ) : (string) edd_get_order_meta( $order->id, self::NOTE, true );
		return array(
			'id'      => $id,
			'renewal' => $first > 0,
		);
	}

	/**
	 * What the payments share.
	 *
	 * @param int $order The first one's id.
	 */
	private static function key( int $order ): string {
		return 'order-' . $order;
	}
}
