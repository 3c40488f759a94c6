<?php
/**
 * Forms of WPForms.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

defined( 'ABSPATH' ) || exit;

/** Lite and paid alike. */
final class WPForms_Forms extends Form_Plugin {

	/** Stands before the ids of its forms. */
	public function key(): string {
		return 'wpforms';
	}

	/** What it calls itself. */
	public function name(): string {
		return 'WPForms';
	}

	/** Whether it is active. */
	public function is_there(): bool {
		return function_exists( 'wpforms' );
	}

	/** Its forms. */
	public function forms(): array {
		return self::posts( 'wpforms' );
	}

	/** Hooks. */
	public function register(): void {
		add_action( 'wpforms_process_complete', array( $this, 'note' ), 10, 3 );
	}

	/**
	 * A form was sent and accepted.
	 *
	 * @param mixed $values What was typed, field by field.
	 * @param mixed $entry  As it was sent.
	 * @param mixed $form   The form.
	 */
	public function note( $values, $entry, $form ): void {
		$fields = array();
		foreach ( (array) $values as $field ) {
			$fields[] = self::field( $field['name'] ?? '', $field['type'] ?? '', $field['value'] ?? '' );
			$fields[] = self::field( '', 'first', $field['first'] ?? '' );
			$fields[] = self::field( '', 'last', $field['last'] ?? '' );
		}
		$this->report( $form['id'] ?? '', $fields );
	}
}
