<?php
/**
 * The state of an order, as any cart gives it.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

use DateTimeImmutable;
use DateTimeZone;
use Throwable;
use WP_Error;

defined( 'ABSPATH' ) || exit;

/**
 * Checks a state and brings it into the layout of the inbox. What can be told
 * at once is told at once: the sidecar sees the fact when nobody listens any more.
 */
final class Order_State {

	const STATUSES = array( 'unpaid', 'paid', 'failed', 'void' );

	/** Times of a payload, in UTC. */
	const TIME = 'Y-m-d\TH:i:s.u\Z';

	/**
	 * What is wrong, by field.
	 *
	 * @var string[]
	 */
	private $wrong = array();

	/**
	 * The state as Orders::report() wants it.
	 *
	 * @param array $given See docs/carts.md.
	 * @return array|WP_Error
	 */
	public static function of( array $given ) {
		$one   = new self();
		$state = $one->read( $given );
		return array() === $one->wrong ? $state : Rest::invalid( $one->wrong );
	}

	/**
	 * Click, time and payload.
	 *
	 * @param array $given The state.
	 */
	private function read( array $given ): array {
		$this->check( 'source', (bool) preg_match( '/^[a-z0-9][a-z0-9_-]{0,31}$/D', $this->text( $given, 'source' ) ),
			__( 'Name the cart in small letters, digits and hyphens, at most 32 of them.', 'partner-center' ) );
		$id = $this->text( $given, 'id' );
		$this->check( 'id', '' !== $id && strlen( $id ) <= 190,
			__( 'Give the order\'s id in its cart, at most 190 bytes.', 'partner-center' ) );
		$status = $this->text( $given, 'status' );
		$this->check( 'status', in_array( $status, self::STATUSES, true ),
			/* translators: %s: a list of words. */
			sprintf( __( 'Use one of %s.', 'partner-center' ), implode( ', ', self::STATUSES ) ) );
		$currency = $this->text( $given, 'currency' );
		$this->check( 'currency', (bool) preg_match( '/^[A-Z]{3}$/D', $currency ),
			__( 'Give the currency as three capital letters, such as USD.', 'partner-center' ) );
		$this->check( 'placed_at', isset( $given['placed_at'] ),
			__( 'Say when the order was placed.', 'partner-center' ) );
		return array(
			'click'       => isset( $given['click'] ) ? $this->text( $given, 'click' ) : Inbox::click(),
			'occurred_at' => isset( $given['at'] ) ? $this->time( $given, 'at', 'Y-m-d H:i:s.u' ) : Inbox::now(),
			'payload'     => array(
				'number'       => $this->text( $given, 'number' ),
				'status'       => $status,
				'currency'     => $currency,
				'lines'        => $this->lines( $given ),
				'shipping'     => $this->amount( $given, 'shipping' ),
				'fees'         => array( $this->amount( $given, 'fees' ) ),
				'tax'          => $this->amount( $given, 'tax' ),
				'total'        => $this->amount( $given, 'total' ),
				'refunds'      => $this->refunds( $given ),
				'coupons'      => array_map( 'strval', array_filter( (array) ( $given['coupons'] ?? array() ),
					'is_scalar' ) ),
				'buyer'        => $this->buyer( (array) ( $given['buyer'] ?? array() ) ),
				'payer'        => $this->text( $given, 'payer' ),
				'placed_at'    => $this->time( $given, 'placed_at', self::TIME ),
				'paid_at'      => isset( $given['paid_at'] ) ? $this->time( $given, 'paid_at', self::TIME ) : '',
				'subscription' => $this->text( $given, 'subscription' ),
				'renewal'      => ! empty( $given['renewal'] ),
				'past'         => ! empty( $given['past'] ),
			),
		);
	}

	/**
	 * The lines.
	 *
	 * @param array $given The state.
	 */
	private function lines( array $given ): array {
		$lines = array();
		foreach ( array_values( (array) ( $given['lines'] ?? array() ) ) as $i => $line ) {
			$line    = (array) $line;
			$name    = "lines[$i].";
			$total   = $this->amount( $line, 'total', $name );
			$lines[] = array(
				'line'         => isset( $line['line'] ) ? $this->text( $line, 'line', $name ) : (string) ( $i + 1 ),
				'product'      => $this->text( $line, 'product', $name ),
				'variation'    => $this->text( $line, 'variation', $name ),
				'product_name' => isset( $line['product_name'] ) ? $this->text( $line, 'product_name', $name )
					: $this->text( $line, 'name', $name ),
				'name'         => $this->text( $line, 'name', $name ),
				'quantity'     => isset( $line['quantity'] ) ? $this->amount( $line, 'quantity', $name ) : '1',
				'subtotal'     => isset( $line['subtotal'] ) ? $this->amount( $line, 'subtotal', $name ) : $total,
				'total'        => $total,
				'tax'          => $this->amount( $line, 'tax', $name ),
			);
		}
		$this->check( 'lines', array() !== $lines, __( 'Give at least one line.', 'partner-center' ) );
		return $lines;
	}

