<?php
/**
 * Answers in the sidecar's place.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

defined( 'ABSPATH' ) || exit;

/**
 * While the sidecar is down or starts anew, a published link still leads to its
 * target, and clicks and opt-in forms are kept as facts until it is back.
 */
final class Outage {
	/** Longest a visitor waits for the sidecar on these paths, in seconds. It gives up storing a click after five. */
	const PATIENCE = 8;

	/** Bytes a report may have. */
	const MAX_REPORT = 65536;

	/**
	 * The request of the visitor.
	 *
	 * @var Browser_Request
	 */
	private $request;

	/**
	 * Path below the base path, encoded.
	 *
	 * @var string
	 */
	private $path;

	/**
	 * Query, encoded.
	 *
	 * @var string
	 */
	private $query;

	/**
	 * For one request.
	 *
	 * @param Browser_Request $request What the browser sent.
	 * @param string          $rest    Path and query below the base path.
	 */
	public function __construct( Browser_Request $request, string $rest ) {
		$this->request                     = $request;
		list( $this->path, $this->query ) = array_pad( explode( '?', ltrim( $rest, '/' ), 2 ), 2, '' );
	}

	/** Whether this is a request that need not wait for the sidecar. */
	public function can_answer(): bool {
		return 0 === strpos( $this->path, 'go/' ) || in_array( $this->path, array( 't.js', 't/click', 't/lead' ),
			true );
	}

	/** Answers and ends the request; comes back when nothing is known about the link. */
	public function answer(): void {
		if ( ! headers_sent() ) {
			header( 'Cache-Control: no-store' );
		}
		switch ( $this->path ) {
			case 't.js':
				Response::status_line( 200 ); // Behind Apache's ErrorDocument it would be 503, and nothing run.
				header( 'Content-Type: text/javascript; charset=utf-8' );
				// phpcs:ignore WordPress.WP.AlternativeFunctions -- a script of ours, sent as it is.
				readfile( dirname( PLUGIN_FILE ) . '/js/t.js' );
				exit;
			case 't/click':
				$this->note_page( $this->report()['u'] ?? '' );
				$this->say_nothing();
				// No break: it ends the request.
			case 't/lead':
				Form_Facts::append( $this->report() );
				$this->say_nothing();
				// No break: it ends the request.
			default:
				$this->follow( substr( $this->path, strlen( 'go/' ) ) );
		}
	}

	/**
	 * Sends the visitor on.
	 *
	 * @param string $path What stands behind go/.
	 */
	private function follow( string $path ): void {
		$link   = Promo_Link::standard( $path, $this->query );
		$target = '' === $link->tool ? '' : Click_Records::target( $link->tool );
		if ( '' === $target ) {
			return;
		}
		$target = $link->deep( $target );
		$told   = array(
			'link'  => $path,
			'query' => $this->query,
		);
		$token  = in_array( $this->request->headers()['Sec-Fetch-Dest'] ?? 'document', array( 'document', '' ), true )
			? ( new Click( $this->request ) )->note( $link->partner, $told ) : '';
		if ( '' !== $token ) {
			( new Click( $this->request ) )->carry( $link );
		}
		if ( '' !== $token && ! $this->is_own_host( $target ) ) {
			$target = Promo_Link::with( $target, 'pct=' . $token );
		}
		header( 'Location: ' . $target, true, 302 );
		exit;
	}

	/**
	 * Notes the click that the page of a direct link reports.
	 *
	 * @param string $url The page.
	 */
	private function note_page( string $url ): void {
		$names = Click_Records::settings()['legacy_params'] ? array( 'orid', 'oprid', 'ref', 'mr_aff' )
			: array( 'orid', 'oprid' );
		$link  = Promo_Link::page( $url, $names );
		$click = new Click( $this->request );
		if ( '' !== $click->note( $link->partner, array( 'page' => mb_substr( $url, 0, 4000 ) ) ) ) {
			$click->carry( $link );
		}
	}

	/**
	 * What a page of the site reports; nothing from pages elsewhere.
	 *
	 * @return string[]
	 */
	private function report(): array {
		$headers = $this->request->headers();
		$origin  = $headers['Origin'] ?? '';
		if ( 'cross-site' === ( $headers['Sec-Fetch-Site'] ?? '' )
			|| ( '' !== $origin && ! $this->is_own_host( $origin ) ) ) {
			return array();
		}
		$text = $this->query;
		if ( 'POST' === $this->request->method() ) {
			$text = (string) file_get_contents( 'php://input', false, null, 0, self::MAX_REPORT );
		}
		parse_str( $text, $fields );
		return array_filter( $fields, 'is_string' );
	}

	/**
	 * Whether a URL is of the host that was asked.
	 *
	 * @param string $url A URL.
	 */
	private function is_own_host( string $url ): bool {
		$asked = (string) wp_parse_url( 'http://' . ( $this->request->headers()['X-Forwarded-Host'] ?? '' ),
			PHP_URL_HOST );
		return 0 === strcasecmp( $asked, (string) wp_parse_url( $url, PHP_URL_HOST ) );
	}

	/** Ends a report's request. */
	private function say_nothing(): void {
		Response::status_line( 204 );
		exit;
	}
}
