<?php
/**
 * Signs and checks calls between plugin and sidecar.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

use WP_Error;

defined( 'ABSPATH' ) || exit;

/**
 * HMAC-SHA256 over the call; see stringToSign in the sidecar, which must stay
 * the same to the byte.
 */
final class Signer {

	/** Seconds the clocks of both sides may differ. */
	const MAX_SKEW = 300;

	/** Headers covered by the signature, in this order, absent ones as empty. */
	const SIGNED_HEADERS = array( 'pc-surface', 'pc-user', 'x-forwarded-host', 'x-forwarded-proto', 'x-forwarded-for',
		'origin', 'sec-fetch-site', 'cookie'
	);

	/**
	 * The key for calls.
	 *
	 * @var string
	 */
	private $key;

	/**
	 * A signer for the pairing with this key.
	 *
	 * @param Key $key The pairing key.
	 */
	public function __construct( Key $key ) {
		$this->key = $key->calls();
	}

	/**
	 * The headers that sign an outgoing call.
	 *
	 * @param string   $method  In capitals.
	 * @param string   $target  Path and query as on the request line.
	 * @param string[] $headers Name to value; only the signed ones matter.
	 * @param string   $digest  Hex SHA-256 of the body.
	 */
	public function sign( string $method, string $target, array $headers, string $digest ): array {
		$time  = (string) time();
		$nonce = bin2hex( random_bytes( 16 ) );
		return array(
			'PC-Time'      => $time,
			'PC-Nonce'     => $nonce,
			'PC-Signature' => $this->signature( $method, $target, $time, $nonce, $digest, $headers ),
		);
	}

	/**
	 * Checks a call from the sidecar, all but whether it was made before.
	 *
	 * The signed headers count as empty: the sidecar sends none of them, and a
	 * proxy on the way adds its own X-Forwarded-For.
	 *
	 * @param string   $method In capitals.
	 * @param string   $target Path and query as on the request line.
	 * @param string[] $proof  time, nonce and signature as they came.
	 * @param string   $body   The body.
	 * @return true|WP_Error
	 */
	public function verify( string $method, string $target, array $proof, string $body ) {
		if ( '' === $proof['signature'] ) {
			return new WP_Error( 'partner_center_unsigned', __( 'The call is not signed.', 'partner-center' ),
				array( 'status' => 401 ) );
		}
		$expected = $this->signature( $method, $target, $proof['time'], $proof['nonce'], hash( 'sha256', $body ),
			array() );
		if ( ! hash_equals( $expected, $proof['signature'] ) || ! preg_match( '/^[0-9a-f]{32}$/D', $proof['nonce'] ) ) {
			return new WP_Error( 'partner_center_signature',
				__( 'The signature is wrong: plugin and service do not have the same pairing key, or something between them changed the call.', 'partner-center' ), array( 'status' => 403 ) );
		}
		$ahead = (int) $proof['time'] - time();
		if ( abs( $ahead ) > self::MAX_SKEW ) {
			return new WP_Error( 'partner_center_clock',
				/* translators: %d: number of seconds, may be negative. */
				sprintf( __( 'The clock of the Partner Center service differs from the one of the web server by %d seconds: set both by a time service.', 'partner-center' ), $ahead ), array( 'status' => 403 ) );
		}
		return true;
	}

	/**
	 * Hex HMAC over one call.
	 *
	 * @param string   $method  In capitals.
	 * @param string   $target  Path and query as on the request line.
	 * @param string   $time    Unix seconds.
	 * @param string   $nonce   32 hex characters.
	 * @param string   $digest  Hex SHA-256 of the body.
	 * @param string[] $headers Name to value.
	 */
	public function signature( string $method, string $target, string $time, string $nonce, string $digest,
		array $headers ): string {
		$headers = array_change_key_case( $headers );
		$lines   = array( 'pc1', $method, $target, $time, $nonce, $digest );
		foreach ( self::SIGNED_HEADERS as $name ) {
			$lines[] = $name . ':' . trim( $headers[ $name ] ?? '' );
		}
		return hash_hmac( 'sha256', implode( "\n", $lines ), $this->key );
	}
}
