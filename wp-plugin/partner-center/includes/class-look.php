<?php
/**
 * How the site presents itself, for pages that are shown without its theme.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

defined( 'ABSPATH' ) || exit;

/**
 * Name, logo, icon and color of the site.
 */
final class Look {

	/** Names under which themes keep the color they are known by. */
	const SLUGS = array( 'primary', 'brand', 'accent' );

	/** Everything, with '' and 0 for what the site has not. */
	public static function of_site(): array {
		$logo = wp_get_attachment_image_src( (int) get_theme_mod( 'custom_logo' ), 'medium' );
		if ( ! is_array( $logo ) ) {
			$logo = array( '', 0, 0 );
		}
		return array(
			'name'        => wp_specialchars_decode( get_bloginfo( 'name' ), ENT_QUOTES ),
			'logo'        => (string) $logo[0],
			'logo_width'  => (int) $logo[1],
			'logo_height' => (int) $logo[2],
			'icon'        => (string) get_site_icon_url( 64 ),
			'color'       => self::color(),
		);
	}

	/** The color of the theme's buttons or links, else the one it calls its own; greys are none. */
	private static function color(): string {
		if ( ! \WP_Theme_JSON_Resolver::theme_has_support() ) {
			return '';
		}
		$palette  = self::palette();
		$elements = wp_get_global_styles( array( 'elements' ) );
		$colors   = array(
			$elements['button']['color']['background'] ?? '',
			$elements['link']['color']['text'] ?? '',
		);
		foreach ( self::SLUGS as $slug ) {
			$colors[] = $palette[ $slug ] ?? '';
		}
		foreach ( $colors as $color ) {
			$hex = self::hex( is_string( $color ) ? $color : '', $palette );
			if ( '' !== $hex && ! self::is_grey( $hex ) ) {
				return $hex;
			}
		}
		return '';
	}

	/** The theme's colors by name; the site's own go before the theme's. */
	private static function palette(): array {
		$colors  = array();
		$sources = wp_get_global_settings( array( 'color', 'palette' ) );
		foreach ( array( 'theme', 'custom' ) as $source ) {
			foreach ( (array) ( $sources[ $source ] ?? array() ) as $entry ) {
				if ( is_string( $entry['slug'] ?? null ) && is_string( $entry['color'] ?? null ) ) {
					$colors[ $entry['slug'] ] = $entry['color'];
				}
			}
		}
		return $colors;
	}

	/** A color as #rrggbb, also one that is named by the palette; '' for any other way to write it. */
	private static function hex( string $color, array $palette ): string {
		if ( preg_match( '/^var(?::preset\|color\||\(--wp--preset--color--)([\w-]+)\)?$/', trim( $color ), $named ) ) {
			$color = (string) ( $palette[ $named[1] ] ?? '' );
		}
		$color = strtolower( trim( $color ) );
		if ( preg_match( '/^#([0-9a-f])([0-9a-f])([0-9a-f])$/', $color, $short ) ) {
			$color = '#' . $short[1] . $short[1] . $short[2] . $short[2] . $short[3] . $short[3];
		}
		return preg_match( '/^#[0-9a-f]{6}$/', $color ) ? $color : '';
	}

	/** Whether red, green and blue are nearly the same. */
	private static function is_grey( string $hex ): bool {
		$parts = array_map( 'hexdec', str_split( substr( $hex, 1 ), 2 ) );
		return max( $parts ) - min( $parts ) < 48;
	}
}
