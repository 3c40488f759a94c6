package db_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
	"testing"
)

// Facts about buyers enter by one door: package sale applies a form together
// with what it means for orders that are known already. Whoever applied it
// alone would leave those as they were.
//
// Spec: D18
func TestFormsEnterByTheIntakeOfSales(t *testing.T) {
	found := 0
	for _, path := range goFiles(t) {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); !ok || s.Sel.Name != "ApplyTouchpoint" {
				return true
			}
			found++
			if packageOf(path) != "affiliate/sale" {
				t.Errorf("%s applies a form by itself: call sale.Service.TakeTouchpoint", path)
			}
			return true
		})
	}
	if found == 0 {
		t.Error("nobody applies forms: they were looked for in the wrong place")
	}
}
