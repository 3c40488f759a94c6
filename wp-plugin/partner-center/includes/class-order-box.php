<?php
/**
 * Who earned what by an order, on its screen in a cart.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

defined( 'ABSPATH' ) || exit;

/**
 * The sidecar says what stands in it; without it the box says so, and the
 * screen is as it would be.
 */
final class Order_Box {

	/** The capability to see it. */
	const SEE = 'partner_center_view';

	/**
	 * The request of the admin who looks.
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
	}

	/** What it is called. */
	public static function title(): string {
		return __( 'Partners', 'partner-center' );
	}

	/**
	 * Prints what stands in the box.
	 *
	 * @param string $source Cart.
	 * @param int    $id     Of the order.
	 */
	public function show( string $source, int $id ): void {
		$told = $this->ask( $source, $id );
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
	 * What the sidecar says.
	 *
	 * @param string $source Cart.
	 * @param int    $id     Of the order.
	 * @return array status (0 when it does not answer) and answer.
	 */
	private function ask( string $source, int $id ): array {
		$headers = array( 'PC-Surface' => 'admin;' . admin_url( 'admin.php?page=' . Admin_Surface::SLUG ) );
		$headers = $this->request->headers() + $headers;
		$headers['PC-User'] = (string) get_current_user_id(); // Where the sidecar cannot tell from the cookie.
		$target  = Client::target( 'admin/commissions/of-cart?source=' . $source . '&id=' . $id );
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
