<?php
/**
 * A piece of a page rendered by the sidecar.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

defined( 'ABSPATH' ) || exit;

/**
 * HTML for one surface and what belongs to it outside the content.
 */
final class Fragment {

	/**
	 * HTTP status of the page.
	 *
	 * @var int
	 */
	private $status = 200;

	/**
	 * The HTML, as the sidecar escaped it.
	 *
	 * @var string
	 */
	private $html = '';

	/**
	 * Title of the page, plain text.
	 *
	 * @var string
	 */
	private $title = '';

	/**
	 * Whether it is the same for all visitors.
	 *
	 * @var bool
	 */
	private $is_public = false;

	/**
	 * URLs of style sheets, and of scripts.
	 *
	 * @var string[][]
	 */
	private $assets = array(
		'style'  => array(),
		'script' => array(),
	);

	/**
	 * Header lines for the browser.
	 *
	 * @var string[]
	 */
	private $headers = array();

	/**
	 * From an answer that may be embedded.
	 *
	 * @param Response $response An answer with PC-Embed: 1.
	 */
	public static function of_response( Response $response ): Fragment {
		$fragment         = new self();
		$fragment->status = $response->status();
		$fragment->title  = sanitize_text_field( rawurldecode( $response->header( 'PC-Title' ) ) );
		$fragment->assets = array(
			'style'  => self::own_urls( $response->values( 'PC-Style' ) ),
			'script' => self::own_urls( $response->values( 'PC-Script' ) ),
		);
		foreach ( $response->values( 'Set-Cookie' ) as $cookie ) {
			if ( 0 === strpos( $cookie, 'pc_' ) ) {
				$fragment->headers[] = 'Set-Cookie: ' . $cookie;
			}
		}
		$cache               = $response->header( 'Cache-Control' );
		$fragment->headers[] = 'Cache-Control: ' . ( '' === $cache ? 'private, no-store' : $cache );
		$fragment->html      = $response->page();
		return $fragment;
	}

	/**
	 * Made by ourselves, for everybody alike.
	 *
	 * @param string $html Escaped.
	 */
	public static function of_html( string $html ): Fragment {
		$fragment            = new self();
		$fragment->html      = $html;
		$fragment->is_public = true;
		return $fragment;
	}

	/** Whether it shows nothing that is one person's. */
	public function is_public(): bool {
		return $this->is_public && ! is_user_logged_in();
	}

	/**
	 * In place of a page that could not be had.
	 *
	 * @param Unreachable $reason Why.
	 */
	public static function unavailable( Unreachable $reason ): Fragment {
		$fragment          = new self();
		$fragment->status  = (int) $reason->getCode();
		$fragment->html    = Failure::html( $reason );
		$fragment->headers = array( 'Cache-Control: no-store' );
		if ( 503 === $fragment->status ) {
			$fragment->headers[] = 'Retry-After: ' . Failure::RETRY;
		}
		return $fragment;
	}

	/** The HTML; every value in it was escaped by the sidecar's templates. */
	public function html(): string {
		return $this->html;
	}

	/** Lets other plugins put their fields into a sign-up form, while scripts can still be asked for. */
	public function fill_guard(): void {
		$this->html = Signup_Guard::fill( $this->html );
	}

	/** The HTML with its style sheets, for the editor. */
	public function preview(): string {
		$links = '';
		foreach ( $this->assets['style'] as $url ) {
			$links .= '<link rel="stylesheet" href="' . esc_url( $url ) . '">'; // phpcs:ignore WordPress.WP.EnqueuedResources.NonEnqueuedStylesheet
		}
		return $links . $this->html;
	}

	/** Title of the page, "" when there is none. */
	public function title(): string {
		return $this->title;
	}

	/** Takes over status and headers. Does nothing once output has begun. */
	public function send_headers(): void {
		if ( headers_sent() ) {
			return;
		}
		status_header( $this->status );
		header_remove( 'Expires' );
		foreach ( $this->headers as $line ) {
			header( $line, 0 !== strpos( $line, 'Set-Cookie' ) );
		}
	}

	/**
	 * Has WordPress print the style sheets and scripts, and leave out its own
	 * that puts images of another host in place of emoji, also in codes to copy.
	 */
	public function enqueue(): void {
		remove_action( 'wp_head', 'print_emoji_detection_script', 7 );
		remove_action( 'admin_print_scripts', 'print_emoji_detection_script' );
		foreach ( $this->assets['style'] as $i => $url ) {
			wp_enqueue_style( "partner-center-$i", $url, array(), null ); // The URL carries its version.
		}
		foreach ( $this->assets['script'] as $i => $url ) {
			wp_enqueue_script( "partner-center-$i", $url, array(), null, true );
		}
	}

	/**
	 * The URLs on this site; nothing is ever loaded from elsewhere.
	 *
	 * @param string[] $values Header values, blanks between URLs.
	 */
	private static function own_urls( array $values ): array {
		$origin = preg_replace( '#^(https?://[^/]+).*#', '$1', home_url() );
		$urls   = array();
		foreach ( preg_split( '/\s+/', implode( ' ', $values ), -1, PREG_SPLIT_NO_EMPTY ) as $url ) {
			if ( preg_match( '#^/(?!/)#', $url ) ) {
				$url = $origin . $url; // WordPress would take it as below its own folder.
			}
			if ( 0 === strpos( $url, $origin . '/' ) ) {
				$urls[] = $url;
			}
		}
		return $urls;
	}
}
