<?php
/**
 * The one notice the plugin shows.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

defined( 'ABSPATH' ) || exit;

/**
 * Says that plugin and sidecar do not have the same key, and goes away when
 * they do.
 */
final class Pairing_Notice {

	/** Hooks. */
	public function register(): void {
		add_action( 'admin_notices', array( $this, 'show' ) );
	}

	/** Only for those who can mend it, and only when something is switched on. */
	public function show(): void {
		if ( ! current_user_can( 'manage_options' ) || ( ! Settings::tracking() && ! Settings::center() ) ) {
			return;
		}
		$problem = self::problem();
		if ( '' !== $problem ) {
			printf(
				'<div class="notice notice-error"><p><strong>%s</strong> %s <a href="%s">%s</a></p></div>',
				esc_html__( 'Partner Center is not connected.', 'partner-center' ),
				esc_html( $problem ),
				esc_url( Settings_Page::url() ),
				esc_html__( 'Show how to pair them', 'partner-center' )
			);
		}
	}

	/** Why they are not paired, "" when they are. */
	private static function problem(): string {
		$key = Key::of_site();
		if ( null === $key ) {
			return Key::problem();
		}
		return Sidecar_Address::only_strangers( $key ) ? __( 'The Partner Center service is running, but with another key.',
			'partner-center' ) : '';
	}
}
