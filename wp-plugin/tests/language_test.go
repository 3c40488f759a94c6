package wpplugin_test

import (
	"strings"
	"testing"
)

// The plugin's own sentences are in the language that a person chose in the
// profile; a variant without a translation of its own has the nearest one.
//
// Spec: B19
func TestPluginSpeaksTheLanguageOfThePerson(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		defer s.php(t, `delete_user_meta(1, 'locale');`)
		for locale, want := range map[string]string{"de_DE": "Kopplungsschlüssel", "de_DE_formal": "Kopplungsschlüssel",
			"de_AT": "Kopplungsschlüssel", "fr_FR": "Pairing key", "en_US": "Pairing key"} {
			s.php(t, `update_user_meta(1, 'locale', $args[0]);`, locale)
			page := s.get(t, "/wp-admin/options-general.php?page=partner-center-settings", s.login(t, "admin")...)
			if !strings.Contains(page.Body, want) {
				t.Errorf("in %s the settings don't say %q", locale, want)
			}
		}
	})
}
