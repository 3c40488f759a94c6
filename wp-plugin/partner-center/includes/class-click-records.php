<?php
/**
 * What the sidecar's tables say about links.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

defined( 'ABSPATH' ) || exit;

/**
 * Read only: the sidecar writes them. Where one is missing there is no answer.
 */
final class Click_Records {
	/** Days a click counts where nothing was saved yet. */
	const COOKIE_DAYS = 90;

	/** Clicks, and forms, of one network in a minute where nothing was saved yet. */
	const CLICKS = 120;
	const FORMS  = 20;

	/** The sidecar's name for the key that PHP signs clicks with. */
	const KEY_PURPOSE = 'phpclick';

	/**
	 * Where a promo tool leads, archived or not.
	 *
	 * @param string $code The tool's code.
	 * @return string "" for one that is not there.
	 */
	public static function target( string $code ): string {
		return (string) self::value( 'SELECT target_url FROM {p}tools WHERE code = %s', array( $code ) );
	}

	/**
	 * Whether a partner can be credited for a click of this visitor.
	 *
	 * @param string $code    The partner's code.
	 * @param int    $visitor User who clicks, 0 for nobody known.
	 */
	public static function earns( string $code, int $visitor ): bool {
		$sql = "SELECT COALESCE(p.wp_user_id, 0) FROM {p}partners p
			JOIN {p}memberships m ON m.partner_id = p.id AND m.active = 1
			JOIN {p}programs g ON g.id = m.program_id AND g.archived_at IS NULL
			WHERE p.code = %s AND p.state = 'active'";
		$own = self::value( $sql, array( $code ) );
		return null !== $own && ( 0 === $visitor || (int) $own !== $visitor );
	}

	/**
	 * The code that a partner's link carries, if it works in the shop.
	 *
	 * @param string $partner The partner's code in links.
	 * @return string "" for none.
	 */
	public static function coupon( string $partner ): string {
		return (string) self::value( 'SELECT c.code FROM {p}coupons c JOIN {p}partners p ON p.id = c.partner_id
			WHERE p.code = %s AND c.active = 1 AND (c.made = 0 OR c.pushed_on = 1)
			ORDER BY COALESCE(c.main, 0) DESC, c.id LIMIT 1', array( $partner ) );
	}

	/**
	 * The promo tools whose links a user may give away, the main one first.
	 *
	 * @param int $user_id The user; none for who is no active partner.
	 * @return array[] partner, code, name, kind, target_url.
	 */
	public static function tools( int $user_id ): array {
		global $wpdb;
		$sql   = "SELECT p.code AS partner, t.code, t.name, t.kind, t.target_url FROM {p}partners p
			JOIN {p}memberships m ON m.partner_id = p.id AND m.active = 1
			JOIN {p}programs g ON g.id = m.program_id AND g.archived_at IS NULL
			JOIN {p}tools t ON t.program_id = g.id AND t.archived_at IS NULL
				AND (t.kind IN ('standard', 'direct') OR t.id = g.welcome_tool_id)
			WHERE p.wp_user_id = %d AND p.state = 'active'
			ORDER BY COALESCE(t.id = g.welcome_tool_id, 0) DESC, t.kind = 'direct', t.name, t.id";
		$shown = $wpdb->suppress_errors();
		$rows  = $wpdb->get_results(
			// phpcs:ignore WordPress.DB.PreparedSQL.NotPrepared -- as in value().
			$wpdb->prepare( str_replace( '{p}', $wpdb->prefix . 'partner_center_', $sql ), $user_id ),
			ARRAY_A
		);
		$wpdb->suppress_errors( $shown );
		return (array) $rows;
	}

	/**
	 * The settings that matter to a click, form or link: cookie_days, legacy_params, link_domain and, in a minute,
	 * clicks and forms.
	 */
	public static function settings(): array {
		$saved = json_decode( (string) self::value( 'SELECT data FROM {p}settings ORDER BY version DESC LIMIT %d',
			array( 1 ) ), true );
		return array(
			'cookie_days'   => max( 1, min( 400, (int) ( $saved['cookie_days'] ?? self::COOKIE_DAYS ) ) ),
			'legacy_params' => ! empty( $saved['legacy_params'] ),
			'link_domain'   => (string) ( $saved['link_domain'] ?? '' ),
			'clicks'        => (int) ( $saved['limits']['clicks'] ?? 0 ) ?: self::CLICKS,
			'forms'         => (int) ( $saved['limits']['forms'] ?? 0 ) ?: self::FORMS,
		);
	}

	/**
	 * The key to sign clicks with.
	 *
	 * @param Key $key The pairing key, which opens it.
	 * @return array|null Its number and secret; null before a sidecar made it.
	 */
	public static function signing_key( Key $key ): ?array {
		$id     = (int) self::value( 'SELECT id FROM {p}secrets WHERE purpose = %s ORDER BY id DESC LIMIT 1',
			array( self::KEY_PURPOSE ) );
		$sealed = self::value( 'SELECT TO_BASE64(sealed) FROM {p}secrets WHERE purpose = %s AND id = %d',
			array( self::KEY_PURPOSE, $id ) );
		$secret = $key->open( str_replace( "\n", '', (string) $sealed ) );
		return '' === $secret ? null : array( $id, $secret );
	}

	/**
	 * One value of the sidecar's tables.
	 *
	 * @param string $sql  {p} stands for what their names begin with.
	 * @param array  $args Its values.
	 * @return string|null Null when there is none.
	 */
	private static function value( string $sql, array $args ): ?string {
		global $wpdb;
		$shown = $wpdb->suppress_errors();
		// phpcs:ignore WordPress.DB.PreparedSQL.NotPrepared -- queries of this class; {p} is our prefix.
		$value = $wpdb->get_var( $wpdb->prepare( str_replace( '{p}', $wpdb->prefix . 'partner_center_', $sql ),
			$args ) );
		$wpdb->suppress_errors( $shown );
		return $value;
	}
}
