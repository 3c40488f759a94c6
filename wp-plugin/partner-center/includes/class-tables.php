<?php
/**
 * The tables of plugin and sidecar.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

defined( 'ABSPATH' ) || exit;

/**
 * Named one by one: what merely begins like ours may be another plugin's.
 */
final class Tables {
	/** What all names begin with, behind the site's prefix. */
	const OURS = 'partner_center_';

	/** Without what all names begin with; a table stands before those it refers to. */
	const NAMES = array(
		'entries',
		'api_answers',
		'api_calls',
		'api_keys',
		'applications',
		'audit',
		'audit_values',
		'balances',
		'claims',
		'click_rejects',
		'click_tokens',
		'commissions',
		'contact_browsers',
		'contact_fields',
		'contact_values',
		'contacts',
		'coupon_templates',
		'coupons',
		'day_sums',
		'decisions',
		'floods',
		'heartbeats',
		'import_lines',
		'imports',
		'inbox',
		'instances',
		'jobs',
		'task_files',
		'tasks',
		'journals',
		'leases',
		'mail_settings',
		'mails',
		'manuals',
		'memberships',
		'missing_sales',
		'message_events',
		'message_uses',
		'messages',
		'milestone_passes',
		'milestone_standings',
		'milestones',
		'nonces',
		'order_coupons',
		'order_lines',
		'order_persons',
		'order_seqs',
		'order_states',
		'orders',
		'partner_mails',
		'partner_notes',
		'own_clicks',
		'partner_states',
		'partners',
		'payout_files',
		'payout_items',
		'payout_lines',
		'payouts',
		'paypal_changes',
		'pixel_calls',
		'policies',
		'products',
		'programs',
		'reset_contacts',
		'resets',
		'schema',
		'rolls',
		'screens',
		'secrets',
		'settings',
		'signup_accepted',
		'signup_answers',
		'signup_fields',
		'signup_terms',
		'signup_tries',
		'subscriptions',
		'term_flats',
		'terms',
		'tool_groups',
		'tools',
		'touchpoints',
		'versions',
		'visit_days',
		'visit_seen',
		'visit_sums',
		'visit_pages',
		'visits',
		'webhook_deliveries',
		'webhooks',
	);

	/** Hooks. */
	public function register(): void {
		add_filter( 'wpmu_drop_tables', array( $this, 'of_site' ), 10, 2 );
	}

	/**
	 * Adds our tables to those that go with a site of a network.
	 *
	 * @param string[] $tables What WordPress drops.
	 * @param int      $id     The site.
	 */
	public function of_site( $tables, $id ): array {
		global $wpdb;
		return array_merge( (array) $tables, self::below( $wpdb->get_blog_prefix( $id ) ) );
	}

	/** Drops the tables of this site. */
	public static function drop(): void {
		global $wpdb;
		foreach ( self::below( $wpdb->prefix ) as $table ) {
			$wpdb->query( "DROP TABLE IF EXISTS `$table`" );
		}
	}

	/**
	 * Full names.
	 *
	 * @param string $prefix Prefix of the site's tables.
	 * @return string[]
	 */
	private static function below( string $prefix ): array {
		return array_map(
			static function ( $name ) use ( $prefix ) {
				return $prefix . self::OURS . $name;
			},
			self::NAMES
		);
	}
}
