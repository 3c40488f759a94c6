<?php
/**
 * The form plugins that are known.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

defined( 'ABSPATH' ) || exit;

/** What is done alike with each of them. */
final class Form_Plugins {

	/** Forms of one plugin that are listed at most. */
	const MOST = 500;

	/** Hooks of all; one that is not active never calls its own. */
	public function register(): void {
		if ( ! Settings::tracking() ) {
			return;
		}
		foreach ( self::all() as $plugin ) {
			$plugin->register();
		}
	}

	/**
	 * Those that are known.
	 *
	 * @return Form_Plugin[]
	 */
	public static function all(): array {
		return array( new CF7_Forms(), new WPForms_Forms(), new Gravity_Forms(), new Ninja_Forms_Forms(),
			new Fluent_Forms(), new Elementor_Forms()
		);
	}

	/**
	 * The forms of all that are active, for the list in the settings.
	 *
	 * @return array[] By id, as it is stored ("cf7:12"): name, plugin.
	 */
	public static function forms(): array {
		$forms = array();
		foreach ( self::all() as $plugin ) {
			foreach ( $plugin->is_there() ? $plugin->forms() : array() as $id => $name ) {
				$forms[ $plugin->key() . ':' . $id ] = array(
					'name'   => '' === trim( $name ) ? '#' . $id : $name,
					'plugin' => $plugin->name(),
				);
			}
		}
		return $forms;
	}
}
