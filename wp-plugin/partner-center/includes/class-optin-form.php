<?php
/**
 * A ready opt-in form.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

defined( 'ABSPATH' ) || exit;

/**
 * For sites without a form of their own: shortcode and block. It is marked as
 * any other form is, by the hidden field partner_center_form, and works without
 * JavaScript and while the sidecar is down.
 */
final class Optin_Form {
	const SHORTCODE = 'partner_center_optin';
	const BLOCK     = 'partner-center/optin';

	/** Hooks. */
	public function register(): void {
		add_shortcode( self::SHORTCODE, array( $this, 'show' ) );
		add_action( 'init', array( $this, 'register_block' ) );
	}

	/** The block, which the editor shows as the server renders it. */
	public function register_block(): void {
		register_block_type(
			self::BLOCK,
			array(
				'api_version'     => 3,
				'title'           => __( 'Partner Center: opt-in form', 'partner-center' ),
				'category'        => 'widgets',
				'icon'            => 'email',
				'attributes'      => array(
					'name' => array(
						'type'    => 'string',
						'default' => '',
					),
				),
				'editor_script'   => Block::SCRIPT,
				'render_callback' => array( $this, 'show' ),
			)
		);
	}

	/**
	 * The form, or the thanks for it.
	 *
	 * @param array|string $attributes name: what the form is called in reports.
	 */
	public function show( $attributes ): string {
		$name = is_array( $attributes ) ? (string) ( $attributes['name'] ?? '' ) : '';
		$name = '' === $name ? 'opt-in' : $name;
		if ( Form_Facts::was_sent( $name ) ) {
			return '<p class="partner-center-thanks" role="status">'
				. esc_html__( 'Thank you. We have received your address.', 'partner-center' ) . '</p>';
		}
		return sprintf(
			'<form method="post" class="partner-center-optin"><input type="hidden" name="partner_center_form" value="%1$s">%5$s'
			. '<p><label>%2$s <input type="text" name="first_name" autocomplete="given-name" maxlength="100"></label></p>'
			. '<p><label>%3$s <input type="email" name="email" autocomplete="email" required maxlength="190"></label></p>'
			. '<p><button type="submit">%4$s</button></p></form>',
			esc_attr( $name ),
			esc_html__( 'First name', 'partner-center' ),
			esc_html__( 'Email address', 'partner-center' ),
			esc_html__( 'Sign up', 'partner-center' ),
			self::token()
		);
	}

	/** The click that brought the visitor from a link on another host, for browsers without JavaScript. */
	private static function token(): string {
		$token = Form_Facts::token( wp_unslash( $_GET ) );
		return '' === $token ? '' : '<input type="hidden" name="pct" value="' . esc_attr( $token ) . '">';
	}
}
