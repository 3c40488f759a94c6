<?php
/**
 * Partners' codes in Easy Digital Downloads.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

use DateTimeImmutable;
use DateTimeZone;

defined( 'ABSPATH' ) || exit;

/**
 * Discounts of Easy Digital Downloads 3, for Rest_Coupon. The shop decides for all
 * discounts at once whether they can be used together.
 */
final class EDD_Coupons {

	/** Whether the shop can be asked. */
	public static function is_there(): bool {
		return function_exists( 'edd_add_discount' ) && function_exists( 'edd_get_adjustments' );
	}

	/**
	 * The discount that was made for a code of the sidecar, whatever its state; 0 for none.
	 *
	 * @param int $id Of the sidecar.
	 */
	public static function marked( int $id ): int {
		$found = edd_get_adjustments(
			array(
				'type'       => 'discount',
				'number'     => 1,
				'fields'     => 'ids',
				'meta_query' => array(
					array(
						'key'   => Rest_Coupon::MARK,
						'value' => (string) $id,
					),
				),
			)
		);
		return (int) ( $found[0] ?? 0 );
	}

	/**
	 * A discount of ours that has the code and is off; 0 for none.
	 *
	 * @param string $code The code.
	 */
	public static function kept( string $code ): int {
		$discount = edd_get_discount_by_code( $code );
		return $discount && self::is_ours( (int) $discount->id ) ? (int) $discount->id : 0;
	}

	/**
	 * The discount that has a code, and works or is the shop's own: no code can be
	 * there twice. 0 for none.
	 *
	 * @param string $code The code.
	 */
	public static function named( string $code ): int {
		$discount = edd_get_discount_by_code( $code );
		return $discount && ( 'active' === $discount->status || ! self::is_ours( (int) $discount->id ) )
			? (int) $discount->id : 0;
	}

	/**
	 * Whether we made a discount.
	 *
	 * @param int $discount Its id.
	 */
	public static function is_ours( int $discount ): bool {
		return '' !== (string) edd_get_adjustment_meta( $discount, Rest_Coupon::MARK, true );
	}

	/**
	 * Makes a discount, or makes it what it should be.
	 *
	 * @param int    $discount 0 for a new one.
	 * @param int    $id       Of the sidecar.
	 * @param string $code     The code.
	 * @param array  $in       kind, amount, minimum, until (first day on which it works no more), once.
	 */
	public static function save( int $discount, int $id, string $code, array $in ): int {
		$in   += array(
			'kind'    => '',
			'amount'  => '0',
			'minimum' => '',
		);
		$data  = array(
			'name'              => __( 'Partner Center', 'partner-center' ),
			'code'              => $code,
			'status'            => 'active',
			'type'              => 'discount',
			'amount_type'       => 'percent' === $in['kind'] ? 'percent' : 'flat',
			'amount'            => (string) $in['amount'],
			'min_charge_amount' => (string) $in['minimum'] ?: '0',
			'end_date'          => self::end( (string) ( $in['until'] ?? '' ) ),
			'once_per_customer' => empty( $in['once'] ) ? 0 : 1,
			'scope'             => 'global',
		);
		if ( 0 === $discount ) {
			$discount = (int) edd_add_discount( $data );
		} else {
			edd_update_discount( $discount, $data );
		}
		edd_update_adjustment_meta( $discount, Rest_Coupon::MARK, (string) $id );
		return $discount;
	}

	/**
	 * When a discount ends, as EDD stores it.
	 *
	 * @param string $until The first day of the site on which it works no more, "" for never.
	 */
	private static function end( string $until ): ?string {
		return '' === $until ? null : ( new DateTimeImmutable( $until, wp_timezone() ) )
			->setTimezone( new DateTimeZone( 'UTC' ) )->format( 'Y-m-d H:i:s' );
	}

	/**
	 * Switches a discount off.
	 *
	 * @param int $discount Its id.
	 */
	public static function switch_off( int $discount ): void {
		edd_update_discount( $discount, array( 'status' => 'inactive' ) );
	}
}
