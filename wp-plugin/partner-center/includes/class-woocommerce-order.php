<?php
/**
 * Reads an order of WooCommerce.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

use stdClass;
use WC_DateTime;
use WC_Order;
use WC_Order_Item_Product;
use WC_Order_Refund;

defined( 'ABSPATH' ) || exit;

/**
 * The full state of an order, amounts as WooCommerce has them: adding up and
 * rounding is the sidecar's.
 */
final class WooCommerce_Order {

	/** Where gateways note who paid. */
	const PAYERS = array( '_ppcp_paypal_payer_email', 'Payer PayPal address' );

	/**
	 * The order.
	 *
	 * @var WC_Order
	 */
	private $order;

	/**
	 * Of this order.
	 *
	 * @param WC_Order $order As it stands.
	 */
	public function __construct( WC_Order $order ) {
		$this->order = $order;
	}

	/** Click, time and payload, as Orders::report() wants them. */
	public function state(): array {
		$order        = $this->order;
		$subscription = WooCommerce_Subscriptions::of( $order );
		$created      = $order->get_date_created();
		return array(
			'click'       => $subscription['renewal'] ? '' : (string) $order->get_meta( WooCommerce_Checkout::CLICK ),
			'occurred_at' => Inbox::now(),
			'payload'     => array(
				'number'       => (string) $order->get_order_number(),
				'status'       => $this->status(),
				'currency'     => (string) $order->get_currency(),
				'lines'        => $this->lines(),
				'shipping'     => Carts::amount( $order->get_shipping_total() ),
				'fees'         => $this->fees(),
				'tax'          => Carts::amount( $order->get_total_tax() ),
				'total'        => Carts::amount( $order->get_total() ),
				'refunds'      => array_map( array( self::class, 'refund' ), array_values( $order->get_refunds() ) ),
				'coupons'      => array_map( 'strval', array_values( $order->get_coupon_codes() ) ),
				'coupons_at'   => $this->coupons_at(),
				'buyer'        => array(
					'email'      => (string) $order->get_billing_email(),
					'first_name' => (string) $order->get_billing_first_name(),
					'last_name'  => (string) $order->get_billing_last_name(),
					'user_id'    => (int) $order->get_customer_id(),
				),
				'payer'        => $this->payer(),
				'placed_at'    => $this->placed_at( $subscription['renewal'] ),
				'paid_at'      => self::time( $order->get_date_paid() ),
				'subscription' => $subscription['id'],
				'renewal'      => $subscription['renewal'],
				'past'         => Order_Sweep::is_past( $created ? $created->getTimestamp() : 0 ),
			),
		);
	}

	/** What WooCommerce's statuses, and those that other plugins add, come down to. */
	private function status(): string {
		$status = $this->order->get_status();
		if ( in_array( $status, array_merge( wc_get_is_paid_statuses(), array( 'refunded' ) ), true ) ) {
			return 'paid'; // Refunded ones were paid: their refunds say what is left.
		}
		$known = array(
			'pending'   => 'unpaid',
			'on-hold'   => 'unpaid',
			'failed'    => 'failed',
			'cancelled' => 'void',
			'trash'     => 'void',
		);
		return $known[ $status ] ?? ( $this->order->get_date_paid() ? 'paid' : 'unpaid' );
	}

	/** Products, variations and what they cost. */
	private function lines(): array {
		$lines = array();
		foreach ( $this->order->get_items( 'line_item' ) as $item ) {
			if ( $item instanceof WC_Order_Item_Product ) {
				$product = wc_get_product( $item->get_product_id() );
				$lines[] = array(
					'line'         => (string) $item->get_id(),
					'product'      => Carts::id( $item->get_product_id() ),
					'variation'    => Carts::id( $item->get_variation_id() ),
					'product_name' => $product ? (string) $product->get_name() : (string) $item->get_name(),
					'name'         => (string) $item->get_name(),
					'quantity'     => Carts::amount( $item->get_quantity() ),
					'subtotal'     => Carts::amount( $item->get_subtotal() ),
					'total'        => Carts::amount( $item->get_total() ),
					'tax'          => Carts::amount( $item->get_total_tax() ),
				);
			}
		}
		return $lines;
	}

	/** Fees, discounts and gift cards beside the lines: negative ones are discounts. */
	private function fees(): array {
		$fees = array();
		foreach ( $this->order->get_items( 'fee' ) as $item ) {
			$fees[] = Carts::amount( $item->get_total() );
		}
		return $fees;
	}

	/**
	 * A refund; what its amount has beside the parts that are named was given
	 * back for nothing in particular.
	 *
	 * @param WC_Order_Refund $refund Whose items have negative amounts.
	 */
	private static function refund( WC_Order_Refund $refund ): array {
		$lines = array();
		foreach ( $refund->get_items( 'line_item' ) as $item ) {
			$lines[] = array(
				'line'  => Carts::id( $item->get_meta( '_refunded_item_id' ) ),
				'total' => Carts::positive( $item->get_total() ),
				'tax'   => Carts::positive( $item->get_total_tax() ),
			);
		}
		$fees = array();
		foreach ( $refund->get_items( 'fee' ) as $item ) {
			$fees[] = Carts::positive( $item->get_total() );
		}
		return array(
			'amount'   => Carts::positive( $refund->get_amount() ),
			'lines'    => $lines,
			'shipping' => Carts::positive( $refund->get_shipping_total() ),
			'fees'     => $fees,
			'tax'      => Carts::positive( $refund->get_total_tax() ),
		);
	}

	/** When each code came into the basket: an object, also an empty one. */
	private function coupons_at(): stdClass {
		$times = json_decode( (string) $this->order->get_meta( WooCommerce_Checkout::COUPONS ), true );
		$codes = array_flip( array_map( 'strval', $this->order->get_coupon_codes() ) );
		return (object) array_intersect_key( is_array( $times ) ? $times : array(), $codes );
	}

	/** Who paid, where the gateway says so. */
	private function payer(): string {
		foreach ( self::PAYERS as $key ) {
			$email = $this->order->get_meta( $key );
			if ( is_string( $email ) && is_email( $email ) ) {
				return $email;
			}
		}
		return '';
	}

	/**
	 * When the visitor ordered.
	 *
	 * @param bool $is_renewal Made by the cart, maybe with all that the first order had noted.
	 */
	private function placed_at( bool $is_renewal ): string {
		$kept = $is_renewal ? '' : (string) $this->order->get_meta( WooCommerce_Checkout::PLACED_AT );
		return '' === $kept ? self::time( $this->order->get_date_created() ) : $kept;
	}

	/**
	 * A time in UTC.
	 *
	 * @param WC_DateTime|null $time Of WooCommerce.
	 */
	private static function time( $time ): string {
		return $time instanceof WC_DateTime ? gmdate( 'Y-m-d\TH:i:s\Z', $time->getTimestamp() ) : '';
	}
}
