<?php
/**
 * The error of a call that got no answer.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

use RuntimeException;

defined( 'ABSPATH' ) || exit;

/**
 * The sidecar could not be asked. The reason is put into words only when it is
 * shown: calls are made before WordPress may load translations.
 */
final class Unreachable extends RuntimeException {

	/**
	 * Gives the reason.
	 *
	 * @var callable
	 */
	private $explain;

	/**
	 * An error with its reason.
	 *
	 * @param callable $explain Gives it as a sentence for administrators.
	 * @param int      $status  HTTP status: 503 for what passes, else the reason is for whoever sent it.
	 */
	public function __construct( callable $explain, int $status = 503 ) {
		parent::__construct( 'The sidecar could not be asked.', $status );
		$this->explain = $explain;
	}

	/** The reason, for administrators. */
	public function reason(): string {
		return ( $this->explain )();
	}
}
