<?php
/**
 * Partners' own links for other plugins.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

defined( 'ABSPATH' ) || exit;

/**
 * For the owner's mail tool and for pages of the site: a shortcode, a field of
 * the REST API and a merge field, which is a user meta that is nowhere stored.
 * All of it works without the center and while the sidecar is down. The links
 * are written as the sidecar writes them, see link.go there.
 */
final class Partner_Links {
	const SHORTCODE  = 'partner_center_link';
	const META       = 'partner_center_link';
	const REST_FIELD = 'partner_center_links';

	/** Hooks. */
	public function register(): void {
		add_shortcode( self::SHORTCODE, array( $this, 'show' ) );
		add_action( 'rest_api_init', array( $this, 'add_field' ) );
		add_filter( 'get_user_metadata', array( $this, 'meta' ), 10, 3 );
	}

	/**
	 * The link of whoever is logged in.
	 *
	 * @param array|string $attributes tool: its code, else the main one; text: what the link says, else its address.
	 * @param string|null  $content    For everybody who is no partner.
	 */
	public function show( $attributes, $content = '' ): string {
		$wanted = shortcode_atts(
			array(
				'tool' => '',
				'text' => '',
			),
			$attributes,
			self::SHORTCODE
		);
		$user   = get_current_user_id();
		if ( 0 !== $user && ! defined( 'DONOTCACHEPAGE' ) ) {
			define( 'DONOTCACHEPAGE', true ); // What one partner sees is nobody else's.
		}
		$link = self::one( $user, (string) $wanted['tool'] );
		if ( '' === $link ) {
			return do_shortcode( (string) $content );
		}
		return '' === $wanted['text'] ? esc_url( $link )
			: sprintf( '<a href="%s">%s</a>', esc_url( $link ), esc_html( $wanted['text'] ) );
	}

	/** The field of users in the REST API. */
	public function add_field(): void {
		$text = array( 'type' => 'string' );
		register_rest_field(
			'user',
			self::REST_FIELD,
			array(
				'get_callback' => array( $this, 'field' ),
				'schema'       => array(
					'description' => __( 'The partner\'s own links', 'partner-center' ),
					'type'        => array( 'array', 'null' ),
					'readonly'    => true,
					'context'     => array( 'view', 'edit' ),
					'items'       => array(
						'type'       => 'object',
						'properties' => array(
							'tool' => $text,
							'name' => $text,
							'url'  => $text,
						),
					),
				),
			)
		);
	}

	/**
	 * Links of a user, for themselves and for admins of the program.
	 *
	 * @param array $user As the API shows it.
	 * @return array|null Null for everybody else: visitors may list authors.
	 */
	public function field( $user ): ?array {
		$id = (int) ( $user['id'] ?? 0 );
		if ( 0 === $id || ( get_current_user_id() !== $id && ! current_user_can( Roles::VIEW ) ) ) {
			return null;
		}
		return self::of( $id );
	}

	/**
	 * The link as a meta of the user: partner_center_link, or with _ and the code
	 * of a promo tool behind it.
	 *
	 * @param mixed  $value   What other plugins say.
	 * @param int    $user_id The user.
	 * @param string $key     The name of the meta.
	 */
	public function meta( $value, $user_id, $key ) {
		if ( null !== $value || ! is_string( $key ) || 0 !== strpos( $key, self::META ) ) {
			return $value;
		}
		$tool = substr( $key, strlen( self::META ) );
		if ( '' !== $tool && '_' !== $tool[0] ) {
			return $value;
		}
		return array( self::one( (int) $user_id, substr( $tool, 1 ) ) );
	}

	/**
	 * One link of a user.
	 *
	 * @param int    $user_id The user.
	 * @param string $tool    Code of the promo tool, "" for the main one.
	 * @return string "" when they have none.
	 */
	private static function one( int $user_id, string $tool ): string {
		foreach ( self::of( $user_id ) as $link ) {
			if ( '' === $tool || $link['tool'] === $tool ) {
				return $link['url'];
			}
		}
		return '';
	}

	/**
	 * All links of a user, the main one first; none for who is no active partner.
	 *
	 * @param int $user_id The user.
	 * @return array[] tool, name, url.
	 */
	public static function of( int $user_id ): array {
		$links = array();
		foreach ( 0 === $user_id ? array() : Click_Records::tools( $user_id ) as $row ) {
			$links[] = array(
				'tool' => $row['code'],
				'name' => $row['name'],
				'url'  => self::url( $row ),
			);
		}
		return $links;
	}

	/**
	 * A partner's link of a tool.
	 *
	 * @param array $row kind, code, target_url and partner, its code.
	 */
	private static function url( array $row ): string {
		$partner = rawurlencode( $row['partner'] );
		$tool    = rawurlencode( $row['code'] );
		return 'direct' === $row['kind'] ? Promo_Link::with( $row['target_url'], "orid=$partner&opid=$tool" )
			: self::base() . "/go/$tool?p=$partner";
	}

	/** What stands before /go/. A domain of its own has the base path as a path, whatever the site's permalinks are. */
	private static function base(): string {
		$domain = Click_Records::settings()['link_domain'];
		$base   = rtrim( Settings::public_url(), '/' );
		if ( '' === $domain ) {
			return $base;
		}
		$path = false === strpos( $base, '?' ) ? (string) wp_parse_url( $base, PHP_URL_PATH ) : '/partner-center';
		return 'https://' . $domain . rtrim( $path, '/' );
	}
}
