// Package docs_test keeps the documentation true: ids, codes and states against
// the code and the tests, commands and files against the repository.
//
//	go test ./docs -update
//
// writes into behaviour.md and schema.sql what follows from the code: the states of
// behaviours, the reason codes, the partner states.
package docs_test

import (
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write into behaviour.md what follows from the code")

const behaviourPage = "docs/behaviour.md"

// TestMain runs at the root of the repository, from which all names are relative.
func TestMain(m *testing.M) {
	if err := os.Chdir(".."); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// edit puts new text into the page when -update is given.
func edit(t *testing.T, change func(page string) string) {
	t.Helper()
	if !*update {
		return
	}
	if err := os.WriteFile(behaviourPage, []byte(change(read(t, behaviourPage))), 0o644); err != nil {
		t.Fatal(err)
	}
}

// files are those of the repository but for what is built or fetched.
func files(t *testing.T) []string {
	t.Helper()
	var all []string
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && slices.Contains([]string{".git", "bin", "dist", "screenshots", "node_modules"},
			entry.Name()) {
			return fs.SkipDir
		}
		if !entry.IsDir() {
			all = append(all, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// pages are the documents that people read.
func pages(t *testing.T) []string {
	t.Helper()
	var all []string
	for _, pattern := range []string{"*.md", "docs/*.md"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, found...)
	}
	if len(all) == 0 {
		t.Fatal("no documents: is this the root of the repository?")
	}
	return all
}

// words are the parts of a line that lists ids, with commas or without.
var words = regexp.MustCompile(`[^\s,]+`)

// named is an id on the line above a test of that file.
type named struct{ file, id string }

// namedIDs finds the ids that tests name, and complains of lists that belong to no test.
func namedIDs(t *testing.T) []named {
	t.Helper()
	var all []named
	for _, file := range files(t) {
		if !strings.HasSuffix(file, "_test.go") {
			continue
		}
		lines := strings.Split(read(t, file), "\n")
		for i, line := range lines {
			list, ok := strings.CutPrefix(strings.TrimSpace(line), "// Spec:")
			if !ok {
				continue
			}
			if !aboveTest(lines[i+1:]) {
				t.Errorf("%s:%d: this list of ids stands above no test", file, i+1)
			}
			for _, id := range words.FindAllString(list, -1) {
				all = append(all, named{file, id})
			}
		}
	}
	return all
}

var testFunc = regexp.MustCompile(`^func (Test|Fuzz|Benchmark)\w*\(`)

// aboveTest tells whether these lines are the rest of a comment, then a test.
func aboveTest(lines []string) bool {
	for _, line := range lines {
		if !strings.HasPrefix(line, "//") {
			return testFunc.MatchString(line)
		}
	}
	return false
}
