package api_test

import (
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

var fenced = regexp.MustCompile("(?ms)^```(sh|php|go)\n(.*?)^```$")

// The examples of docs/api.md run as they stand there.
//
// Spec: B14.2
func TestExamples(t *testing.T) {
	w := newWorld(t)
	w.Clock.Advance(time.Since(sidecartest.Start).Truncate(time.Second)) // they know the real time
	server := httptest.NewServer(w.Server.Handler())
	defer server.Close()
	page, err := os.ReadFile("../../docs/api.md")
	if err != nil {
		t.Fatal(err)
	}
	commands := map[string]func(file string) *exec.Cmd{
		"sh":  func(file string) *exec.Cmd { return exec.Command("sh", file) },
		"php": func(file string) *exec.Cmd { return exec.Command("php", file) },
		"go":  func(file string) *exec.Cmd { return exec.Command("go", "run", file) },
	}
	says := map[string]string{"sh": `"outcome":"applied"`, "php": `"known":false`, "go": `"external_id":"1001"`}
	ran := map[string]bool{}
	for _, m := range fenced.FindAllStringSubmatch(string(page), -1) {
		file := filepath.Join(t.TempDir(), "example."+m[1])
		if err := os.WriteFile(file, []byte(m[2]), 0o600); err != nil {
			t.Fatal(err)
		}
		command := commands[m[1]](file)
		command.Env = append(os.Environ(), "BASE="+server.URL+web.DefaultBasePath, "KEY="+w.key.Public,
			"SECRET="+w.secret)
		out, err := command.CombinedOutput()
		if err != nil || !strings.Contains(string(out), says[m[1]]) {
			t.Errorf("%s: %s, %v", m[1], out, err)
		}
		ran[m[1]] = true
	}
	if len(ran) != 3 {
		t.Errorf("ran %v", ran)
	}
}
