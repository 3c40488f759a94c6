<?php
/**
 * Settings → Partner Center.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

defined( 'ABSPATH' ) || exit;

/**
 * The form. WordPress' settings API checks nonce and capability (manage_options)
 * and calls clean() before anything is stored.
 */
final class Settings_Page {

	const SLUG  = 'partner-center-settings';
	const GROUP = 'partner_center';

	/** What an administrator types to have data deleted with the plugin. */
	const CONFIRMATION = 'DELETE';

	/** First parts of paths that are WordPress' own. */
	const RESERVED_PATHS = array( '/wp-admin', '/wp-content', '/wp-includes', '/wp-json', '/feed',
		'/' . Center_Page::SLUG
	);

	/** Hooks. */
	public function register(): void {
		add_action( 'admin_menu', array( $this, 'add_menu' ) );
		add_action( 'admin_init', array( $this, 'register_setting' ) );
		add_filter( 'plugin_action_links_' . plugin_basename( PLUGIN_FILE ), array( $this, 'add_link' ) );
	}

	/** The page below Settings, where PilotPress had its own. */
	public function add_menu(): void {
		$title = __( 'Partner Center', 'partner-center' );
		add_options_page( $title, $title, 'manage_options', self::SLUG, array( $this, 'show' ) );
	}

	/** The option the form may write. */
	public function register_setting(): void {
		register_setting(
			self::GROUP,
			Settings::OPTION,
			array(
				'type'              => 'array',
				'sanitize_callback' => array( $this, 'clean' ),
			)
		);
	}

	/**
	 * A link in the list of plugins leads the way after activation.
	 *
	 * @param string[] $links Links of the plugin.
	 */
	public function add_link( array $links ): array {
		array_unshift( $links, sprintf( '<a href="%s">%s</a>', esc_url( self::url() ),
			esc_html__( 'Settings', 'partner-center' ) ) );
		return $links;
	}

	/** Where the page is. */
	public static function url(): string {
		return admin_url( 'options-general.php?page=' . self::SLUG );
	}

	/**
	 * What is stored: complete, of the right types, and the old value in place
	 * of one that will not do. WordPress calls it for every write of the option.
	 *
	 * @param mixed $input From the form or from Settings::change().
	 */
	public function clean( $input ): array {
		$old = Settings::all();
		$new = array_merge( $old, array_intersect_key( is_array( $input ) ? $input : array(), $old ) );

		$new['base_path']   = self::clean_base_path( (string) $new['base_path'], $old['base_path'] );
		$new['sidecar_url'] = self::clean_sidecar_url( (string) $new['sidecar_url'], $old['sidecar_url'] );
		$new['redirect_to'] = max( Settings::TO_CENTER, (int) $new['redirect_to'] );
		$new['page_id']     = absint( $new['page_id'] );
		$new['uninstall']   = self::clean_uninstall( (string) $new['uninstall'], $old['uninstall'], $input );
		$new['tracking']    = (bool) $new['tracking'];
		$new['center']      = (bool) $new['center'];
		return self::clean_forms( $new );
	}

	/**
	 * What counts as a lead.
	 *
	 * @param array $values All.
	 */
	private static function clean_forms( array $values ): array {
		$values['forms']        = Form_Choice::clean( $values['forms'] );
		$values['registration'] = (bool) $values['registration'];
		$values['comments']     = (bool) $values['comments'];
		$values['comment_text'] = mb_substr( sanitize_text_field( (string) $values['comment_text'] ), 0, 500 );
		if ( Site_Forms::usual_text() === $values['comment_text'] ) {
			$values['comment_text'] = '';
		}
		return $values;
	}

	/**
	 * One path segment that shadows nothing.
	 *
	 * @param string $path As typed.
	 * @param string $old  As stored.
	 */
	private static function clean_base_path( string $path, string $old ): string {
		$path = '/' . trim( sanitize_text_field( $path ), '/' );
		if ( $path === $old ) {
			return $old; // An adopted page of that name moves it, see Center_Page.
		}
		if ( ! preg_match( '#^/[A-Za-z0-9][A-Za-z0-9_-]*$#D', $path ) ) {
			return self::refuse( $old,
				__( 'The base path is one word of letters, digits and hyphens, such as /partner-center.',
					'partner-center' ) );
		}
		if ( in_array( strtolower( $path ), self::RESERVED_PATHS, true ) || get_page_by_path( ltrim( $path, '/' ) ) ) {
			return self::refuse( $old,
				/* translators: %s: a path. */
				sprintf( __( 'The base path cannot be %s: a page of this site or WordPress itself has that name, and no one could see it after that.', 'partner-center' ), $path ) );
		}
		return $path;
	}

	/**
	 * The address PHP connects to.
	 *
	 * @param string $address As typed.
	 * @param string $old     As stored.
	 */
	private static function clean_sidecar_url( string $address, string $old ): string {
		$address = rtrim( trim( $address ), '/' );
		if ( '' !== $address && ! preg_match( '#^https?://(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(?::\d{1,5})?$#D',
			$address ) ) {
			return self::refuse( $old, __( 'The address of the service is like http://127.0.0.1:8377, without a path.',
				'partner-center' ) );
		}
		return $address;
	}

	/**
	 * The second step of a choice by which data are lost.
	 *
	 * @param string $wanted What is ticked.
	 * @param string $old    What was chosen before.
	 * @param mixed  $input  The form.
	 */
	private static function clean_uninstall( string $wanted, string $old, $input ): string {
		if ( ! in_array( $wanted, array( Settings::KEEP_ALL, Settings::KEEP_BOOKS, Settings::KEEP_NOTHING ), true ) ) {
			return $old;
		}
		$typed = is_array( $input ) ? (string) ( $input['delete_confirmation'] ?? '' ) : '';
		if ( Settings::KEEP_ALL === $wanted || $wanted === $old || self::CONFIRMATION === $typed ) {
			return $wanted;
		}
		/* translators: %s: the word to type. */
		return self::refuse( $old, sprintf( __( 'The choice for deleting the plugin was not saved: data would be lost, so please also type %s.', 'partner-center' ), self::CONFIRMATION ) );
	}

	/**
	 * Keeps the old value and says why.
	 *
	 * @param string $old     As stored.
	 * @param string $message For the administrator.
	 */
	private static function refuse( string $old, string $message ): string {
		if ( function_exists( 'add_settings_error' ) ) {
			add_settings_error( Settings::OPTION, 'partner_center_' . md5( $message ), $message );
		}
		return $old;
	}

	/** The page. */
	public function show(): void {
		( new Handover() )->refresh();
		( new Settings_Form() )->show( Health::check() );
		( new Past_Orders() )->show();
	}
}
