<?php
/**
 * The order of an order's states.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

defined( 'ABSPATH' ) || exit;

/**
 * Two requests may report the same order at once. Each raises the order's
 * number first and reads the order then: so whoever has the higher number has
 * read the later state, and the sidecar goes by the number.
 *
 * The row also says which state was reported last, so that a state that says
 * nothing new is not reported again.
 */
final class Order_Seqs {

	/**
	 * The next number of an order; 0 when the database refuses.
	 *
	 * @param string $source Cart.
	 * @param string $id     Of the order in its cart.
	 */
	public static function raise( string $source, string $id ): int {
		global $wpdb;
		$sql = $wpdb->prepare(
			"INSERT INTO {$wpdb->prefix}partner_center_order_seqs (source, external_id, seq) VALUES (%s, %s, LAST_INSERT_ID(1)) ON DUPLICATE KEY UPDATE seq = LAST_INSERT_ID(seq + 1)",
			$source,
			$id
		);

		$shown = $wpdb->suppress_errors();
		// phpcs:ignore WordPress.DB.PreparedSQL.NotPrepared -- prepared above.
		$added = $wpdb->query( $sql );
		if ( false === $added ) {
			self::create_table();
			// phpcs:ignore WordPress.DB.PreparedSQL.NotPrepared -- prepared above.
			$added = $wpdb->query( $sql );
		}
		$seq = false === $added ? 0 : (int) $wpdb->get_var( 'SELECT LAST_INSERT_ID()' );
		if ( 1 === $added ) {
			$seq = self::follow( $source, $id, $seq );
		}
		$wpdb->suppress_errors( $shown );
		return $seq;
	}

	/**
	 * A table that was lost begins anew; its numbers must not.
	 *
	 * @param string $source Cart.
	 * @param string $id     Of the order.
	 * @param int    $seq    A first number.
	 */
	private static function follow( string $source, string $id, int $seq ): int {
		global $wpdb;
		$last = (int) $wpdb->get_var(
			$wpdb->prepare( "SELECT MAX(seq) FROM {$wpdb->prefix}partner_center_inbox WHERE source = %s AND kind = %s AND external_id = %s", $source, Orders::KIND, $id )
		);
		if ( $last < $seq ) {
			return $seq;
		}
		$wpdb->query(
			$wpdb->prepare( "UPDATE {$wpdb->prefix}partner_center_order_seqs SET seq = GREATEST(seq, %d) WHERE source = %s AND external_id = %s", $last + 1, $source, $id )
		);
		return $last + 1;
	}

	/**
	 * Whether the state before this number says the same. A number in between
	 * may be another request's that is about to report something else.
	 *
	 * @param string $source Cart.
	 * @param string $id     Of the order.
	 * @param int    $seq    The number of this state.
	 * @param string $digest Of what it says.
	 */
	public static function repeats( string $source, string $id, int $seq, string $digest ): bool {
		global $wpdb;
		return (bool) $wpdb->get_var(
			$wpdb->prepare(
				"SELECT COUNT(*) FROM {$wpdb->prefix}partner_center_order_seqs WHERE source = %s AND external_id = %s AND reported = %d AND digest = %s",
				array( $source, $id, $seq - 1, $digest )
			)
		);
	}

	/**
	 * Notes what was reported last.
	 *
	 * @param string $source Cart.
	 * @param string $id     Of the order.
	 * @param int    $seq    The number of this state.
	 * @param string $digest Of what it says.
	 */
	public static function reported( string $source, string $id, int $seq, string $digest ): void {
		global $wpdb;
		$wpdb->query(
			$wpdb->prepare(
				"UPDATE {$wpdb->prefix}partner_center_order_seqs SET reported = %d, digest = %s WHERE source = %s AND external_id = %s AND reported < %d",
				array( $seq, $digest, $source, $id, $seq )
			)
		);
	}

	/**
	 * What was reported last of orders.
	 *
	 * @param string   $source Cart.
	 * @param string[] $ids    Of orders.
	 * @return string[] Digests by id; those of which nothing was reported are missing.
	 */
	public static function digests( string $source, array $ids ): array {
		global $wpdb;
		$digests = array();
		if ( array() === $ids ) {
			return $digests;
		}
		$places = implode( ', ', array_fill( 0, count( $ids ), '%s' ) );
		$shown  = $wpdb->suppress_errors();
		$rows   = $wpdb->get_results(
			$wpdb->prepare( "SELECT external_id, digest FROM {$wpdb->prefix}partner_center_order_seqs WHERE source = %s AND external_id IN ($places)", array_merge( array( $source ), $ids ) )
		);
		$wpdb->suppress_errors( $shown );
		foreach ( (array) $rows as $row ) {
			$digests[ $row->external_id ] = $row->digest;
		}
		return $digests;
	}

	/** Makes the table unless the sidecar did, from the same statement; see its db/migrations. */
	public static function create_table(): void {
		global $wpdb;
		$wpdb->query(
			"CREATE TABLE IF NOT EXISTS {$wpdb->prefix}partner_center_order_seqs (
  source VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  external_id VARCHAR(190) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  seq BIGINT NOT NULL DEFAULT 0,
  reported BIGINT NOT NULL DEFAULT 0,
  digest CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  PRIMARY KEY (source, external_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci"
		);
	}
}
