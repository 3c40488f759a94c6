// Package wpbridge is everything the program knows about WordPress: the
// site's wp-config.php, options, users, roles, password hashes, login cookies,
// media library, and the signed calls between the plugin and the sidecar.
//
// It knows nothing of partners, orders or commissions, and it never writes a
// table of WordPress: users and their meta are changed by WordPress alone.
//
// The formats are those of WordPress 6.1 to 7.1. Where they differ between
// releases the release is an argument, because a site is updated while the
// sidecar runs.
package wpbridge
