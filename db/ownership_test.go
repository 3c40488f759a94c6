package db_test

import (
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// ownersLine is how the comment of a package names the tables that it alone
// writes. Everybody may read; a rule about a table's rows is found where the
// table is written.
var ownersLine = regexp.MustCompile(`(?s)\bTables of this\s+package: ([\w,\s]+?)\.`)

// owners are the packages by table, without its prefix.
func owners(t *testing.T) map[string]string {
	t.Helper()
	of := map[string]string{}
	for _, file := range goFiles(t) {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments|parser.PackageClauseOnly)
		if err != nil {
			t.Fatal(err)
		}
		m := ownersLine.FindStringSubmatch(f.Doc.Text())
		if m == nil {
			continue
		}
		pkg := packageOf(file)
		for _, table := range strings.FieldsFunc(m[1], func(r rune) bool { return r == ',' || unicode.IsSpace(r) }) {
			if of[table] != "" {
				t.Errorf("%s and %s both say that %s is theirs", of[table], pkg, table)
			}
			of[table] = pkg
		}
	}
	return of
}

// composed are the packages whose SQL puts the names of tables together, each
// with where its source says what the names can be.
var composed = map[string]*regexp.Regexp{
	"affiliate/messages": regexp.MustCompile(`queue\{table: "(\w+)"`), // mails and jobs are worked off alike
}

var (
	// What stands behind a verb that writes: the rest of a table's name in ours,
	// or something that is no name.
	writes = regexp.MustCompile(
		`(?is)\b(?:INSERT\s+(?:LOW_PRIORITY\s+|IGNORE\s+)?(?:INTO\s+)?|REPLACE\s+(?:INTO\s+)?|UPDATE\s+(?:IGNORE\s+)?|DELETE\s+(?:\w+\s+)?FROM\s+|TRUNCATE\s+(?:TABLE\s+)?|(?:ALTER|DROP|RENAME)\s+TABLE\s+(?:IF\s+EXISTS\s+)?)(` + "`?" + `\{\w+\}[\w…%]*|\w*partner_center_\w*|[…%])`)
	// Joined tables of an UPDATE or DELETE count as written: which of them is
	// meant is not worth a parser.
	joined = regexp.MustCompile(`(?is)\bJOIN\s+(\{\w+\}[\w…%]*)`)
	update = regexp.MustCompile(`(?is)\b(?:UPDATE\s+\{\w+\}\w*[^;]*?\bSET\b|DELETE\s+\w+\s+FROM\b[^;]*)`)
)

// written are the tables that a statement changes, without their prefix; "…" or
// "%" where the source does not say which.
func written(sql string) []string {
	var all []string
	add := func(name string) {
		all = append(all, strings.TrimPrefix(strings.Trim(name, "`"), "{wp}partner_center_"))
	}
	for _, m := range writes.FindAllStringSubmatch(sql, -1) {
		add(m[1])
	}
	for _, change := range update.FindAllString(sql, -1) {
		for _, m := range joined.FindAllStringSubmatch(change, -1) {
			add(m[1])
		}
	}
	return all
}

func TestOnlyTheOwnerWritesATable(t *testing.T) {
	ownerOf, wrote := owners(t), map[string]bool{}
	for _, s := range statements(t) {
		if s.test || s.pkg == "db/migrations" {
			continue
		}
		for _, table := range written(s.sql) {
			wrote[table] = true
			switch owner := ownerOf[table]; {
			case strings.ContainsAny(table, hole+"%"):
				if composed[s.pkg] == nil {
					t.Errorf(
						"%s writes a table whose name is put together: say it in full, so that its owner can be "+
							"checked\n\t%s", s.at, s.sql)
				}
			case owner == "":
				t.Errorf("%s writes %s, which belongs to no package of ours", s.at, table)
			case owner != s.pkg:
				t.Errorf("%s writes %s, which belongs to %s", s.at, table, owner)
			}
		}
	}
	for table, pkg := range ownerOf {
		if !wrote[table] && table != "schema" && table != "order_seqs" { // goose writes the one, the plugin the other
			t.Errorf("%s says that it owns %s, but does not write it: has its SQL been overlooked?", pkg, table)
		}
	}
}

