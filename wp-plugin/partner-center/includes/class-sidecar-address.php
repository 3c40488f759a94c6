<?php
/**
 * Where PHP reaches the sidecar.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

use DateTimeImmutable;
use DateTimeZone;

defined( 'ABSPATH' ) || exit;

/**
 * Constant or environment, else the setting, else the sidecar's own heartbeat.
 */
final class Sidecar_Address {

	/** Seconds after which a heartbeat no longer says that a sidecar is there. */
	const MAX_AGE = 60;

	/**
	 * The address without a slash at the end.
	 *
	 * @param Key $key The pairing key, which heartbeats are signed with.
	 * @return string "" when none is known.
	 */
	public static function find( Key $key ): string {
		foreach ( array( Config::value( 'PARTNER_CENTER_URL' ), Settings::all()['sidecar_url'] ) as $address ) {
			if ( '' !== $address ) {
				return rtrim( $address, '/' );
			}
		}
		foreach ( self::heartbeats() as $beat ) {
			if ( self::is_genuine( $beat, $key ) ) {
				return rtrim( $beat->url, '/' );
			}
		}
		return '';
	}

	/**
	 * Whether sidecars report here, but none that has this site's key.
	 *
	 * @param Key $key The pairing key.
	 */
	public static function only_strangers( Key $key ): bool {
		$beats = self::heartbeats();
		foreach ( $beats as $beat ) {
			if ( self::is_genuine( $beat, $key ) ) {
				return false;
			}
		}
		return array() !== $beats;
	}

	/**
	 * The signature covers the row: whoever can write the database must not be
	 * able to send partners' login cookies somewhere else.
	 *
	 * @param object $beat A row of the table.
	 * @param Key    $key  The pairing key.
	 */
	private static function is_genuine( object $beat, Key $key ): bool {
		$text = $beat->url . "\n" . $beat->version . "\n" . $beat->beat_at;
		return hash_equals( hash_hmac( 'sha256', $text, $key->heartbeat() ), $beat->signature );
	}

	/** Fresh rows, newest first. The sidecar makes the table, so it may not be there yet. */
	private static function heartbeats(): array {
		global $wpdb;
		$oldest = new DateTimeImmutable( '-' . self::MAX_AGE . ' seconds', new DateTimeZone( 'UTC' ) );
		$shown  = $wpdb->suppress_errors();
		$rows   = $wpdb->get_results(
			$wpdb->prepare(
				"SELECT url, version, beat_at, signature FROM {$wpdb->prefix}partner_center_heartbeats WHERE beat_at > %s ORDER BY beat_at DESC",
				$oldest->format( 'Y-m-d H:i:s.u' )
			)
		);
		$wpdb->suppress_errors( $shown );
		return (array) $rows;
	}
}
