<?php
/**
 * Who the people in the books are.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

defined( 'ABSPATH' ) || exit;

/**
 * Takes names, addresses and cookies out of the tables and leaves what was sold,
 * earned and paid. The sidecar may be gone when this is wanted, so it is done
 * here; its own proof of the books (partner-center verify) holds afterwards.
 *
 * What stays: payment lines with payee and address, as long as the law asks for
 * them, and who of the staff booked what, which is sealed with each booking.
 */
final class Persons {
	/** {p} stands for what our tables' names begin with, {now} for the time. */
	const FORGET = array(
		'DELETE FROM {p}inbox',
		'DELETE FROM {p}mails',
		'DELETE FROM {p}jobs',
		'DELETE FROM {p}task_files',
		'DELETE FROM {p}message_events',
		'DELETE FROM {p}mail_settings',
		'DELETE FROM {p}applications',
		'DELETE FROM {p}import_lines',
		'DELETE FROM {p}imports',
		'DELETE FROM {p}signup_answers',
		'DELETE FROM {p}signup_tries',
		'DELETE FROM {p}paypal_changes',
		'DELETE FROM {p}partner_notes',
		'DELETE FROM {p}contact_values',
		'DELETE FROM {p}contact_browsers',
		'DELETE FROM {p}missing_sales',
		'DELETE FROM {p}order_persons',
		'DELETE FROM {p}audit_values',
		'DELETE FROM {p}api_answers',
		'DELETE FROM {p}api_calls',
		'DELETE FROM {p}pixel_calls',
		'DELETE FROM {p}webhook_deliveries',
		// Without these keys no cookie can be read, and no hash of one be made again.
		'DELETE FROM {p}secrets',
		"UPDATE {p}contacts SET email = CONCAT('erased-', id, '@contact.invalid'), wp_user_id = NULL,
			first_name = '', last_name = '', company = '', listed_as = ''",
		"UPDATE {p}partners SET wp_user_id = NULL, listed_as = '', paypal_email = '', payee = '', address = ''",
		"UPDATE {p}touchpoints SET page = '', browser = ''",
		"UPDATE {p}orders SET note = ''",
		"UPDATE {p}tasks SET params = '{}'",
		"UPDATE {p}audit SET actor = CONCAT('(user ', SUBSTRING_INDEX(actor, '(user ', -1))
			WHERE actor LIKE '%(user %' AND object <> 'manual'",
		"UPDATE {p}api_keys SET name = '', revoked_at = COALESCE(revoked_at, '{now}')",
		"UPDATE {p}webhooks SET name = '', url = '', removed_at = COALESCE(removed_at, '{now}')",
	);

	/** Forgets the persons of this site; what was done already is done again without harm. */
	public static function forget(): void {
		global $wpdb;
		$shown = $wpdb->suppress_errors(); // A sidecar of an older release has fewer tables.
		$names = array(
			'{p}'   => $wpdb->prefix . Tables::OURS,
			'{now}' => Inbox::now(),
		);
		foreach ( self::FORGET as $statement ) {
			// phpcs:ignore WordPress.DB.PreparedSQL.NotPrepared -- our own statements, without values from outside.
			$wpdb->query( strtr( $statement, $names ) );
		}
		$wpdb->suppress_errors( $shown );
	}
}
