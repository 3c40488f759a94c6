<?php
/**
 * Which forms count.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

defined( 'ABSPATH' ) || exit;

/**
 * The list in the settings. No form is ticked by itself: whoever asks a question
 * by a contact form has not signed up for anything, and what makes a contact
 * should be somebody's decision.
 */
final class Form_Choice {

	/**
	 * What may be stored: names by the ids of forms.
	 *
	 * @param mixed $forms From the form or from Settings::change().
	 * @return string[]
	 */
	public static function clean( $forms ): array {
		$clean = array();
		foreach ( is_array( $forms ) ? $forms : array() as $id => $name ) {
			$name = is_string( $name ) ? mb_substr( sanitize_text_field( $name ), 0, 190 ) : '';
			if ( '' !== $name && preg_match( '/^[a-z0-9]+:[A-Za-z0-9_-]{1,64}$/D', (string) $id ) ) {
				$clean[ $id ] = $name;
			}
		}
		return $clean;
	}

	/** Prints the list. */
	public function show(): void {
		$chosen = Settings::all()['forms'];
		$found  = Form_Plugins::forms();
		$field  = Settings::OPTION . '[forms]';
		echo '<fieldset id="partner-center-forms"><input type="hidden" name="' . esc_attr( $field ) . '[]" value="">';
		foreach ( $found as $id => $form ) {
			$this->box( $id, $form['name'], isset( $chosen[ $id ] ), $form['plugin'],
				$this->renamed( $form['name'], $chosen[ $id ] ?? '' ) );
		}
		foreach ( array_diff_key( $chosen, $found ) as $id => $name ) {
			$this->box( $id, $name, true, $this->plugin_of( $id ),
				__( 'This form was not found: it was deleted, or its plugin is switched off. Untick it if it is gone for good.', 'partner-center' ) );
		}
		echo '</fieldset>';
		if ( array() === $found && array() === $chosen ) {
			echo '<p>' . esc_html__( 'No forms were found. Forms of Contact Form 7, WPForms, Gravity Forms, Ninja Forms, Fluent Forms and Elementor Pro are listed here as soon as there are any.', 'partner-center' ) . '</p>';
		}
	}

	/**
	 * Prints one form.
	 *
	 * @param string $id     As it is stored.
	 * @param string $name   What it is called now.
	 * @param bool   $ticked Whether it counts.
	 * @param string $plugin Whose it is.
	 * @param string $told   What there is to know about it, or "".
	 */
	private function box( string $id, string $name, bool $ticked, string $plugin, string $told ): void {
		printf(
			'<p><label><input type="checkbox" name="%s" value="%s"%s> %s</label> <span class="description">(%s)</span></p>',
			esc_attr( Settings::OPTION . '[forms][' . $id . ']' ),
			esc_attr( $name ),
			checked( $ticked, true, false ),
			esc_html( $name ),
			esc_html( $plugin )
		);
		if ( '' !== $told ) {
			echo '<p class="description"><strong>' . esc_html( $told ) . '</strong></p>';
		}
	}

	/**
	 * What to say of a form that has another name than when it was chosen.
	 *
	 * @param string $name   Its name now.
	 * @param string $chosen Its name then, "" when it was not.
	 */
	private function renamed( string $name, string $chosen ): string {
		if ( '' === $chosen || sanitize_text_field( $name ) === $chosen ) {
			return '';
		}
		/* translators: %s: the name a form had before. */
		return sprintf( __( 'Its name was "%s", and reports still call it so. Save the settings to use the new one.',
			'partner-center' ), $chosen );
	}

	/**
	 * The plugin of a form, by its id.
	 *
	 * @param string $id As it is stored.
	 */
	private function plugin_of( string $id ): string {
		foreach ( Form_Plugins::all() as $plugin ) {
			if ( 0 === strpos( $id, $plugin->key() . ':' ) ) {
				return $plugin->name();
			}
		}
		return $id;
	}
}
