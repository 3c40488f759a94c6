<?php
/**
 * The center on pages that are not its own.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

defined( 'ABSPATH' ) || exit;

/**
 * Shortcode and block in a post, a widget or a template. Authors place them, and
 * visitors came for something else: nothing of the sidecar's answer but its HTML
 * is taken over, no cookie, no redirect, no file, no status.
 */
final class Placement {
	/** What may be placed: the pages of partners, and sign-up. Never links, files or admin pages. */
	const VIEWS = '#^(?:(?:earnings|reports|tools|profile)(?:/[a-z-]+)?|signup/[A-Za-z0-9_-]+)?/?(?:\?[^\x00-\x20]*)?$#D';

	/** What everybody may see. */
	const FOR_VISITORS = 'signup/';

	/**
	 * Asks the sidecar.
	 *
	 * @var Embed
	 */
	private $embed;

	/**
	 * For one request.
	 *
	 * @param Embed $embed Asks the sidecar.
	 */
	public function __construct( Embed $embed ) {
		$this->embed = $embed;
	}

	/**
	 * Whether a view may be placed.
	 *
	 * @param string $view Path below the sidecar's prefix.
	 */
	public static function allows( string $view ): bool {
		return 1 === preg_match( self::VIEWS, $view );
	}

	/**
	 * What stands there.
	 *
	 * @param string $surface Value of PC-Surface.
	 * @param string $view    Path below the sidecar's prefix.
	 */
	public function fragment( string $surface, string $view ): Fragment {
		if ( ! self::allows( $view ) ) {
			$for_authors = __( 'Partner Center: this view cannot be placed on a page. Visitors see nothing here.',
				'partner-center' );
			return Fragment::of_html( current_user_can( 'edit_posts' ) ? '<p>' . esc_html( $for_authors ) . '</p>'
				: '' );
		}
		if ( ! is_user_logged_in() && 0 !== strpos( $view, self::FOR_VISITORS ) ) {
			return Fragment::of_html( self::login_link( $surface ) );
		}
		return $this->embed->piece( $surface, $view ) ?? Fragment::of_html( self::login_link( $surface ) );
	}

	/**
	 * HTML in which no later filter of WordPress finds a shortcode: somebody may
	 * be called "[gallery]".
	 *
	 * @param string $html The sidecar's, without scripts.
	 */
	public static function as_text( string $html ): string {
		return strtr(
			$html,
			array(
				'[' => '&#x5b;', // Not &#91;, which WordPress turns back.
				']' => '&#x5d;',
			)
		);
	}

	/**
	 * Keeps WordPress from setting codes to copy in curly quotes.
	 *
	 * @param string[] $tags Elements it leaves alone.
	 */
	public static function keep_codes( array $tags ): array {
		$tags[] = 'textarea';
		return $tags;
	}

	/**
	 * For somebody who is not logged in.
	 *
	 * @param string $surface Names the page to come back to.
	 */
	private static function login_link( string $surface ): string {
		return sprintf(
			'<p class="partner-center-login"><a href="%s" rel="nofollow">%s</a></p>',
			esc_url( wp_login_url( substr( $surface, strlen( 'theme;' ) ) ) ),
			esc_html__( 'Log in to the partner center', 'partner-center' )
		);
	}
}
