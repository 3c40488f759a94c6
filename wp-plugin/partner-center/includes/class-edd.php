<?php
/**
 * Orders of Easy Digital Downloads 3.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

defined( 'ABSPATH' ) || exit;

/**
 * Finds out which orders change: see Marked_Orders. The hooks are those of its
 * tables, which fire for whatever writes them by its functions, so no way of
 * ordering, refunding or editing has to be known.
 */
final class EDD {

	/**
	 * What is reported when the request ends.
	 *
	 * @var Marked_Orders
	 */
	private $marked;

	/**
	 * The request.
	 *
	 * @var Browser_Request
	 */
	private $request;

	/**
	 * For one request.
	 *
	 * @param Browser_Request $request What the browser sent.
	 */
	public function __construct( Browser_Request $request ) {
		$this->request = $request;
		$this->marked = new Marked_Orders( new EDD_Cart() );
	}

	/** Hooks; nothing happens without Easy Digital Downloads. */
	public function register(): void {
		if ( ! Settings::tracking() ) {
			return;
		}
		add_action( 'edd_order_added', array( $this, 'mark_row' ), 100, 2 );
		add_action( 'edd_order_updated', array( $this, 'mark_updated_row' ), 100, 3 );
		foreach ( array( 'edd_order_item_added', 'edd_order_item_updated' ) as $hook ) {
			add_action( $hook, array( $this, 'mark_order_of' ), 100, 2 );
		}
		foreach ( array( 'edd_order_adjustment_added', 'edd_order_adjustment_updated' ) as $hook ) {
			add_action( $hook, array( $this, 'mark_adjusted' ), 100, 2 );
		}
		foreach ( array( 'edd_built_order', 'edd_complete_purchase', 'edd_update_payment_status', 'edd_refund_order',
			'edd_updated_edited_purchase'
		) as $hook ) {
			add_action( $hook, array( $this->marked, 'mark' ), 100 );
		}
		foreach ( array( 'edd_pre_destroy_order', 'edd_payment_delete' ) as $hook ) {
			add_action( $hook, array( $this, 'report_deleted' ), 1 );
		}
		$this->marked->register();
		( new EDD_Checkout() )->register();
		( new EDD_Recurring( $this->marked ) )->register();
		( new EDD_Products() )->register();
		( new EDD_Basket() )->register();
		if ( is_admin() ) {
			( new EDD_Box( new Order_Box( $this->request ) ) )->register();
		}
	}

	/**
	 * A row of an order was written; that of a refund is its order's.
	 *
	 * @param mixed $id   Of the row.
	 * @param mixed $data What stands in it.
	 */
	public function mark_row( $id, $data = array() ): void {
		$data      = (array) $data;
		$is_refund = 'refund' === ( $data['type'] ?? '' );
		$this->marked->mark( $is_refund ? ( $data['parent'] ?? 0 ) : $id );
	}

	/**
	 * A row of an order was changed.
	 *
	 * @param mixed $id     Of the row.
	 * @param mixed $data   What was changed.
	 * @param mixed $before The row before.
	 */
	public function mark_updated_row( $id, $data = array(), $before = null ): void {
		$this->mark_row( $id, (array) $data + (array) $before );
	}

	/**
	 * An item was written; those of refunds come with a row of the refund.
	 *
	 * @param mixed $id   Of the item.
	 * @param mixed $data What stands in it.
	 */
	public function mark_order_of( $id, $data = array() ): void {
		$data = (array) $data;
		$this->marked->mark( $data['order_id'] ?? 0 );
	}

	/**
	 * A fee, discount or credit was written.
	 *
	 * @param mixed $id   Of it.
	 * @param mixed $data What stands in it.
	 */
	public function mark_adjusted( $id, $data = array() ): void {
		$data = (array) $data;
		if ( 'order' === ( $data['object_type'] ?? '' ) ) {
			$this->marked->mark( $data['object_id'] ?? 0 );
		}
	}

	/**
	 * An order that is about to be deleted can be read for the last time; what a
	 * deleted refund leaves is read when the request ends.
	 *
	 * @param mixed $id Of an order or a refund.
	 */
	public function report_deleted( $id ): void {
		$order = edd_get_order( $id );
		if ( $order && 'refund' === $order->type ) {
			$this->marked->mark( $order->parent );
		} elseif ( $order ) {
			$this->marked->report_deleted( (int) $id );
		}
	}
}
