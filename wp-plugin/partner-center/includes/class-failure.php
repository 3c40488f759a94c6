<?php
/**
 * What people see while the sidecar can't be reached.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

defined( 'ABSPATH' ) || exit;

/**
 * A friendly sentence for visitors, the reason for those who can mend it.
 */
final class Failure {

	/** Seconds after which a program may try again. */
	const RETRY = 30;

	/**
	 * A document of its own; ends the request.
	 *
	 * @param Unreachable $reason Why.
	 */
	public static function page( Unreachable $reason ): void {
		$code   = (int) $reason->getCode();
		$passes = 503 === $code;
		if ( $passes ) {
			header( 'Retry-After: ' . self::RETRY );
		}
		wp_die(
			wp_kses_post( self::html( $reason ) ),
			esc_html( $passes ? __( 'Please try again in a moment', 'partner-center' )
				: __( 'Nothing was saved', 'partner-center' ) ),
			array(
				'response'  => (int) $code,
				'back_link' => 503 !== (int) $code,
			)
		);
	}

	/**
	 * A piece of a page.
	 *
	 * @param Unreachable $reason Why.
	 */
	public static function html( Unreachable $reason ): string {
		if ( 503 !== $reason->getCode() ) {
			return '<div class="notice notice-error inline partner-center-unavailable"><p>' . esc_html( $reason->reason() )
				. '</p></div>';
		}
		$html = '<p class="partner-center-unavailable">'
			. esc_html__( 'The partner center is taking a short break. Please try again in a moment; nothing is lost.',
				'partner-center' ) . '</p>';
		if ( current_user_can( 'manage_options' ) ) {
			$html .= '<p><strong>' . esc_html__( 'For administrators:', 'partner-center' ) . '</strong> '
				. esc_html( $reason->reason() ) . '</p>';
		}
		return $html;
	}
}
