package db_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
	"testing"
)

// A mutex guards memory and is never held over what may wait for the database,
// or all who want what is in memory wait with it. What may wait takes a
// context: so after Lock no call does until Unlock, which when deferred is the
// function's end.
func TestNoMutexIsHeldOverAQuery(t *testing.T) {
	locked := 0
	for _, path := range goFiles(t) {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Body == nil {
				continue
			}
			found, locks := heldOver(f.Body)
			locked += locks
			for _, call := range found {
				t.Errorf("%s: %s holds a mutex over a call that takes a context", files.Position(call.Pos()),
					f.Name.Name)
			}
		}
	}
	if locked < 5 {
		t.Errorf("only %d mutexes were found: they were looked for in the wrong place", locked)
	}
}

// heldOver are the calls with a context between Lock and Unlock, in the order
// of the text.
func heldOver(body *ast.BlockStmt) (found []*ast.CallExpr, locks int) {
	held := false
	ast.Inspect(body, func(n ast.Node) bool {
		if _, ok := n.(*ast.DeferStmt); ok {
			return false // it is held until the end
		}
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		if name, ok := call.Fun.(*ast.SelectorExpr); ok && len(call.Args) == 0 {
			switch name.Sel.Name {
			case "Lock", "RLock":
				held = true
				locks++
			case "Unlock", "RUnlock":
				held = false
			}
		}
		if held && takesContext(call) {
			found = append(found, call)
		}
		return true
	})
	return found, locks
}

func takesContext(call *ast.CallExpr) bool {
	if len(call.Args) == 0 {
		return false
	}
	switch first := call.Args[0].(type) {
	case *ast.Ident:
		return first.Name == "ctx"
	case *ast.CallExpr:
		name, ok := first.Fun.(*ast.SelectorExpr)
		return ok && (name.Sel.Name == "Ctx" || name.Sel.Name == "Context" || name.Sel.Name == "Background" ||
			name.Sel.Name == "WithoutCancel")
	}
	return false
}
