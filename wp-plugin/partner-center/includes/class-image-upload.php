<?php
/**
 * Uploads images of promo tools.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

defined( 'ABSPATH' ) || exit;

/**
 * A form of WordPress' own within the sidecar's page for a promo tool: files never
 * go through the sidecar. Who may upload, what and how large, WordPress decides;
 * then it comes back to the page, with the image chosen.
 */
final class Image_Upload {

	const ACTION = 'partner_center_upload';

	/** What the page may get back beside the image: fields that were typed before. */
	const KEPT = array( 'name', 'target_url', 'group_id', 'new_group', 'campaign', 'ad' );

	/** Hooks. */
	public function register(): void {
		add_action( 'admin_post_' . self::ACTION, array( $this, 'upload' ) );
		add_action( 'admin_notices', array( $this, 'notice' ) );
	}

	/**
	 * Puts the form where the sidecar's page has a place for it. Whatever people
	 * typed stands escaped in that page, so only the sidecar can write such a place.
	 *
	 * @param string $html Of the sidecar.
	 */
	public static function place( string $html ): string {
		return preg_replace_callback(
			'#<div data-pc-upload="([^"<>]*)"></div>#',
			function ( array $found ): string {
				return self::form( html_entity_decode( $found[1], ENT_QUOTES ) );
			},
			$html
		);
	}

	/**
	 * The form, or why there is none.
	 *
	 * @param string $back Page of the sidecar to go back to.
	 */
	private static function form( string $back ): string {
		if ( ! current_user_can( 'upload_files' ) ) {
			return '<p>' . esc_html__( 'Your account may not upload files to this site.', 'partner-center' ) . '</p>';
		}
		/* translators: %s: size, such as 2 MB. */
		$limit = sprintf( __( 'At most %s.', 'partner-center' ), size_format( wp_max_upload_size() ) );
		return '<form method="post" enctype="multipart/form-data" data-pc-carry="pc-tool" action="'
			. esc_url( admin_url( 'admin-post.php' ) ) . '">'
			. '<input type="hidden" name="action" value="' . self::ACTION . '">'
			. '<input type="hidden" name="back" value="' . esc_attr( $back ) . '">'
			. '<input type="hidden" name="keep" value="">' . wp_nonce_field( self::ACTION, '_wpnonce', false, false )
			. '<p><label for="pc-upload">' . esc_html__( 'Image file', 'partner-center' ) . '</label> '
			. '<input type="file" id="pc-upload" name="image" accept="image/*" required> <button class="button">'
			. esc_html__( 'Upload', 'partner-center' ) . '</button> <span class="pc-soft">' . esc_html( $limit )
			. '</span></p></form>';
	}

	/** Takes the file, and goes back. */
	public function upload(): void {
		check_admin_referer( self::ACTION );
		if ( ! current_user_can( 'upload_files' ) || ! current_user_can( 'partner_center_settings' ) ) {
			wp_die( esc_html__( 'Your account may not upload files to this site.', 'partner-center' ), '',
				array( 'response' => 403 ) );
		}
		$back = isset( $_POST['back'] ) ? sanitize_text_field( wp_unslash( $_POST['back'] ) ) : '';
		if ( 0 !== strpos( $back, 'admin/programs/' ) ) {
			$back = 'admin/programs';
		}
		$query = self::kept();
		$image = self::take();
		if ( is_wp_error( $image ) ) {
			set_transient( self::transient(), $image->get_error_message(), MINUTE_IN_SECONDS );
		} else {
			$query['image'] = $image;
		}
		$back = Client::with_query( $back, http_build_query( $query ) );
		wp_safe_redirect( admin_url( 'admin.php?page=' . Admin_Surface::SLUG . '&' . Embed::PARAMETER . '='
			. rawurlencode( $back ) ) );
		exit;
	}

	/**
	 * The image as WordPress took it into its media library.
	 *
	 * @return int|\WP_Error Its id.
	 */
	private static function take() {
		// phpcs:ignore WordPress.Security.NonceVerification.Missing -- checked by the caller.
		if ( empty( $_FILES['image']['name'] ) ) {
			return new \WP_Error( 'partner_center_no_file', __( 'Please choose a file.', 'partner-center' ) );
		}
		require_once ABSPATH . 'wp-admin/includes/image.php';
		require_once ABSPATH . 'wp-admin/includes/file.php';
		require_once ABSPATH . 'wp-admin/includes/media.php';
		$images = array_filter(
			get_allowed_mime_types(),
			function ( string $mime ): bool {
				return 0 === strpos( $mime, 'image/' );
			}
		);
		return media_handle_upload( 'image', 0, array(), array( 'test_form' => false, 'mimes' => $images ) );
	}

	/** What was typed in the form of the promo tool before. */
	private static function kept(): array {
		// The caller has checked the nonce; each field is cleaned below.
		// phpcs:ignore WordPress.Security.NonceVerification.Missing, WordPress.Security.ValidatedSanitizedInput
		parse_str( isset( $_POST['keep'] ) ? wp_unslash( $_POST['keep'] ) : '', $typed );
		$kept = array();
		foreach ( self::KEPT as $name ) {
			if ( isset( $typed[ $name ] ) && is_string( $typed[ $name ] ) ) {
				$kept[ $name ] = substr( sanitize_text_field( $typed[ $name ] ), 0, 500 );
			}
		}
		return $kept;
	}

	/** Why WordPress did not take the file, once. */
	public function notice(): void {
		$problem = get_transient( self::transient() );
		if ( ! is_string( $problem ) || '' === $problem ) {
			return;
		}
		delete_transient( self::transient() );
		echo '<div class="notice notice-error" role="alert"><p>' . esc_html( wp_strip_all_tags( $problem ) ) . '</p></div>';
	}

	/** Where the problem of this user waits for the next page. */
	private static function transient(): string {
		return 'partner_center_upload_' . get_current_user_id();
	}
}
