<?php
/**
 * The partner program in short, on WordPress' own dashboard.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

defined( 'ABSPATH' ) || exit;

/**
 * The sidecar says what stands in it. Without an answer there is no widget: the
 * dashboard is not where its trouble is shown, nor may it wait for it.
 */
final class Dashboard_Widget {

	/** Seconds that the dashboard waits for the sidecar at most. */
	const PATIENCE = 2;

	/** Seconds for which an answer is good, and a failure not asked about again. */
	const FRESH = 300;
	const PAUSE = 60;

	/**
	 * The request of the admin who looks.
	 *
	 * @var Browser_Request
	 */
	private $request;

	/**
	 * What the sidecar said.
	 *
	 * @var array
	 */
	private $told = array();

	/**
	 * For one request.
	 *
	 * @param Browser_Request $request What the browser sent.
	 */
	public function __construct( Browser_Request $request ) {
		$this->request = $request;
	}

	/** Hooks. */
	public function register(): void {
		add_action( 'wp_dashboard_setup', array( $this, 'add' ) );
	}

	/** Adds the widget for those who may see what stands in it. */
	public function add(): void {
		if ( ! Settings::tracking() || ! current_user_can( Roles::VIEW ) ) {
			return;
		}
		$this->told = $this->remembered();
		if ( ! empty( $this->told ) ) {
			wp_add_dashboard_widget( 'partner_center_short', esc_html__( 'Partner program', 'partner-center' ),
				array( $this, 'show' ) );
		}
	}

	/** Prints what waits, and how the last days were. */
	public function show(): void {
		$this->show_waiting();
		echo '<h3>' . esc_html( (string) ( $this->told['days'] ?? '' ) ) . '</h3><ul>';
		foreach ( (array) ( $this->told['figures'] ?? array() ) as $figure ) {
			printf( '<li>%s: <strong>%s</strong> %s</li>', esc_html( $figure['name'] ), esc_html( $figure['value'] ),
				esc_html( (string) ( $figure['before'] ?? '' ) ) );
		}
		printf( '</ul><p><a href="%s">%s</a></p>', esc_url( (string) ( $this->told['url'] ?? '' ) ),
			esc_html( (string) ( $this->told['more'] ?? '' ) ) );
	}

	/** Prints what waits, or that nothing does. */
	private function show_waiting(): void {
		if ( ! empty( $this->told['quiet'] ) ) {
			echo '<p>' . esc_html( $this->told['quiet'] ) . '</p>';
		}
		echo '<ul>';
		foreach ( (array) ( $this->told['todo'] ?? array() ) as $todo ) {
			printf( '<li><a href="%s">%s</a> %s</li>', esc_url( $todo['url'] ), esc_html( $todo['text'] ),
				esc_html( implode( ', ', (array) ( $todo['money'] ?? array() ) ) ) );
		}
		echo '</ul>';
	}

	/**
	 * What the sidecar said within the last minutes, in the language of whoever looks.
	 *
	 * @return array Empty when it does not answer.
	 */
	private function remembered(): array {
		$name = 'partner_center_short_' . get_user_locale();
		$told = get_transient( $name );
		if ( ! is_array( $told ) ) {
			$told = $this->ask();
			set_transient( $name, $told, empty( $told ) ? self::PAUSE : self::FRESH );
		}
		return $told;
	}

	/** Asks the sidecar. */
	private function ask(): array {
		$headers            = $this->request->headers()
			+ array( 'PC-Surface' => 'admin;' . admin_url( 'admin.php?page=' . Admin_Surface::SLUG ) );
		$headers['PC-User'] = (string) get_current_user_id(); // Where the sidecar cannot tell from the cookie.
		try {
			$response = ( new Client() )->call( 'GET', Client::target( 'admin/short' ),
				array( 'Accept' => 'application/json' ) + $headers, Body::of_text( '' ), self::PATIENCE );
			$told     = json_decode( $response->page(), true );
		} catch ( Unreachable $problem ) {
			return array();
		}
		return 200 === $response->status() && is_array( $told ) && isset( $told['url'] ) ? $told : array();
	}
}
