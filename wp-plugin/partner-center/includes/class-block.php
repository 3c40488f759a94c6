<?php
/**
 * The blocks partner-center/center and partner-center/signup.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

defined( 'ABSPATH' ) || exit;

/**
 * The same as the shortcode, for people who build pages of blocks.
 */
final class Block {

	const NAME   = 'partner-center/center';
	const SIGNUP = 'partner-center/signup';
	const SCRIPT = 'partner-center-block';

	/**
	 * Renders it.
	 *
	 * @var Theme_Surface
	 */
	private $surface;

	/**
	 * A block on the theme's surface.
	 *
	 * @param Theme_Surface $surface Renders it.
	 */
	public function __construct( Theme_Surface $surface ) {
		$this->surface = $surface;
	}

	/** Hooks. */
	public function register(): void {
		add_action( 'init', array( $this, 'register_block' ) );
		add_action( 'init', array( $this, 'register_signup' ) );
		add_action( 'enqueue_block_editor_assets', array( $this, 'name_programs' ) );
	}

	/** Tells WordPress about block and editor script; the latter is plain JavaScript. */
	public function register_block(): void {
		wp_register_script( self::SCRIPT, plugins_url( 'blocks/center.js', PLUGIN_FILE ),
			array( 'wp-blocks', 'wp-element', 'wp-block-editor', 'wp-components', 'wp-server-side-render' ), VERSION,
			true );
		register_block_type(
			self::NAME,
			array(
				'api_version'     => 3,
				'title'           => __( 'Partner Center', 'partner-center' ),
				'description'     => __( 'The partner center, or the sign-up form of a program.', 'partner-center' ),
				'category'        => 'widgets',
				'icon'            => 'groups',
				'supports'        => array(
					'multiple' => false,
					'html'     => false,
				),
				'attributes'      => array(
					'view' => array(
						'type'    => 'string',
						'default' => '',
					),
				),
				'editor_script'   => self::SCRIPT,
				'render_callback' => array( $this->surface, 'place' ),
			)
		);
		wp_add_inline_script( self::SCRIPT, 'var partnerCenterBlock = ' . wp_json_encode( self::texts() ) . ';',
			'before' );
	}

	/** The sign-up form of a program. */
	public function register_signup(): void {
		register_block_type(
			self::SIGNUP,
			array(
				'api_version'     => 3,
				'title'           => __( 'Partner sign-up form', 'partner-center' ),
				'description'     => __( 'People become partners of a program by this form.', 'partner-center' ),
				'category'        => 'widgets',
				'icon'            => 'groups',
				'keywords'        => array( 'affiliate', 'partner' ),
				'supports'        => array(
					'multiple' => false,
					'html'     => false,
				),
				'attributes'      => array(
					'program' => array(
						'type'    => 'string',
						'default' => '',
					),
				),
				'editor_script'   => self::SCRIPT,
				'render_callback' => array( $this, 'show_signup' ),
			)
		);
	}

	/**
	 * The form, in the editor to be looked at.
	 *
	 * @param array $attributes program: its code.
	 */
	public function show_signup( $attributes ): string {
		$code = (string) ( $attributes['program'] ?? '' );
		if ( '' === $code ) {
			return '';
		}
		$view = Placement::FOR_VISITORS . $code;
		if ( defined( 'REST_REQUEST' ) && REST_REQUEST ) {
			return current_user_can( 'edit_posts' ) ? $this->surface->preview( $view ) : '';
		}
		return $this->surface->place( array( 'view' => $view ) );
	}

	/** Tells the editor which programs there are. */
	public function name_programs(): void {
		wp_add_inline_script( self::SCRIPT, 'partnerCenterBlock.programs = ' . wp_json_encode( self::programs() ) . ';',
			'before' );
	}

	/** Programs that are not archived, by name. */
	private static function programs(): array {
		global $wpdb;
		$shown = $wpdb->suppress_errors(); // The sidecar may not have made its tables yet.
		$found = $wpdb->get_results( "SELECT code, name FROM {$wpdb->prefix}partner_center_programs WHERE archived_at IS NULL ORDER BY name, id LIMIT 500", ARRAY_A );
		$wpdb->suppress_errors( $shown );
		$programs = array();
		foreach ( (array) $found as $program ) {
			$programs[] = array(
				'value' => $program['code'],
				'label' => $program['name'],
			);
		}
		return $programs;
	}

	/**
	 * The view of the first such block, however deep it is.
	 *
	 * @param array $blocks Parsed blocks.
	 * @return string|null Null when there is none.
	 */
	public static function view_in( array $blocks ): ?string {
		foreach ( $blocks as $block ) {
			if ( self::SIGNUP === $block['blockName'] && '' !== (string) ( $block['attrs']['program'] ?? '' ) ) {
				return Placement::FOR_VISITORS . $block['attrs']['program'];
			}
			$view = self::NAME === $block['blockName'] ? (string) ( $block['attrs']['view'] ?? '' )
				: self::view_in( $block['innerBlocks'] );
			if ( null !== $view ) {
				return $view;
			}
		}
		return null;
	}

	/** Texts of the editor. */
	private static function texts(): array {
		return array(
			'heading' => __( 'Partner Center', 'partner-center' ),
			'optin'   => __( 'Partner Center: opt-in form', 'partner-center' ),
			'signup'  => __( 'Partner sign-up form', 'partner-center' ),
			'program' => __( 'Program', 'partner-center' ),
			'choose'  => __( 'Choose a program', 'partner-center' ),
			'none'    => __( 'There is no program yet. Create one on the page Programs.', 'partner-center' ),
			'label'   => __( 'Page to show first (empty: the dashboard; signup/CODE: a sign-up form)',
				'partner-center' ),
		);
	}
}
