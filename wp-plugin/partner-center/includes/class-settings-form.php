<?php
/**
 * The HTML of the settings page.
 *
 * @package PartnerCenter
 */

namespace PartnerCenter;

defined( 'ABSPATH' ) || exit;

/**
 * Rows in the order in which a new site needs them.
 */
final class Settings_Form {

	/**
	 * Stored values.
	 *
	 * @var array
	 */
	private $values;

	/** With the values as they are. */
	public function __construct() {
		$this->values = Settings::all();
	}

	/**
	 * Prints the page.
	 *
	 * @param array $health As Health::check() gives it.
	 */
	public function show( array $health ): void {
		echo '<div class="wrap"><h1>' . esc_html__( 'Partner Center', 'partner-center' ) . '</h1>';
		$this->show_state( $health );
		echo '<form method="post" action="options.php">';
		settings_fields( Settings_Page::GROUP );
		echo '<table class="form-table" role="presentation">';
		$this->show_switches();
		$this->show_forms();
		$this->show_delete_choice();
		echo '</table>';
		$this->show_technical( $health['ok'] );
		submit_button();
		echo '</form></div>';
	}

	/**
	 * Whether all runs, and where the rest is set.
	 *
	 * @param array $health As Health::check() gives it.
	 */
	private function show_state( array $health ): void {
		printf(
			'<div class="notice notice-%s inline"><p id="partner-center-health">%s</p></div>',
			esc_attr( $health['ok'] ? 'success' : 'warning' ),
			esc_html( $health['message'] )
		);
		if ( Settings::tracking() && current_user_can( Roles::SETTINGS ) ) {
			printf(
				'<p>%s <a href="%s">%s</a></p>',
				esc_html__( 'How this site works with Partner Center. Payments, cookies and limits:', 'partner-center' ),
				esc_url( Admin_Menu::url( 'admin/settings' ) ),
				esc_html__( 'Settings of the program', 'partner-center' )
			);
		}
	}

	/**
	 * What only whoever installs it needs, open while something is wrong.
	 *
	 * @param bool $runs Whether all is well.
	 */
	private function show_technical( bool $runs ): void {
		printf(
			'<details class="card" style="max-width:none"%s><summary>%s</summary>',
			esc_attr( $runs && '' === Key::problem() ? '' : ' open' ),
			esc_html__( 'Technical: addresses and connection', 'partner-center' )
		);
		echo '<table class="form-table" role="presentation">';
		$this->show_addresses();
		echo '</table>';
		$this->show_key();
		echo '</details>';
	}

	/** How plugin and service get the same key. */
	private function show_key(): void {
		echo '<h2>' . esc_html__( 'Pairing key', 'partner-center' ) . '</h2>';
		$problem = Key::problem();
		if ( '' !== $problem ) {
			echo '<p>' . esc_html( $problem ) . '</p>';
			$this->show_lines();
			return;
		}
		if ( Key::is_given() ) {
			echo '<p>' . esc_html__( 'The key comes from PARTNER_CENTER_KEY. The service needs the same value.',
				'partner-center' ) . '</p>';
			return;
		}
		echo '<p>' . esc_html__( 'The key is derived from wp-config.php. Start the service with --wordpress and the folder of this site, and there is nothing to configure.', 'partner-center' ) . '</p>';
		echo '<details><summary>' . esc_html__( 'The service can\'t read wp-config.php?', 'partner-center' )
			. '</summary>';
		$this->show_lines();
		echo '</details>';
	}

	/** Two lines with a fresh key; it is stored nowhere. */
	private function show_lines(): void {
		$key = bin2hex( random_bytes( 32 ) );
		echo '<p>' . esc_html__( 'Paste the first line into wp-config.php above "That\'s all, stop editing", and the second one into the environment of the service. Take both from this page before you reload it: the key is new each time and stored nowhere.', 'partner-center' ) . '</p>';
		printf( '<p><code>%s</code></p>', esc_html( "define( 'PARTNER_CENTER_KEY', '$key' );" ) );
		printf( '<p><code>%s</code></p>', esc_html( "PARTNER_CENTER_KEY=$key" ) );
	}

