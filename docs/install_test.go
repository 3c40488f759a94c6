package docs

import (
	"os"
	"strings"
	"testing"
)

// Whoever gives links a domain of their own is told how, for each web server,
// with its certificate and with what the sidecar answers there.
//
// Spec: S49.3
func TestInstallTellsOfTheLinksDomain(t *testing.T) {
	page, err := os.ReadFile("docs/install.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, found := strings.Cut(string(page), "### A domain of its own for links")
	if !found {
		t.Fatal("install.md does not say how links get a domain")
	}
	for _, word := range []string{"DNS", "server_name", "ServerAlias", "Caddy", "certbot", "404", "pct"} {
		if !strings.Contains(section, word) {
			t.Errorf("nothing about %s", word)
		}
	}
}
