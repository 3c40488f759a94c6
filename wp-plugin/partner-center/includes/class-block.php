<?php
/**
 * The block partner-center/center.
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
	}

	/** Tells WordPress about block and editor script; the latter is plain JavaScript. */
	public function register_block(): void {
		wp_register_script( self::SCRIPT, plugins_url( 'blocks/center.js', PLUGIN_FILE ),
			array( 'wp-blocks', 'wp-element', 'wp-block-editor' ), VERSION, true );
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

	/**
	 * The view of the first such block, however deep it is.
	 *
	 * @param array $blocks Parsed blocks.
	 * @return string|null Null when there is none.
	 */
	public static function view_in( array $blocks ): ?string {
		foreach ( $blocks as $block ) {
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
			'label'   => __( 'Page to show first (empty: the dashboard; signup/CODE: a sign-up form)',
				'partner-center' ),
		);
	}
}