	/** The feature, the center, and where partners land. */
	private function show_switches(): void {
		$this->row( __( 'Partner program', 'partner-center' ) );
		$this->checkbox( 'tracking', __( 'Track partner links and show the Partners menu', 'partner-center' ) );
		$this->note( __( 'Links already published keep redirecting while this is off, but nothing is tracked.',
			'partner-center' ) );
		$this->row( __( 'Partner center', 'partner-center' ) );
		$this->checkbox( 'center', __( 'Enable Partner Center', 'partner-center' ) );
		$url = Center_Page::url();
		if ( '' !== $url ) {
			printf( '<p class="description"><a href="%s">%s</a></p>', esc_url( $url ), esc_html( $url ) );
		}
		$this->note( __( 'Makes the page for partners. Switched off it becomes a draft; no data is touched.',
			'partner-center' ) );
		$this->row( __( 'Partners Redirect To', 'partner-center' ), 'redirect_to' );
		$this->redirect_select();
		$this->note( __( 'Where partners land after login. A page they wanted to see goes first; people who edit this site are never sent there.', 'partner-center' ) );
	}

	/** What makes its sender a contact. */
	private function show_forms(): void {
		$this->row( __( 'Forms that count as leads', 'partner-center' ) );
		( new Form_Choice() )->show();
		$this->note( __( 'Whoever sends a ticked form after a click becomes a contact of the partner. Tick forms by which people sign up for something. Forms that carry our mark, and our own opt-in form, always count.', 'partner-center' ) );
		$this->row( __( 'Registration', 'partner-center' ) );
		$this->checkbox( 'registration', __( 'Registering an account on this site counts as a lead', 'partner-center' ) );
		$this->row( __( 'Comments', 'partner-center' ) );
		$this->checkbox( 'comments', __( 'A comment counts as a lead if its author agrees', 'partner-center' ) );
		$this->note( __( 'Adds a box to the comment form. Only comments whose author ticks it count.', 'partner-center' ) );
		printf(
			'<p><label>%1$s <input type="text" name="%2$s" value="%3$s" placeholder="%4$s" maxlength="500" class="large-text"></label></p>',
			esc_html__( 'What the box says:', 'partner-center' ),
			esc_attr( Settings::OPTION . '[comment_text]' ),
			esc_attr( $this->values['comment_text'] ),
			esc_attr( Site_Forms::usual_text() )
		);
	}

	/** Where the sidecar is, seen by visitors and by PHP. */
	private function show_addresses(): void {
		$this->row( __( 'Base path', 'partner-center' ), 'base_path' );
		$this->text( 'base_path', '' );
		$this->note( __( 'Links and files of the partner program are below this path. Changing it breaks links already published.', 'partner-center' ) );
		$this->row( __( 'Address of the service', 'partner-center' ), 'sidecar_url' );
		$this->text( 'sidecar_url', 'http://127.0.0.1:8377' );
		$this->note( __( 'Leave it empty: the service reports its address by itself.', 'partner-center' ) );
	}

