<?php
/**
 * Forms of Elementor Pro.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

defined( 'ABSPATH' ) || exit;

/** A form is a widget of a page or template, known by the widget's id. */
final class Elementor_Forms extends Form_Plugin {

	/** Stands before the ids of its forms. */
	public function key(): string {
		return 'elementor';
	}

	/** What it calls itself. */
	public function name(): string {
		return 'Elementor';
	}

	/** Whether it is active. */
	public function is_there(): bool {
		return defined( 'ELEMENTOR_PRO_VERSION' );
	}

	/** Its forms, wherever they stand. */
	public function forms(): array {
		global $wpdb;
		$pages = $wpdb->get_col(
			$wpdb->prepare(
				"SELECT m.meta_value FROM {$wpdb->postmeta} m JOIN {$wpdb->posts} p ON p.ID = m.post_id WHERE m.meta_key = '_elementor_data' AND m.meta_value LIKE %s AND p.post_type <> 'revision' AND p.post_status <> 'trash' ORDER BY p.ID LIMIT %d",
				'%"widgetType":"form"%',
				Form_Plugins::MOST
			)
		);
		$forms = array();
		foreach ( $pages as $page ) {
			$forms += self::widgets( json_decode( $page, true ) );
		}
		return $forms;
	}

	/** Hooks. */
	public function register(): void {
		add_action( 'elementor_pro/forms/new_record', array( $this, 'note' ) );
	}

	/**
	 * A form was sent and accepted.
	 *
	 * @param mixed $record The form with what was typed.
	 */
	public function note( $record ): void {
		$fields = array();
		foreach ( (array) $record->get( 'fields' ) as $id => $field ) {
			foreach ( array( $id, $field['title'] ?? '' ) as $name ) {
				$fields[] = self::field( $name, $field['type'] ?? '', $field['value'] ?? '' );
			}
		}
		$this->report( $record->get_form_settings( 'id' ), $fields );
	}

	/**
	 * The forms of a page.
	 *
	 * @param mixed $part Of the page: widgets stand in columns and sections.
	 * @return string[] Name by id.
	 */
	private static function widgets( $part ): array {
		$forms = array();
		foreach ( is_array( $part ) ? $part : array() as $inner ) {
			$forms += self::widgets( $inner );
		}
		if ( 'form' === ( $part['widgetType'] ?? '' ) && isset( $part['id'] ) ) {
			$forms[ $part['id'] ] = (string) ( $part['settings']['form_name'] ?? '' );
		}
		return $forms;
	}
}
