<?php
/**
 * Runs once, when an administrator deletes the plugin.
 *
 * @package PartnerCenter
 */

defined( 'WP_UNINSTALL_PLUGIN' ) || exit;

require __DIR__ . '/includes/autoload.php';

PartnerCenter\Lifecycle::uninstall();
