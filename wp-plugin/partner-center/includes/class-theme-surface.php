<?php
/**
 * The sidecar's pages inside the theme.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

use WP_Post;

defined( 'ABSPATH' ) || exit;

/**
 * Shortcode and block print a placeholder; the fragment takes its place when
 * the whole page is rendered. Both the_content and block templates texturize
 * what they print, which would break promo code in text fields.
 */
final class Theme_Surface {

	const SHORTCODE = 'partner_center';

	/** Parameters that name a page where there are no pretty permalinks. */
	const OWN_PARAMETERS = array( 'page_id' );

	/**
	 * Asks the sidecar.
	 *
	 * @var Embed
	 */
	private $embed;

	/**
	 * Shows pieces on pages that are not the center's.
	 *
	 * @var Placement
	 */
	private $placement;

	/**
	 * What the browser sent.
	 *
	 * @var Browser_Request
	 */
	private $request;

	/**
	 * The page's fragment, once it is there.
	 *
	 * @var Fragment|null
	 */
	private $fragment;

	/**
	 * Stands where the fragment goes; random, so that no author can print one.
	 *
	 * @var string
	 */
	private $placeholder = '';

	/**
	 * For one request.
	 *
	 * @param Browser_Request $request What the browser sent.
	 */
	public function __construct( Browser_Request $request ) {
		$this->request   = $request;
		$this->embed     = new Embed( $request );
		$this->placement = new Placement( $this->embed );
	}

	/** Hooks. */
	public function register(): void {
		add_action( 'wp_loaded', array( $this, 'answer' ), 20 ); // Other plugins may end a login on init.
		add_action( 'template_redirect', array( $this, 'prepare' ), 11 ); // After redirect_canonical.
		add_filter( 'the_content', array( $this, 'center_content' ) );
		add_shortcode( self::SHORTCODE, array( $this, 'place' ) );
	}

	/**
	 * A request on an embedded page is carried out before WordPress parses it:
	 * fields of the same name as WordPress' would lead it elsewhere.
	 */
	public function answer(): void {
		if ( ! $this->embed->is_asked_for() || ! $this->is_page_request() ) {
			return;
		}
		$this->fragment = $this->embed->answer( 'theme;' . $this->page_url(), self::OWN_PARAMETERS );
		$this->embed->hide_fields( self::OWN_PARAMETERS );
	}

	/** Just before the theme starts: fetches what the page shows at first, and takes over headers. */
	public function prepare(): void {
		if ( is_feed() || is_embed() || is_404() ) {
			return; // They stay what they are.
		}
		$post     = is_singular() ? get_queried_object() : null;
		$is_whole = null !== $this->fragment || ( null !== $post && Center_Page::is( $post->ID ) );
		if ( null === $this->fragment ) {
			$this->fragment = $this->first_fragment( $post, $is_whole );
		}
		if ( null === $this->fragment ) {
			return;
		}
		$this->fragment->fill_guard();
		self::keep_out_of_frames();
		if ( ! $this->fragment->is_public() ) {
			self::keep_private();
			add_action( 'wp_head', array( self::class, 'show_at_once' ), 1 );
		}
		if ( $is_whole ) {
			$this->fragment->send_headers();
			add_filter( 'document_title_parts', array( $this, 'title' ) );
		}
		add_action( 'wp_enqueue_scripts', array( $this->fragment, 'enqueue' ) );
		$this->placeholder = '<div id="partner-center-' . bin2hex( random_bytes( 8 ) ) . '"></div>';
		ob_start( array( $this, 'fill' ) );
	}

	/**
	 * What a page shows when it is opened.
	 *
	 * @param mixed $post     The page.
	 * @param bool  $is_whole Whether the page is the center's own.
	 */
	private function first_fragment( $post, bool $is_whole ): ?Fragment {
		$view = self::view_of( $post );
		if ( null === $view ) {
			return null;
		}
		$surface = 'theme;' . get_permalink( $post );
		return $is_whole ? $this->embed->view( $surface, Placement::allows( $view ) ? $view : '' )
			: $this->placement->fragment( $surface, $view );
	}

	/**
	 * Shortcode and block.
	 *
	 * @param array|string $attributes view: path of the page to show at first.
	 */
	public function place( $attributes ): string {
		if ( '' !== $this->placeholder ) {
			return $this->placeholder;
		}
		if ( ! did_action( 'template_redirect' ) || is_feed() || is_embed() ) {
			return ''; // In the REST API, say: nobody is there to use it.
		}
		// In a widget or a template: nothing told us before that it is on the page.
		$view     = is_array( $attributes ) ? (string) ( $attributes['view'] ?? '' ) : '';
		$fragment = $this->placement->fragment( 'theme;' . $this->page_url(), $view );
		if ( ! $fragment->is_public() ) {
			self::keep_private();
		}
		$fragment->enqueue();
		add_filter( 'no_texturize_tags', array( Placement::class, 'keep_codes' ) );
		return Signup_Guard::fill( Placement::as_text( $fragment->html() ) );
	}

