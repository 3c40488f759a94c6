<?php
/**
 * Forms of Ninja Forms.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

defined( 'ABSPATH' ) || exit;

/** They are sent by a script of theirs alone, without a form's event. */
final class Ninja_Forms_Forms extends Form_Plugin {

	/** What it calls the types of fields that matter here. */
	const TYPES = array(
		'firstname' => 'first',
		'lastname'  => 'last',
	);

	/** Stands before the ids of its forms. */
	public function key(): string {
		return 'ninja';
	}

	/** What it calls itself. */
	public function name(): string {
		return 'Ninja Forms';
	}

	/** Whether it is active. */
	public function is_there(): bool {
		return function_exists( 'Ninja_Forms' );
	}

	/** Its forms. */
	public function forms(): array {
		$forms = array();
		foreach ( (array) Ninja_Forms()->form()->get_forms() as $form ) {
			$forms[ (int) $form->get_id() ] = (string) $form->get_setting( 'title' );
		}
		return $forms;
	}

	/** Hooks. */
	public function register(): void {
		add_action( 'ninja_forms_after_submission', array( $this, 'note' ) );
	}

	/**
	 * A form was sent and accepted.
	 *
	 * @param mixed $data Form and fields.
	 */
	public function note( $data ): void {
		if ( ! empty( $data['settings']['is_preview'] ) ) {
			return;
		}
		$fields = array();
		foreach ( (array) ( $data['fields'] ?? array() ) as $field ) {
			$type     = $field['type'] ?? '';
			$fields[] = self::field( $field['key'] ?? '', self::TYPES[ $type ] ?? $type, $field['value'] ?? '' );
		}
		$this->report( $data['form_id'] ?? '', $fields );
	}
}
