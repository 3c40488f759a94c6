<?php
/**
 * The body of a request on its way to the sidecar.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

defined( 'ABSPATH' ) || exit;

// phpcs:disable WordPress.Security.EscapeOutput.ExceptionNotEscaped -- Failure escapes what it shows of them.

/**
 * A stream that can be read twice: once for the digest, once to be sent. An
 * import of any size so never stands in memory.
 */
final class Body {

	/**
	 * Where it comes from.
	 *
	 * @var resource
	 */
	private $stream;

	/**
	 * Bytes in it.
	 *
	 * @var int
	 */
	private $size;

	/**
	 * Hex SHA-256.
	 *
	 * @var string
	 */
	private $digest;

	/**
	 * Reads the stream once.
	 *
	 * @param resource $stream Can be rewound.
	 */
	private function __construct( $stream ) {
		$hash         = hash_init( 'sha256' );
		$this->stream = $stream;
		$this->size   = hash_update_stream( $hash, $stream );
		$this->digest = hash_final( $hash );
		rewind( $stream );
	}

	/**
	 * The body of the request being answered.
	 *
	 * @param int $announced Its Content-Length.
	 * @throws Unreachable When PHP keeps it from us.
	 */
	public static function of_request( int $announced ): Body {
		$body = new self( fopen( 'php://input', 'rb' ) );
		if ( $body->size < $announced ) {
			// PHP swallows multipart bodies and those above post_max_size.
			throw new Unreachable(
				static function () {
					return __( 'PHP does not hand over the body of this request: it is a file upload or larger than post_max_size.', 'partner-center' );
				}
			);
		}
		return $body;
	}

	/**
	 * A body from a text.
	 *
	 * @param string $text Any bytes.
	 */
	public static function of_text( string $text ): Body {
		// phpcs:ignore WordPress.WP.AlternativeFunctions -- memory, no file.
		$stream = fopen( 'php://memory', 'w+b' );
		// phpcs:ignore WordPress.WP.AlternativeFunctions -- memory, no file.
		fwrite( $stream, $text );
		rewind( $stream );
		return new self( $stream );
	}

	/** Bytes in it. */
	public function size(): int {
		return $this->size;
	}

	/** Hex SHA-256. */
	public function digest(): string {
		return $this->digest;
	}

	/**
	 * The next part, "" at the end.
	 *
	 * @param int $bytes At most that many.
	 */
	public function read( int $bytes ): string {
		// phpcs:ignore WordPress.WP.AlternativeFunctions -- the body of the request, no file.
		return (string) fread( $this->stream, $bytes );
	}
}
