<?php
/**
 * Mails of the sidecar.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

use PHPMailer\PHPMailer\PHPMailer;
use WP_Error;
use WP_User;

defined( 'ABSPATH' ) || exit;

/**
 * Sends through wp_mail, so that the site's mail plugin, sender and log apply.
 */
final class Rest_Mail {

	const SET_PASSWORD = '%set_password_url%';
	const LOGIN        = '%login%';

	/** What is not given. */
	const NOTHING = array(
		'to'      => '',
		'subject' => '',
		'html'    => '',
		'text'    => '',
		'user_id' => 0,
		'headers' => array(),
	);

	/**
	 * Plain text of the mail being sent.
	 *
	 * @var string
	 */
	private $text = '';

	/**
	 * Why the mail being sent failed.
	 *
	 * @var string
	 */
	private $reason = '';

	/**
	 * Sends one mail.
	 *
	 * @param array $in to, subject, html, text, user_id, headers.
	 * @return array|WP_Error sent, reason.
	 */
	public function send( array $in ) {
		$in += self::NOTHING;
		if ( ! is_email( $in['to'] ) ) {
			return Rest::invalid( array( 'to' => __( 'This isn\'t a valid email address.', 'partner-center' ) ) );
		}
		$values = self::values( $in['html'] . $in['text'], (int) $in['user_id'], $in['to'] );
		if ( is_wp_error( $values ) ) {
			return $values;
		}
		$html       = strtr( $in['html'], array_map( 'esc_html', $values ) );
		$this->text = strtr( $in['text'], $values );
		$sent       = $this->deliver( $in['to'], $in['subject'], $html, self::headers( (array) $in['headers'] ) );
		return array(
			'sent'   => $sent,
			'reason' => $this->reason,
		);
	}

	/**
	 * Values of the merge fields that only WordPress knows, of a mail that the
	 * sidecar sends itself.
	 *
	 * @param array $in to, text, user_id.
	 * @return array|WP_Error values: field to value.
	 */
	public function fields( array $in ) {
		$in    += self::NOTHING;
		$values = self::values( $in['text'], (int) $in['user_id'], $in['to'] );
		return is_wp_error( $values ) ? $values : array( 'values' => (object) $values );
	}

	/**
	 * Fills in the plain text; called by WordPress just before it sends.
	 *
	 * @param PHPMailer $mailer The mail.
	 */
	public function add_text( $mailer ): void {
		$mailer->AltBody = $this->text;
	}

	/**
	 * Keeps the reason of a failure.
	 *
	 * @param WP_Error $error The failure.
	 */
	public function keep_reason( $error ): void {
		$this->reason = $error->get_error_message();
	}

	/**
	 * Through wp_mail, as HTML with plain text beside it or as plain text.
	 *
	 * @param string   $to      Address.
	 * @param string   $subject Subject.
	 * @param string   $html    May be "".
	 * @param string[] $headers Lines.
	 */
	private function deliver( string $to, string $subject, string $html, array $headers ): bool {
		$is_html = '' !== $html;
		if ( $is_html ) {
			$headers[] = 'Content-Type: text/html; charset=UTF-8';
			add_action( 'phpmailer_init', array( $this, 'add_text' ) );
		}
		add_action( 'wp_mail_failed', array( $this, 'keep_reason' ) );
		$sent = wp_mail( $to, $subject, $is_html ? $html : $this->text, $headers );
		remove_action( 'wp_mail_failed', array( $this, 'keep_reason' ) );
		remove_action( 'phpmailer_init', array( $this, 'add_text' ) );
		return $sent;
	}

	/**
	 * Values of the merge fields that only WordPress knows. A link to set the
	 * password makes earlier ones void, so it is made only when it is asked for.
	 *
	 * @param string $copy    The mail.
	 * @param int    $user_id The user it is for.
	 * @param string $to      Where it goes.
	 * @return string[]|WP_Error
	 */
	private static function values( string $copy, int $user_id, string $to ) {
		$wants_link = false !== strpos( $copy, self::SET_PASSWORD );
		if ( ! $wants_link && false === strpos( $copy, self::LOGIN ) ) {
			return array();
		}
		$user = get_userdata( $user_id );
		if ( ! $user ) {
			return new WP_Error( 'partner_center_no_user', __( 'There is no such user.', 'partner-center' ),
				array( 'status' => 404 ) );
		}
		$link = $wants_link ? self::set_password_url( $user, $to ) : '';
		if ( is_wp_error( $link ) ) {
			$link->add_data( array( 'status' => 409 ) );
			return $link;
		}
		return array(
			self::SET_PASSWORD => $link,
			self::LOGIN        => $user->user_login,
		);
	}

	/**
	 * A fresh link, good for a day by WordPress' default. Whoever has it has the
	 * account: a mailbox other than the account's own gets the page on which to
	 * ask for one.
	 *
	 * @param WP_User $user The user.
	 * @param string  $to   Where it goes.
	 * @return string|WP_Error
	 */
	private static function set_password_url( WP_User $user, string $to ) {
		if ( 0 !== strcasecmp( $to, $user->user_email ) ) {
			return wp_lostpassword_url();
		}
		$key = get_password_reset_key( $user );
		if ( is_wp_error( $key ) ) {
			return $key;
		}
		$query = http_build_query(
			array(
				'action' => 'rp',
				'key'    => $key,
				'login'  => $user->user_login,
			),
			'',
			'&',
			PHP_QUERY_RFC3986
		);
		return network_site_url( 'wp-login.php?' . $query, 'login' );
	}

	/**
	 * Header lines; one that would break out of its line is left out.
	 *
	 * @param array $headers Name to value.
	 * @return string[]
	 */
	private static function headers( array $headers ): array {
		$lines = array();
		foreach ( $headers as $name => $value ) {
			$line = $name . ': ' . ( is_string( $value ) ? $value : '' );
			if ( preg_match( '/^[A-Za-z0-9-]+: [^\r\n]+$/D', $line ) ) {
				$lines[] = $line;
			}
		}
		return $lines;
	}
}
