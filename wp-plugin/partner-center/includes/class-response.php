<?php
/**
 * An answer of the sidecar.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

defined( 'ABSPATH' ) || exit;

// phpcs:disable WordPress.Security.EscapeOutput.ExceptionNotEscaped -- Failure escapes what it shows of them.

/**
 * Status and headers are read, the body is still on its way.
 */
final class Response {

	/** Headers that belong to the connection between us and the sidecar. */
	const NOT_PASSED_ON = array( 'connection', 'keep-alive', 'transfer-encoding', 'date' );

	/** Bytes a page, and a block of headers, may have. */
	const MAX_PAGE    = 16777216;
	const MAX_HEADERS = 65536;

	/**
	 * HTTP status.
	 *
	 * @var int
	 */
	private $status;

	/**
	 * Headers in their order, [name, value] each.
	 *
	 * @var array
	 */
	private $headers = array();

	/**
	 * The connection.
	 *
	 * @var resource
	 */
	private $stream;

	/**
	 * Reads status line and headers.
	 *
	 * @param resource $stream The connection.
	 * @throws Unreachable When the answer is none.
	 */
	public static function read( $stream ): Response {
		$response = new self();
		$lines    = self::head( $stream );
		if ( ! preg_match( '#^HTTP/1\.[01] ([1-5]\d\d)\b#', (string) array_shift( $lines ), $found ) ) {
			throw new Unreachable(
				static function () {
					return __( 'The Partner Center service gave no answer in time.', 'partner-center' );
				}
			);
		}
		$response->stream = $stream;
		$response->status = (int) $found[1];
		foreach ( $lines as $line ) {
			list( $name, $value )  = array_pad( explode( ':', $line, 2 ), 2, '' );
			$response->headers[] = array( $name, trim( $value ) );
		}
		return $response;
	}

	/** HTTP status. */
	public function status(): int {
		return $this->status;
	}

	/**
	 * All values of a header.
	 *
	 * @param string $name Any case.
	 * @return string[]
	 */
	public function values( string $name ): array {
		$values = array();
		foreach ( $this->headers as list( $found, $value ) ) {
			if ( 0 === strcasecmp( $found, $name ) ) {
				$values[] = $value;
			}
		}
		return $values;
	}

	/**
	 * The first value of a header, "" when it is not there.
	 *
	 * @param string $name Any case.
	 */
	public function header( string $name ): string {
		return $this->values( $name )[0] ?? '';
	}

	/** The whole body, for pages. */
	public function page(): string {
		$page = (string) stream_get_contents( $this->stream, self::MAX_PAGE );
		// phpcs:ignore WordPress.WP.AlternativeFunctions -- a connection, no file.
		fclose( $this->stream );
		return $page;
	}

	/** Sends the answer to the browser as it is, while it comes in, and ends the request. */
	public function pass_on(): void {
		while ( ob_get_level() > 0 ) {
			ob_end_clean(); // Stray output would stand before the answer.
		}
		$this->prepare_php();
		$this->send_headers();
		for ( $part = $this->next_part(); '' !== $part; $part = $this->next_part() ) {
			// phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped -- as said beside it.
			echo $part; // Raw: an answer of the sidecar, passed on unchanged.
			flush(); // PHP notices here that the browser went away and ends.
		}
		exit;
	}

	/**
	 * What has come in of the body, "" at its end or when the sidecar was silent
	 * for too long. What PHP has in its buffer is asked for by its exact size,
	 * since for more it would wait until more comes.
	 */
	private function next_part(): string {
		$waiting = stream_get_meta_data( $this->stream )['unread_bytes'];
		// phpcs:ignore WordPress.WP.AlternativeFunctions -- a connection, no file.
		return (string) fread( $this->stream, $waiting > 0 ? $waiting : 65536 );
	}

	/** Keeps PHP from changing the answer or stopping in the middle of a download. */
	private function prepare_php(): void {
		ini_set( 'zlib.output_compression', '0' );
		ini_set( 'default_mimetype', '' ); // A 304 has no Content-Type.
		ini_set( 'default_charset', '' ); // PHP would add it to text types.
		if ( function_exists( 'set_time_limit' ) ) {
			set_time_limit( 0 );
		}
	}

	/** Status and headers, in place of those WordPress prepared. */
	private function send_headers(): void {
		foreach ( array( 'Content-Type', 'Cache-Control', 'Expires', 'Pragma', 'Last-Modified',
			'X-Powered-By'
		) as $name ) {
			header_remove( $name );
		}
		$sent = array( 'set-cookie' => true );
		foreach ( $this->headers as list( $name, $value ) ) {
			$key = strtolower( $name );
			if ( ! in_array( $key, self::NOT_PASSED_ON, true ) ) {
				header( "$name: $value", ! isset( $sent[ $key ] ) );
				$sent[ $key ] = true;
			}
		}
		self::status_line( $this->status ); // Last: a Location would make it 302.
	}

	/**
	 * Sets the status as a line of its own: WordPress has often set one before,
	 * which http_response_code() does not replace.
	 *
	 * @param int $status HTTP status.
	 */
	public static function status_line( int $status ): void {
		header( wp_get_server_protocol() . ' ' . $status . ' ' . get_status_header_desc( $status ), true, $status );
	}

	/**
	 * The lines before the first empty one.
	 *
	 * @param resource $stream The connection.
	 * @return string[]
	 */
	private static function head( $stream ): array {
		$lines = array();
		$left  = self::MAX_HEADERS;
		while ( $left > 0 ) {
			$line = fgets( $stream, $left );
			if ( false === $line || '' === rtrim( $line, "\r\n" ) ) {
				break;
			}
			$left   -= strlen( $line );
			$lines[] = rtrim( $line, "\r\n" );
		}
		return $lines;
	}
}
