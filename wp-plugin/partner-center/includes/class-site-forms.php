<?php
/**
 * WordPress' own forms.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

defined( 'ABSPATH' ) || exit;

/**
 * Registration and comments, each with a switch. A comment is no wish to hear of
 * the site, so it counts only where its author ticked a box of ours that says so;
 * WordPress' own box is about cookies alone.
 */
final class Site_Forms {
	const CONSENT = 'partner_center_consent';

	/** Hooks. */
	public function register(): void {
		$settings = Settings::all();
		if ( ! $settings['tracking'] ) {
			return;
		}
		if ( $settings['registration'] ) {
			add_action( 'register_new_user', array( $this, 'note_registration' ) );
		}
		if ( $settings['comments'] ) {
			add_filter( 'comment_form_submit_field', array( $this, 'add_box' ) );
			add_action( 'comment_post', array( $this, 'note_comment' ), 10, 3 );
		}
	}

	/**
	 * Someone registered by WordPress' page for it. Accounts that admins, shops or
	 * programs make are none of their owner's forms.
	 *
	 * @param mixed $user_id Of the new account.
	 */
	public function note_registration( $user_id ): void {
		$user = get_userdata( (int) $user_id );
		if ( ! $user || ! Carts::by_visitor() ) {
			return;
		}
		Form_Facts::report(
			'registration',
			array(
				'email'      => $user->user_email,
				'first_name' => $user->first_name,
				'last_name'  => $user->last_name,
			)
		);
	}

	/**
	 * Puts our box before the button of the comment form.
	 *
	 * @param mixed $button HTML of the button.
	 * @return mixed
	 */
	public function add_box( $button ) {
		if ( ! is_string( $button ) ) {
			return $button;
		}
		return sprintf(
			'<p class="comment-form-partner-center"><label><input type="checkbox" name="%s" value="1"> %s</label></p>',
			self::CONSENT,
			esc_html( self::text() )
		) . $button;
	}

	/** What the box says. */
	public static function text(): string {
		$text = trim( Settings::all()['comment_text'] );
		return '' === $text ? self::usual_text() : $text;
	}

	/** What it says until an administrator writes something else. */
	public static function usual_text(): string {
		return __( 'You may write to me by email about your offers. I can take this back at any time.',
			'partner-center' );
	}

	/**
	 * A comment was stored; one that waits for approval is one.
	 *
	 * @param mixed $id       Of the comment.
	 * @param mixed $approved 0, 1 or "spam".
	 * @param mixed $comment  What it says.
	 */
	public function note_comment( $id, $approved, $comment ): void {
		if ( 'spam' === $approved || ! isset( $_POST[ self::CONSENT ] ) || ! Carts::by_visitor() ) {
			return;
		}
		Form_Facts::report(
			'comment',
			array( 'email' => (string) ( $comment['comment_author_email'] ?? '' ) )
				+ Form_Fields::names( (string) ( $comment['comment_author'] ?? '' ) )
		);
	}
}
