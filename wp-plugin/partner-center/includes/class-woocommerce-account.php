<?php
/**
 * "My account" of WooCommerce.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

defined( 'ABSPATH' ) || exit;

/**
 * Partners who are customers too find the center where they look for everything
 * else of theirs. Filters alone: without WooCommerce nobody asks.
 */
final class WooCommerce_Account {

	const ENDPOINT = 'partner-center';

	/** Hooks. */
	public function register(): void {
		add_filter( 'woocommerce_account_menu_items', array( $this, 'add_item' ), 50 );
		add_filter( 'woocommerce_get_endpoint_url', array( $this, 'url' ), 10, 2 );
	}

	/**
	 * Adds the center, above the link to log out.
	 *
	 * @param mixed $items Endpoint to label.
	 * @return mixed
	 */
	public function add_item( $items ) {
		if ( ! is_array( $items ) || '' === Center_Page::url() || ! Roles::is_partner( wp_get_current_user() ) ) {
			return $items;
		}
		$at = array_search( 'customer-logout', array_keys( $items ), true );
		$at = false === $at ? count( $items ) : $at;
		return array_slice( $items, 0, $at, true )
			+ array( self::ENDPOINT => __( 'Partner Center', 'partner-center' ) )
			+ array_slice( $items, $at, null, true );
	}

	/**
	 * Where the item leads: the center's own page, which is no endpoint of the shop.
	 *
	 * @param mixed $url      What WooCommerce made of the name.
	 * @param mixed $endpoint The name.
	 * @return mixed
	 */
	public function url( $url, $endpoint ) {
		$center = self::ENDPOINT === $endpoint ? Center_Page::url() : '';
		return '' === $center ? $url : $center;
	}
}
