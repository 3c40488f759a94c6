<?php
/**
 * Plugin Name:       Partner Center
 * Description:       Your own partner (affiliate) program: switches the partner center on, hands WordPress facts to the
 * Partner Center sidecar and shows its pages inside your theme and wp-admin.
 * Version:           1.0.0
 * Requires at least: 6.1
 * Requires PHP:      7.4
 * License:           GPL-3.0-or-later
 * License URI:       https://www.gnu.org/licenses/gpl-3.0.html
 * Text Domain:       partner-center
 * Domain Path:       /languages
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

defined( 'ABSPATH' ) || exit;

const VERSION     = '1.0.0';
const PLUGIN_FILE = __FILE__;

require __DIR__ . '/includes/autoload.php';
require __DIR__ . '/includes/functions.php';

register_activation_hook( __FILE__, array( Lifecycle::class, 'activate' ) );
register_deactivation_hook( __FILE__, array( Lifecycle::class, 'deactivate' ) );

( new Plugin() )->register();