	/** Two steps where data are lost, for it cannot be undone. */
	private function show_delete_choice(): void {
		$this->row( __( 'When the plugin is deleted', 'partner-center' ) );
		$choices = array(
			Settings::KEEP_ALL     => array(
				__( 'Keep everything', 'partner-center' ),
				__( 'Install the plugin again and go on where you stopped.', 'partner-center' ),
			),
			Settings::KEEP_BOOKS   => array(
				__( 'Keep the books, forget the people', 'partner-center' ),
				__( 'What was sold, earned and paid stays and still adds up. Names, email addresses, payment data, emails, forms and the keys of click cookies are erased. Payee and address stay on past payments, because accounts must show them, and so do the names of staff on what they booked. This cannot be undone.', 'partner-center' ),
			),
			Settings::KEEP_NOTHING => array(
				__( 'Delete everything', 'partner-center' ),
				__( 'All tables: partners, commissions, payouts, statistics. This cannot be undone. The service ends if it still runs.', 'partner-center' ),
			),
		);
		echo '<fieldset>';
		foreach ( $choices as $value => list( $label, $note ) ) {
			printf(
				'<p><label><input type="radio" name="%s" value="%s"%s> %s</label></p><p class="description" style="margin: 0 0 16px">%s</p>',
				esc_attr( Settings::OPTION . '[uninstall]' ),
				esc_attr( $value ),
				checked( $this->values['uninstall'], $value, false ),
				esc_html( $label ),
				esc_html( $note )
			);
		}
		printf(
			'<p><label>%s <input type="text" name="%s" value="" autocomplete="off" size="10"></label></p></fieldset>',
			/* translators: %s: the word to type. */
			esc_html( sprintf( __( 'To confirm the second or third, type %s:', 'partner-center' ), Settings_Page::CONFIRMATION ) ),
			esc_attr( Settings::OPTION . '[delete_confirmation]' )
		);
	}

	/**
	 * Begins a row; browsers end the one before.
	 *
	 * @param string $title Its name.
	 * @param string $field The field it labels, if it is one with an id.
	 */
	private function row( string $title, string $field = '' ): void {
		echo '<tr><th scope="row">';
		if ( '' === $field ) {
			echo esc_html( $title );
		} else {
			printf( '<label for="%s">%s</label>', esc_attr( $field ), esc_html( $title ) );
		}
		echo '</th><td>';
	}

	/**
	 * A checkbox that also sends "off".
	 *
	 * @param string $field Key of the setting.
	 * @param string $label What ticking it means.
	 */
	private function checkbox( string $field, string $label ): void {
		$name = Settings::OPTION . '[' . $field . ']';
		printf(
			'<input type="hidden" name="%1$s" value="0"><label><input type="checkbox" name="%1$s" value="1"%2$s> %3$s</label>',
			esc_attr( $name ),
			checked( $this->values[ $field ], true, false ),
			esc_html( $label )
		);
	}

	/**
	 * A text field.
	 *
	 * @param string $field       Key of the setting.
	 * @param string $placeholder An example.
	 */
	private function text( string $field, string $placeholder ): void {
		printf(
			'<input type="text" id="%1$s" name="%2$s" value="%3$s" placeholder="%4$s" class="regular-text code">',
			esc_attr( $field ),
			esc_attr( Settings::OPTION . '[' . $field . ']' ),
			esc_attr( $this->values[ $field ] ),
			esc_attr( $placeholder )
		);
	}

	/**
	 * A sentence below a field.
	 *
	 * @param string $text Plain text.
	 */
	private function note( string $text ): void {
		echo '<p class="description">' . esc_html( $text ) . '</p>';
	}

	/** The choices PilotPress had, and the site's pages. */
	private function redirect_select(): void {
		$choices = array(
			Settings::TO_CENTER => __( 'Partner Center', 'partner-center' ),
			Settings::TO_HOME   => __( 'Homepage', 'partner-center' ),
			Settings::TO_LOGIN  => __( 'Login page', 'partner-center' ),
		);
		foreach ( get_pages( array( 'post_status' => 'publish' ) ) as $page ) {
			if ( ! Center_Page::is( $page->ID ) ) {
				$choices[ $page->ID ] = $page->post_title;
			}
		}
		printf( '<select id="redirect_to" name="%s">', esc_attr( Settings::OPTION . '[redirect_to]' ) );
		foreach ( $choices as $value => $label ) {
			printf( '<option value="%d"%s>%s</option>', (int) $value, selected( $this->values['redirect_to'], $value,
				false ), esc_html( $label ) );
		}
		echo '</select>';
	}
}
