<?php
/**
 * The tracking script on every page.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

defined( 'ABSPATH' ) || exit;

/**
 * Prints the script in the footer while the feature is on; no template has to
 * be edited.
 */
final class Tracking {

	/** Parameters that name a partner, ours and those of older systems, or a click on another host. */
	const PARTNER_PARAMETERS = array( 'orid', 'oprid', 'ref', 'mr_aff', 'pct' );

	/** Hooks. */
	public function register(): void {
		add_action( 'wp_footer', array( $this, 'print_script' ) );
	}

	/** The script; for browsers without it, an image reports the click of a direct link. */
	public function print_script(): void {
		if ( ! Settings::tracking() ) {
			return;
		}
		$base = Settings::public_url();
		wp_print_script_tag(
			array(
				'src'                 => $base . '/t.js',
				'async'               => true,
				'data-partner-center' => $base,
			)
		);
		if ( array_intersect( self::PARTNER_PARAMETERS, array_keys( $_GET ) ) ) {
			printf(
				// phpcs:ignore PluginCheck.CodeAnalysis.ImageFunctions -- it counts a click where no script runs.
				'<noscript><img src="%s" alt="" width="1" height="1"></noscript>',
				esc_url( $base . '/t/click?u=' . rawurlencode( self::current_url() ) )
			);
		}
	}

	/** The URL of this page with its query. */
	private static function current_url(): string {
		$origin = preg_replace( '#^(https?://[^/]+).*#', '$1', home_url() );
		$path   = isset( $_SERVER['REQUEST_URI'] ) ? wp_unslash( $_SERVER['REQUEST_URI'] ) : '/';
		return esc_url_raw( $origin . $path );
	}
}
