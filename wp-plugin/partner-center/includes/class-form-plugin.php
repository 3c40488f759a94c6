<?php
/**
 * What plugins with forms have in common.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

defined( 'ABSPATH' ) || exit;

/** A plugin whose forms are found by themselves, and reported where an administrator has ticked them. */
abstract class Form_Plugin {

	/** Stands before the ids of its forms: "cf7". */
	abstract public function key(): string;

	/** What it calls itself. */
	abstract public function name(): string;

	/** Whether it is active. */
	abstract public function is_there(): bool;

	/**
	 * The forms that exist; called only where it is active.
	 *
	 * @return string[] Name by the id that the plugin gives the form.
	 */
	abstract public function forms(): array;

	/** Hooks: its own for a form that was sent and accepted. Nothing happens without it. */
	abstract public function register(): void;

	/**
	 * Reports a form that was sent, if it counts.
	 *
	 * @param mixed   $id     Of the form, as the plugin has it.
	 * @param array[] $fields Of the form, in its order: name, type ("email", "first", "last", "name" or ""), value.
	 */
	final protected function report( $id, array $fields ): void {
		if ( ! is_scalar( $id ) ) {
			return;
		}
		$form = Settings::all()['forms'][ $this->key() . ':' . $id ] ?? '';
		if ( '' !== $form ) {
			Form_Facts::report( $form, Form_Fields::person( $fields ) );
		}
	}

	/**
	 * A field as report() takes it.
	 *
	 * @param mixed $name  Of the field, or its label.
	 * @param mixed $type  What the plugin says it is.
	 * @param mixed $value What was typed.
	 */
	final protected static function field( $name, $type, $value ): array {
		return array(
			'name'  => is_scalar( $name ) ? (string) $name : '',
			'type'  => is_scalar( $type ) ? (string) $type : '',
			'value' => is_scalar( $value ) ? trim( (string) $value ) : '',
		);
	}

	/**
	 * Forms that are posts of a type.
	 *
	 * @param string $type Of the posts.
	 * @return string[]
	 */
	final protected static function posts( string $type ): array {
		$forms = array();
		$query = array(
			'post_type'   => $type,
			'post_status' => 'publish',
			'numberposts' => Form_Plugins::MOST,
			'orderby'     => 'title',
			'order'       => 'ASC',
		);
		foreach ( get_posts( $query ) as $post ) {
			$forms[ $post->ID ] = $post->post_title;
		}
		return $forms;
	}
}
