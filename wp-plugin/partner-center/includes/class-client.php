<?php
/**
 * Calls the sidecar.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

defined( 'ABSPATH' ) || exit;

// phpcs:disable WordPress.Security.EscapeOutput.ExceptionNotEscaped -- Failure escapes what it shows of them.

/**
 * A small HTTP/1.0 client. WordPress' own reads the whole answer into memory
 * and writes downloads to disk; this one hands over a stream. HTTP/1.0 because
 * its answers come without chunks and end when the connection does.
 */
final class Client {

	/** The sidecar's paths begin with this whatever the site's base path is. */
	const PREFIX = '/partner-center/';

	const CONNECT_SECONDS = 2;
	const SILENCE_SECONDS = 60;

	/**
	 * Calls the sidecar and returns as soon as the headers of its answer are there.
	 *
	 * @param string   $method  In capitals.
	 * @param string   $target  Made by target().
	 * @param string[] $headers Name to value, without line breaks.
	 * @param Body     $body    What to send.
	 * @param int      $seconds How long the sidecar may be silent.
	 * @throws Unreachable When there is no usable answer.
	 */
	public function call( string $method, string $target, array $headers, Body $body,
		int $seconds = self::SILENCE_SECONDS ): Response {
		$key = Key::of_site();
		if ( null === $key ) {
			throw new Unreachable( array( Key::class, 'problem' ) );
		}
		$address = Sidecar_Address::find( $key );
		if ( '' === $address ) {
			throw new Unreachable(
				static function () {
					return __( 'The Partner Center service hasn\'t reported within the last minute. Start it, or enter its address in the settings.', 'partner-center' );
				}
			);
		}
		$headers += ( new Signer( $key ) )->sign( $method, $target, $headers, $body->digest() );
		$stream   = $this->connect( $address );
		stream_set_timeout( $stream, $seconds );
		$part     = $this->head( $method, $target, $headers, $address, $body );
		// A sidecar that refuses a body stops reading it: the answer is there nevertheless.
		while ( '' !== $part && $this->send( $stream, $part ) ) {
			$part = $body->read( 65536 );
		}
		return Response::read( $stream );
	}

	/**
	 * A target with more parameters. Partners append "&sid=…" to their links,
	 * forms with method GET their fields: both arrive as parameters of the page.
	 *
	 * @param string $target Path, maybe with a query.
	 * @param string $more   Further parameters, encoded.
	 */
	public static function with_query( string $target, string $more ): string {
		if ( '' === $more ) {
			return $target;
		}
		return $target . ( false === strpos( $target, '?' ) ? '?' : '&' ) . $more;
	}

	/**
	 * The request target for a path below the sidecar's prefix.
	 *
	 * @param string $rest Path and query from outside: anything may stand in it.
	 */
	public static function target( string $rest ): string {
		list( $path, $query ) = array_pad( explode( '?', $rest, 2 ), 2, null );
		$segments             = array_filter(
			explode( '/', ltrim( $path, '/' ) ),
			static function ( $segment ) {
				return ! in_array( rawurldecode( $segment ), array( '.', '..' ), true );
			}
		);
		$target               = self::PREFIX . implode( '/', $segments ) . ( null === $query ? '' : '?' . $query );
		// Whatever may not stand on a request line: blanks, line breaks, bytes above ASCII, "#".
		return preg_replace_callback(
			'/[^\x21\x22\x24-\x7e]/',
			static function ( $byte ) {
				return rawurlencode( $byte[0] );
			},
			$target
		);
	}

	/**
	 * Opens the connection.
	 *
	 * @param string $address URL of the sidecar.
	 * @return resource
	 * @throws Unreachable When nobody listens there.
	 */
	private function connect( string $address ) {
		$parts  = wp_parse_url( $address ) + array(
			'scheme' => '',
			'host'   => '',
		);
		$secure = 'https' === $parts['scheme'];
		$socket = ( $secure ? 'ssl' : 'tcp' ) . '://' . $parts['host'] . ':'
			. ( $parts['port'] ?? ( $secure ? 443 : 80 ) );
		// phpcs:ignore Generic.PHP.NoSilencedErrors -- it is reported; PHP's own warning would only fill the log.
		$stream = @stream_socket_client( $socket, $code, $reason, self::CONNECT_SECONDS );
		if ( false === $stream ) {
			throw new Unreachable(
				static function () use ( $address, $reason ) {
					/* translators: 1: address, 2: reason given by the operating system. */
					return sprintf( __( 'The Partner Center service doesn\'t answer at %1$s: %2$s', 'partner-center' ), $address,
						$reason );
				}
			);
		}
		return $stream;
	}

	/**
	 * Request line and headers.
	 *
	 * @param string   $method  In capitals.
	 * @param string   $target  Path and query.
	 * @param string[] $headers Name to value.
	 * @param string   $address URL of the sidecar.
	 * @param Body     $body    The body that follows.
	 */
	private function head( string $method, string $target, array $headers, string $address, Body $body ): string {
		$headers += array(
			'Host'       => preg_replace( '#^https?://([^/]*).*#', '$1', $address ),
			'Connection' => 'close',
		);
		if ( $body->size() > 0 || 'POST' === $method || 'PUT' === $method ) {
			$headers['Content-Length'] = (string) $body->size();
		}
		$lines = array( "$method $target HTTP/1.0" );
		foreach ( $headers as $name => $value ) {
			$lines[] = "$name: $value";
		}
		return implode( "\r\n", $lines ) . "\r\n\r\n";
	}

	/**
	 * Writes all of it, unless the other side went away.
	 *
	 * @param resource $stream The connection.
	 * @param string   $bytes  What to write.
	 */
	private function send( $stream, string $bytes ): bool {
		while ( '' !== $bytes ) {
			// phpcs:ignore Generic.PHP.NoSilencedErrors, WordPress.WP.AlternativeFunctions -- as above; a socket.
			$written = @fwrite( $stream, $bytes );
			if ( ! $written ) {
				return false;
			}
			$bytes = (string) substr( $bytes, $written );
		}
		return true;
	}
}
