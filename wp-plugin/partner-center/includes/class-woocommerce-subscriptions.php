<?php
/**
 * Subscriptions of WooCommerce.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

use WC_Order;

defined( 'ABSPATH' ) || exit;

/**
 * Says which orders are payments of the same subscription. They are made by a
 * plugin of its own, which tells by hooks and notes it at the orders.
 */
final class WooCommerce_Subscriptions {

	/**
	 * Order id, subscription, and "renewal" or "": the id tells an order's own
	 * note from one that was copied with everything else of an earlier order.
	 */
	const NOTE = '_partner_center_subscription';

	/**
	 * Who reports orders.
	 *
	 * @var WooCommerce
	 */
	private $orders;

	/**
	 * Beside the hooks of WooCommerce.
	 *
	 * @param WooCommerce $orders Who reports orders.
	 */
	public function __construct( WooCommerce $orders ) {
		$this->orders = $orders;
	}

	/** Hooks. */
	public function register(): void {
		add_action( 'woocommerce_checkout_subscription_created', array( $this, 'on_created' ), 100, 2 );
		add_filter( 'wcs_renewal_order_created', array( $this, 'on_renewal' ), 100, 2 );
		add_action( 'woocommerce_subscription_renewal_payment_complete', array( $this, 'on_renewal_payment' ), 100, 2 );
		add_action( 'woocommerce_subscription_renewal_payment_failed', array( $this, 'on_renewal_payment' ), 100, 2 );
		add_action( 'woocommerce_subscription_payment_complete', array( $this, 'on_payment' ), 100 );
		add_action( 'woocommerce_subscription_payment_failed', array( $this, 'on_payment' ), 100 );
		add_action( 'woocommerce_subscriptions_switch_completed', array( $this->orders, 'mark_order' ), 100 );
	}

	/**
	 * A checkout made a subscription.
	 *
	 * @param mixed $subscription The subscription.
	 * @param mixed $order        The order that began it.
	 */
	public function on_created( $subscription, $order = null ): void {
		$this->note( $subscription, $order, false );
	}

	/**
	 * A renewal order was made; others look at it after us.
	 *
	 * @param mixed $order        The new order.
	 * @param mixed $subscription The subscription.
	 * @return mixed The order.
	 */
	public function on_renewal( $order, $subscription = null ) {
		$this->note( $subscription, $order, true );
		return $order;
	}

	/**
	 * A renewal was paid, or was not.
	 *
	 * @param mixed $subscription The subscription.
	 * @param mixed $order        The renewal order.
	 */
	public function on_renewal_payment( $subscription, $order = null ): void {
		$this->note( $subscription, $order, true );
	}

	/**
	 * A payment of a subscription, the first one included.
	 *
	 * @param mixed $subscription The subscription.
	 */
	public function on_payment( $subscription ): void {
		if ( is_object( $subscription ) && is_callable( array( $subscription, 'get_parent_id' ) ) ) {
			$this->orders->mark( $subscription->get_parent_id() );
		}
	}

	/**
	 * Notes at an order which subscription it is a payment of.
	 *
	 * @param mixed $subscription The subscription.
	 * @param mixed $order        The order.
	 * @param bool  $is_renewal   A later payment.
	 */
	private function note( $subscription, $order, bool $is_renewal ): void {
		$key = self::key( $subscription );
		if ( '' === $key || ! $order instanceof WC_Order ) {
			return;
		}
		$order->update_meta_data( self::NOTE, $order->get_id() . ' ' . $key . ' ' . ( $is_renewal ? 'renewal' : '' ) );
		$order->save_meta_data();
		$this->orders->mark_order( $order );
	}

	/**
	 * What an order has to do with subscriptions.
	 *
	 * @param WC_Order $order The order.
	 * @return array id (string, "" for nothing) and renewal (bool).
	 */
	public static function of( WC_Order $order ): array {
		$note = explode( ' ', (string) $order->get_meta( self::NOTE ) );
		if ( 3 === count( $note ) && (string) $order->get_id() === $note[0] ) {
			return self::result( $note[1], 'renewal' === $note[2] );
		}
		$renewed = (int) $order->get_meta( '_subscription_renewal' );
		if ( $renewed > 0 ) {
			return self::result( self::key( self::find( $renewed ) ), true );
		}
		$switched = (int) $order->get_meta( '_subscription_switch' );
		if ( $switched > 0 ) {
			return self::result( self::key( self::find( $switched ) ), false );
		}
		$begun = function_exists( 'wcs_get_subscriptions_for_order' )
			? wcs_get_subscriptions_for_order( $order, array( 'order_type' => 'parent' ) ) : array();
		return self::result( self::key( is_array( $begun ) ? reset( $begun ) : false ), false );
	}

	/**
	 * The subscription of this id.
	 *
	 * @param int $id Of a subscription.
	 * @return mixed False when there is none.
	 */
	private static function find( int $id ) {
		return function_exists( 'wcs_get_subscription' ) ? wcs_get_subscription( $id ) : false;
	}

	/**
	 * What the payments share. A checkout may make several subscriptions, one
	 * for each rhythm of payment: all of them follow its order.
	 *
	 * @param mixed $subscription The subscription.
	 */
	private static function key( $subscription ): string {
		if ( ! is_object( $subscription ) || ! is_callable( array( $subscription, 'get_parent_id' ) ) ) {
			return '';
		}
		$order = (int) $subscription->get_parent_id();
		return $order > 0 ? 'order-' . $order : 'subscription-' . (int) $subscription->get_id();
	}

	/**
	 * What of() says.
	 *
	 * @param string $id         Of the subscription.
	 * @param bool   $is_renewal A later payment.
	 */
	private static function result( string $id, bool $is_renewal ): array {
		return array(
			'id'      => $id,
			'renewal' => $is_renewal,
		);
	}
}
