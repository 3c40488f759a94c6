<?php
/**
 * Forms of Gravity Forms.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

use GFAPI;

defined( 'ABSPATH' ) || exit;

/** Entries that it takes for spam do not count. */
final class Gravity_Forms extends Form_Plugin {

	/** What the parts of fields are, by the ends of their ids. */
	const PARTS = array(
		'name'  => array(
			'3' => 'first',
			'6' => 'last',
		),
		'email' => array( '1' => 'email' ),
	);

	/** Stands before the ids of its forms. */
	public function key(): string {
		return 'gravity';
	}

	/** What it calls itself. */
	public function name(): string {
		return 'Gravity Forms';
	}

	/** Whether it is active. */
	public function is_there(): bool {
		return class_exists( 'GFAPI' );
	}

	/** Its forms. */
	public function forms(): array {
		$forms = array();
		foreach ( (array) GFAPI::get_forms() as $form ) {
			$forms[ (int) $form['id'] ] = (string) $form['title'];
		}
		return $forms;
	}

	/** Hooks. */
	public function register(): void {
		add_action( 'gform_after_submission', array( $this, 'note' ), 10, 2 );
	}

	/**
	 * A form was sent and accepted.
	 *
	 * @param mixed $entry What was typed: by the id of the field or of its part.
	 * @param mixed $form  The form.
	 */
	public function note( $entry, $form ): void {
		if ( 'spam' === ( $entry['status'] ?? '' ) ) {
			return;
		}
		$fields = array();
		foreach ( (array) ( $form['fields'] ?? array() ) as $field ) {
			$fields = array_merge( $fields, self::parts( $field, $entry ) );
		}
		$this->report( $form['id'] ?? '', $fields );
	}

	/**
	 * A field, and the parts of a name or of an address that is typed twice.
	 *
	 * @param object $field Of the form.
	 * @param array  $entry What was typed.
	 * @return array[]
	 */
	private static function parts( $field, array $entry ): array {
		// phpcs:ignore WordPress.NamingConventions.ValidVariableName -- its name there.
		$type  = empty( $field->inputType ) ? $field->type : $field->inputType;
		$parts = array( self::field( $field->label ?? '', $type, $entry[ (string) $field->id ] ?? '' ) );
		foreach ( self::PARTS[ $type ] ?? array() as $end => $kind ) {
			$parts[] = self::field( '', $kind, $entry[ $field->id . '.' . $end ] ?? '' );
		}
		return $parts;
	}
}
