<?php
/**
 * A click that PHP answers.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

defined( 'ABSPATH' ) || exit;

/**
 * While no sidecar answers, the click becomes a fact in the inbox and the
 * visitor's cookie names the visit that the sidecar will make of it. Cookie and
 * token look as the sidecar's own, see cookie.go there, but are signed with a
 * key of their own kind.
 */
final class Click {
	const COOKIE_VERSION = 'p';
	const TOKEN_VERSION  = 'q';

	/** Cookies that the sidecar sets, too. */
	const VISITOR_COOKIE = 'pc_visitor';
	const VISITOR_DAYS   = 400;

	/** Number of PHP in the ids of visits; no sidecar has it. */
	const INSTANCE = 511;

	/** Milliseconds of 2020-01-01, where ids of visits begin. */
	const EPOCH = 1577836800000;

	/**
	 * The request of the visitor.
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

	/**
	 * Notes the click and gives the visitor the cookies.
	 *
	 * @param string   $partner Code of the partner.
	 * @param string[] $told    What was clicked: link and query, or page.
	 * @return string Token for a target on another host, "" when the click is none.
	 */
	public function note( string $partner, array $told ): string {
		$key    = Key::of_site();
		$signer = null !== $key && $this->may_count( $partner ) ? Click_Records::signing_key( $key ) : null;
		if ( null === $signer ) {
			return '';
		}
		$visitor = $this->cookie( self::VISITOR_COOKIE );
		$new     = preg_match( '/^[A-Za-z0-9_-]{22}(\.|$)/D', $visitor ) ? '' : self::base64( random_bytes( 16 ) );
		$visit   = $this->append( $told, $visitor, $new );
		if ( 0 === $visit ) {
			return '';
		}
		$days = Click_Records::settings()['cookie_days'];
		$made = base_convert( (string) $visit, 10, 36 ) . '.'
			. base_convert( (string) ( time() + $days * DAY_IN_SECONDS ), 10, 36 );
		$text = self::seal( self::COOKIE_VERSION, $made, $signer );
		$this->keep( Inbox::CLICK_COOKIE, $text, $days );
		$this->keep( self::VISITOR_COOKIE, ( '' === $new ? substr( $visitor, 0, 22 ) : $new ) . '.' . $text,
			self::VISITOR_DAYS );
		return self::seal( self::TOKEN_VERSION, $made, $signer );
	}

	/**
	 * Leaves the code that a link carries.
	 *
	 * @param Promo_Link $link What was clicked.
	 */
	public function carry( Promo_Link $link ): void {
		$code = $link->coupon ? Click_Records::coupon( $link->partner ) : '';
		if ( '' !== $code ) {
			$this->keep( Coupon_Cookie::NAME, rawurlencode( $code ), Click_Records::settings()['cookie_days'] );
		}
	}

	/**
	 * Whether the request is a click of a person who may be credited to the
	 * partner; what PHP cannot see is judged by the sidecar.
	 *
	 * @param string $partner Code of the partner.
	 */
	private function may_count( string $partner ): bool {
		$headers = $this->request->headers();
		$purpose = strtolower( ( $headers['Purpose'] ?? '' ) . ( $headers['Sec-Purpose'] ?? '' ) );
		return Settings::tracking() && '' !== $partner && 'HEAD' !== $this->request->method()
			&& ! preg_match( '/prefetch|prerender|preview/', $purpose )
			&& Click_Records::earns( $partner, get_current_user_id() ) && Flood::allows( Flood::CLICKS );
	}

	/**
	 * Appends the fact. Two clicks of one millisecond may draw the same id; the
	 * inbox takes only one of them.
	 *
	 * @param string[] $told    What was clicked.
	 * @param string   $visitor The browser's cookie.
	 * @param string   $new     The one it is given.
	 * @return int Id of the visit, 0 when it could not be noted.
	 */
	private function append( array $told, string $visitor, string $new ): int {
		$headers = $this->request->headers();
		$payload = $told + array(
			'host'        => $headers['X-Forwarded-Host'] ?? '',
			'visitor'     => $visitor,
			'new_visitor' => $new,
			'ip'          => $headers['X-Forwarded-For'] ?? '',
			'user_agent'  => $headers['User-Agent'] ?? '',
			'user_id'     => get_current_user_id(),
		);
		for ( $try = 0; $try < 5; $try++ ) {
			$visit = ( (int) ( microtime( true ) * 1000 ) - self::EPOCH ) << 21 | self::INSTANCE << 12 | random_int( 0,
				4095 );
			if ( Inbox::append( 'click', (string) $visit, 0, $payload ) ) {
				return $visit;
			}
		}
		return 0;
	}

	/**
	 * Text of a cookie or token.
	 *
	 * @param string $version What it is.
	 * @param string $made    Visit and expiry.
	 * @param array  $signer  Number of the key and its secret.
	 */
	private static function seal( string $version, string $made, array $signer ): string {
		$body = $version . '.' . base_convert( (string) $signer[0], 10, 36 ) . '.' . $made;
		return $body . '.' . self::base64( substr( hash_hmac( 'sha256', $body, $signer[1], true ), 0, 16 ) );
	}

	/**
	 * Base64 as URLs and cookies take it.
	 *
	 * @param string $bytes The bytes.
	 */
	private static function base64( string $bytes ): string {
		return rtrim( strtr( base64_encode( $bytes ), '+/', '-_' ), '=' );
	}

	/**
	 * A cookie of the browser, "" when there is none.
	 *
	 * @param string $name Its name on a single site.
	 */
	private function cookie( string $name ): string {
		return Inbox::cookie( $name );
	}

	/**
	 * Gives the browser a cookie.
	 *
	 * @param string $name  Its name on a single site.
	 * @param string $value Its value.
	 * @param int    $days  How long the browser keeps it.
	 */
	private function keep( string $name, string $value, int $days ): void {
		setcookie(
			Inbox::cookie_name( $name ),
			$value,
			array(
				'expires'  => time() + $days * DAY_IN_SECONDS,
				'path'     => '' === COOKIEPATH ? '/' : COOKIEPATH,
				'secure'   => 'https' === ( $this->request->headers()['X-Forwarded-Proto'] ?? '' ),
				'httponly' => true,
				'samesite' => 'Lax',
			)
		);
	}
}
