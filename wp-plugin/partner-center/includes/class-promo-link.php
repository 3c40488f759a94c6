<?php
/**
 * What a published link says.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

defined( 'ABSPATH' ) || exit;

/**
 * Read as the sidecar reads it, see ParseStandard and parsePage there, but only
 * as far as sending a visitor on needs it: what counts is judged there, later.
 */
final class Promo_Link {
	/** Characters around a code that came from a mail's text. */
	const NOT_CODE = '<>()[]{}"\'.,;:!?*_|\\';

	/**
	 * Code of the promo tool, "" when none is named.
	 *
	 * @var string
	 */
	public $tool = '';

	/**
	 * Code of the partner, "" when none is named.
	 *
	 * @var string
	 */
	public $partner = '';

	/**
	 * Path of a deep link, or "".
	 *
	 * @var string
	 */
	public $to = '';

	/**
	 * Whether it carries the partner's coupon.
	 *
	 * @var bool
	 */
	public $coupon = false;

	/**
	 * A standard link.
	 *
	 * @param string $path  What stands behind go/, encoded: {tool} or {tool}/{partner}.
	 * @param string $query The query, encoded.
	 */
	public static function standard( string $path, string $query ): Promo_Link {
		list( $path, $appended ) = array_pad( explode( '&', $path, 2 ), 2, '' );
		list( $tool, $partner )  = array_pad( explode( '/', trim( $path, '/' ), 2 ), 2, '' );
		$values                  = self::values( $appended . '&' . $query );
		$link                    = new self();
		$link->tool              = self::clean( rawurldecode( $tool ) );
		$link->partner           = self::clean( '' === $partner ? self::first( $values, array( 'p', 'orid', 'oprid' ) )
			: rawurldecode( $partner ) );
		$link->to                = self::first( $values, array( 'to' ) );
		$link->coupon            = isset( $values['coupon'] );
		return $link;
	}

	/**
	 * The page of a direct link.
	 *
	 * @param string   $url   Its URL.
	 * @param string[] $names Parameters that name a partner.
	 */
	public static function page( string $url, array $names ): Promo_Link {
		$values        = self::values( (string) wp_parse_url( $url, PHP_URL_QUERY ) );
		$link          = new self();
		$link->tool    = self::clean( self::first( $values, array( 'opid' ) ) );
		$link->partner = self::clean( self::first( $values, $names ) );
		$link->coupon  = isset( $values['coupon'] );
		return $link;
	}

	/**
	 * Where a deep link leads: to its path on the target's own host, or to the
	 * target itself.
	 *
	 * @param string $target The tool's target.
	 */
	public function deep( string $target ): string {
		if ( ! preg_match( '#^/(?!/)[^\x00-\x20\x7f\\\\]*$#D', $this->to ) ) {
			return $target;
		}
		return preg_replace( '#^(https?://[^/?\#]+).*#i', '$1', $target ) . $this->to;
	}

	/**
	 * A URL with a parameter more: behind its query, before its fragment.
	 *
	 * @param string $url  The URL.
	 * @param string $pair "name=value", encoded.
	 */
	public static function with( string $url, string $pair ): string {
		list( $page, $fragment ) = array_pad( explode( '#', $url, 2 ), 2, null );
		return Client::with_query( $page, $pair ) . ( null === $fragment ? '' : '#' . $fragment );
	}

	/**
	 * Parameters by name, the first of each.
	 *
	 * @param string $query Encoded; mail programs leave &amp; in it.
	 * @return string[]
	 */
	private static function values( string $query ): array {
		$values = array();
		foreach ( explode( '&', str_replace( '&amp;', '&', $query ) ) as $pair ) {
			list( $name, $value ) = array_pad( explode( '=', $pair, 2 ), 2, '' );
			$values              += array( urldecode( $name ) => urldecode( $value ) );
		}
		return $values;
	}

	/**
	 * The first value that is not empty.
	 *
	 * @param string[] $values By name.
	 * @param string[] $names  In their order.
	 */
	private static function first( array $values, array $names ): string {
		foreach ( $names as $name ) {
			if ( '' !== ( $values[ $name ] ?? '' ) ) {
				return $values[ $name ];
			}
		}
		return '';
	}

	/**
	 * A code without what mails do to it; "" for what no code is.
	 *
	 * @param string $code As found.
	 */
	private static function clean( string $code ): string {
		$code = trim( strtolower( (string) preg_replace( '/[\x00-\x20\x7f]+/', '', $code ) ), self::NOT_CODE );
		return preg_match( '/^[\x21-\x7e]{1,190}$/D', $code ) ? $code : '';
	}
}