	/**
	 * The refunds, in full and in part.
	 *
	 * @param array $given The state.
	 */
	private function refunds( array $given ): array {
		$refunds = array();
		foreach ( array_values( (array) ( $given['refunds'] ?? array() ) ) as $i => $refund ) {
			$refund = (array) $refund;
			$lines  = array();
			foreach ( array_values( (array) ( $refund['lines'] ?? array() ) ) as $j => $line ) {
				$line    = (array) $line;
				$lines[] = array(
					'line'  => $this->text( $line, 'line', "refunds[$i].lines[$j]." ),
					'total' => $this->amount( $line, 'total', "refunds[$i].lines[$j]." ),
					'tax'   => $this->amount( $line, 'tax', "refunds[$i].lines[$j]." ),
				);
			}
			$refunds[] = array(
				'amount'   => $this->amount( $refund, 'amount', "refunds[$i]." ),
				'lines'    => $lines,
				'shipping' => $this->amount( $refund, 'shipping', "refunds[$i]." ),
				'fees'     => array( $this->amount( $refund, 'fees', "refunds[$i]." ) ),
				'tax'      => $this->amount( $refund, 'tax', "refunds[$i]." ),
			);
		}
		return $refunds;
	}

	/**
	 * Who bought.
	 *
	 * @param array $given email, first_name, last_name, user_id.
	 */
	private function buyer( array $given ): array {
		return array(
			'email'      => $this->text( $given, 'email', 'buyer.' ),
			'first_name' => $this->text( $given, 'first_name', 'buyer.' ),
			'last_name'  => $this->text( $given, 'last_name', 'buyer.' ),
			'user_id'    => (int) ( $given['user_id'] ?? 0 ),
		);
	}

	/**
	 * Notes a field that will not do.
	 *
	 * @param string $field   Its name.
	 * @param bool   $is_good Whether it will.
	 * @param string $message What to do.
	 */
	private function check( string $field, bool $is_good, string $message ): void {
		if ( ! $is_good ) {
			$this->wrong[ $field ] = "$field: $message";
		}
	}

	/**
	 * A text; "" when there is none.
	 *
	 * @param array  $from   Where it stands.
	 * @param string $field  Its name.
	 * @param string $prefix Before the name, in messages.
	 */
	private function text( array $from, string $field, string $prefix = '' ): string {
		$value = $from[ $field ] ?? '';
		$this->check( $prefix . $field, is_string( $value ) || is_int( $value ),
			__( 'Give a text.', 'partner-center' ) );
		return is_string( $value ) || is_int( $value ) ? (string) $value : '';
	}

	/**
	 * An amount; "0" when there is none. Floats are refused: 0.1 + 0.2 is not 0.3 in them.
	 *
	 * @param array  $from   Where it stands.
	 * @param string $field  Its name.
	 * @param string $prefix Before the name, in messages.
	 */
	private function amount( array $from, string $field, string $prefix = '' ): string {
		$value   = $from[ $field ] ?? '0';
		$is_good = is_int( $value ) || ( is_string( $value ) && preg_match( '/^-?\d{1,15}(\.\d{1,12})?$/D', $value ) );
		$this->check( $prefix . $field, $is_good,
			__( 'Give the number as a text with a decimal point, such as "19.90".', 'partner-center' ) );
		return $is_good ? (string) $value : '0';
	}

	/**
	 * A time, given as Unix seconds or as text; without a zone it is UTC.
	 *
	 * @param array  $from   Where it stands.
	 * @param string $field  Its name.
	 * @param string $format Of the result.
	 */
	private function time( array $from, string $field, string $format ): string {
		$value = $from[ $field ] ?? '';
		try {
			$time = new DateTimeImmutable( is_int( $value ) ? "@$value" : (string) $value, new DateTimeZone( 'UTC' ) );
			return $time->setTimezone( new DateTimeZone( 'UTC' ) )->format( $format );
		} catch ( Throwable $problem ) {
			$this->check( $field, false, __( 'Give the time as Unix seconds, or as 2026-07-01T10:00:00Z.',
				'partner-center' ) );
			return '';
		}
	}
}
