<?php
/**
 * What the person who runs the server decides: constants in wp-config.php,
 * else environment variables.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

defined( 'ABSPATH' ) || exit;

/**
 * Reads PARTNER_CENTER_KEY and PARTNER_CENTER_URL.
 */
final class Config {

	/**
	 * The value of a setting.
	 *
	 * @param string $name Name of the constant and of the variable.
	 * @return string "" when neither is given.
	 */
	public static function value( string $name ): string {
		if ( defined( $name ) ) {
			return (string) constant( $name );
		}
		$value = getenv( $name );
		return false === $value ? '' : $value;
	}
}
