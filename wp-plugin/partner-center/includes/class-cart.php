<?php
/**
 * What carts have in common.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

defined( 'ABSPATH' ) || exit;

/** A plugin that sells, and whose orders can be read at any time. */
interface Cart {

	/** Where its orders come from: at most 32 characters of ASCII. */
	public function source(): string;

	/** Whether it is active. Nothing else is called where it is not. */
	public function is_there(): bool;

	/**
	 * Whether it is an order, and neither a refund, a subscription nor a page.
	 *
	 * @param int $id Of anything.
	 */
	public function has( int $id ): bool;

	/**
	 * An order as it stands.
	 *
	 * @param int $id Of the order.
	 * @return array|null Click, occurred_at and payload; null when nobody has ordered yet.
	 */
	public function state( int $id ): ?array;

	/**
	 * When an order came into its state, as far as it tells.
	 *
	 * @param int $id Of the order.
	 * @return int[] Unix seconds: the latest counts.
	 */
	public function changed_at( int $id ): array;

	/**
	 * Orders that changed since then, by id.
	 *
	 * @param int $from Unix seconds.
	 * @param int $page From 1.
	 * @param int $size Of a page.
	 * @return int[]
	 */
	public function changed( int $from, int $page, int $size ): array;

	/**
	 * Reports the next products of the catalog.
	 *
	 * @param int $page From 1.
	 * @return bool Whether there are more.
	 */
	public function report_products( int $page ): bool;
}
