<?php
/**
 * Orders of the time before this site had partners.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

defined( 'ABSPATH' ) || exit;

/**
 * On the settings page an administrator may have them taken in: nobody earns by
 * them, but they say who was a customer before, and their refunds are known.
 */
final class Past_Orders {

	/** Of the form, and of its nonce. */
	const ACTION = 'partner_center_past_orders';

	/** Hooks. */
	public function register(): void {
		add_action( 'admin_post_' . self::ACTION, array( $this, 'take_in' ) );
	}

	/** Prints the choice, where there is a shop. */
	public function show(): void {
		if ( ! Settings::tracking() || array() === Carts::active() ) {
			return;
		}
		echo '<div class="wrap"><h2>' . esc_html__( 'Past orders', 'partner-center' ) . '</h2>';
		/* translators: %s: date and time. */
		$sentence = __( 'Orders of the shop are taken in by themselves since %s. Earlier ones can be taken in as well: no one earns commission on them, but we then know who was a customer before.', 'partner-center' );
		$since    = wp_date( get_option( 'date_format' ) . ' ' . get_option( 'time_format' ),
			(int) get_option( Order_Sweep::SINCE ) );
		echo '<p>' . esc_html( sprintf( $sentence, $since ) ) . '</p>';
		printf( '<form method="post" action="%s">', esc_url( admin_url( 'admin-post.php' ) ) );
		printf( '<input type="hidden" name="action" value="%s">', esc_attr( self::ACTION ) );
		wp_nonce_field( self::ACTION );
		submit_button( __( 'Take in past orders', 'partner-center' ), 'secondary', 'submit', false );
		echo '</form>';
		if ( Order_Sweep::is_at_past() ) {
			echo '<p>' . esc_html__( 'Past orders are being taken in, some at a time, in the background.',
				'partner-center' ) . '</p>';
		}
		echo '</div>';
	}

	/** Carries out the choice. */
	public function take_in(): void {
		if ( ! current_user_can( 'manage_options' ) || ! check_admin_referer( self::ACTION ) ) {
			wp_die( esc_html__( 'You may not do this.', 'partner-center' ), 403 );
		}
		Order_Sweep::take_in_past();
		wp_safe_redirect( Settings_Page::url() );
		exit;
	}
}
