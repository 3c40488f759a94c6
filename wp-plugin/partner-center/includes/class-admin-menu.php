<?php
/**
 * The entries below "Partners" in the menu of wp-admin.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

use DateTimeImmutable;
use DateTimeZone;

defined( 'ABSPATH' ) || exit;

/**
 * Each section of the sidecar's pages is an entry, for those who may see it, with
 * a bubble for what waits in it. All of them are one page to WordPress, so the
 * entry in use is marked by the page of the sidecar that is asked for.
 */
final class Admin_Menu {

	/**
	 * The page of the sidecar that is shown, such as "admin/programs/5".
	 *
	 * @var string
	 */
	private $path;

	/**
	 * For one request.
	 *
	 * @param string $path The page of the sidecar, with its query.
	 */
	public function __construct( string $path ) {
		$this->path = explode( '?', $path, 2 )[0];
	}

	/**
	 * The sections: path to name and capability, in the order of the menu.
	 *
	 * @return array
	 */
	private static function sections(): array {
		return array(
			'admin'             => array( __( 'Overview', 'partner-center' ), Roles::VIEW ),
			'admin/programs'    => array( __( 'Programs', 'partner-center' ), Roles::VIEW ),
			'admin/partners'    => array( __( 'Partners', 'partner-center' ), Roles::VIEW ),
			'admin/contacts'    => array( __( 'Contacts', 'partner-center' ), Roles::VIEW ),
			'admin/products'    => array( __( 'Products', 'partner-center' ), Roles::VIEW ),
			'admin/orders'      => array( __( 'Orders', 'partner-center' ), Roles::VIEW ),
			'admin/commissions' => array( __( 'Commissions', 'partner-center' ), Roles::VIEW ),
			'admin/payments'    => array( __( 'Payments', 'partner-center' ), Roles::VIEW ),
			'admin/messages'    => array( __( 'Messages', 'partner-center' ), Roles::VIEW ),
			'admin/reports'     => array( __( 'Reports', 'partner-center' ), Roles::VIEW ),
			'admin/simulator'   => array( __( 'Simulator', 'partner-center' ), Roles::VIEW ),
			'admin/tasks'       => array( __( 'Background tasks', 'partner-center' ), Roles::VIEW ),
			'admin/activity'    => array( __( 'Activity', 'partner-center' ), Roles::VIEW ),
			'admin/settings'    => array( __( 'Settings', 'partner-center' ), Roles::SETTINGS ),
		);
	}

	/**
	 * Adds the menu. Who may only change settings has a menu of that one entry: WordPress
	 * opens a page by the capability of its menu, and would link the overview as well.
	 *
	 * @param callable $show Prints the page.
	 * @return string The hook of the page.
	 */
	public function add( callable $show ): string {
		$views   = current_user_can( Roles::VIEW );
		$waiting = $views ? self::waiting() : array();
		$title   = __( 'Partners', 'partner-center' );
		$hook    = add_menu_page( $title, $title . self::bubble( (int) array_sum( $waiting ) ),
			$views ? Roles::VIEW : Roles::SETTINGS, Admin_Surface::SLUG, $show, 'dashicons-groups', 58 );
		foreach ( self::sections() as $path => $section ) {
			if ( ! current_user_can( $section[1] ) ) {
				continue; // WordPress remembers what it refused, and would refuse the menu's own page as well.
			}
			add_submenu_page( Admin_Surface::SLUG, $section[0],
				$section[0] . self::bubble( (int) ( $waiting[ $path ] ?? 0 ) ), $section[1], self::slug( $path ),
				'admin' === $path ? $show : '' );
		}
		if ( ! $views ) {
			remove_submenu_page( Admin_Surface::SLUG, Admin_Surface::SLUG );
		}
		add_filter( 'submenu_file', array( $this, 'current' ), 10, 2 );
		return (string) $hook;
	}

	/**
	 * The entry in use.
	 *
	 * @param string|null $file   As WordPress thinks.
	 * @param string      $parent The menu.
	 */
	public function current( $file, $parent ) {
		if ( Admin_Surface::SLUG !== $parent ) {
			return $file;
		}
		foreach ( array_reverse( array_keys( self::sections() ) ) as $path ) {
			if ( $this->path === $path || str_starts_with( $this->path, $path . '/' ) ) {
				return self::slug( $path );
			}
		}
		return Admin_Surface::SLUG;
	}

	/**
	 * Where a section is.
	 *
	 * @param string $path Of the section, below the overview.
	 */
	public static function url( string $path ): string {
		return admin_url( self::slug( $path ) );
	}

	/**
	 * What WordPress knows an entry by. One with a query is taken for a URL.
	 *
	 * @param string $path Of the section.
	 */
	private static function slug( string $path ): string {
		return 'admin' === $path ? Admin_Surface::SLUG
			: 'admin.php?page=' . Admin_Surface::SLUG . '&' . Embed::PARAMETER . '=' . rawurlencode( $path );
	}

	/**
	 * A number that asks for attention, as WordPress shows its own.
	 *
	 * @param int $n How much waits; 0 shows nothing.
	 */
	private static function bubble( int $n ): string {
		if ( $n < 1 ) {
			return '';
		}
		return sprintf( ' <span class="awaiting-mod count-%1$d"><span aria-hidden="true">%2$s</span>'
			. '<span class="screen-reader-text">%3$s</span></span>', $n, number_format_i18n( $n ),
			/* translators: %s: number. */
			esc_html( sprintf( _n( '%s waits for you', '%s wait for you', $n, 'partner-center' ),
				number_format_i18n( $n ) ) ) );
	}

	/**
	 * How much waits in each section, as a running sidecar counted last.
	 *
	 * @return int[] By path; empty while no sidecar reports.
	 */
	private static function waiting(): array {
		global $wpdb;
		$oldest = new DateTimeImmutable( '-' . Sidecar_Address::MAX_AGE . ' seconds', new DateTimeZone( 'UTC' ) );
		$shown  = $wpdb->suppress_errors(); // The sidecar makes the table, so it may not be there yet.
		$counts = $wpdb->get_var(
			$wpdb->prepare(
				"SELECT waiting FROM {$wpdb->prefix}partner_center_heartbeats WHERE beat_at > %s ORDER BY beat_at DESC LIMIT 1",
				$oldest->format( 'Y-m-d H:i:s.u' )
			)
		);
		$wpdb->suppress_errors( $shown );
		return array_filter( (array) json_decode( (string) $counts, true ), 'is_int' );
	}
}
