package scripts

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// machine is a PATH with the few tools the script uses and made-up ones beside
// them, so that nothing is installed for real.
func machine(t *testing.T, madeUp map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for _, tool := range []string{"sh", "env", "tr", "grep", "id"} {
		path, err := exec.LookPath(tool)
		if err == nil && madeUp[tool] == "" {
			err = os.Symlink(path, filepath.Join(dir, tool))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for name, script := range madeUp {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+script+"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func installDeps(path string, args ...string) (output string, ok bool) {
	cmd := exec.Command("./install-deps", args...)
	cmd.Env = []string{"PATH=" + path}
	out, err := cmd.CombinedOutput()
	return string(out), err == nil
}

// everything are programs and extensions that need no installation.
func everything() map[string]string {
	tools := map[string]string{"php": "printf 'mysqli\nxmlreader\n'", "apt-get": `echo "apt-get $*"`,
		"apt-cache": "exit 0"}
	for _, name := range []string{"mariadbd", "mariadb-install-db", "my_print_defaults", "chromium", "nginx", "apache2",
		"caddy", "phpcs", "node", "npm", "curl", "soffice"} {
		tools[name] = "exit 0"
	}
	return tools
}

func without(tools map[string]string, names ...string) map[string]string {
	for _, name := range names {
		delete(tools, name)
	}
	return tools
}

func TestInstallNothingWhenAllIsThere(t *testing.T) {
	for _, set := range []string{"demo", "test", "office"} {
		if out, ok := installDeps(machine(t, everything()), set); !ok || out != "" {
			t.Errorf("%s: %v, %q; want silence", set, ok, out)
		}
	}
}

func TestInstallMissingInOneCall(t *testing.T) {
	tools := without(everything(), "chromium", "phpcs", "soffice")
	tools["id"] = "echo 0"
	tools["php"] = "echo xmlreader"
	out, ok := installDeps(machine(t, tools), "test")
	calls := strings.Count(out, "apt-get install")
	if want := "DPkg::Lock::Timeout=300 php-mysql chromium fonts-liberation php-codesniffer\n"; !ok || calls != 1 ||
		!strings.Contains(out, want) {
		t.Errorf("%v, %q; want one call ending in %q", ok, out, want)
	}
	if out, ok := installDeps(machine(t, tools), "demo"); !ok || strings.Contains(out, "chromium") {
		t.Errorf("demo: %v, %q; want no browser", ok, out)
	}
	if out, ok := installDeps(machine(t, tools), "office"); !ok || !strings.HasSuffix(out, "=300 libreoffice-calc\n") {
		t.Errorf("office: %v, %q; want LibreOffice alone", ok, out)
	}
}

func TestInstallUpdatesStaleLists(t *testing.T) {
	tools := without(everything(), "phpcs")
	tools["id"] = "echo 0"
	// The first installation fails, as when the lists name files that are gone.
	tools["apt-get"] = `echo "apt-get $*"; case $1 in update) : > "${0%/*}/updated" ;; *) [ -e "${0%/*}/updated" ] ;; esac`
	out, ok := installDeps(machine(t, tools), "test")
	if !ok || strings.Count(out, "apt-get update") != 1 || strings.Count(out, "apt-get install") != 2 {
		t.Errorf("%v, %q; want an update and a second try", ok, out)
	}
}

func TestInstallTellsWhatToDoWithoutRights(t *testing.T) {
	tools := without(everything(), "phpcs")
	tools["id"], tools["sudo"] = "echo 1000", "exit 1"
	out, ok := installDeps(machine(t, tools), "test")
	if ok || !strings.Contains(out, "sudo apt-get install -y") || !strings.Contains(out, "php-codesniffer") {
		t.Errorf("%v, %q; want the line to run", ok, out)
	}
	if out, ok = installDeps(machine(t, without(tools, "apt-get")), "test"); ok || !strings.Contains(out, "phpcs") {
		t.Errorf("%v, %q; want the names of the programs", ok, out)
	}
}
