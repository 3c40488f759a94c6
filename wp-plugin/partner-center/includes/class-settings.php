<?php
/**
 * The plugin's settings: one WordPress option, written only here.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

defined( 'ABSPATH' ) || exit;

/**
 * The two switches and what belongs to them. Everything about programs,
 * commissions and mails is the sidecar's and not kept in WordPress' options.
 */
final class Settings {

	const OPTION = 'partner_center';

	/** Values of redirect_to that are no page id; -1 and -2 are PilotPress'. */
	const TO_HOME   = -1;
	const TO_LOGIN  = -2;
	const TO_CENTER = -3;

	/** What becomes of the data when the plugin is deleted. */
	const KEEP_ALL     = 'keep';
	const KEEP_BOOKS   = 'books';
	const KEEP_NOTHING = 'nothing';

	const DEFAULTS = array(
		'tracking'     => false,
		'center'       => false,
		'redirect_to'  => self::TO_CENTER,
		'page_id'      => 0,
		'base_path'    => '/partner-center',
		'sidecar_url'  => '',
		'forms'        => array(), // Those of plugins that count: name by id.
		'registration' => false,
		'comments'     => false,
		'comment_text' => '', // As usual.
		'uninstall'    => self::KEEP_ALL,
	);

	/** Whether the site was ever set up. */
	public static function exist(): bool {
		return false !== get_option( self::OPTION );
	}

	/** All values, complete and of the right types. */
	public static function all(): array {
		$stored = get_option( self::OPTION );
		$values = array_merge( self::DEFAULTS, is_array( $stored ) ? array_intersect_key( $stored, self::DEFAULTS )
			: array() );
		foreach ( self::DEFAULTS as $name => $default ) {
			settype( $values[ $name ], gettype( $default ) );
		}
		return $values;
	}

	/**
	 * Writes some values and keeps the others.
	 *
	 * @param array $changes Name to value, as in DEFAULTS.
	 */
	public static function change( array $changes ): void {
		update_option( self::OPTION, array_merge( self::all(), $changes ) );
	}

	/** The partner feature itself: menu, script and everything that is tracked. */
	public static function tracking(): bool {
		return self::all()['tracking'];
	}

	/** "Enable Partner Center": the partners' page. */
	public static function center(): bool {
		return self::all()['center'];
	}

	/** The id of the partners' page, 0 when there never was one. */
	public static function page_id(): int {
		return self::all()['page_id'];
	}

	/**
	 * The path below which requests belong to the sidecar, as it stands on the
	 * request line: with the path of a WordPress in a subdirectory.
	 */
	public static function full_base_path(): string {
		return rtrim( (string) wp_parse_url( home_url(), PHP_URL_PATH ), '/' ) . self::all()['base_path'];
	}

	/**
	 * What visitors put before "/go/…" and "/t.js". Without pretty permalinks
	 * the web server does not send unknown paths to WordPress, so the path then
	 * stands in the query string.
	 */
	public static function public_url(): string {
		$permalinks = (string) get_option( 'permalink_structure' );
		if ( '' === $permalinks || 0 === strpos( $permalinks, '/index.php' ) ) {
			return home_url( '/?' . Pass_Through::PARAMETER . '=' );
		}
		return home_url( self::all()['base_path'] );
	}

	/** Where partners land after login; "" when the place does not exist now. */
	public static function redirect_url(): string {
		$target = self::all()['redirect_to'];
		switch ( $target ) {
			case self::TO_HOME:
				return home_url( '/' );
			case self::TO_LOGIN:
				return wp_login_url();
			case self::TO_CENTER:
				return Center_Page::url();
			default:
				return 'publish' === get_post_status( $target ) ? (string) get_permalink( $target ) : '';
		}
	}
}
