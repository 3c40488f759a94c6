<?php
/**
 * Partners' codes in WooCommerce.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

use WC_Coupon;

defined( 'ABSPATH' ) || exit;

/**
 * Coupons of WooCommerce, for Rest_Coupon. One that is off is a draft: the shop
 * says of its code that there is none, also in baskets that have it already.
 */
final class WooCommerce_Coupons {

	/** Whether the shop can be asked. */
	public static function is_there(): bool {
		return class_exists( WC_Coupon::class ) && function_exists( 'wc_get_coupon_id_by_code' );
	}

	/**
	 * The coupon that was made for a code of the sidecar, whatever its state; 0 for none.
	 *
	 * @param int $id Of the sidecar.
	 */
	public static function marked( int $id ): int {
		return self::first(
			array(
				'meta_key'   => Rest_Coupon::MARK,
				'meta_value' => (string) $id,
			)
		);
	}

	/**
	 * A coupon of ours that has the code and is off; 0 for none.
	 *
	 * @param string $code The code.
	 */
	public static function kept( string $code ): int {
		return self::first(
			array(
				'title'    => wc_format_coupon_code( $code ),
				'meta_key' => Rest_Coupon::MARK,
			)
		);
	}

	/**
	 * The coupon that works under a code; 0 for none.
	 *
	 * @param string $code The code.
	 */
	public static function named( string $code ): int {
		return (int) wc_get_coupon_id_by_code( wc_format_coupon_code( $code ) );
	}

	/**
	 * Whether we made a coupon.
	 *
	 * @param int $coupon Its id.
	 */
	public static function is_ours( int $coupon ): bool {
		return '' !== (string) get_post_meta( $coupon, Rest_Coupon::MARK, true );
	}

	/**
	 * Makes a coupon, or makes it what it should be.
	 *
	 * @param int    $coupon 0 for a new one.
	 * @param int    $id     Of the sidecar.
	 * @param string $code   The code.
	 * @param array  $in     kind, amount, minimum, until (first day on which it works no more), once, alone.
	 */
	public static function save( int $coupon, int $id, string $code, array $in ): int {
		$kept = new WC_Coupon( $coupon );
		$kept->set_code( wc_format_coupon_code( $code ) );
		$kept->set_status( 'publish' );
		$kept->set_description( __( 'A partner\'s code. Partner Center keeps it as its program says: change it there.',
			'partner-center' ) );
		$kept->set_discount_type( 'percent' === ( $in['kind'] ?? '' ) ? 'percent' : 'fixed_cart' );
		$kept->set_amount( (string) ( $in['amount'] ?? '0' ) );
		$kept->set_minimum_amount( (string) ( $in['minimum'] ?? '' ) );
		$kept->set_date_expires( '' === (string) ( $in['until'] ?? '' ) ? null : (string) $in['until'] );
		$kept->set_usage_limit_per_user( empty( $in['once'] ) ? 0 : 1 );
		$kept->set_individual_use( ! empty( $in['alone'] ) );
		$kept->update_meta_data( Rest_Coupon::MARK, (string) $id );
		$saved = (int) $kept->save();
		self::set_status( $saved, 'publish' );
		return $saved;
	}

	/**
	 * Switches a coupon off.
	 *
	 * @param int $coupon Its id.
	 */
	public static function switch_off( int $coupon ): void {
		self::set_status( $coupon, 'draft' );
		( new WC_Coupon( $coupon ) )->save(); // Forgets the coupon of the code, which WooCommerce remembers.
	}

	/**
	 * Sets the status of a coupon that exists, which WooCommerce before 10.9 does not save.
	 *
	 * @param int    $coupon Its id.
	 * @param string $status The status.
	 */
	private static function set_status( int $coupon, string $status ): void {
		if ( get_post_status( $coupon ) !== $status ) {
			wp_update_post(
				array(
					'ID'          => $coupon,
					'post_status' => $status,
				)
			);
		}
	}

	/**
	 * The first coupon of a query, trashed ones excluded; 0 for none.
	 *
	 * @param array $query Of get_posts().
	 */
	private static function first( array $query ): int {
		$found = get_posts(
			$query + array(
				'post_type'      => 'shop_coupon',
				'post_status'    => array( 'publish', 'draft', 'pending', 'private', 'future' ),
				'posts_per_page' => 1,
				'orderby'        => 'ID',
				'fields'         => 'ids',
			)
		);
		return (int) ( $found[0] ?? 0 );
	}
}
