<?php
/**
 * Whether plugin and sidecar work together.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

defined( 'ABSPATH' ) || exit;

/**
 * Asks the sidecar how it is, for the settings page.
 */
final class Health {

	/** Seconds of difference nobody needs to care about. */
	const CLOCK_TOLERANCE = 5;

	/**
	 * How it is.
	 *
	 * @return array ok (bool) and message (plain text).
	 */
	public static function check(): array {
		try {
			// Without X-Forwarded headers: not for a visitor, who would learn less.
			$response = ( new Client() )->call( 'GET', Client::target( 'healthz' ), array(), Body::of_text( '' ) );
		} catch ( Unreachable $e ) {
			return self::result( false, $e->reason() );
		}
		$refusal = sanitize_text_field( rawurldecode( $response->header( 'PC-Problem' ) ) );
		if ( '' !== $refusal ) {
			/* translators: %s: a sentence. */
			return self::result( false, sprintf( __( 'The Partner Center service refuses the plugin\'s calls: %s', 'partner-center' ),
				$refusal ) );
		}
		$status = json_decode( $response->page(), true );
		if ( ! is_array( $status ) || ! isset( $status['version'], $status['time'] ) ) {
			return self::result( false,
				/* translators: %d: HTTP status. */
				sprintf( __( 'Something answers at this address, but it isn\'t the Partner Center service (status %d).',
					'partner-center' ), $response->status() ) );
		}
		if ( ! empty( $status['problems'][0]['message'] ) ) {
			return self::result( false, (string) $status['problems'][0]['message'] );
		}
		return self::result( true, self::summary( (string) $status['version'],
			self::unix( $status['time'] ) - time() ) );
	}

	/**
	 * The line when all is well.
	 *
	 * @param string $version Of the sidecar.
	 * @param int    $ahead   Seconds its clock is ahead.
	 */
	private static function summary( string $version, int $ahead ): string {
		/* translators: 1: version, 2: number of seconds. */
		$line = sprintf( __( 'Partner Center is running, version %1$s, clock difference %2$d s.', 'partner-center' ),
			$version, $ahead );
		if ( abs( $ahead ) > self::CLOCK_TOLERANCE ) {
			$line .= ' ' . __( 'Set both clocks by a time service.', 'partner-center' );
		}
		return $line;
	}

	/**
	 * Unix seconds of a time given as such or as RFC 3339.
	 *
	 * @param int|string $time The time.
	 */
	private static function unix( $time ): int {
		return is_numeric( $time ) ? (int) $time : (int) strtotime( (string) $time );
	}

	/**
	 * One result.
	 *
	 * @param bool   $ok      Whether all is well.
	 * @param string $message For administrators.
	 */
	private static function result( bool $ok, string $message ): array {
		return array(
			'ok'      => $ok,
			'message' => $message,
		);
	}
}
