<?php
/**
 * WordPress' own tools for personal data.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

defined( 'ABSPATH' ) || exit;

/**
 * What the sidecar knows of a person joins Tools → Export Personal Data, and goes
 * with Tools → Erase Personal Data. The tools call page by page; ours is one page.
 */
final class Personal_Data {

	const SECONDS = 50;

	/**
	 * Of the browser.
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

	/** Hooks. */
	public function register(): void {
		add_filter( 'wp_privacy_personal_data_exporters', array( $this, 'add_exporter' ) );
		add_filter( 'wp_privacy_personal_data_erasers', array( $this, 'add_eraser' ) );
	}

	/**
	 * Adds ours.
	 *
	 * @param array $exporters By name.
	 */
	public function add_exporter( $exporters ): array {
		$exporters                   = (array) $exporters;
		$exporters['partner-center'] = array(
			'exporter_friendly_name' => __( 'Partner Center', 'partner-center' ),
			'callback'               => array( $this, 'export' ),
		);
		return $exporters;
	}

	/**
	 * Adds ours.
	 *
	 * @param array $erasers By name.
	 */
	public function add_eraser( $erasers ): array {
		$erasers                   = (array) $erasers;
		$erasers['partner-center'] = array(
			'eraser_friendly_name' => __( 'Partner Center', 'partner-center' ),
			'callback'             => array( $this, 'erase' ),
		);
		return $erasers;
	}

	/**
	 * What is known of the person of an address.
	 *
	 * @param string $email The address.
	 * @return array|\WP_Error As WordPress' tool takes it: an error stops it, and it says so.
	 */
	public function export( $email ) {
		$known = $this->ask( 'GET', 'admin/persons?email=' . rawurlencode( (string) $email ), '' );
		if ( ! isset( $known['data'] ) ) {
			return self::failed();
		}
		return array(
			'data' => $known['data'],
			'done' => true,
		);
	}

	/**
	 * Erases the person of an address.
	 *
	 * @param string $email The address.
	 * @return array|\WP_Error As export().
	 */
	public function erase( $email ) {
		$told = $this->ask( 'POST', 'admin/persons/erase', 'email=' . rawurlencode( (string) $email ) );
		if ( ! isset( $told['messages'] ) ) {
			return self::failed();
		}
		return array(
			'items_removed'  => ! empty( $told['items_removed'] ),
			'items_retained' => ! empty( $told['items_retained'] ),
			'messages'       => (array) $told['messages'],
			'done'           => true,
		);
	}

	/** What is said when nothing could be done. */
	private static function failed(): \WP_Error {
		return new \WP_Error( 'partner_center_personal_data',
			__( 'Partner Center could not answer. Check that its service runs and that your account may change its settings, then try again.',
			'partner-center' ) );
	}

	/**
	 * Asks the sidecar in the name of whoever uses the tool.
	 *
	 * @param string $method In capitals.
	 * @param string $path   Below the sidecar's prefix, with its query.
	 * @param string $form   The body, encoded.
	 * @return array Empty when it does not answer, or refuses.
	 */
	private function ask( string $method, string $path, string $form ): array {
		$headers            = array(
			'Accept'       => 'application/json',
			'Content-Type' => 'application/x-www-form-urlencoded',
			'PC-Surface'   => 'admin;' . admin_url( 'admin.php?page=' . Admin_Surface::SLUG ),
		) + $this->request->headers();
		$headers['PC-User'] = (string) get_current_user_id(); // Where the sidecar cannot tell from the cookie.
		try {
			$response = ( new Client() )->call( $method, Client::target( $path ), $headers, Body::of_text( $form ),
				self::SECONDS );
			$answer   = json_decode( $response->page(), true );
		} catch ( Unreachable $problem ) {
			return array();
		}
		return 200 === $response->status() && is_array( $answer ) ? $answer : array();
	}
}
