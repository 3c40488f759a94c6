<?php
/**
 * What the browser sent, as it was sent.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

defined( 'ABSPATH' ) || exit;

/**
 * Made while plugins are loaded: later WordPress adds slashes to its copy of
 * these values, and other plugins change it.
 */
final class Browser_Request {

	/** Headers forwarded as they are: name to the key PHP has for it. */
	const FORWARDED = array(
		'Content-Type'    => 'CONTENT_TYPE',
		'Accept'          => 'HTTP_ACCEPT',
		'Accept-Language' => 'HTTP_ACCEPT_LANGUAGE',
		'Authorization'   => 'HTTP_AUTHORIZATION',
		'User-Agent'      => 'HTTP_USER_AGENT',
		'Referer'         => 'HTTP_REFERER',
		'Origin'          => 'HTTP_ORIGIN',
		'Sec-Fetch-Site'  => 'HTTP_SEC_FETCH_SITE',
		'Purpose'         => 'HTTP_PURPOSE',
		'Sec-Purpose'     => 'HTTP_SEC_PURPOSE',
		'Sec-Fetch-Dest'  => 'HTTP_SEC_FETCH_DEST',
		'If-None-Match'   => 'HTTP_IF_NONE_MATCH',
		'Idempotency-Key' => 'HTTP_IDEMPOTENCY_KEY',
	);

	/**
	 * A copy of $_SERVER.
	 *
	 * @var array
	 */
	private $server;

	/**
	 * Keeps the values.
	 *
	 * @param array $server $_SERVER before WordPress adds slashes.
	 */
	public function __construct( array $server ) {
		$this->server = $server;
	}

	/** In capitals. */
	public function method(): string {
		return strtoupper( $this->value( 'REQUEST_METHOD' ) );
	}

	/** The path as on the request line, still encoded; "" outside HTTP. */
	public function path(): string {
		$target = preg_replace( '#^https?://[^/]*#i', '', $this->value( 'REQUEST_URI' ) );
		return explode( '?', $target, 2 )[0];
	}

	/** The query as on the request line, still encoded. */
	public function query(): string {
		return explode( '?', $this->value( 'REQUEST_URI' ), 2 )[1] ?? '';
	}

	/**
	 * The parameters of the query, still encoded: [name, "name=value"] each.
	 * PHP's own parser would rename some ("a.b") and drop repeated ones.
	 */
	public function parameters(): array {
		$pairs = array();
		foreach ( array_filter( explode( '&', $this->query() ), 'strlen' ) as $pair ) {
			$pairs[] = array( urldecode( explode( '=', $pair, 2 )[0] ), $pair );
		}
		return $pairs;
	}

	/**
	 * The decoded value of a parameter.
	 *
	 * @param string $name Its name.
	 * @return string|null Null when it is not there.
	 */
	public function parameter( string $name ): ?string {
		foreach ( $this->parameters() as list( $found, $pair ) ) {
			if ( $found === $name ) {
				return urldecode( explode( '=', $pair, 2 )[1] ?? '' );
			}
		}
		return null;
	}

	/**
	 * The query without some parameters, still encoded.
	 *
	 * @param string[] $names What to leave out.
	 */
	public function query_without( array $names ): string {
		$kept = array();
		foreach ( $this->parameters() as list( $name, $pair ) ) {
			if ( ! in_array( $name, $names, true ) ) {
				$kept[] = $pair;
			}
		}
		return implode( '&', $kept );
	}

	/** The headers for the sidecar, public facts included. */
	public function headers(): array {
		$headers = array();
		foreach ( self::FORWARDED as $name => $key ) {
			$headers[ $name ] = $this->value( $key );
		}
		$headers['Cookie']            = self::our_cookies( $this->value( 'HTTP_COOKIE' ), LOGGED_IN_COOKIE );
		$headers['X-Forwarded-Host']  = $this->value( 'HTTP_HOST' );
		$headers['X-Forwarded-Proto'] = is_ssl() || 'https' === wp_parse_url( home_url(), PHP_URL_SCHEME ) ? 'https'
			: 'http';
		$headers['X-Forwarded-For']   = Client_Address::of( $this->server );
		return array_filter( $headers, 'strlen' );
	}

	/** The body, "" for most methods. */
	public function body(): Body {
		return Body::of_request( (int) $this->value( 'CONTENT_LENGTH' ) );
	}

	/**
	 * The cookies the sidecar needs; it gets no others.
	 *
	 * @param string $header    The Cookie header.
	 * @param string $logged_in Name of WordPress' login cookie.
	 */
	public static function our_cookies( string $header, string $logged_in ): string {
		$ours = array();
		foreach ( explode( ';', $header ) as $cookie ) {
			$cookie = trim( $cookie );
			$name   = explode( '=', $cookie, 2 )[0];
			if ( $name === $logged_in || 0 === strpos( $name, 'pc_' ) ) {
				$ours[] = $cookie;
			}
		}
		return implode( '; ', $ours );
	}

	/**
	 * One value. Line breaks can't get in: PHP's servers refuse them in headers.
	 *
	 * @param string $key Key in $_SERVER.
	 */
	private function value( string $key ): string {
		if ( 'HTTP_AUTHORIZATION' === $key && ! isset( $this->server[ $key ] ) ) {
			$key = 'REDIRECT_HTTP_AUTHORIZATION'; // Where Apache's rewriting leaves it.
		}
		$value = $this->server[ $key ] ?? '';
		return is_string( $value ) ? $value : '';
	}
}
