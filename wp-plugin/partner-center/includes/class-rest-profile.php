<?php
/**
 * A partner's own account data.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

use stdClass;
use WP_Error;
use WP_User;

defined( 'ABSPATH' ) || exit;

/**
 * Changes name, e-mail and password with the checks of WordPress' profile page.
 * Passwords are handled with slashes added, as WordPress' own forms do; without
 * them one with a quote would not work at the login form.
 */
final class Rest_Profile {

	/** Fields of WordPress' form to ours. */
	const FORM_FIELDS = array(
		'pass1' => 'password',
		'email' => 'email',
	);

	/**
	 * Changes what is given. E-mail and password need the current password: a
	 * login left open must not be enough to take an account over.
	 *
	 * @param array $in user_id, email, first_name, last_name, password, current_password.
	 * @return stdClass|WP_Error
	 */
	public function change( array $in ) {
		$user = get_userdata( (int) ( $in['user_id'] ?? 0 ) );
		if ( ! $user ) {
			return new WP_Error( 'partner_center_no_user', __( 'There is no such user.', 'partner-center' ),
				array( 'status' => 404 ) );
		}
		$in     = array_filter( $in, 'is_string' );
		$errors = self::problems( $user, $in );
		$change = self::changes( $user, $in );
		if ( ! $errors ) {
			$errors = self::problems_of_plugins( $change );
		}
		if ( $errors ) {
			return Rest::invalid( $errors );
		}
		$result = wp_update_user( $change );
		return is_wp_error( $result ) ? $result : new stdClass();
	}

	/**
	 * What is wrong, by field.
	 *
	 * @param WP_User  $user The user.
	 * @param string[] $in   The input.
	 */
	private static function problems( WP_User $user, array $in ): array {
		return array_filter(
			array(
				'email'            => isset( $in['email'] ) ? self::problem_of_email( $user, $in['email'] ) : '',
				'password'         => isset( $in['password'] ) ? self::problem_of_password( $in['password'] ) : '',
				'current_password' => self::problem_of_proof( $user, $in ),
			)
		);
	}

	/**
	 * The e-mail must be one and nobody else's.
	 *
	 * @param WP_User $user  The user.
	 * @param string  $email The new one.
	 */
	private static function problem_of_email( WP_User $user, string $email ): string {
		if ( ! is_email( $email ) ) {
			return __( 'This isn\'t a valid email address.', 'partner-center' );
		}
		$owner = email_exists( $email );
		return $owner && $owner !== $user->ID ? __( 'Another account has this email address.', 'partner-center' ) : '';
	}

	/**
	 * The rules of WordPress' form.
	 *
	 * @param string $password The new one.
	 */
	private static function problem_of_password( string $password ): string {
		if ( '' === trim( $password ) ) {
			return __( 'Please enter a password.', 'partner-center' );
		}
		return false === strpos( $password, '\\' ) ? '' : __( 'Passwords may not contain the character "\\".',
			'partner-center' );
	}

	/**
	 * Whether the current password was given where it is needed.
	 *
	 * @param WP_User  $user The user.
	 * @param string[] $in   The input.
	 */
	private static function problem_of_proof( WP_User $user, array $in ): string {
		$takes_over = isset( $in['password'] ) || ( isset( $in['email'] ) && $in['email'] !== $user->user_email );
		$current    = trim( wp_slash( $in['current_password'] ?? '' ) );
		if ( ! $takes_over || wp_check_password( $current, $user->user_pass, $user->ID ) ) {
			return '';
		}
		return __( 'Please enter your current password.', 'partner-center' );
	}

	/**
	 * What WordPress shall store.
	 *
	 * @param WP_User  $user The user.
	 * @param string[] $in   The input.
	 */
	private static function changes( WP_User $user, array $in ): stdClass {
		$change     = new stdClass();
		$change->ID = $user->ID;
		if ( isset( $in['email'] ) ) {
			$change->user_email = sanitize_email( $in['email'] );
		}
		foreach ( array( 'first_name', 'last_name' ) as $name ) {
			if ( isset( $in[ $name ] ) ) {
				$change->$name = wp_slash( sanitize_text_field( $in[ $name ] ) );
			}
		}
		if ( isset( $in['password'] ) ) {
			$change->user_pass = wp_slash( trim( $in['password'] ) );
		}
		return $change;
	}

	/**
	 * What plugins object to, such as those for strong passwords.
	 *
	 * @param stdClass $change As in WordPress' form.
	 */
	private static function problems_of_plugins( stdClass $change ): array {
		$errors = new WP_Error();
		/** This action is documented in wp-admin/includes/user.php */
		do_action_ref_array( 'user_profile_update_errors', array( &$errors, true, &$change ) );
		$found = array();
		foreach ( $errors->get_error_codes() as $code ) {
			$data  = (array) $errors->get_error_data( $code );
			$field = self::FORM_FIELDS[ $data['form-field'] ?? '' ] ?? 'password';

			$found[ $field ] = wp_strip_all_tags( $errors->get_error_message( $code ) );
		}
		return $found;
	}
}
