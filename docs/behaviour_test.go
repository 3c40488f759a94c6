package docs_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
)

// row is a behaviour in a table: id, state, then the cells. A decision has one
// cell, every other behaviour says when it is met, too.
var row = regexp.MustCompile(`(?m)^\| ([SDB]\d+) \| (\w+) \|(.*)\|$`)

// behaviour is one row of the page.
type behaviour struct {
	id, state string
	cells     []string
}

func behaviours(t *testing.T) []behaviour {
	t.Helper()
	var all []behaviour
	for _, m := range row.FindAllStringSubmatch(read(t, behaviourPage), -1) {
		all = append(all, behaviour{m[1], m[2], strings.Split(m[3], " | ")})
	}
	return all
}

// namedBy counts the tests of each id.
func namedBy(t *testing.T) map[string]int {
	t.Helper()
	count := map[string]int{}
	for _, p := range proofs(t) {
		count[p.id]++
	}
	return count
}

func TestEveryBehaviourStandsOnceInItsPlace(t *testing.T) {
	var want []string
	for _, series := range []struct {
		letter string
		last   int
	}{{"S", 155}, {"D", 48}, {"B", 27}} {
		for n := 1; n <= series.last; n++ {
			want = append(want, fmt.Sprint(series.letter, n))
		}
	}
	got := behaviours(t)
	for i, id := range want {
		if i >= len(got) || got[i].id != id {
			t.Fatalf("%s should be row %d of %s: each id stands once, in order", id, i+1, behaviourPage)
		}
	}
	if len(got) > len(want) {
		t.Errorf("%s stands behind the last id", got[len(want)].id)
	}
}

func TestEveryBehaviourIsSaidInFull(t *testing.T) {
	for _, b := range behaviours(t) {
		cells := 2
		if strings.HasPrefix(b.id, "D") {
			cells = 1
		}
		if len(b.cells) != cells {
			t.Errorf("%s has %d cells behind its state, want %d", b.id, len(b.cells), cells)
		}
		for _, cell := range b.cells {
			if strings.TrimSpace(cell) == "" {
				t.Errorf("%s has an empty cell", b.id)
			}
		}
	}
}

func TestTestsNameBehavioursThatExist(t *testing.T) {
	known := map[string]bool{}
	for _, b := range behaviours(t) {
		known[b.id] = true
	}
	found := proofs(t)
	if len(found) < 100 {
		t.Fatalf("only %d ids are named in tests: they were looked for in the wrong place", len(found))
	}
	for _, p := range found {
		if !known[p.id] {
			t.Errorf("%s names %q, which is not in %s", p.file, p.id, behaviourPage)
		}
	}
}

// What is marked built has a test. The reverse is left to judgement, because a
// test may prove a first part only; it is printed, so that no mark is forgotten.
func TestWhatIsBuiltIsNamedByATest(t *testing.T) {
	named := namedBy(t)
	edit(t, func(page string) string {
		return row.ReplaceAllStringFunc(page, func(line string) string {
			m := row.FindStringSubmatch(line)
			state := "planned"
			if named[m[1]] > 0 {
				state = "built"
			}
			return fmt.Sprintf("| %s | %s |%s|", m[1], state, m[3])
		})
	})
	var waiting []string
	for _, b := range behaviours(t) {
		switch {
		case b.state != "built" && b.state != "planned":
			t.Errorf("%s: its state is %q, want built or planned", b.id, b.state)
		case b.state == "built" && named[b.id] == 0:
			t.Errorf("%s is marked built, but no test names it", b.id)
		case b.state == "planned" && named[b.id] > 0:
			waiting = append(waiting, b.id)
		}
	}
	if len(waiting) > 0 {
		t.Logf("named by tests, but marked planned (go test ./docs -update marks them): %s", strings.Join(waiting, " "))
	}
}
