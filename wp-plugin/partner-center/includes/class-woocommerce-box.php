<?php
/**
 * Who earned what by an order, on WooCommerce's screen of it.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

use WC_Order;
use WP_Post;

defined( 'ABSPATH' ) || exit;

/**
 * A box beside the order, whether orders are posts or have tables of their own.
 * The sidecar says what stands in it; without it the box says so, and the
 * screen is as it would be.
 */
final class WooCommerce_Box {

	/** Hooks. */
	public function register(): void {
		add_action( 'add_meta_boxes', array( $this, 'add' ), 20, 2 );
	}

	/**
	 * Adds the box on the screen of an order.
	 *
	 * @param string $screen Of wp-admin.
	 * @param mixed  $thing  What it shows.
	 */
	public function add( $screen, $thing = null ): void {
		$order = self::order( $thing );
		if ( null !== $order && current_user_can( 'partner_center_view' ) ) {
			add_meta_box( 'partner-center-order', __( 'Partners', 'partner-center' ), array( $this, 'show' ), $screen, 'side' );
		}
	}

	/**
	 * Prints the box.
	 *
	 * @param mixed $thing What the screen shows.
	 */
	public function show( $thing ): void {
		$order = self::order( $thing );
		if ( null === $order ) {
			return;
		}
		$html = self::ask( $order->get_id() );
		if ( '' === $html ) {
			echo '<p>' . esc_html__( 'The partner program does not answer now. The order itself is not affected.', 'partner-center' ) . '</p>';
			return;
		}
		echo '<div class="partner-center-order">' . wp_kses_post( $html ) . '</div>';
	}

	/**
	 * The order that a screen shows.
	 *
	 * @param mixed $thing A post or an order.
	 */
	private static function order( $thing ): ?WC_Order {
		if ( $thing instanceof WP_Post ) {
			$thing = 'shop_order' === $thing->post_type && function_exists( 'wc_get_order' ) ? wc_get_order( $thing->ID ) : null;
		}
		return $thing instanceof WC_Order && 'shop_order' === $thing->get_type() ? $thing : null;
	}

	/**
	 * What the sidecar says; "" when it says nothing.
	 *
	 * @param int $id Of the order.
	 */
	private static function ask( int $id ): string {
		$headers = array( 'PC-Surface' => 'admin;' . admin_url( 'admin.php?page=' . Admin_Surface::SLUG ) );
		$headers = ( new Browser_Request( $_SERVER ) )->headers() + $headers;
		$target  = Client::target( 'admin/order-box?source=' . WooCommerce::SOURCE . '&id=' . $id );
		try {
			$response = ( new Client() )->call( 'GET', $target, $headers, Body::of_text( '' ) );
		} catch ( Unreachable $problem ) {
			return '';
		}
		return 200 === $response->status() && '1' === $response->header( 'PC-Embed' ) ? $response->page() : '';
	}
}
