package wpplugin_test

import (
	"io/fs"
	"strings"
	"testing"

	wpplugin "partnercenter/wp-plugin"
)

func TestFilesAreComplete(t *testing.T) {
	for _, name := range []string{"partner-center.php", "uninstall.php", "readme.txt", "includes/class-plugin.php",
		"blocks/center.js", "languages/partner-center.pot"} {
		if _, err := fs.Stat(wpplugin.FS(), name); err != nil {
			t.Error(err)
		}
	}
	if wpplugin.Main != wpplugin.Name+"/partner-center.php" {
		t.Errorf("main file %s", wpplugin.Main)
	}
}

// The header, the constant and the readme name one version.
func TestVersionIsTheSameEverywhere(t *testing.T) {
	main, err := fs.ReadFile(wpplugin.FS(), "partner-center.php")
	if err != nil {
		t.Fatal(err)
	}
	readme, err := fs.ReadFile(wpplugin.FS(), "readme.txt")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(main), "Version:           ")
	version, _, _ := strings.Cut(rest, "\n")
	if version == "" || !strings.Contains(string(main), "const VERSION     = '"+version+"';") ||
		!strings.Contains(string(readme), "Stable tag: "+version+"\n") {
		t.Errorf("version %q of the header is not that of the constant and the readme", version)
	}
}
