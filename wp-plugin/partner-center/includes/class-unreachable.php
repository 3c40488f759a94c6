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
 * The sidecar could not be asked; the message tells administrators why.
 */
final class Unreachable extends RuntimeException {}
