<?php
/**
 * Partners' coupons that are gone from the shop.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

defined( 'ABSPATH' ) || exit;

/**
 * Tells the sidecar when somebody deletes a coupon that Partner Center keeps in
 * the shop, so that it is made again while its partner should have it. It is told
 * when the coupon is gone, not before: it might be found still there.
 */
final class Coupon_Facts {

	/** Of these facts. */
	const KIND = 'coupon';

	/**
	 * The sidecar's numbers of coupons that are about to be deleted, by source and shop's number.
	 *
	 * @var string[]
	 */
	private $deleted = array();

	/** Hooks. */
	public function register(): void {
		if ( ! Settings::tracking() ) {
			return;
		}
		add_action( 'before_delete_post', array( $this, 'before_post' ) );
		add_action( 'deleted_post', array( $this, 'after_post' ) );
		add_action( 'trashed_post', array( $this, 'trashed_post' ) );
		add_action( 'edd_pre_delete_discount', array( $this, 'before_discount' ) );
		add_action( 'edd_post_delete_discount', array( $this, 'after_discount' ) );
	}

	/**
	 * A post is about to be deleted.
	 *
	 * @param mixed $id Of any post.
	 */
	public function before_post( $id ): void {
		if ( 'shop_coupon' === get_post_type( (int) $id ) && 'trash' !== get_post_status( (int) $id ) ) {
			$this->deleted[ "woocommerce $id" ] = (string) get_post_meta( (int) $id, Rest_Coupon::MARK, true );
		}
	}

	/**
	 * A post was deleted.
	 *
	 * @param mixed $id Of any post.
	 */
	public function after_post( $id ): void {
		self::report( 'woocommerce', $this->deleted[ "woocommerce $id" ] ?? '' );
	}

	/**
	 * A post went into the trash.
	 *
	 * @param mixed $id Of any post.
	 */
	public function trashed_post( $id ): void {
		if ( 'shop_coupon' === get_post_type( (int) $id ) ) {
			self::report( 'woocommerce', (string) get_post_meta( (int) $id, Rest_Coupon::MARK, true ) );
		}
	}

	/**
	 * A discount is about to be deleted.
	 *
	 * @param mixed $id Of it.
	 */
	public function before_discount( $id ): void {
		$this->deleted[ "edd $id" ] = (string) edd_get_adjustment_meta( (int) $id, Rest_Coupon::MARK, true );
	}

	/**
	 * A discount was deleted.
	 *
	 * @param mixed $id Of it.
	 */
	public function after_discount( $id ): void {
		self::report( 'edd', $this->deleted[ "edd $id" ] ?? '' );
	}

	/**
	 * Tells that a coupon is gone.
	 *
	 * @param string $source The shop.
	 * @param string $coupon The sidecar's number of the coupon; "" for the shop's own.
	 */
	private static function report( string $source, string $coupon ): void {
		if ( '' === $coupon ) {
			return;
		}
		Inbox::put(
			array(
				'kind'        => self::KIND,
				'source'      => $source,
				'external_id' => $coupon,
				'seq'         => (int) ( microtime( true ) * 1000000 ),
				'occurred_at' => Inbox::now(),
				'click'       => '',
				'payload'     => (string) wp_json_encode( array( 'gone' => true ) ),
			)
		);
	}
}
