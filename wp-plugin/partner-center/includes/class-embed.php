<?php
/**
 * Asks the sidecar for pages that are shown inside WordPress.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

defined( 'ABSPATH' ) || exit;

/**
 * The state of an embedded page travels in one variable: WordPress reacts to
 * many other names ("p", "name", "s", "day", …).
 */
final class Embed {

	const PARAMETER = 'pc';

	/**
	 * The request being answered.
	 *
	 * @var Browser_Request
	 */
	private $request;

	/**
	 * For one request.
	 *
	 * @param Browser_Request $request What the browser sent.
	 */
	public function __construct( Browser_Request $request ) {
		$this->request = $request;
	}

	/** Whether the request names an embedded page. */
	public function is_asked_for(): bool {
		return null !== $this->request->parameter( self::PARAMETER );
	}

	/**
	 * Carries out the request of the browser on an embedded page. An answer that
	 * is no page (a redirect, a download) goes to the browser and ends the request.
	 *
	 * @param string   $surface Value of PC-Surface.
	 * @param string[] $own     Parameters that name the WordPress page around it.
	 */
	public function answer( string $surface, array $own ): Fragment {
		$request = $this->request;
		$others  = $request->query_without( array_merge( $own, array( self::PARAMETER ) ) );
		$target  = Client::with_query( (string) $request->parameter( self::PARAMETER ), $others );
		try {
			return $this->fetch( $request->method(), $target, $surface, $request->body() );
		} catch ( Unreachable $e ) {
			return Fragment::unavailable( $e );
		}
	}

	/**
	 * Fetches one page, whatever the browser's request was.
	 *
	 * @param string $surface Value of PC-Surface.
	 * @param string $view    Path below the sidecar's prefix.
	 */
	public function view( string $surface, string $view ): Fragment {
		try {
			return $this->fetch( 'GET', $view, $surface, Body::of_text( '' ) );
		} catch ( Unreachable $e ) {
			return Fragment::unavailable( $e );
		}
	}

	/**
	 * Fetches one page to stand within another: only its HTML counts.
	 *
	 * @param string $surface Value of PC-Surface.
	 * @param string $view    Path below the sidecar's prefix.
	 * @return Fragment|null Null when the answer is no page.
	 */
	public function piece( string $surface, string $view ): ?Fragment {
		try {
			$response = $this->call( 'GET', $view, $surface, Body::of_text( '' ) );
		} catch ( Unreachable $e ) {
			return Fragment::unavailable( $e );
		}
		return '1' === $response->header( 'PC-Embed' ) ? Fragment::of_response( $response ) : null;
	}

	/**
	 * One page as visitors see it who are not logged in, to be looked at.
	 *
	 * @param string $surface Value of PC-Surface.
	 * @param string $view    Path below the sidecar's prefix.
	 * @return Fragment|null Null when the answer is no page.
	 */
	public function preview( string $surface, string $view ): ?Fragment {
		$headers = array( 'PC-Surface' => $surface ) + $this->request->headers();
		unset( $headers['Cookie'], $headers['Authorization'] );
		try {
			$response = ( new Client() )->call( 'GET', Client::target( $view ), $headers + array( 'PC-User' => '0' ),
				Body::of_text( '' ) );
		} catch ( Unreachable $e ) {
			return Fragment::unavailable( $e );
		}
		return '1' === $response->header( 'PC-Embed' ) ? Fragment::of_response( $response ) : null;
	}

	/**
	 * One page; an answer that is none ends the request.
	 *
	 * @param string $method  In capitals.
	 * @param string $rest    Path and query below the prefix.
	 * @param string $surface Value of PC-Surface.
	 * @param Body   $body    What to send.
	 */
	private function fetch( string $method, string $rest, string $surface, Body $body ): Fragment {
		$response = $this->call( $method, $rest, $surface, $body );
		if ( '1' === $response->header( 'PC-Embed' ) ) {
			return Fragment::of_response( $response );
		}
		$response->pass_on();
	}

	/**
	 * One call.
	 *
	 * @param string $method  In capitals.
	 * @param string $rest    Path and query below the prefix.
	 * @param string $surface Value of PC-Surface.
	 * @param Body   $body    What to send.
	 * @throws Unreachable When there is nothing to show.
	 */
	private function call( string $method, string $rest, string $surface, Body $body ): Response {
		$headers = $this->request->headers() + array( 'PC-Surface' => $surface );
		// Who it is in WordPress' eyes, whatever plugins made of it.
		$headers['PC-User'] = (string) get_current_user_id();
		return ( new Client() )->call( $method, Client::target( $rest ), $headers, $body );
	}

	/**
	 * Hides our parameters from WordPress and other plugins, once they did
	 * their work.
	 *
	 * @param string[] $own Parameters that name the WordPress page around it.
	 */
	public function hide_fields( array $own ): void {
		$kept     = array_intersect_key( $_GET, array_flip( $own ) );
		$_GET     = $kept;
		$_REQUEST = $kept;
		$_POST    = array();

		$_SERVER['QUERY_STRING'] = http_build_query( wp_unslash( $kept ) );
	}
}
