<?php
/**
 * Activation, deactivation, uninstallation.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

defined( 'ABSPATH' ) || exit;

/**
 * Nothing is switched on by activating the plugin, and nothing of value goes
 * away with it.
 */
final class Lifecycle {

	/** Hooks. */
	public function register(): void {
		add_action( 'admin_init', array( $this, 'install_if_missing' ), 5 );
	}

	/** A site of a network gets its share when its wp-admin is first opened. */
	public function install_if_missing(): void {
		if ( ! Settings::exist() && current_user_can( 'activate_plugins' ) ) {
			self::activate();
		}
	}

	/** Safe to run again. */
	public static function activate(): void {
		Roles::add();
		Inbox::create_table();
		Order_Seqs::create_table();
		if ( ! Settings::exist() ) {
			Settings::change( array( 'redirect_to' => self::pilotpress_redirect() ) );
		}
		if ( Settings::center() ) {
			Center_Page::publish();
		}
		( new Handover() )->refresh();
	}

	/** Without the plugin the page would show a bare shortcode. */
	public static function deactivate(): void {
		Center_Page::withdraw();
		Order_Sweep::stop();
	}

	/** Removes everything of the plugin, on all sites. */
	public static function uninstall(): void {
		if ( ! is_multisite() ) {
			self::uninstall_site();
			return;
		}
		foreach ( get_sites( array( 'fields' => 'ids', 'number' => 0 ) ) as $id ) {
			switch_to_blog( $id );
			self::uninstall_site();
			restore_current_blog();
		}
	}

	/** Everything of value stays unless an administrator chose twice that it shall go. */
	private static function uninstall_site(): void {
		$choice = Settings::all()['uninstall'];
		if ( Settings::KEEP_NOTHING === $choice ) {
			Tables::drop();
		} elseif ( Settings::KEEP_BOOKS === $choice ) {
			Persons::forget();
		}
		Center_Page::remove();
		delete_option( Settings::OPTION );
		delete_option( Handover::OPTION );
		delete_option( Order_Sweep::SINCE );
		delete_option( Order_Sweep::PLACE );
		Roles::remove();
	}

	/** Where PilotPress sent partners; its numbers mean the same here. */
	private static function pilotpress_redirect(): int {
		$settings = get_option( 'pilotpress-settings' );
		$target   = is_array( $settings ) ? (int) ( $settings['pilotpress_affiliate_plr'] ?? 0 ) : 0;
		$is_known = in_array( $target, array( Settings::TO_HOME, Settings::TO_LOGIN ), true )
			|| ( $target > 0 && 'page' === get_post_type( $target ) );
		if ( ! $is_known || Center_Page::PILOTPRESS_VALUE === get_post_meta( $target, Center_Page::PILOTPRESS_META,
			true ) ) {
			return Settings::TO_CENTER;
		}
		return $target;
	}
}
