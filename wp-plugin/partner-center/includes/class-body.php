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
			// PHP swallows multipart bodies; a server before it may cut off large ones.
			throw new Unreachable(
				static function () use ( $announced ) {
					return sprintf(
						/* translators: 1: size of what was sent, 2: a limit, both like "8 MB". */
						__( 'What you sent (%1$s) did not arrive as a whole, so nothing was saved. Go back with your browser: what you typed should still be there. Send no file uploads here, and no more than your host allows (PHP takes %2$s).', 'partner-center' ),
						size_format( $announced ),
						size_format( wp_convert_hr_to_bytes( (string) ini_get( 'post_max_size' ) ) )
					);
				},
				413
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
