<?php
/**
 * Wires the plugin.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

defined( 'ABSPATH' ) || exit;

/**
 * Every concern is a class with a method register(); this is the list of them.
 */
final class Plugin {

	/** Called while WordPress loads its plugins. */
	public function register(): void {
		$request = new Browser_Request( $_SERVER );
		$theme   = new Theme_Surface( $request );
		$parts   = array(
			new Pass_Through( $request ),
			$theme,
			new Block( $theme ),
			new Login_Redirect(),
			new Tracking(),
			new Form_Facts(),
			new Optin_Form(),
			new Partner_Links(),
			new Form_Plugins(),
			new Site_Forms(),
			new User_Facts(),
			new Tables(),
			new Orders(),
			new WooCommerce( $request ),
			new WooCommerce_Account(),
			new EDD( $request ),
			new Coupon_Facts(),
			new Order_Sweep(),
			new Rest( $request ),
			new Handover(),
			new Center_Page(),
		);
		if ( is_admin() ) {
			$parts[] = new Lifecycle();
			$parts[] = new Admin_Surface( $request );
			$parts[] = new Image_Upload();
			$parts[] = new Settings_Page();
			$parts[] = new Pairing_Notice();
			$parts[] = new Past_Orders();
			$parts[] = new Dashboard_Widget( $request );
			$parts[] = new Personal_Data( $request );
		}
		foreach ( $parts as $part ) {
			$part->register();
		}
		add_action( 'init', array( $this, 'load_translations' ) );
		add_filter( 'load_textdomain_mofile', array( $this, 'nearest_language' ), 10, 2 );
	}

	/** Translations that come with the plugin. */
	public function load_translations(): void {
		load_plugin_textdomain( 'partner-center', false, dirname( plugin_basename( PLUGIN_FILE ) ) . '/languages' );
	}

	/**
	 * The translation of de_DE for de_DE_formal and de_AT, where there is none of their own, as the sidecar has it;
	 * WordPress would fall back to English.
	 *
	 * @param string $file   The file WordPress would load.
	 * @param string $domain Whose texts it holds.
	 */
	public function nearest_language( $file, $domain ) {
		if ( 'partner-center' !== $domain || is_readable( $file ) ) {
			return $file;
		}
		if ( ! preg_match( '/partner-center-(([a-z]{2,3})(?:_[A-Z]{2})?)[^\/]*\.mo$/', $file, $locale ) ) {
			return $file;
		}
		$folder = dirname( PLUGIN_FILE ) . '/languages/partner-center-';
		foreach ( array( $locale[1], $locale[2], $locale[2] . '_' . strtoupper( $locale[2] ) ) as $nearest ) {
			if ( is_readable( $folder . $nearest . '.mo' ) ) {
				return $folder . $nearest . '.mo';
			}
		}
		return $file;
	}
}
