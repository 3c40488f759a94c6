<?php
/**
 * Hands whole requests to the sidecar where the web server does not.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

defined( 'ABSPATH' ) || exit;

/**
 * Everything below the base path, and /?partner-center=…, is the sidecar's:
 * links, the tracking script, files, the API.
 */
final class Pass_Through {

	const PARAMETER = 'partner-center';

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

	/** Before WordPress looks at the request: "?p=" means a post to it. */
	public function register(): void {
		add_action( 'plugins_loaded', array( $this, 'run' ), 1 );
	}

	/** Answers the request if it is the sidecar's. */
	public function run(): void {
		$rest = self::rest( $this->request, Settings::full_base_path(),
			rtrim( (string) wp_parse_url( home_url(), PHP_URL_PATH ), '/' ) . '/' );
		if ( null === $rest ) {
			return;
		}
		if ( '' === $rest || '?' === $rest[0] ) {
			// Relative links need the slash.
			header( 'Location: ' . Settings::full_base_path() . '/' . $rest, true, 308 );
			exit;
		}
		$outage = new Outage( $this->request, $rest );
		try {
			$response = $this->call( $rest, $outage->can_answer() ? Outage::PATIENCE : Client::SILENCE_SECONDS );
			if ( $response->status() < 500 || ! $outage->can_answer() ) {
				$response->pass_on();
			}
			$outage->answer();
			$response->pass_on(); // Nothing is known about the link.
		} catch ( Unreachable $e ) {
			if ( $outage->can_answer() ) {
				$outage->answer();
			}
			// Once translations may be loaded.
			add_action(
				'init',
				static function () use ( $e ) {
					Failure::page( $e );
				},
				1
			);
		}
	}

	/**
	 * Asks the sidecar.
	 *
	 * @param string $rest    Path and query below the base path.
	 * @param int    $seconds How long it may be silent.
	 * @throws Unreachable When there is no usable answer.
	 */
	private function call( string $rest, int $seconds ): Response {
		$request = $this->request;
		return ( new Client() )->call( $request->method(), Client::target( $rest ), $request->headers(),
			$request->body(), $seconds );
	}

	/**
	 * What stands behind the base path: path and query, still encoded.
	 *
	 * @param Browser_Request $request What the browser sent.
	 * @param string          $base    The full base path.
	 * @param string          $home    Path of the front page, with a slash at the end.
	 * @return string|null Null when the request is not for the sidecar.
	 */
	public static function rest( Browser_Request $request, string $base, string $home ): ?string {
		$query = '' === $request->query() ? '' : '?' . $request->query();
		$path  = $request->path();
		if ( $path === $base ) {
			return $query;
		}
		if ( 0 === strpos( $path, $base . '/' ) ) {
			return substr( $path, strlen( $base ) ) . $query;
		}
		$inner = $path === $home || $path === $home . 'index.php' ? $request->parameter( self::PARAMETER ) : null;
		return null === $inner ? null
			: Client::with_query( '/' . ltrim( $inner, '/' ), $request->query_without( array( self::PARAMETER ) ) );
	}
}
