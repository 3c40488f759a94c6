<?php
/**
 * How often a visitor may do something.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

defined( 'ABSPATH' ) || exit;

/**
 * Bounds the forms and clicks that PHP answers, by the visitor's network and by
 * the click, as the sidecar bounds its own. What is too many is counted, and
 * nothing of it is kept.
 */
final class Flood {
	const FORMS  = 1;
	const CLICKS = 2;

	/**
	 * Counts one time, and tells whether it is within the limit.
	 *
	 * @param int    $what  FORMS or CLICKS.
	 * @param string $click Raw cookie of the click it is by, "" for none.
	 */
	public static function allows( int $what, string $click = '' ): bool {
		$limit   = Click_Records::settings()[ self::FORMS === $what ? 'forms' : 'clicks' ];
		$network = Client_Address::hash( $_SERVER );
		$network = '' === $network ? Client_Address::of( $_SERVER ) : $network;
		$within  = self::count( self::name( $what . ' ' . $network ) ) <= $limit;
		if ( $within && preg_match( '/^[^.]+\.[^.]+\.([0-9a-z]{1,13})\.[^.]+\.[^.]+$/D', $click, $parts ) ) {
			$within = self::count( self::name( $what . ' click ' . $parts[1] ) ) <= $limit;
		}
		if ( ! $within ) {
			self::count( str_pad( dechex( $what ), 32, '0', STR_PAD_LEFT ) );
		}
		return $within;
	}

	/**
	 * What stands in the table for somebody.
	 *
	 * @param string $who What, and whose.
	 * @return string 16 bytes, in hex.
	 */
	private static function name( string $who ): string {
		return hash_hmac( 'md5', $who, wp_salt( 'nonce' ) );
	}

	/**
	 * How often it was in this minute, with this time. A table that cannot be
	 * written bounds nothing: a visitor's form matters more.
	 *
	 * @param string $who Name, in hex.
	 */
	private static function count( string $who ): int {
		global $wpdb;
		$sql = $wpdb->prepare(
			"INSERT INTO {$wpdb->prefix}partner_center_floods (who, minute, times) VALUES (UNHEX(%s), %d, LAST_INSERT_ID(1)) ON DUPLICATE KEY UPDATE times = LAST_INSERT_ID(times + 1)",
			array( $who, intdiv( time(), MINUTE_IN_SECONDS ) )
		);

		$shown   = $wpdb->suppress_errors();
		// phpcs:ignore WordPress.DB.PreparedSQL.NotPrepared -- prepared above.
		$counted = $wpdb->query( $sql );
		if ( false === $counted ) {
			self::create_table();
			// phpcs:ignore WordPress.DB.PreparedSQL.NotPrepared -- prepared above.
			$counted = $wpdb->query( $sql );
		}
		$times = false === $counted ? 0 : (int) $wpdb->get_var( 'SELECT LAST_INSERT_ID()' );
		$wpdb->suppress_errors( $shown );
		return $times;
	}

	/** Makes the table unless the sidecar did, from the same statement; see its db/migrations. */
	public static function create_table(): void {
		global $wpdb;
		$p = $wpdb->prefix;
		$wpdb->query(
			"CREATE TABLE IF NOT EXISTS {$p}partner_center_floods (
  who BINARY(16) NOT NULL,
  minute INT NOT NULL,
  times INT NOT NULL,
  PRIMARY KEY (who, minute),
  KEY {$p}partner_center_floods_minute (minute)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci"
		);
	}
}
