<?php
/**
 * Where a visitor comes from.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

defined( 'ABSPATH' ) || exit;

/**
 * The visitor's address, as the nearest trusted proxy saw it. Proxies that are
 * not on this machine are named by PARTNER_CENTER_TRUSTED_PROXIES, in
 * wp-config.php or in the environment, as for the sidecar.
 */
final class Client_Address {

	/**
	 * The address of a request.
	 *
	 * @param array $server $_SERVER.
	 */
	public static function of( array $server ): string {
		$address = self::text( $server, 'REMOTE_ADDR' );
		$chain   = array_reverse( explode( ',', self::text( $server, 'HTTP_X_FORWARDED_FOR' ) ) );
		foreach ( $chain as $hop ) {
			$hop = preg_replace( '/^(?:\[(.+)\]|([0-9.]+)):\d+$/', '$1$2', trim( $hop ) ); // Some name the port, too.
			if ( ! self::trusted( $address ) || ! filter_var( $hop, FILTER_VALIDATE_IP ) ) {
				break;
			}
			$address = $hop;
		}
		return $address;
	}

	/**
	 * Tells the networks of visitors apart without naming them: a keyed hash of
	 * the address, of IPv6 of its /64. The sidecar makes the same of its own
	 * requests (docs/wire.md).
	 *
	 * @param array $server $_SERVER.
	 * @return string "" when it cannot be told.
	 */
	public static function hash( array $server ): string {
		$key    = Key::of_site();
		$packed = filter_var( self::of( $server ), FILTER_VALIDATE_IP ) ? inet_pton( self::of( $server ) ) : false;
		if ( null === $key || false === $packed ) {
			return '';
		}
		if ( 16 === strlen( $packed ) && 0 === strpos( $packed, str_repeat( "\0", 10 ) . "\xff\xff" ) ) {
			$packed = substr( $packed, 12 );
		}
		return $key->client( 16 === strlen( $packed ) ? substr( $packed, 0, 8 ) : $packed );
	}

	/**
	 * Whether an address is a proxy's, whose word on the visitor counts.
	 *
	 * @param string $address IPv4 or IPv6.
	 */
	private static function trusted( string $address ): bool {
		$list = '127.0.0.0/8,::1,' . Config::value( 'PARTNER_CENTER_TRUSTED_PROXIES' );
		foreach ( preg_split( '/[\s,]+/', $list, -1, PREG_SPLIT_NO_EMPTY ) as $network ) {
			if ( self::inside( $address, $network ) ) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Whether an address belongs to a network.
	 *
	 * @param string $address IPv4 or IPv6.
	 * @param string $network An address, or a network such as 10.0.0.0/8.
	 */
	public static function inside( string $address, string $network ): bool {
		list( $base, $bits ) = array_pad( explode( '/', $network, 2 ), 2, '' );
		if ( ! filter_var( $address, FILTER_VALIDATE_IP ) || ! filter_var( $base, FILTER_VALIDATE_IP ) ) {
			return false;
		}
		$packed = inet_pton( $address );
		$base   = inet_pton( $base );
		if ( strlen( $packed ) !== strlen( $base ) ) {
			return false;
		}
		if ( '' !== $bits && ! ctype_digit( $bits ) ) {
			return false;
		}
		$bits = '' === $bits ? 8 * strlen( $packed ) : min( 8 * strlen( $packed ), (int) $bits );
		$full = intdiv( $bits, 8 );
		if ( substr( $packed, 0, $full ) !== substr( $base, 0, $full ) ) {
			return false;
		}
		$mask = 0xff << ( 8 - $bits % 8 ) & 0xff;
		return 0 === $bits % 8 || ( ord( $packed[ $full ] ) & $mask ) === ( ord( $base[ $full ] ) & $mask );
	}

	/**
	 * One value of $_SERVER.
	 *
	 * @param array  $server $_SERVER.
	 * @param string $name   Its key.
	 */
	private static function text( array $server, string $name ): string {
		return isset( $server[ $name ] ) && is_string( $server[ $name ] ) ? $server[ $name ] : '';
	}
}
