<?php
/**
 * Who earned what by an order, on the screen of it in Easy Digital Downloads.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

defined( 'ABSPATH' ) || exit;

/** A box beside the order. */
final class EDD_Box {

	/**
	 * What stands in it.
	 *
	 * @var Order_Box
	 */
	private $box;

	/**
	 * On this site.
	 *
	 * @param Order_Box $box What stands in it.
	 */
	public function __construct( Order_Box $box ) {
		$this->box = $box;
	}

	/** Hooks. */
	public function register(): void {
		add_action( 'edd_view_order_details_sidebar_after', array( $this, 'show' ) );
	}

	/**
	 * Prints the box.
	 *
	 * @param mixed $id Of the order.
	 */
	public function show( $id ): void {
		if ( ! current_user_can( Order_Box::SEE ) || ! ( new EDD_Cart() )->has( (int) $id ) ) {
			return;
		}
		echo '<div id="partner-center-order" class="postbox"><h2 class="hndle">' . esc_html( Order_Box::title() )
			. '</h2><div class="inside">';
		$this->box->show( EDD_Cart::SOURCE, (int) $id );
		echo '</div></div>';
	}
}
