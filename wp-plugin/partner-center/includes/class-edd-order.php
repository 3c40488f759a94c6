<?php
/**
 * Reads an order of Easy Digital Downloads.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

use EDD\Orders\Order;
use EDD\Orders\Order_Adjustment;
use EDD\Orders\Order_Item;

defined( 'ABSPATH' ) || exit;

/**
 * The full state of an order, amounts as the cart has them. Its totals include
 * tax; discounts are in the items, and credits lower the order as a whole.
 */
final class EDD_Order {

	/** More than any order has. */
	const MANY = 9999;

	/**
	 * The order.
	 *
	 * @var Order
	 */
	private $order;

	/**
	 * Of this order.
	 *
	 * @param Order $order As it stands.
	 */
	public function __construct( $order ) {
		$this->order = $order;
	}

	/** Click, time and payload, as Orders::report() wants them. */
	public function state(): array {
		$order        = $this->order;
		$subscription = EDD_Recurring::of( $order );
		$refunds      = array_map( array( self::class, 'refund' ), self::refunds_of( (int) $order->id ) );
		return array(
			'click'       => $subscription['renewal'] ? ''
				: (string) edd_get_order_meta( $order->id, EDD_Checkout::CLICK, true ),
			'occurred_at' => Inbox::now(),
			'payload'     => array(
				'number'       => (string) $order->get_number(),
				'status'       => $this->status(),
				'currency'     => strtoupper( (string) $order->currency ),
				'lines'        => array_map( array( self::class, 'line' ), array_values( self::items( $order ) ) ),
				'shipping'     => '0',
				'fees'         => $this->fees(),
				'tax'          => Carts::amount( $order->tax ),
				'total'        => Carts::amount( $order->total ),
				'refunds'      => $refunds,
				'coupons'      => $this->discount_codes(),
				'buyer'        => $this->buyer(),
				'payer'        => '',
				'placed_at'    => $this->placed_at( $subscription['renewal'] ),
				'paid_at'      => self::time( $order->date_completed ),
				'subscription' => $subscription['id'],
				'renewal'      => $subscription['renewal'],
				'past'         => Order_Sweep::is_past( (int) strtotime( $order->date_created . ' UTC' ) ),
			),
		);
	}

	/**
	 * The refunds of an order: orders of their own. Those in the trash never were.
	 *
	 * @param int $id Of the order.
	 * @return Order[]
	 */
	public static function refunds_of( int $id ): array {
		return array_values(
			edd_get_orders(
				array(
					'type'           => 'refund',
					'parent'         => $id,
					'status__not_in' => array( 'trash' ),
					'orderby'        => 'id',
					'order'          => 'ASC',
					'number'         => self::MANY,
					'no_found_rows'  => true,
				)
			)
		);
	}

	/** What its statuses, and those that other plugins add, come down to. */
	private function status(): string {
		$status = $this->order->status;
		if ( in_array( $status, array_merge( edd_get_gross_order_statuses(), edd_get_complete_order_statuses(),
			array( EDD_Recurring::STATUS ) ), true ) ) {
			return 'paid'; // Refunded ones were paid: their refunds say what is left.
		}
		$known = array(
			'pending'    => 'unpaid',
			'processing' => 'unpaid',
			'abandoned'  => 'unpaid',
			'failed'     => 'failed',
			'cancelled'  => 'void',
			'trash'      => 'void',
		);
		return $known[ $status ] ?? ( '' === self::time( $this->order->date_completed ) ? 'unpaid' : 'paid' );
	}

	/**
	 * All items: by itself the order has no more than 200.
	 *
	 * @param Order $order An order or a refund.
	 * @return Order_Item[]
	 */
	private static function items( $order ): array {
		return edd_get_order_items(
			array(
				'order_id'      => $order->id,
				'orderby'       => 'id',
				'order'         => 'ASC',
				'number'        => self::MANY,
				'no_found_rows' => true,
			)
		);
	}

	/**
	 * A product, or one of its prices, and what it cost.
	 *
	 * @param Order_Item $item An item.
	 */
	private static function line( $item ): array {
		$lowered  = self::lowered( $item );
		$title    = get_the_title( $item->product_id );
		$is_known = 'download' === get_post_type( $item->product_id ) && '' !== $title;
		return array(
			'line'         => (string) $item->id,
			'product'      => Carts::id( $item->product_id ),
			'variation'    => EDD_Products::variation( (int) $item->product_id, $item->price_id ),
			'product_name' => $is_known ? wp_specialchars_decode( $title, ENT_QUOTES ) : (string) $item->product_name,
			'name'         => (string) $item->product_name,
			'quantity'     => Carts::amount( $item->quantity ),
			'subtotal'     => Carts::amount( $item->subtotal ),
			'total'        => Carts::amount( (float) $item->total - (float) $item->tax + $lowered ),
			'tax'          => Carts::amount( $item->tax ),
		);
	}