	/**
	 * A sign-up form for the editor, which asks for it by the REST API.
	 *
	 * @param string $view Path of the form.
	 */
	public function preview( string $view ): string {
		$fragment = Placement::allows( $view ) ? $this->embed->preview( 'theme;' . home_url( '/' ), $view ) : null;
		return null === $fragment ? '' : $fragment->preview();
	}

	/**
	 * The center page shows the center, also when its shortcode was lost or
	 * never there (a page PilotPress made).
	 *
	 * @param string $content The page's content.
	 */
	public function center_content( string $content ): string {
		$post = get_post();
		if ( '' === $this->placeholder || null === $post || ! Center_Page::is( $post->ID )
			|| get_queried_object_id() !== $post->ID ) {
			return $content;
		}
		return null === self::embedded_view( $post ) ? $this->placeholder : $content;
	}

	/**
	 * Puts the fragment in its place; at most once.
	 *
	 * @param string $page The whole page.
	 */
	public function fill( string $page ): string {
		$parts = explode( $this->placeholder, $page, 2 );
		return 2 === count( $parts ) ? $parts[0] . $this->fragment->html() . $parts[1] : $page;
	}

	/**
	 * The title in the browser's tab.
	 *
	 * @param string[] $parts Parts of the title.
	 */
	public function title( array $parts ): array {
		if ( '' !== $this->fragment->title() ) {
			$parts['title'] = esc_html( $this->fragment->title() );
		}
		return $parts;
	}

	/** Browsers that know it wait for the last of ours: else columns of a table move as its rows come. */
	public static function show_at_once(): void {
		echo '<link rel="expect" href="#pc-foot" blocking="render">' . "\n";
	}

	/** What the page shows is one person's: no cache may keep it for others. */
	private static function keep_private(): void {
		defined( 'DONOTCACHEPAGE' ) || define( 'DONOTCACHEPAGE', true );
		if ( ! headers_sent() ) {
			nocache_headers();
		}
	}

	/** Nobody may lay a page with someone's money under a page of their own. */
	private static function keep_out_of_frames(): void {
		if ( ! headers_sent() ) {
			header( "Content-Security-Policy: frame-ancestors 'self'", false );
			header( 'X-Frame-Options: SAMEORIGIN' );
		}
	}

	/** Whether the request is for a page of the theme, not for the REST API. */
	private function is_page_request(): bool {
		$rest = '/' . rest_get_url_prefix() . '/';
		return 'index.php' === ( $GLOBALS['pagenow'] ?? '' ) && ! is_admin()
			&& null === $this->request->parameter( 'rest_route' )
				&& false === strpos( $this->request->path() . '/', $rest );
	}

	/** The URL of the page the request is on, without our parameters. */
	private function page_url(): string {
		$origin = preg_replace( '#^(https?://[^/]+).*#', '$1', home_url() );
		$id     = absint( $this->request->parameter( 'page_id' ) );
		return esc_url_raw( $origin . $this->request->path() . ( $id ? '?page_id=' . $id : '' ) );
	}

	/**
	 * What a page shows when it is opened.
	 *
	 * @param mixed $post The page.
	 * @return string|null Null when it shows nothing of ours.
	 */
	private static function view_of( $post ): ?string {
		if ( ! $post instanceof WP_Post || post_password_required( $post ) ) {
			return null;
		}
		return self::embedded_view( $post ) ?? ( Center_Page::is( $post->ID ) ? '' : null );
	}

	/**
	 * The view named by the shortcode or block in a post.
	 *
	 * @param WP_Post $post The post.
	 * @return string|null Null when there is neither.
	 */
	private static function embedded_view( WP_Post $post ): ?string {
		if ( has_block( Block::NAME, $post ) || has_block( Block::SIGNUP, $post ) ) {
			return Block::view_in( parse_blocks( $post->post_content ) );
		}
		if ( ! preg_match( '/' . get_shortcode_regex( array( self::SHORTCODE ) ) . '/', $post->post_content,
			$found ) ) {
			return null;
		}
		$attributes = shortcode_parse_atts( $found[3] );
		return is_array( $attributes ) ? (string) ( $attributes['view'] ?? '' ) : '';
	}
}
