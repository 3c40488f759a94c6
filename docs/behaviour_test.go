package docs_test

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// row is a behaviour in a table: id, state, then the cells. A decision has one
// cell, every other behaviour says when it is met, too.
var row = regexp.MustCompile(`(?m)^\| ([SDB]\d+) \| ([^|]+?) \|(.*)\|$`)

// number begins a clause; a behaviour with a single clause has none. What is
// proven inside, but reached by no page, command or wire, is said to have no screen.
var number = regexp.MustCompile(`\((\d+)\) (\*no screen:\* )?`)

// The states of a behaviour. All but planned can have clauses that are missing.
const (
	built    = "built"
	part     = "part"
	noScreen = "no screen"
	planned  = "planned"
)

// rank orders the states; where two are as far, fewer clauses are missing in the better one.
var rank = []string{planned, noScreen, part, built}

// state is one of the above, with the clauses that nothing proves.
type state struct {
	name    string
	missing []int
}

// parseState reads the cell of a table: `part, without 2, 4`.
func parseState(cell string) (state, error) {
	name, list, found := strings.Cut(cell, ", without ")
	s := state{name: name}
	if !slices.Contains(rank, name) {
		return s, fmt.Errorf("its state is %q, want one of %s", name, strings.Join(rank, ", "))
	}
	if found != (name == part) && name != noScreen || found && name == planned {
		return s, fmt.Errorf("%q: part names the clauses that are missing, built and planned have none to name", cell)
	}
	for word := range strings.SplitSeq(list, ", ") {
		if !found {
			break
		}
		n, err := strconv.Atoi(word)
		if err != nil {
			return s, fmt.Errorf("%q: clauses are numbers with commas between them", cell)
		}
		s.missing = append(s.missing, n)
	}
	return s, nil
}

func (s state) String() string {
	if len(s.missing) == 0 {
		return s.name
	}
	return s.name + ", without " + strings.Trim(strings.ReplaceAll(fmt.Sprint(s.missing), " ", ", "), "[]")
}

// betterThan tells whether s claims something that the other does not prove.
func (s state) betterThan(proven state) bool {
	if proven.name == planned {
		return s.name != planned
	}
	for _, n := range proven.missing {
		if s.name != planned && !slices.Contains(s.missing, n) {
			return true
		}
	}
	return slices.Index(rank, s.name) > slices.Index(rank, proven.name)
}

// behaviour is one row of the page.
type behaviour struct {
	id, state string
	cells     []string
	clauses   int
	hidden    map[int]bool // clauses without a screen
}

func behaviours(t *testing.T) []behaviour {
	t.Helper()
	var all []behaviour
	for _, m := range row.FindAllStringSubmatch(read(t, behaviourPage), -1) {
		b := behaviour{id: m[1], state: m[2], cells: strings.Split(m[3], " | "), hidden: map[int]bool{}}
		last := b.cells[len(b.cells)-1]
		found := number.FindAllStringSubmatch(last, -1)
		for i, clause := range found {
			b.hidden[i+1] = clause[2] != ""
		}
		if len(found) == 0 {
			b.hidden[1] = strings.Contains(last, "*no screen:* ")
		}
		b.clauses = max(1, len(found))
		all = append(all, b)
	}
	return all
}

// proof is a test that names a behaviour. Clause 0 is none in particular: it
// belongs to the behaviour, but proves no clause of it in full.
type proof struct {
	file, id string
	clause   int
	door     bool // it goes through a page, command or wire, as people and programs do
}

// doors are the folders whose tests use the product from outside: pages and
// links by HTTP, commands, the plugin in a real WordPress, what is sent to others.
var doors = []string{"sidecar/", "e2e/", "cmd/", "wp-plugin/tests/", "affiliate/webhooks/"}

func isDoor(file string) bool {
	return slices.ContainsFunc(doors, func(dir string) bool { return strings.HasPrefix(file, dir) })
}

// claim is an id on a line above a test, with a clause or without: S34.2, S34.
var claim = regexp.MustCompile(`^([SDB]\d+)(?:\.([1-9]\d*))?$`)

func proofs(t *testing.T) []proof {
	t.Helper()
	var all []proof
	for _, named := range namedIDs(t) {
		m := claim.FindStringSubmatch(named.id)
		if m == nil {
			t.Errorf("%s names %q: want an id of %s and its clause, as in S34.2", named.file, named.id, behaviourPage)
			continue
		}
		clause, _ := strconv.Atoi(m[2])
		all = append(all, proof{named.file, m[1], clause, isDoor(named.file)})
	}
	return all
}