func TestComposedNamesAreOfOwnTables(t *testing.T) {
	ownerOf, found := owners(t), map[string]bool{}
	for _, file := range goFiles(t) {
		pkg := packageOf(file)
		if composed[pkg] == nil {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range composed[pkg].FindAllStringSubmatch(string(text), -1) {
			found[pkg] = true
			if ownerOf[m[1]] != pkg {
				t.Errorf("%s writes %s, which belongs to %q", file, m[1], ownerOf[m[1]])
			}
		}
	}
	for pkg := range composed {
		if !found[pkg] {
			t.Errorf("%s no longer says which tables its SQL can name", pkg)
		}
	}
}

func TestEveryTableHasAnOwner(t *testing.T) {
	files, err := filepath.Glob("migrations/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	made := []string{"leases", "schema"} // made by this package, before there are migrations
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range createTable.FindAllStringSubmatch(string(text), -1) {
			made = append(made, m[1])
		}
	}
	ownerOf := owners(t)
	for _, table := range made {
		if ownerOf[table] == "" {
			t.Errorf("nobody owns %s: the comment of a package says \"Tables of this package: …\"", table)
		}
	}
	for table, pkg := range ownerOf {
		if !slices.Contains(made, table) {
			t.Errorf("%s owns %s, which no migration makes", pkg, table)
		}
	}
}

var createTable = regexp.MustCompile(`CREATE TABLE (?:IF NOT EXISTS )?\{wp\}partner_center_(\w+)`)

func TestWrittenTablesAreFound(t *testing.T) {
	for sql, want := range map[string]string{
		"SELECT * FROM {wp}partner_center_orders FOR UPDATE":                                    "",
		"INSERT INTO {wp}partner_center_orders (id) VALUES (?) ON DUPLICATE KEY UPDATE id = id": "orders",
		"insert ignore into {wp}partner_center_visits VALUES":                                   "visits",
		"/* x */\n\t\tUPDATE {wp}partner_center_orders\n\t\tSET a = 1":                          "orders",
		"UPDATE {wp}partner_center_orders o JOIN {wp}partner_center_contacts c ON c.id = o.contact_id SET " +
			"o.a = c.a": "orders contacts",
		"DELETE FROM {wp}partner_center_nonces WHERE expires_at < ?":                                    "nonces",
		"DELETE v FROM {wp}partner_center_visits v JOIN {wp}partner_center_tools x ON x.id = v.tool_id": "visits tools",
		"REPLACE INTO {wp}partner_center_settings VALUES (?)":                                           "settings",
		"TRUNCATE TABLE {wp}partner_center_visits":                                                      "visits",
		"DROP TABLE IF EXISTS {wp}partner_center_jobs":                                                  "jobs",
		"INSERT INTO {wp}partner_center_" + hole + " VALUES (?)":                                        hole,
		"DELETE FROM " + hole:                        hole,
		"INSERT INTO %s VALUES (?)":                  "%",
		"UPDATE {users} SET user_login = ?":          "{users}",
		"UPDATE wp_partner_center_orders SET id = 1": "wp_partner_center_orders",
		"UPDATE {wp}options SET option_value = ?":    "{wp}options",
		"INSERT INTO {wp}partner_center_entries SELECT j.id FROM {wp}partner_center_journals j JOIN " +
			"{wp}partner_center_orders o ": "entries",
		"SELECT REPLACE(a, 'x', 'y'), b FROM {wp}partner_center_orders": "",
	} {
		if got := strings.Join(written(sql), " "); got != want {
			t.Errorf("%q writes %q, want %q", sql, got, want)
		}
	}
}
