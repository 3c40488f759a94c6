<?php
/**
 * Facts for the sidecar.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

use DateTimeImmutable;
use DateTimeZone;

defined( 'ABSPATH' ) || exit;

/**
 * Appends to a table in the shared database: nothing is lost and nothing waits
 * while the sidecar is down. It drains the table exactly once.
 */
final class Inbox {

	/** Where facts of WordPress itself come from. */
	const SOURCE = 'wordpress';

	/** The visitor's click. */
	const CLICK_COOKIE = 'pc_click';

	/**
	 * Appends a fact of WordPress itself, which happens now.
	 *
	 * @param string $kind        form, user or click.
	 * @param string $external_id Names the thing within its kind.
	 * @param int    $seq         Grows with each state of the thing.
	 * @param array  $payload     Layout 1 of the kind.
	 * @return bool Whether it is new.
	 */
	public static function append( string $kind, string $external_id, int $seq, array $payload ): bool {
		return 1 === self::insert(
			array(
				'kind'        => $kind,
				'source'      => self::SOURCE,
				'external_id' => $external_id,
				'seq'         => $seq,
				'occurred_at' => self::now(),
				'click'       => self::click(),
				'payload'     => (string) wp_json_encode( $payload ),
			)
		);
	}

	/**
	 * Appends a fact; one that is there already is left alone.
	 *
	 * @param array $fact kind, source, external_id, seq, occurred_at (as now() gives it), click, payload (JSON).
	 * @return bool Whether it is there now. Nothing is thrown and nothing printed: whoever reports goes on.
	 */
	public static function put( array $fact ): bool {
		return false !== self::insert( $fact );
	}

	/**
	 * The rows that are new: 0 or 1; false when the fact could not be written.
	 *
	 * @param array $fact As of put().
	 * @return int|false
	 */
	private static function insert( array $fact ) {
		global $wpdb;
		$sql = $wpdb->prepare(
			"INSERT IGNORE INTO {$wpdb->prefix}partner_center_inbox (kind, source, external_id, seq, v, occurred_at, click, payload, created_at) VALUES (%s, %s, %s, %d, 1, %s, %s, %s, %s)",
			array( $fact['kind'], $fact['source'], $fact['external_id'], $fact['seq'], $fact['occurred_at'],
				$fact['click'], $fact['payload'], self::now()
			)
		);

		$shown = $wpdb->suppress_errors();
		// phpcs:ignore WordPress.DB.PreparedSQL.NotPrepared -- prepared above.
		$added = $wpdb->query( $sql );
		if ( false === $added ) {
			self::create_table();
			// phpcs:ignore WordPress.DB.PreparedSQL.NotPrepared -- prepared above.
			$added = $wpdb->query( $sql );
		}
		$wpdb->suppress_errors( $shown );
		return $added;
	}

	/** The time as facts have it: UTC, with microseconds. */
	public static function now(): string {
		return ( new DateTimeImmutable( 'now', new DateTimeZone( 'UTC' ) ) )->format( 'Y-m-d H:i:s.u' );
	}

	/**
	 * Makes the table unless the sidecar did. Both have the same statement, see
	 * db/migrations/0007_inbox.sql there; the table never changes.
	 */
	public static function create_table(): void {
		global $wpdb;
		$p = $wpdb->prefix;
		$wpdb->query(
			"CREATE TABLE IF NOT EXISTS {$p}partner_center_inbox (
  id BIGINT NOT NULL AUTO_INCREMENT,
  kind VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  source VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  external_id VARCHAR(190) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  seq BIGINT NOT NULL DEFAULT 0,
  v SMALLINT NOT NULL DEFAULT 1,
  occurred_at DATETIME(6) NOT NULL,
  click VARCHAR(512) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  payload MEDIUMTEXT NOT NULL,
  created_at DATETIME(6) NOT NULL,
  done_at DATETIME(6) NULL,
  attempts SMALLINT NOT NULL DEFAULT 0,
  retry_at DATETIME(6) NULL,
  error VARCHAR(500) NOT NULL DEFAULT '',
  PRIMARY KEY (id),
  UNIQUE KEY {$p}partner_center_inbox_fact (source, kind, external_id, seq),
  KEY {$p}partner_center_inbox_open (done_at, retry_at, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci"
		);
	}

	/**
	 * The name of a cookie: the sites of a network have one each.
	 *
	 * @param string $name Its name on a single site.
	 */
	public static function cookie_name( string $name ): string {
		return $name . ( is_multisite() ? '_' . get_current_blog_id() : '' );
	}

	/**
	 * A raw cookie of ours, "" when there is none.
	 *
	 * @param string $name Its name on a single site.
	 */
	public static function cookie( string $name ): string {
		$name  = self::cookie_name( $name );
		$value = isset( $_COOKIE[ $name ] ) ? wp_unslash( $_COOKIE[ $name ] ) : '';
		return is_string( $value ) && preg_match( '/^[\x21-\x7e]{1,512}$/D', $value ) ? $value : '';
	}

	/**
	 * The visitor's last click, which only the sidecar can read. Browsers forget
	 * pc_click when it is over; pc_visitor then still tells that there was one.
	 */
	public static function click(): string {
		$click = self::cookie( self::CLICK_COOKIE );
		if ( '' !== $click ) {
			return $click;
		}
		$last  = explode( '.', self::cookie( Click::VISITOR_COOKIE ), 2 )[1] ?? '';
		$parts = explode( '.', $last );
		return 5 === count( $parts ) && (int) base_convert( $parts[3], 36, 10 ) <= time() ? $last : '';
	}
}
