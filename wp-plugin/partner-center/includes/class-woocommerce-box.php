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
			add_meta_box( 'partner-center-order', __( 'Partners', 'partner-center' ), array( $this, 'show' ), $screen,
				'side' );
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
		$told = self::ask( $order->get_id() );
		if ( 404 === $told['status'] ) {
			echo '<p>' . esc_html__( 'This order is being taken in by the partner program.', 'partner-center' )
				. '</p>';
			return;
		}
		if ( 200 !== $told['status'] ) {
			echo '<p>' . esc_html__( 'The partner program does not answer now. The order itself is not affected.',
				'partner-center' ) . '</p>';
			return;
		}
		self::show_told( $told['answer'] );
	}

	/**
	 * Who earned what, and why.
	 *
	 * @param array $told decided, review, commissions, url.
	 */
	private static function show_told( array $told ): void {
		$review = (string) ( $told['review'] ?? '' );
		if ( '' !== $review ) {
			echo '<p><strong>' . esc_html( $review ) . '</strong></p>';
		}
		echo '<p>' . esc_html( (string) ( $told['decided'] ?? '' ) ) . '</p><ul>';
		foreach ( (array) ( $told['commissions'] ?? array() ) as $earned ) {
			/* translators: 1: partner, 2: amount of money, 3: status, 4: level, 1 or 2. */
			$line = __( '%1$s earns %2$s (%3$s, level %4$d)', 'partner-center' );
			echo '<li>' . esc_html( sprintf( $line, $earned['partner'], $earned['amount'], $earned['status'],
				$earned['level'] ) ) . '</li>';
		}
		echo '</ul>';
		printf( '<p><a href="%s">%s</a></p>', esc_url( (string) ( $told['url'] ?? '' ) ),
			esc_html__( 'Why?', 'partner-center' ) );
	}

	/**
	 * The order that a screen shows.
	 *
	 * @param mixed $thing A post or an order.
	 */
	private static function order( $thing ): ?WC_Order {
		if ( $thing instanceof WP_Post ) {
			$thing = 'shop_order' === $thing->post_type && function_exists( 'wc_get_order' )
				? wc_get_order( $thing->ID ) : null;
		}
		return $thing instanceof WC_Order && 'shop_order' === $thing->get_type() ? $thing : null;
	}

	/**
	 * What the sidecar says.
	 *
	 * @param int $id Of the order.
	 * @return array status (0 when it does not answer) and answer.
	 */
	private static function ask( int $id ): array {
		$headers = array( 'PC-Surface' => 'admin;' . admin_url( 'admin.php?page=' . Admin_Surface::SLUG ) );
		$headers = ( new Browser_Request( $_SERVER ) )->headers() + $headers;
		$target  = Client::target( 'admin/commissions/of-cart?source=' . WooCommerce::SOURCE . '&id=' . $id );
		$told    = array(
			'status' => 0,
			'answer' => array(),
		);
		try {
			$response       = ( new Client() )->call( 'GET', $target,
				array( 'Accept' => 'application/json' ) + $headers, Body::of_text( '' ) );
			$told['answer'] = json_decode( $response->page(), true );
			$told['status'] = is_array( $told['answer'] ) ? $response->status() : 0;
		} catch ( Unreachable $problem ) {
			$told['status'] = 0;
		}
		return $told;
	}
}
