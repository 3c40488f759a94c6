<?php
/**
 * What the sidecar asks WordPress to do.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

use DateTimeImmutable;
use DateTimeZone;
use WP_Error;
use WP_REST_Request;

defined( 'ABSPATH' ) || exit;

/**
 * Routes below partner-center/v1. The signature is the only way in: no user,
 * no cookie and no application password opens them.
 */
final class Rest {

	const NAMESPACE = 'partner-center/v1';

	/**
	 * The request line, which is signed.
	 *
	 * @var Browser_Request
	 */
	private $request;

	/**
	 * For one request.
	 *
	 * @param Browser_Request $request What came in.
	 */
	public function __construct( Browser_Request $request ) {
		$this->request = $request;
	}

	/** Hooks. */
	public function register(): void {
		add_action( 'rest_api_init', array( $this, 'add_routes' ) );
		add_filter( 'rest_authentication_errors', array( $this, 'let_signed_in' ), PHP_INT_MAX );
	}

	/** The routes; each takes and gives JSON. */
	public function add_routes(): void {
		$handlers = array(
			'ping'     => array( $this, 'ping' ),
			'user'     => array( new Rest_User(), 'ensure' ),
			'mail'     => array( new Rest_Mail(), 'send' ),
			'mail-fields' => array( new Rest_Mail(), 'fields' ),
			'password' => array( new Rest_Password(), 'check' ),
			'signup'   => array( new Signup_Guard(), 'check' ),
			'coupon'   => array( new Rest_Coupon(), 'keep' ),
			'coupon-find' => array( new Rest_Coupon(), 'find' ),
		);
		foreach ( $handlers as $name => $handler ) {
			register_rest_route(
				self::NAMESPACE,
				'/' . $name,
				array(
					'methods'             => 'POST',
					'callback'            => static function ( WP_REST_Request $request ) use ( $handler ) {
						return $handler( (array) $request->get_json_params() );
					},
					'permission_callback' => array( $this, 'is_signed' ),
					'show_in_index'       => false,
				)
			);
		}
	}

	/**
	 * Plugins may open the REST API only to people who are logged in. Nobody is
	 * in the sidecar's calls; whether they are signed is checked all the same.
	 *
	 * @param mixed $error What other plugins object to.
	 */
	public function let_signed_in( $error ) {
		$route = '/' . ltrim( (string) $this->request->parameter( 'rest_route' ), '/' );
		return is_wp_error( $error ) && 0 === strpos( $route, '/' . self::NAMESPACE . '/' ) ? true : $error;
	}

	/**
	 * Whether the call was signed by this site's sidecar and is new.
	 *
	 * @param WP_REST_Request $call The call.
	 * @return true|WP_Error
	 */
	public function is_signed( WP_REST_Request $call ) {
		$key = Key::of_site();
		if ( null === $key ) {
			return new WP_Error( 'partner_center_no_key', Key::problem(), array( 'status' => 503 ) );
		}
		$body   = (string) $call->get_body(); // A batch's calls have none.
		$path   = $this->request->path() . ( '' === $this->request->query() ? '' : '?' . $this->request->query() );
		$proof  = array(
			'time'      => (string) $call->get_header( 'pc_time' ),
			'nonce'     => (string) $call->get_header( 'pc_nonce' ),
			'signature' => (string) $call->get_header( 'pc_signature' ),
		);
		$result = ( new Signer( $key ) )->verify( $this->request->method(), $path, $proof, $body );
		return true === $result ? $this->accept_once( $proof['nonce'] ) : $result;
	}

	/** Tells that plugin and sidecar are paired. */
	public function ping(): array {
		return array(
			'wp_version'     => $GLOBALS['wp_version'],
			'plugin_version' => VERSION,
			'time'           => time(),
		);
	}

	/**
	 * An error of one or more fields.
	 *
	 * @param string[] $fields Field to message.
	 */
	public static function invalid( array $fields ): WP_Error {
		$data = array(
			'status' => 422,
			'fields' => $fields,
		);
		return new WP_Error( 'partner_center_invalid', implode( ' ', $fields ), $data );
	}

	/**
	 * Remembers a call in the sidecar's table of nonces, which it also empties.
	 *
	 * @param string $nonce 32 hex characters.
	 * @return true|WP_Error
	 */
	private function accept_once( string $nonce ) {
		global $wpdb;
		$until = new DateTimeImmutable( '+' . ( 2 * Signer::MAX_SKEW ) . ' seconds', new DateTimeZone( 'UTC' ) );
		$shown = $wpdb->suppress_errors();
		$added = $wpdb->query(
			$wpdb->prepare( "INSERT IGNORE INTO {$wpdb->prefix}partner_center_nonces (nonce, expires_at) VALUES (%s, %s)", $nonce, $until->format( 'Y-m-d H:i:s.u' ) )
		);
		$wpdb->suppress_errors( $shown );
		if ( false === $added ) {
			return new WP_Error( 'partner_center_tables', __( 'The tables of the Partner Center service are missing in this database.',
				'partner-center' ), array( 'status' => 503 ) );
		}
		return 1 === $added ? true : new WP_Error( 'partner_center_replayed',
			__( 'The call was made before.', 'partner-center' ), array( 'status' => 409 ) );
	}
}
