package db_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// statement is a piece of SQL in the sources.
type statement struct {
	pkg  string // folder, from the root of the repository
	at   string // file:line
	sql  string
	test bool // only tests run it
}

// hole stands in a statement for what is put in when the program runs.
const hole = "…"

// sqlWord tells SQL from prose: the house writes its key words in capitals.
var sqlWord = regexp.MustCompile(
	`\{(wp|base|users|usermeta)\}|\b(SELECT|FROM|WHERE|JOIN|INSERT|INTO|VALUES|UPDATE|SET|DELETE|REPLACE|TRUNCATE|UNION|HAVING|RETURNING|LIMIT|(ORDER|GROUP|PARTITION) BY|CREATE TABLE|ALTER TABLE|DROP TABLE)\b`)

// testOnly are the packages that exist for tests: they may empty tables.
var testOnly = []string{"db/dbtest", "affiliate/shoptest", "sidecar/sidecartest", "testbed/mariadb",
	"testbed/wordpress", "cmd/testbed", "e2e"}

// sources are the files of the repository with one of the extensions.
func sources(t *testing.T, extensions ...string) []string {
	t.Helper()
	var all []string
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && slices.Contains([]string{".git", "bin", "dist", "node_modules", "testdata"}, entry.Name()) {
			return fs.SkipDir
		}
		if !entry.IsDir() && slices.Contains(extensions, filepath.Ext(path)) {
			all = append(all, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func goFiles(t *testing.T) []string { t.Helper(); return sources(t, ".go") }

// packageOf is the folder of a file, from the root of the repository.
func packageOf(path string) string {
	return filepath.ToSlash(filepath.Dir(strings.TrimPrefix(path, "../")))
}

// statements are all SQL of the repository: Go strings, joined where the source
// joins them, and the statements of .sql files.
func statements(t *testing.T) []statement {
	t.Helper()
	var all []statement
	for _, path := range sources(t, ".go", ".sql") {
		s := statement{pkg: packageOf(path)}
		if s.pkg == "docs" {
			continue // docs/schema.sql shows the schema, nothing runs it
		}
		s.test = strings.HasSuffix(path, "_test.go") || slices.Contains(testOnly, s.pkg)
		if filepath.Ext(path) == ".go" {
			all = append(all, inGo(t, path, s)...)
		} else {
			all = append(all, inSQL(t, path, s)...)
		}
	}
	if len(all) < 200 {
		t.Fatalf("only %d pieces of SQL were found: they were looked for in the wrong place", len(all))
	}
	return all
}

// inGo finds the SQL strings of a Go file. The tests that read the sources are
// excluded: they hold SQL that must not be written.
func inGo(t *testing.T, path string, like statement) []statement {
	t.Helper()
	if base := filepath.Base(path); base == "ownership_test.go" || base == "dialect_test.go" ||
		base == "source_test.go" {
		return nil
	}
	files := token.NewFileSet()
	f, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	var all []statement
	ast.Inspect(f, func(n ast.Node) bool {
		e, ok := n.(ast.Expr)
		if !ok || !startsString(e) {
			return true
		}
		if sql := folded(e); sqlWord.MatchString(sql) {
			like.sql, like.at = sql, strings.TrimPrefix(files.Position(e.Pos()).String(), "../")
			all = append(all, like)
		}
		return !isSum(e) // its parts were taken together
	})
	return all
}

func startsString(e ast.Expr) bool {
	literal, ok := e.(*ast.BasicLit)
	return isSum(e) || ok && literal.Kind == token.STRING
}

// isSum tells whether strings are joined here; of numbers nothing is left that
// looks like SQL.
func isSum(e ast.Expr) bool {
	sum, ok := e.(*ast.BinaryExpr)
	return ok && sum.Op == token.ADD
}

// folded is a string as far as the source says it. SQL inside a call, such as
// strings.Join(parts, " AND "), stays in the hole's place.
func folded(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		s, err := strconv.Unquote(e.Value)
		if err == nil {
			return s
		}
	case *ast.BinaryExpr:
		return folded(e.X) + folded(e.Y)
	case *ast.ParenExpr:
		return folded(e.X)
	case *ast.CallExpr:
		var inside strings.Builder
		for _, argument := range e.Args {
			if s := folded(argument); sqlWord.MatchString(s) {
				inside.WriteString(s)
			}
		}
		return inside.String() + hole
	}
	return hole
}

func inSQL(t *testing.T, path string, like statement) []statement {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	like.at = strings.TrimPrefix(path, "../")
	var all []statement
	for _, sql := range strings.Split(withoutRemarks.ReplaceAllString(string(text), ""), ";\n") {
		like.sql = sql
		all = append(all, like)
	}
	return all
}

// withoutRemarks finds the remarks of .sql files, which are prose.
var withoutRemarks = regexp.MustCompile(`(?m)--.*$`)
