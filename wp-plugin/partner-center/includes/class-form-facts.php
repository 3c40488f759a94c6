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
	 * Addresses whose form this request has reported: a marked form that also
	 * counts as a plugin's is one.
	 *
	 * @var true[]
	 */
	private static $reported = array();

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
		$token = '' === Inbox::cookie( Inbox::CLICK_COOKIE ) ? self::token( wp_unslash( $_POST ) ) : '';
		$click = '' === $token ? Inbox::click() : $token;
		if ( false === $email || isset( self::$reported[ strtolower( $email ) ] ) || ! Settings::tracking()
			|| ! Flood::allows( Flood::FORMS, $click ) ) {
			return;
		}
		self::$reported[ strtolower( $email ) ] = true;

		$sent         = self::field( $fields, 'id', 64 );
		self::$sent[] = self::field( $fields, 'form', 190 );
		Inbox::append(
			'form',
			preg_match( '/^[A-Za-z0-9_-]{8,64}$/D', $sent ) ? $sent : bin2hex( random_bytes( 16 ) ),
			0,
			self::payload( $email, $fields ) + ( '' === $token ? array() : array( 'token' => $token ) )
		);
	}

	/**
	 * Layout 1 of the fact.
	 *
	 * @param string $email  The address.
	 * @param array  $fields As of append().
	 */
	private static function payload( string $email, array $fields ): array {
		return array(
			'email'      => $email,
			'first_name' => self::field( $fields, 'first_name', 100 ),
			'last_name'  => self::field( $fields, 'last_name', 100 ),
			'page'       => mb_substr( esc_url_raw( self::field( $fields, 'page', 2000 ) ), 0, 2000 ),
			'form'       => self::field( $fields, 'form', 190 ),
			'client'     => Client_Address::hash( $_SERVER ),
			'visitor'    => Inbox::cookie( 'pc_visitor' ),
			'logged_in'  => 0 === strcasecmp( wp_get_current_user()->user_email, $email ),
		);
	}

	/**
	 * Reports a form that a plugin or WordPress has handled in this request.
	 *
	 * @param string   $form   What it is called.
	 * @param string[] $person email, first_name, last_name.
	 */
	public static function report( string $form, array $person ): void {
		self::append(
			array(
				'form' => $form,
				'page' => self::page(),
				'id'   => self::sent_id(),
			) + $person
		);
	}

	/** The id under which the script has reported the form of this request, "" when it has not. */
	private static function sent_id(): string {
		$fields = wp_unslash( $_POST );
		if ( ! isset( $fields['partner_center_sent'] ) && is_string( $fields['data'] ?? null ) ) {
			wp_parse_str( $fields['data'], $fields ); // Fluent Forms sends the fields of its form as one.
		}
		if ( ! isset( $fields['partner_center_sent'] ) && is_string( $fields['formData'] ?? null ) ) {
			$fields = json_decode( $fields['formData'], true )['extra'] ?? array(); // Ninja Forms.
		}
		return is_string( $fields['partner_center_sent'] ?? null ) ? $fields['partner_center_sent'] : '';
	}

	/**
	 * The token of a click on a link from another host, "" when there is none. A
	 * form of a page elsewhere carries it in a hidden field: with such a form
	 * browsers send no cookies.
	 *
	 * @param array $fields Of a form or of the page's address.
	 */
	public static function token( array $fields ): string {
		$token = $fields['pct'] ?? '';
		return is_string( $token ) && preg_match( '/^[tq](?:\.[0-9a-z]{1,13}){3}\.[A-Za-z0-9_-]{22}$/D', $token )
			? $token : '';
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
