package docs_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"partnercenter/affiliate"
)

// constant is a string constant of a type, and the comment of its group.
type constant struct{ name, value, group string }

// goFiles parses a package without its tests.
func goFiles(t *testing.T, dir string) []*ast.File {
	t.Helper()
	names, err := filepath.Glob(dir + "/*.go")
	if err != nil {
		t.Fatal(err)
	}
	var all []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, f)
	}
	return all
}

// constants are those of a package that are declared with the type.
func constants(t *testing.T, dir, typeName string) []constant {
	t.Helper()
	var all []constant
	for _, f := range goFiles(t, dir) {
		for _, decl := range f.Decls {
			group, ok := decl.(*ast.GenDecl)
			if !ok || group.Tok != token.CONST {
				continue
			}
			for _, spec := range group.Specs {
				value := spec.(*ast.ValueSpec)
				if typ, ok := value.Type.(*ast.Ident); ok && typ.Name == typeName && len(value.Values) == 1 {
					all = append(all, constant{value.Names[0].Name, text(t, value.Values[0]),
						strings.TrimSpace(group.Doc.Text())})
				}
			}
		}
	}
	if len(all) == 0 {
		t.Fatalf("%s has no constants of type %s", dir, typeName)
	}
	return all
}

// text is a string literal, which may stand on several lines.
func text(t *testing.T, e ast.Expr) string {
	t.Helper()
	if sum, ok := e.(*ast.BinaryExpr); ok && sum.Op == token.ADD {
		return text(t, sum.X) + text(t, sum.Y)
	}
	literal, ok := e.(*ast.BasicLit)
	if !ok {
		t.Fatalf("%T is no string literal", e)
	}
	s, err := strconv.Unquote(literal.Value)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// sentences are the admin's and the partner's, by the name of the constant.
func sentences(t *testing.T) map[string][2]string {
	t.Helper()
	all := map[string][2]string{}
	for _, f := range goFiles(t, "affiliate/reason") {
		ast.Inspect(f, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok || spec.Names[0].Name != "sentences" || len(spec.Values) != 1 {
				return true
			}
			for _, e := range spec.Values[0].(*ast.CompositeLit).Elts {
				pair := e.(*ast.KeyValueExpr)
				all[pair.Key.(*ast.Ident).Name] = pairOf(t, pair.Value)
			}
			return false
		})
	}
	return all
}

// pairOf are the sentences of {locale.T(…), locale.T(…)}, both(…) or admins(…).
func pairOf(t *testing.T, e ast.Expr) [2]string {
	t.Helper()
	said := func(e ast.Expr) string { return text(t, e.(*ast.CallExpr).Args[0]) }
	if pair, ok := e.(*ast.CompositeLit); ok {
		return [2]string{said(pair.Elts[0]), said(pair.Elts[1])}
	}
	call := e.(*ast.CallExpr)
	one := said(call.Args[0])
	if call.Fun.(*ast.Ident).Name == "both" {
		return [2]string{one, one}
	}
	return [2]string{one, ""}
}

// section keeps the part of the page between two marks equal to what the code says.
func section(t *testing.T, name, want string) {
	t.Helper()
	begin, end := "<!-- "+name+": written by `go test ./docs -update` -->\n", "<!-- end of "+name+" -->"
	edit(t, func(page string) string {
		before, rest, _ := strings.Cut(page, begin)
		_, after, ok := strings.Cut(rest, end)
		if !ok {
			t.Fatalf("%s has no marks around its %s", behaviourPage, name)
		}
		return before + begin + want + end + after
	})
	_, rest, _ := strings.Cut(read(t, behaviourPage), begin)
	got, _, ok := strings.Cut(rest, end)
	if !ok || got != want {
		t.Errorf("%s no longer has the %s of the code; `go test ./docs -update` writes them", behaviourPage, name)
	}
}

func TestReasonCodesAreThoseOfTheLedger(t *testing.T) {
	said := sentences(t)
	var b strings.Builder
	group := ""
	for _, c := range constants(t, "affiliate/reason", "Code") {
		sentence, ok := said[c.name]
		if !ok || sentence[0] == "" {
			t.Errorf("%s has no sentence for admins", c.value)
		}
		if c.group != group {
			group = c.group
			fmt.Fprintf(&b, "\n%s\n\n| code | admins read | partners read |\n|---|---|---|\n", group)
		}
		if sentence[1] == "" {
			sentence[1] = "–"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", c.value, cell(sentence[0]), cell(sentence[1]))
	}
	section(t, "reason codes", b.String()+"\n")
}

// cell keeps a text from ending its cell.
func cell(s string) string { return strings.ReplaceAll(s, "|", `\|`) }

func TestPartnerStatesAreThoseOfTheCode(t *testing.T) {
	var b strings.Builder
	b.WriteString("\n| state | clicks count and set the cookie | new sales and renewals earn | can log in to the " +
		"center | what is owed is paid out |\n|---|---|---|---|---|\n")
	for _, c := range constants(t, "affiliate", "PartnerState") {
		state := affiliate.PartnerState(c.value)
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", state, yes(state.LinksCount()), yes(state.MayEarn()),
			yes(state.MayLogIn()), yes(state.MayBePaid()))
	}
	section(t, "partner states", b.String()+"\n")
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
