<?php
/**
 * Forms of Fluent Forms.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

defined( 'ABSPATH' ) || exit;

/** Its values have no types; the form's fields tell which name is an address. */
final class Fluent_Forms extends Form_Plugin {

	/** Stands before the ids of its forms. */
	public function key(): string {
		return 'fluent';
	}

	/** What it calls itself. */
	public function name(): string {
		return 'Fluent Forms';
	}

	/** Whether it is active. */
	public function is_there(): bool {
		return defined( 'FLUENTFORM' );
	}

	/** Its forms. */
	public function forms(): array {
		global $wpdb;
		$forms = array();
		$rows  = $wpdb->get_results(
			$wpdb->prepare( "SELECT id, title FROM {$wpdb->prefix}fluentform_forms ORDER BY title LIMIT %d",
				Form_Plugins::MOST )
		);
		foreach ( (array) $rows as $row ) {
			$forms[ (int) $row->id ] = (string) $row->title;
		}
		return $forms;
	}

	/** Hooks. */
	public function register(): void {
		add_action( 'fluentform/submission_inserted', array( $this, 'note' ), 10, 3 );
	}

	/**
	 * A form was sent and accepted.
	 *
	 * @param mixed $id     Of the entry.
	 * @param mixed $values What was typed, by the names of fields; those of a name's parts are one level deeper.
	 * @param mixed $form   The form.
	 */
	public function note( $id, $values, $form ): void {
		$types  = self::types( json_decode( (string) ( $form->form_fields ?? '' ), true ) );
		$fields = array();
		foreach ( (array) $values as $name => $value ) {
			foreach ( is_array( $value ) ? $value : array( $name => $value ) as $part => $text ) {
				$fields[] = self::field( $part, is_array( $value ) ? '' : $types[ $name ] ?? '', $text );
			}
		}
		$this->report( $form->id ?? '', $fields );
	}

	/**
	 * The types of fields, by their names.
	 *
	 * @param mixed $part Of the form's description: fields stand in columns and containers.
	 * @return string[]
	 */
	private static function types( $part ): array {
		$types = array();
		foreach ( is_array( $part ) ? $part : array() as $inner ) {
			$types += self::types( $inner );
		}
		if ( 'input_email' === ( $part['element'] ?? '' ) ) {
			$types[ $part['attributes']['name'] ?? '' ] = 'email';
		}
		return $types;
	}
}
