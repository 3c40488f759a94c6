package web

import (
	"regexp"
	"testing"

	"pgregory.net/rapid"
)

// Whatever color a site has, links and buttons can be read in it.
//
// Spec: B19
func TestEveryColorCanBeRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		channel := rapid.Uint8()
		site := color{channel.Draw(t, "r"), channel.Draw(t, "g"), channel.Draw(t, "b")}
		found := regexp.MustCompile(`--pc-accent: (#\w{6}); --pc-accent-ink: (#\w{6}); --pc-tint: (#\w{6})`).
			FindAllStringSubmatch(colorSheet(site), -1)
		if len(found) != 2 {
			t.Fatalf("%s: %s", site, colorSheet(site))
		}
		for i, ground := range []color{lightGround, darkGround} {
			parts := [3]color{}
			for j := range parts {
				parts[j], _ = parseColor(found[i][j+1])
			}
			accent, ink, tint := parts[0], parts[1], parts[2]
			if accent.contrast(ground) < 4.5 || accent.contrast(tint) < 4.5 || accent.contrast(ink) < 4.5 {
				t.Fatalf("%s: %s on %s %.1f, on %s %.1f, %s on it %.1f", site, accent, ground, accent.contrast(ground),
					tint, accent.contrast(tint), ink, ink.contrast(accent))
			}
		}
	})
	if got := (color{0x1b, 0x5e, 0x8c}).until(color{}, lightGround).String(); got != "#1b5e8c" {
		t.Errorf("a color that can be read became %s", got)
	}
}