// provenState is what the tests that name a behaviour prove of it: built when
// each clause is proven and can be reached, and one test goes through a door.
func provenState(b behaviour, all []proof) state {
	door, proven := false, map[int]bool{}
	for _, p := range all {
		if p.id == b.id && p.clause > 0 {
			proven[p.clause] = true
			door = door || p.door
		}
	}
	s, unproven := state{name: built}, []int{}
	for n := 1; n <= b.clauses; n++ {
		if !proven[n] {
			unproven = append(unproven, n)
		}
		if !proven[n] || b.hidden[n] {
			s.missing = append(s.missing, n)
		}
	}
	switch {
	case len(proven) == 0:
		return state{name: planned}
	case !door:
		return state{noScreen, unproven}
	case len(s.missing) > 0:
		s.name = part
	}
	return s
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
		found := number.FindAllStringSubmatch(b.cells[len(b.cells)-1], -1)
		for i, m := range found {
			if m[1] != strconv.Itoa(i+1) || len(found) == 1 {
				t.Errorf("%s: its clauses are numbered (1), (2) … in the last cell; a single one has no number", b.id)
				break
			}
		}
	}
}

func TestTestsNameBehavioursThatExist(t *testing.T) {
	all := map[string]behaviour{}
	for _, b := range behaviours(t) {
		all[b.id] = b
	}
	found := proofs(t)
	if len(found) < 500 {
		t.Fatalf("only %d ids are named in tests: they were looked for in the wrong place", len(found))
	}
	for _, p := range found {
		switch b, known := all[p.id]; {
		case !known:
			t.Errorf("%s names %q, which is not in %s", p.file, p.id, behaviourPage)
		case p.clause > b.clauses:
			t.Errorf("%s names clause %d of %s, which has %d", p.file, p.clause, p.id, b.clauses)
		case p.door && b.hidden[p.clause]:
			t.Errorf("%s reaches clause %d of %s, which is said to have no screen", p.file, p.clause, p.id)
		}
	}
}

// The list claims nothing that tests do not prove: a behaviour is built only if
// each clause is named by a test, and one of these tests goes through a door.
// What is proven but not claimed is printed, so that no state is forgotten.
func TestBehavioursAreWhatTestsProve(t *testing.T) {
	all := proofs(t)
	proven := map[string]state{}
	for _, b := range behaviours(t) {
		proven[b.id] = provenState(b, all)
	}
	edit(t, func(page string) string {
		return row.ReplaceAllStringFunc(page, func(line string) string {
			m := row.FindStringSubmatch(line)
			return fmt.Sprintf("| %s | %s |%s|", m[1], proven[m[1]], m[3])
		})
	})
	for _, b := range behaviours(t) {
		claimed, err := parseState(b.state)
		switch {
		case err != nil:
			t.Errorf("%s: %v", b.id, err)
		case claimed.betterThan(proven[b.id]):
			t.Errorf("%s is marked %q, but tests prove %q", b.id, b.state, proven[b.id])
		case proven[b.id].betterThan(claimed):
			t.Logf("%s is marked %q, tests prove %q (go test ./docs -update writes it)", b.id, b.state, proven[b.id])
		}
	}
}

// The summary: how many are in each state, and what each of the others lacks; what
// works inside and only lacks a screen has a star.
//
//	go test ./docs -run Behaviour -v
func TestSummaryOfBehaviours(t *testing.T) {
	count, open := map[string]map[string]int{}, map[string][]string{}
	for _, b := range behaviours(t) {
		s, err := parseState(b.state)
		if err != nil {
			continue // said by TestBehavioursAreWhatTestsProve
		}
		series := b.id[:1]
		if count[series] == nil {
			count[series] = map[string]int{}
		}
		count[series][s.name]++
		for _, n := range s.missing {
			star := ""
			if b.hidden[n] {
				star = "*"
			}
			open[s.name] = append(open[s.name], fmt.Sprintf("%s.%d%s", b.id, n, star))
		}
		if len(s.missing) == 0 && s.name != built {
			open[s.name] = append(open[s.name], b.id)
		}
	}
	for _, series := range []string{"S", "D", "B"} {
		c := count[series]
		t.Logf("%s: %3d built, %3d part, %3d no screen, %3d planned",
			series, c[built], c[part], c[noScreen], c[planned])
	}
	for _, name := range []string{part, noScreen, planned} {
		t.Logf("%s: %s", name, strings.Join(open[name], " "))
	}
}

func TestStatesAreCompared(t *testing.T) {
	for _, test := range []struct {
		claimed, proven string
		better          bool
	}{
		{"built", "built", false},
		{"built", "part, without 2", true},
		{"built", "no screen", true},
		{"part, without 2", "part, without 2, 3", true},
		{"part, without 2, 3", "part, without 2", false},
		{"part, without 1", "part, without 2", true},
		{"part, without 2", "no screen, without 2", true},
		{"no screen", "no screen, without 1", true},
		{"no screen, without 1", "part, without 1", false},
		{"no screen", "planned", true},
		{"planned", "planned", false},
		{"planned", "part, without 1", false},
	} {
		claimed, err := parseState(test.claimed)
		if err != nil {
			t.Fatal(err)
		}
		proven, err := parseState(test.proven)
		if err != nil {
			t.Fatal(err)
		}
		if claimed.betterThan(proven) != test.better || proven.String() != test.proven {
			t.Errorf("%q is better than %q: %v", claimed, proven, !test.better)
		}
	}
	for _, cell := range []string{"done", "part", "part, without", "part, without b", "built, without 2",
		"planned, without 1"} {
		if s, err := parseState(cell); err == nil {
			t.Errorf("%q was read as %v", cell, s)
		}
	}
}
