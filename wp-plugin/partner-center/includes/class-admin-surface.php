<?php
/**
 * The sidecar's pages inside wp-admin.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

defined( 'ABSPATH' ) || exit;

/**
 * The menu "Partners". The sidecar decides what each capability may see and do,
 * and refuses forms from other sites; WordPress only opens the door.
 */
final class Admin_Surface {

	const SLUG = 'partner-center';

	/** The parameter that names the page within wp-admin. */
	const OWN_PARAMETERS = array( 'page' );

	/** What is shown without further ado. */
	const FIRST_VIEW = 'admin';

	/**
	 * Asks the sidecar.
	 *
	 * @var Embed
	 */
	private $embed;

	/**
	 * The menu around the page.
	 *
	 * @var Admin_Menu
	 */
	private $menu;

	/**
	 * The page's fragment, once it is there.
	 *
	 * @var Fragment|null
	 */
	private $fragment;

	/**
	 * For one request.
	 *
	 * @param Browser_Request $request What the browser sent.
	 */
	public function __construct( Browser_Request $request ) {
		$this->embed = new Embed( $request );
		$this->menu  = new Admin_Menu( (string) ( $request->parameter( Embed::PARAMETER ) ?? self::FIRST_VIEW ) );
	}

	/** Hooks. */
	public function register(): void {
		add_action( 'admin_menu', array( $this, 'add_menu' ) );
	}

	/** There is no menu before the feature is switched on. */
	public function add_menu(): void {
		if ( ! Settings::tracking() ) {
			return;
		}
		add_action( 'load-' . $this->menu->add( array( $this, 'show' ) ), array( $this, 'answer' ) );
	}

	/** Before wp-admin prints anything. WordPress has checked the capability. */
	public function answer(): void {
		$surface        = 'admin;' . admin_url( 'admin.php?page=' . self::SLUG );
		$this->fragment = $this->embed->is_asked_for()
			? $this->embed->answer( $surface, self::OWN_PARAMETERS )
			: $this->embed->view( $surface, self::FIRST_VIEW );
		$this->embed->hide_fields( self::OWN_PARAMETERS );
		$this->fragment->send_headers();
		add_action( 'admin_enqueue_scripts', array( $this->fragment, 'enqueue' ) );
		add_filter( 'admin_title', array( $this, 'title' ), 10, 2 );
	}

	/** Prints the page; the rule keeps WordPress' notices above it. */
	public function show(): void {
		echo '<div class="wrap partner-center"><hr class="wp-header-end">';
		// phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped -- as said beside it.
		echo Image_Upload::place( $this->fragment->html() ); // Raw: HTML escaped by the sidecar's templates.
		echo '</div>';
	}

	/**
	 * The title in the browser's tab: that of the page in the place of the menu's entry,
	 * which is the overview for all of them.
	 *
	 * @param string $title As WordPress made it.
	 * @param string $entry What the menu calls the page; WordPress begins with it.
	 */
	public function title( string $title, string $entry = '' ): string {
		if ( '' === $this->fragment->title() ) {
			return $title;
		}
		$own = esc_html( $this->fragment->title() );
		return '' !== $entry && str_starts_with( $title, $entry ) ? $own . substr( $title, strlen( $entry ) )
			: $own . ' &lsaquo; ' . $title;
	}
}
