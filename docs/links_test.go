package docs_test

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	link   = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	code   = regexp.MustCompile("`([^`\n]+)`")
	target = regexp.MustCompile(`(?m)^([a-z][\w-]*):`)
	title  = regexp.MustCompile(`(?m)^#+ (.+)$`)
)

func TestLinksLeadSomewhere(t *testing.T) {
	for _, page := range pages(t) {
		text := read(t, page)
		for _, to := range matches(link, text) {
			if strings.Contains(to, "://") || strings.HasPrefix(to, "mailto:") {
				continue
			}
			file, anchor, _ := strings.Cut(to, "#")
			if file == "" {
				file = page
			} else {
				file = path.Join(path.Dir(page), file)
			}
			if _, err := os.Stat(file); err != nil {
				t.Errorf("%s links to %s: %v", page, to, err)
			} else if anchor != "" && !slices.Contains(anchors(t, file), anchor) {
				t.Errorf("%s links to %s, but %s has no such heading", page, to, file)
			}
		}
	}
}

// anchors are the names that headings have in a link: lower case, punctuation
// dropped, blanks as hyphens.
func anchors(t *testing.T, page string) []string {
	t.Helper()
	var all []string
	for _, heading := range matches(title, read(t, page)) {
		all = append(all, strings.Map(func(r rune) rune {
			switch {
			case r == ' ':
				return '-'
			case strings.ContainsRune(",.:;?!()/`*'’", r):
				return -1
			}
			return r
		}, strings.ToLower(heading)))
	}
	return all
}

// What a document names in code type is held to be a file of ours when it begins
// with a folder of the repository, or looks like a source file of it.
func TestFilesNamedInDocumentsExist(t *testing.T) {
	all := files(t)
	for _, page := range pages(t) {
		for _, name := range matches(code, read(t, page)) {
			name = strings.TrimPrefix(name, "./")
			if ours(name) && !exists(t, all, page, name) {
				t.Errorf("%s names %s, which does not exist", page, name)
			}
		}
	}
}

var (
	plainPath = regexp.MustCompile(`^[\w./{},-]+$`)
	// Not in the repository: what is built, what is WordPress', what browsers load.
	notOurs = []string{"bin", "dist", "screenshots", "wp-config.php", "wp-admin", "t.js"}
)

func ours(name string) bool {
	first, _, inFolder := strings.Cut(name, "/")
	if !plainPath.MatchString(name) || slices.Contains(notOurs, first) || first == "" {
		return false
	}
	if !inFolder {
		return path.Ext(name) != name && slices.Contains([]string{".go", ".md", ".html", ".sql", ".yml", ".php", ".js",
			".css", ".mod"}, path.Ext(name))
	}
	info, err := os.Stat(first)
	return err == nil && info.IsDir()
}

// exists finds files and folders by their path from the root, from the page or
// from the plugin, and names without a folder anywhere. In CONTRIBUTING.md's
// tables sidecar/{center,admin} stands for two folders.
func exists(t *testing.T, all []string, page, name string) bool {
	t.Helper()
	if before, rest, ok := strings.Cut(name, "{"); ok {
		list, after, _ := strings.Cut(rest, "}")
		for _, one := range strings.Split(list, ",") {
			if !exists(t, all, page, before+one+after) {
				return false
			}
		}
		return true
	}
	for _, from := range []string{".", path.Dir(page), "wp-plugin"} {
		if _, err := os.Stat(filepath.Join(from, name)); err == nil {
			return true
		}
	}
	return slices.ContainsFunc(all, func(file string) bool { return path.Base(file) == name })
}

func TestCommandsNamedInDocumentsExist(t *testing.T) {
	targets := matches(target, read(t, "Makefile"))
	known := commands(t)
	for _, page := range pages(t) {
		text := read(t, page)
		for _, name := range matches(regexp.MustCompile("`make ([a-z][\\w-]*)"), text) {
			if !slices.Contains(targets, name) {
				t.Errorf("%s says make %s, which the Makefile does not have", page, name)
			}
		}
		for _, name := range matches(regexp.MustCompile("(?m)(?:`|^    (?:.* )?)partner-center ([a-z]+)(?:`| -|$)"),
			text) {
			if !slices.Contains(known, name) {
				t.Errorf("%s says partner-center %s, which is no command", page, name)
			}
		}
	}
}
