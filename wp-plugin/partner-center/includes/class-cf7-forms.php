<?php
/**
 * Forms of Contact Form 7.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

use WPCF7_Submission;

defined( 'ABSPATH' ) || exit;

/** A form was sent even where its mail could not be: what its sender did counts. */
final class CF7_Forms extends Form_Plugin {

	/** Stands before the ids of its forms. */
	public function key(): string {
		return 'cf7';
	}

	/** What it calls itself. */
	public function name(): string {
		return 'Contact Form 7';
	}

	/** Whether it is active. */
	public function is_there(): bool {
		return class_exists( 'WPCF7_ContactForm' );
	}

	/** Its forms. */
	public function forms(): array {
		return self::posts( 'wpcf7_contact_form' );
	}

	/** Hooks. */
	public function register(): void {
		add_action( 'wpcf7_submit', array( $this, 'note' ), 10, 2 );
	}

	/**
	 * A form was handled.
	 *
	 * @param mixed $form   The form.
	 * @param mixed $result What became of it.
	 */
	public function note( $form, $result ): void {
		$submission = WPCF7_Submission::get_instance();
		if ( ! $submission || ! in_array( $result['status'] ?? '', array( 'mail_sent', 'mail_failed' ), true ) ) {
			return;
		}
		$types = array();
		foreach ( $form->scan_form_tags() as $tag ) {
			$types[ $tag->name ] = $tag->basetype;
		}
		$fields = array();
		foreach ( (array) $submission->get_posted_data() as $name => $value ) {
			$fields[] = self::field( $name, $types[ $name ] ?? '', $value );
		}
		$this->report( $form->id(), $fields );
	}
}
