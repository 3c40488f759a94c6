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

	/**
	 * Names of forms that this request has sent.
	 *
	 * @var string[]
	 */
	private static $sent = array();

	/**
	 * Whether this request has sent a form, with a usable address.
	 *
	 * @param string $name What it is called.
	 */
	public static function was_sent( string $name ): bool {
		return in_array( sanitize_text_field( $name ), self::$sent, true );
	}

	/** Hooks: before anything else looks at the form. */
	public function register(): void {
		add_action( 'init', array( $this, 'note' ), 5 );
	}

	/** Notes the form of this request, if there is one. It changes nothing else, so it needs no nonce. */
	public function note(): void {
		if ( is_admin() || ! Settings::tracking() || ! isset( $_POST['partner_center_form'], $_POST['email'] ) ) {
			return;
		}
		$fields = wp_unslash( $_POST );
		self::append(
			array(
				'page' => self::page(),
				'form' => $fields['partner_center_form'],
				'id'   => $fields['partner_center_sent'] ?? '',
			) + $fields
		);
	}

	/**
	 * Appends the fact of a form, unless it names no address. The tracking
	 * script reports the same fields.
	 *
	 * @param array $fields email, first_name, last_name, page, form, id; unslashed.
	 */
	public static function append( array $fields ): void {
		$email = is_email( self::field( $fields, 'email', 190 ) );
		if ( false === $email || ! Settings::tracking() || ! Flood::allows( Flood::FORMS, Inbox::click() ) ) {
			return;
		}
		$sent         = self::field( $fields, 'id', 64 );
		self::$sent[] = self::field( $fields, 'form', 190 );
		Inbox::append(
			'form',
			preg_match( '/^[A-Za-z0-9_-]{8,64}$/D', $sent ) ? $sent : bin2hex( random_bytes( 16 ) ),
			0,
			array(
				'email'      => $email,
				'first_name' => self::field( $fields, 'first_name', 100 ),
				'last_name'  => self::field( $fields, 'last_name', 100 ),
				'page'       => mb_substr( esc_url_raw( self::field( $fields, 'page', 2000 ) ), 0, 2000 ),
				'form'       => self::field( $fields, 'form', 190 ),
				'client'     => Client_Address::hash( $_SERVER ),
				'visitor'    => Inbox::cookie( 'pc_visitor' ),
				'logged_in'  => 0 === strcasecmp( wp_get_current_user()->user_email, $email ),
			)
		);
	}

	/**
	 * A field of the form, cleaned and cut.
	 *
	 * @param array  $fields The form.
	 * @param string $name   Name of the field.
	 * @param int    $length Most characters.
	 */
	private static function field( array $fields, string $name, int $length ): string {
		$value = $fields[ $name ] ?? '';
		if ( ! is_string( $value ) ) {
			return '';
		}
		return mb_substr( 'page' === $name ? $value : sanitize_text_field( $value ), 0, $length );
	}

	/** The page the form stands on. */
	private static function page(): string {
		$referer = wp_get_raw_referer();
		return $referer ? $referer : home_url();
	}
}
