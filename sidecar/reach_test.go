package sidecar_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// domain are the packages whose methods change something for people.
var domain = []string{"affiliate", "affiliate/tracking", "affiliate/ledger", "affiliate/sale", "affiliate/payout",
	"affiliate/coupon", "affiliate/signup", "affiliate/messages", "affiliate/task", "affiliate/webhooks",
	"affiliate/apikey", "affiliate/pixel", "affiliate/persons", "affiliate/imports", "affiliate/verify", "reports"}

// unreached are exported functions that no page, command or call leads to, with the
// reason why that is right.
var unreached = map[string]string{
	"affiliate.MembershipAt":  "tests ask it for a membership of the past; decisions read those of many orders at once",
	"affiliate.UpdatePayment": "tests set payment data by it; people do by SetPayment, which tells the partner",
	"ledger.BalancesAt":       "tests hold the statement against it, which reports read",
}

// called are functions by what Go code can call them: "Tracker.Click" by its method's
// name, "tracking.Recall" by package and name, "fold" by its name in its package.
type called struct {
	methods map[string][]*ast.FuncDecl
	funcs   map[string]*ast.FuncDecl // by "package.name"
	in      map[*ast.FuncDecl]string // their packages
}

// Every exported function and method of the domain that works on the database is
// reachable from a page, a command or the wire: what can be done, somebody can do.
// References count by name, which may take too much for reachable and never too
// little.
func TestWhatTheDomainCanDoSomebodyCanDo(t *testing.T) {
	all := called{map[string][]*ast.FuncDecl{}, map[string]*ast.FuncDecl{}, map[*ast.FuncDecl]string{}}
	for _, dir := range domain {
		for _, file := range sources(t, filepath.Join("..", dir), false) {
			for _, d := range file.Decls {
				if f, ok := d.(*ast.FuncDecl); ok {
					all.add(filepath.Base(dir), f)
				}
			}
		}
	}
	reached, waiting := map[*ast.FuncDecl]bool{}, []*ast.FuncDecl{}
	reach := func(found []*ast.FuncDecl) {
		for _, f := range found {
			if !reached[f] {
				reached[f], waiting = true, append(waiting, f)
			}
		}
	}
	for _, root := range []string{".", "../cmd"} {
		for _, file := range sources(t, root, true) {
			reach(all.namedIn(file, ""))
		}
	}
	for len(waiting) > 0 {
		f := waiting[0]
		waiting = waiting[1:]
		reach(all.namedIn(f, all.in[f]))
	}
	missing := map[string]bool{}
	for f, pkg := range all.in {
		if f.Name.IsExported() && takesContext(f) && !reached[f] {
			missing[pkg+"."+f.Name.Name] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(missing)) {
		if unreached[name] == "" {
			t.Errorf("nothing that people can do leads to %s: give it a page, or delete it", name)
		}
	}
	for name := range unreached {
		if !missing[name] {
			t.Errorf("%s is reached, or gone: it needs no reason any more", name)
		}
	}
	if len(reached) < 500 {
		t.Errorf("only %d functions are reached: the test looks at the wrong place", len(reached))
	}
}

func (c called) add(pkg string, f *ast.FuncDecl) {
	c.in[f] = pkg
	if f.Recv != nil {
		c.methods[f.Name.Name] = append(c.methods[f.Name.Name], f)
		return
	}
	c.funcs[pkg+"."+f.Name.Name] = f
}

// namedIn are the functions that a piece of code names; pkg is the one it is of.
func (c called) namedIn(node ast.Node, pkg string) (found []*ast.FuncDecl) {
	ast.Inspect(node, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			found = append(found, c.methods[n.Sel.Name]...)
			if of, ok := n.X.(*ast.Ident); ok && c.funcs[of.Name+"."+n.Sel.Name] != nil {
				found = append(found, c.funcs[of.Name+"."+n.Sel.Name])
			}
		case *ast.Ident:
			if f := c.funcs[pkg+"."+n.Name]; f != nil {
				found = append(found, f)
			}
		}
		return true
	})
	return found
}

// takesContext tells whether a function works on something outside of it.
func takesContext(f *ast.FuncDecl) bool {
	if len(f.Type.Params.List) == 0 {
		return false
	}
	of, ok := f.Type.Params.List[0].Type.(*ast.SelectorExpr)
	return ok && of.Sel.Name == "Context"
}

// sources are the parsed files of a folder, without tests and what only tests use;
// with those below it where deep.
func sources(t *testing.T, dir string, deep bool) (files []*ast.File) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && path != dir && (!deep || entry.Name() == "sidecartest"):
			return fs.SkipDir
		case entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		files = append(files, file)
		return err
	})
	if err != nil || len(files) == 0 {
		t.Fatalf("%s: %v", dir, err)
	}
	return files
}
