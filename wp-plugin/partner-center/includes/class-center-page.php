<?php
/**
 * The WordPress page that shows the partner center.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

defined( 'ABSPATH' ) || exit;

/**
 * Made, adopted or published when the center is switched on; a draft while it
 * is off. Only a page we made, and nobody wrote on, goes with the plugin.
 */
final class Center_Page {

	const SLUG = 'partners';

	/** How PilotPress marked its page. */
	const PILOTPRESS_META  = '_pilotpress_system_page';
	const PILOTPRESS_VALUE = 'affiliate_center';

	/** The base path moves here when an adopted page has its name. */
	const OTHER_BASE_PATH = '/partner-links';

	/** Hooks. */
	public function register(): void {
		add_action( 'update_option_' . Settings::OPTION, array( $this, 'follow_switch' ), 10, 0 );
		add_action( 'add_option_' . Settings::OPTION, array( $this, 'follow_switch' ), 10, 0 );
		add_filter( 'wp_unique_post_slug_is_bad_flat_slug', array( $this, 'keep_base_path_free' ), 10, 2 );
		add_filter( 'wp_unique_post_slug_is_bad_hierarchical_slug', array( $this, 'keep_base_path_free' ), 10, 4 );
	}

	/**
	 * No new page or post gets the name of the base path: nobody could see it.
	 *
	 * @param bool   $is_bad Whether WordPress has to choose another name.
	 * @param string $slug   The name.
	 * @param string $type   Type of the post.
	 * @param int    $parent Page above it.
	 */
	public function keep_base_path_free( $is_bad, $slug, $type = '', $parent = 0 ) {
		return $is_bad || ( ! $parent && '/' . $slug === Settings::all()['base_path'] );
	}

	/** Brings the page in line with the switch; does nothing when it is. */
	public function follow_switch(): void {
		if ( Settings::center() ) {
			self::publish();
		} else {
			self::withdraw();
		}
	}

	/** The page's URL, "" while there is none to be seen. */
	public static function url(): string {
		$id = Settings::page_id();
		return $id && 'publish' === get_post_status( $id ) ? (string) get_permalink( $id ) : '';
	}

	/**
	 * Whether a post is the center page.
	 *
	 * @param int $id Its id.
	 */
	public static function is( int $id ): bool {
		return $id > 0 && Settings::page_id() === $id;
	}

	/** Has a published page: the one there was, one that serves, else a new one. */
	public static function publish(): void {
		$id      = self::existing();
		$id      = 0 === $id ? self::create() : $id;
		$changes = array( 'page_id' => $id );
		if ( '/' . get_page_uri( $id ) === Settings::all()['base_path'] ) {
			$changes['base_path'] = self::OTHER_BASE_PATH;
		}
		if ( array_diff_assoc( $changes, Settings::all() ) ) {
			Settings::change( $changes ); // Before publishing, which would rename a page called like the base path.
		}
		if ( 'publish' !== get_post_status( $id ) ) {
			self::set_status( $id, 'publish' );
		}
	}

	/** Takes the page out of sight. */
	public static function withdraw(): void {
		$id = Settings::page_id();
		if ( $id && 'publish' === get_post_status( $id ) ) {
			self::set_status( $id, 'draft' );
		}
	}

	/** Removes the page when the plugin is deleted; what people wrote stays, as a draft. */
	public static function remove(): void {
		$id      = Settings::page_id();
		$page    = $id ? get_post( $id ) : null;
		$is_ours = $page && self::content() === trim( $page->post_content )
			&& '' === get_post_meta( $id, self::PILOTPRESS_META, true );
		if ( $is_ours ) {
			// phpcs:ignore Generic.PHP.ForbiddenFunctions -- our own page, and nobody wrote on it.
			wp_delete_post( $id, true );
		} else {
			self::withdraw();
		}
	}

	/** What stands on a page that we make. */
	private static function content(): string {
		return '[' . Theme_Surface::SHORTCODE . ']';
	}

	/** The id of a page to use, 0 when there is none. */
	private static function existing(): int {
		$id = Settings::page_id();
		if ( $id && in_array( get_post_status( $id ), array( 'publish', 'draft', 'pending', 'private' ), true ) ) {
			return $id;
		}
		$adopted = get_posts(
			array(
				'post_type'   => 'page',
				'post_status' => array( 'publish', 'draft', 'private' ),
				'meta_key'    => self::PILOTPRESS_META,
				'meta_value'  => self::PILOTPRESS_VALUE,
				'numberposts' => 1,
				'fields'      => 'ids',
			)
		);
		if ( $adopted ) {
			return $adopted[0];
		}
		$page = get_page_by_path( self::SLUG );
		return $page && has_shortcode( $page->post_content, Theme_Surface::SHORTCODE ) ? $page->ID : 0;
	}

	/** A new page; WordPress changes the slug if another page has it. */
	private static function create(): int {
		return wp_insert_post(
			array(
				'post_type'      => 'page',
				'post_status'    => 'publish',
				'post_title'     => __( 'Partner Center', 'partner-center' ),
				'post_name'      => self::SLUG,
				'post_content'   => self::content(),
				'comment_status' => 'closed',
				'ping_status'    => 'closed',
			)
		);
	}

	/**
	 * Changes nothing but the status.
	 *
	 * @param int    $id     The page.
	 * @param string $status publish or draft.
	 */
	private static function set_status( int $id, string $status ): void {
		wp_update_post(
			array(
				'ID'          => $id,
				'post_status' => $status,
			)
		);
	}
}
