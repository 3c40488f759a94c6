<?php
/**
 * Opt-in forms that PHP handles.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

defined( 'ABSPATH' ) || exit;

/**
 * A form with the hidden field partner_center_form is reported by the tracking
 * script; this does the same for browsers without JavaScript. The field
 * partner_center_sent, which the script adds, makes both the same fact.
 */
final class Form_Facts {

	/** Hooks: before anything else looks at the form. */
	public function register(): void {
		add_action( 'init', array( $this, 'note' ), 5 );
	}

	/** Notes the form of this request, if there is one. It changes nothing else, so it needs no nonce. */
	public function note(): void {
		if ( is_admin() || ! Settings::tracking() || ! isset( $_POST['partner_center_form'], $_POST['email'] ) ) {
			return;
		}
		$email = is_email( self::field( 'email', 190 ) );
		if ( false === $email ) {
			return;
		}
		$sent = self::field( 'partner_center_sent', 64 );
		Inbox::append(
			'form',
			preg_match( '/^[A-Za-z0-9_-]{8,64}$/D', $sent ) ? $sent : bin2hex( random_bytes( 16 ) ),
			0,
			array(
				'email'      => $email,
				'first_name' => self::field( 'first_name', 100 ),
				'last_name'  => self::field( 'last_name', 100 ),
				'page'       => self::page(),
				'form'       => self::field( 'partner_center_form', 190 ),
				'client'     => Client_Address::hash( $_SERVER ),
				'visitor'    => Inbox::cookie( 'pc_visitor' ),
				'logged_in'  => 0 === strcasecmp( wp_get_current_user()->user_email, $email ),
			)
		);
	}

	/**
	 * A field of the form, cleaned and cut.
	 *
	 * @param string $name   Name of the field.
	 * @param int    $length Most characters.
	 */
	private static function field( string $name, int $length ): string {
		$value = isset( $_POST[ $name ] ) ? wp_unslash( $_POST[ $name ] ) : '';
		return is_string( $value ) ? mb_substr( sanitize_text_field( $value ), 0, $length ) : '';
	}

	/** The page the form stands on. */
	private static function page(): string {
		$referer = wp_get_raw_referer();
		return mb_substr( esc_url_raw( $referer ? $referer : home_url() ), 0, 2000 );
	}
}
