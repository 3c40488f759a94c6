<?php
/**
 * Easy Digital Downloads, as every cart is seen.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

defined( 'ABSPATH' ) || exit;

/** Release 3 and later: orders have tables of their own, and refunds are orders too. */
final class EDD_Cart implements Cart {

	/** Where its orders come from. */
	const SOURCE = 'edd';

	/** See Cart. */
	public function source(): string {
		return self::SOURCE;
	}

	/** See Cart. */
	public function is_there(): bool {
		return function_exists( 'edd_get_orders' );
	}

	/**
	 * See Cart.
	 *
	 * @param int $id Of anything.
	 */
	public function has( int $id ): bool {
		$order = edd_get_order( $id );
		return $order && 'sale' === $order->type;
	}

	/**
	 * See Cart.
	 *
	 * @param int $id Of the order.
	 */
	public function state( int $id ): ?array {
		$order = edd_get_order( $id );
		return $order ? ( new EDD_Order( $order ) )->state() : null;
	}

	/**
	 * See Cart.
	 *
	 * @param int $id Of the order.
	 */
	public function changed_at( int $id ): array {
		$order = edd_get_order( $id );
		$times = array();
		foreach ( $order ? array_merge( array( $order ), EDD_Order::refunds_of( $id ) ) : array() as $row ) {
			$times[] = strtotime( $row->date_created . ' UTC' );
			$times[] = strtotime( $row->date_modified . ' UTC' );
		}
		return array_map( 'intval', $times );
	}

	/**
	 * See Cart. A refund is a row that changes, and says which order does.
	 *
	 * @param int $from Unix seconds.
	 * @param int $page From 1.
	 * @param int $size Of a page.
	 */
	public function changed( int $from, int $page, int $size ): array {
		$rows = edd_get_orders(
			array(
				'type__in'            => array( 'sale', 'refund' ),
				'date_modified_query' => array(
					'after'     => gmdate( 'Y-m-d H:i:s', $from ),
					'inclusive' => true,
				),
				'orderby'             => 'id',
				'order'               => 'ASC',
				'number'              => $size,
				'offset'              => ( $page - 1 ) * $size,
				'no_found_rows'       => true,
			)
		);
		$ids  = array();
		foreach ( $rows as $row ) {
			$ids[] = (int) ( 'refund' === $row->type ? $row->parent : $row->id );
		}
		return $ids;
	}

	/**
	 * See Cart.
	 *
	 * @param int $page From 1.
	 */
	public function report_products( int $page ): bool {
		return EDD_Products::report_page( $page );
	}
}
