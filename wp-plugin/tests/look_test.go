package wpplugin_test

import (
	"encoding/json"
	"testing"

	"partnercenter/wpbridge"
)

// themed answers with the site's look as it is while its theme says this.
const themed = `
	$said = json_decode( $args[0], true );
	add_filter( 'wp_theme_json_data_theme', static function ( $theme ) use ( $said ) {
		return $theme->update_with( array( 'version' => 2, 'styles' => array( 'elements' => array(
			'button' => array( 'color' => array( 'background' => $said['button'] ?? '#111111' ) ),
			'link'   => array( 'color' => array( 'text' => $said['link'] ?? '#222222' ) ),
		) ), 'settings' => array( 'color' => array( 'palette' => $said['palette'] ?? array() ) ) ) );
	} );
	if ( isset( $said['classic'] ) ) {
		add_filter( 'stylesheet', static fn() => 'plain' ); // WordPress remembers by its name
		foreach ( array( 'stylesheet_directory', 'template_directory' ) as $which ) {
			add_filter( $which, static fn() => '/nowhere' );
		}
	}
	WP_Theme_JSON_Resolver::clean_cached_data();
	if ( function_exists( 'wp_clean_theme_json_cache' ) ) {
		wp_clean_theme_json_cache();
	}
	echo wp_json_encode( PartnerCenter\Look::of_site() );`

// Our own pages have the color that the theme is known by: of its buttons, else its
// links, else the one that it calls its own. Greys and what is no plain color are none.
func TestColorOfTheSite(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		for name, test := range map[string]struct{ theme, want string }{
			"of buttons": {`{"button": "#1B5E8C"}`, "#1b5e8c"},
			"in short":   {`{"button": "#a03"}`, "#aa0033"},
			"by name": {`{"button": "var(--wp--preset--color--sea)",
				"palette": [{"slug": "sea", "name": "Sea", "color": "#005f73"}]}`, "#005f73"},
			"of links":        {`{"link": "#7a1fa2"}`, "#7a1fa2"},
			"the theme's own": {`{"palette": [{"slug": "primary", "name": "P", "color": "#0a7f3f"}]}`, "#0a7f3f"},
			"grey":            {`{"button": "#777777", "link": "#888"}`, ""},
			"no plain color":  {`{"button": "linear-gradient(red, blue)", "link": "rgb(1 2 3)"}`, ""},
			"unknown name":    {`{"button": "var(--wp--preset--color--nothing)"}`, ""},
			"a classic theme": {`{"button": "#1b5e8c", "classic": true}`, ""},
		} {
			var look wpbridge.Look
			must(t, json.Unmarshal([]byte(s.php(t, themed, test.theme)), &look))
			if look.Color != test.want {
				t.Errorf("%s: %q, want %q", name, look.Color, test.want)
			}
		}
	})
}

// Name, logo with its size, and icon are the site's, as they are and not as HTML.
func TestNameAndLogoOfTheSite(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		var look wpbridge.Look
		must(t, json.Unmarshal([]byte(s.php(t, `
			update_option( 'blogname', 'Tom &amp; Söhne "Kaffee"' );
			$logo = wp_insert_attachment( array( 'post_title' => 'Logo', 'post_mime_type' => 'image/png',
				'guid' => home_url( '/logo.png' ) ), 'logo.png' );
			wp_update_attachment_metadata( $logo, array( 'width' => 240, 'height' => 80, 'file' => 'logo.png' ) );
			set_theme_mod( 'custom_logo', $logo );
			update_option( 'site_icon', $logo );
			echo wp_json_encode( PartnerCenter\Look::of_site() );`)), &look))
		defer s.php(t, `
			update_option( 'blogname', 'Site' ); delete_option( 'site_icon' );
			wp_delete_attachment( get_theme_mod( 'custom_logo' ), true ); remove_theme_mod( 'custom_logo' );`)
		if look.Name != `Tom & Söhne "Kaffee"` || look.Logo == "" || look.LogoWidth != 240 || look.LogoHeight != 80 ||
			look.Icon == "" {
			t.Errorf("%+v", look)
		}
	})
}