	/**
	 * What fees below zero take from an item: plugins make discounts of them.
	 *
	 * @param Order_Item $item An item.
	 */
	private static function lowered( $item ): float {
		$sum = 0.0;
		foreach ( $item->get_fees() as $fee ) {
			$sum += min( 0, (float) $fee->subtotal );
		}
		return $sum;
	}

	/** Fees, and credits below zero. Fees that lower an item are in its line. */
	private function fees(): array {
		$fees = array();
		foreach ( $this->order->get_fees() as $fee ) {
			if ( 'order' === $fee->object_type || (float) $fee->subtotal > 0 ) {
				$fees[] = Carts::amount( $fee->subtotal );
			}
		}
		foreach ( $this->order->get_credits() as $credit ) {
			$fees[] = Carts::amount( 0 - (float) $credit->subtotal );
		}
		return $fees;
	}

	/**
	 * A refund; what its amount has beside the parts that are named was given
	 * back for nothing in particular.
	 *
	 * @param Order $refund Whose items have negative amounts.
	 */
	private static function refund( $refund ): array {
		$lines = array();
		foreach ( self::items( $refund ) as $item ) {
			$lowered = 0.0;
			foreach ( array_filter( $item->get_fees(), array( self::class, 'lowers' ) ) as $fee ) {
				$lowered += abs( (float) $fee->subtotal );
			}
			$lines[] = array(
				'line'  => Carts::id( $item->parent ),
				'total' => Carts::amount( abs( (float) $item->total - (float) $item->tax ) - $lowered ),
				'tax'   => Carts::positive( $item->tax ),
			);
		}
		$fees = array();
		foreach ( $refund->get_fees() as $fee ) {
			if ( ! self::lowers( $fee ) ) {
				$fees[] = Carts::positive( $fee->subtotal );
			}
		}
		return array(
			'amount'   => Carts::positive( $refund->total ),
			'lines'    => $lines,
			'shipping' => '0',
			'fees'     => $fees,
			'tax'      => Carts::positive( $refund->tax ),
		);
	}

	/**
	 * Whether the fee that a refund gives back was below zero: in refunds those
	 * above zero are below it too.
	 *
	 * @param Order_Adjustment $fee Of a refund.
	 */
	private static function lowers( $fee ): bool {
		$given = $fee->parent > 0 ? edd_get_order_adjustment( $fee->parent ) : false;
		return $given && (float) $given->subtotal < 0;
	}

	/** Codes that the buyer gave. */
	private function discount_codes(): array {
		$codes = array();
		foreach ( $this->order->get_discounts() as $discount ) {
			$codes[] = (string) $discount->description;
		}
		return $codes;
	}

	/** Who bought: the name at the order, or else the customer's. */
	private function buyer(): array {
		$address  = $this->order->get_address();
		$customer = edd_get_customer( $this->order->customer_id );
		$name     = trim( (string) ( $address->name ?? '' ) );
		$name     = '' === $name && $customer ? trim( (string) $customer->name ) : $name;
		$name     = $name === $this->order->email ? '' : $name; // What it calls customers without a name.
		$words    = explode( ' ', $name, 2 );
		return array(
			'email'      => (string) $this->order->email,
			'first_name' => $words[0],
			'last_name'  => trim( $words[1] ?? '' ),
			'user_id'    => (int) $this->order->user_id,
		);
	}

	/**
	 * When the visitor ordered.
	 *
	 * @param bool $is_renewal Made by the cart.
	 */
	private function placed_at( bool $is_renewal ): string {
		$kept = $is_renewal ? '' : (string) edd_get_order_meta( $this->order->id, EDD_Checkout::PLACED_AT, true );
		return '' === $kept ? self::time( $this->order->date_created ) : $kept;
	}

	/**
	 * A time of a payload.
	 *
	 * @param mixed $time Text in UTC, or none.
	 */
	private static function time( $time ): string {
		$seconds = is_string( $time ) && '' !== $time ? strtotime( $time . ' UTC' ) : false;
		return false === $seconds || $seconds <= 0 ? '' : gmdate( 'Y-m-d\TH:i:s\Z', $seconds );
	}
}
