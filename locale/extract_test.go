package locale

import (
	"cmp"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"text/template/parse"
)

var update = flag.Bool("update", false, "write the sentences of the program into catalogs/partner-center.pot")

const potFile = "locale/catalogs/partner-center.pot"

// sentence is an entry of the catalogue.
type sentence struct{ context, id, plural string }

// found are the files that say a sentence. Lines are left out: they would change
// with every edit above them.
type found map[sentence][]string

func (all found) add(s sentence, file string) {
	if strings.HasSuffix(s.id, ".html") || s.id == "%s" { // a template's name, and what only passes on
		return
	}
	if s.id != "" && !slices.Contains(all[s], file) {
		all[s] = append(all[s], file)
	}
}

// The functions that take a sentence, by name, and which of their arguments it
// is. A call with no text at that place is another function of the same name,
// other than of those of this package, whose text must be there to be found.
var (
	sayings = map[string]int{"T": 0, "Conflict": 0, "Missing": 0, "Forbidden": 0, "Invalid": 1, "Add": 1, "Check": 2}
	strict  = []string{"locale.T", "locale.C", "locale.N", "affiliate.Conflict", "affiliate.Missing",
		"affiliate.Forbidden", "affiliate.Invalid", "Conflict", "Missing", "Forbidden"}
)

// sentences are all of the program.
func sentences(t *testing.T) found {
	t.Helper()
	all := found{}
	for _, file := range sources(t, ".go") {
		fromGo(t, all, file)
	}
	for _, file := range slices.Concat(sources(t, ".html"), sources(t, ".txt")) {
		fromTemplate(t, all, file)
	}
	return all
}

// Spec: B19.1
func TestCatalogHasAllSentences(t *testing.T) {
	all := sentences(t)
	pot := write(all)
	if *update {
		if err := os.WriteFile(potFile, []byte(pot), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(potFile)
	if err != nil {
		t.Fatal(err)
	}
	if string(have) != pot {
		t.Errorf("%s is not what the program says now: go test ./locale -update", potFile)
	}
	for s := range all {
		if s.plural != "" && verbs(s.id) != verbs(s.plural) {
			t.Errorf("%q and %q have other arguments", s.id, s.plural)
		}
	}
}

// sources are the program's own files of a kind.
func sources(t *testing.T, extension string) (files []string) {
	t.Helper()
	if err := os.Chdir("."); err != nil { // tells the cache of tests where we read: TestMain's Chdir was too early for it
		t.Fatal(err)
	}
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && slices.Contains([]string{".git", "bin", "dist", "node_modules", "wp-plugin", "e2e",
			"testbed", "demo"}, entry.Name()) {
			return fs.SkipDir
		}
		if strings.HasSuffix(path, extension) && !strings.HasSuffix(path, "_test.go") {
			files = append(files, path)
		}
		return nil
	})
	if err != nil || len(files) == 0 {
		t.Fatal(err, "no files")
	}
	return files
}

func fromGo(t *testing.T, all found, file string) {
	t.Helper()
	set := token.NewFileSet()
	parsed, err := parser.ParseFile(set, file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(parsed, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		full, name := called(call)
		s, ok := spoken(name, call.Args)
		if ok {
			all.add(s, file)
			// with args… it passes on what its caller says
		} else if slices.Contains(strict, full) && !call.Ellipsis.IsValid() {
			t.Errorf("%s: %s has to be called with a constant text", set.Position(call.Pos()), full)
		}
		return true
	})
}

// called is the name of a called function, with and without what stands before
// its dot.
func called(call *ast.CallExpr) (full, name string) {
	switch f := call.Fun.(type) {
	case *ast.Ident:
		return f.Name, f.Name
	case *ast.SelectorExpr:
		if pack, ok := f.X.(*ast.Ident); ok {
			return pack.Name + "." + f.Sel.Name, f.Sel.Name
		}
		return f.Sel.Name, f.Sel.Name
	}
	return "", ""
}

// spoken is the sentence that a call says, if it says one.
func spoken(name string, args []ast.Expr) (s sentence, ok bool) {
	switch name {
	case "C":
		if len(args) >= 2 {
			var context bool
			s.context, context = literal(args[0])
			s.id, ok = literal(args[1])
			ok = ok && context
		}
	case "N":
		if len(args) >= 3 {
			var plural bool
			s.id, ok = literal(args[0])
			s.plural, plural = literal(args[1])
			ok = ok && plural
		}
	default:
		if i, is := sayings[name]; is && len(args) > i {
			s.id, ok = literal(args[i])
		}
	}
	return s, ok
}

// literal is the value of a text, which may be put together with +.
func literal(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		return text, err == nil && e.Kind == token.STRING
	case *ast.BinaryExpr:
		left, ok := literal(e.X)
		right, also := literal(e.Y)
		return left + right, ok && also && e.Op == token.ADD
	case *ast.ParenExpr:
		return literal(e.X)
	}
	return "", false
}

func fromTemplate(t *testing.T, all found, file string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	tree := parse.New(file)
	tree.Mode = parse.SkipFuncCheck
	trees := map[string]*parse.Tree{}
	if _, err := tree.Parse(string(text), "", "", trees); err != nil {
		t.Fatal(err)
	}
	for _, tree := range trees {
		for command := range commands(tree.Root) {
			fromCommand(t, all, file, commandName(command.Args[0]), command.Args[1:])
		}
	}
}

// commandName is the function or method that a template calls.
func commandName(n parse.Node) string {
	switch n := n.(type) {
	case *parse.IdentifierNode:
		return n.Ident
	case *parse.FieldNode:
		return n.Ident[len(n.Ident)-1]
	case *parse.VariableNode:
		return n.Ident[len(n.Ident)-1]
	}
	return ""
}

func fromCommand(t *testing.T, all found, file, name string, args []parse.Node) {
	t.Helper()
	text := func(i int) string {
		if i < len(args) {
			if s, ok := args[i].(*parse.StringNode); ok {
				return s.Text
			}
		}
		return ""
	}
	s := sentence{}
	switch name {
	case "t", "th":
		s.id = text(0)
	case "tc":
		s.context, s.id = text(0), text(1)
	case "n":
		s.id, s.plural = text(0), text(1)
	case "field":
		all.add(sentence{id: text(1)}, file)
		all.add(sentence{id: text(4)}, file)
		return
	case "DayField", "ChoiceField":
		all.add(sentence{id: text(1)}, file)
		all.add(sentence{id: text(2)}, file)
		return
	default:
		return
	}
	if s.id == "" {
		t.Errorf("%s: {{%s …}} needs its sentence written out; {{say …}} is for those that come from elsewhere",
			file, name)
	}
	given := map[string]int{"t": 1, "th": 1, "tc": 2, "n": 2}[name]
	if want := strings.Count(verbs(s.id), " ") + 1; verbs(s.id) != "" && len(args)-given != want || verbs(s.id) == "" &&
		len(args) != given {
		t.Errorf("%s: %q is given %d arguments", file, s.id, len(args)-given)
	}
	all.add(s, file)
}

// commands walks over all function calls of a template.
func commands(root parse.Node) func(func(*parse.CommandNode) bool) {
	return func(yield func(*parse.CommandNode) bool) { walk(root, yield) }
}

func walk(n parse.Node, yield func(*parse.CommandNode) bool) {
	branch := func(pipe *parse.PipeNode, list, otherwise *parse.ListNode) {
		walk(pipe, yield)
		walk(list, yield)
		if otherwise != nil {
			walk(otherwise, yield)
		}
	}
	switch n := n.(type) {
	case *parse.ListNode:
		for _, child := range n.Nodes {
			walk(child, yield)
		}
	case *parse.ActionNode:
		walk(n.Pipe, yield)
	case *parse.TemplateNode:
		if n.Pipe != nil {
			walk(n.Pipe, yield)
		}
	case *parse.IfNode:
		branch(n.Pipe, n.List, n.ElseList)
	case *parse.RangeNode:
		branch(n.Pipe, n.List, n.ElseList)
	case *parse.WithNode:
		branch(n.Pipe, n.List, n.ElseList)
	case *parse.PipeNode:
		for _, command := range n.Cmds {
			yield(command)
			for _, arg := range command.Args {
				walk(arg, yield)
			}
		}
	}
}

// write is the template of a catalogue, as gettext's own tools write it.
func write(all found) string {
	var out strings.Builder
	out.WriteString(`# Sentences of Partner Center. Written by: go test ./locale -update
# How to translate them: docs/translating.md
msgid ""
msgstr ""
"Project-Id-Version: Partner Center\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=UTF-8\n"
"Content-Transfer-Encoding: 8bit\n"
"Plural-Forms: nplurals=INTEGER; plural=EXPRESSION;\n"
`)
	for _, s := range all.order() {
		slices.Sort(all[s])
		fmt.Fprintf(&out, "\n#: %s\n", strings.Join(all[s], " "))
		writeID(&out, s)
		if s.plural != "" {
			out.WriteString("msgstr[0] \"\"\nmsgstr[1] \"\"\n")
		} else {
			out.WriteString("msgstr \"\"\n")
		}
	}
	return out.String()
}

// order is that of the catalogues: by the English sentence.
func (all found) order() []sentence {
	return slices.SortedFunc(maps.Keys(all), func(a, b sentence) int {
		return cmp.Or(cmp.Compare(a.id, b.id), cmp.Compare(a.context, b.context), cmp.Compare(a.plural, b.plural))
	})
}

// writeID writes what names an entry.
func writeID(out *strings.Builder, s sentence) {
	if verbs(s.id) != "" {
		out.WriteString("#, c-format\n")
	}
	if s.context != "" {
		fmt.Fprintf(out, "msgctxt %s\n", quote(s.context))
	}
	fmt.Fprintf(out, "msgid %s\n", quote(s.id))
	if s.plural != "" {
		fmt.Fprintf(out, "msgid_plural %s\n", quote(s.plural))
	}
}

// quote writes a text as .po files do, which know fewer escapes than Go.
func quote(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\t", `\t`).Replace(text) + `"`
}

var verb = regexp.MustCompile(`%(?:\[(\d+)\])?[-+# 0]*\d*(?:\.\d+)?([a-zA-Z%])`)

// verbs are the arguments a sentence asks for, in the order they are given in:
// "1s 2d".
func verbs(text string) string {
	var all []string
	next := 1
	for _, found := range verb.FindAllStringSubmatch(text, -1) {
		if found[2] == "%" {
			continue
		}
		if i, err := strconv.Atoi(found[1]); err == nil {
			next = i
		}
		all = append(all, fmt.Sprintf("%d%s", next, found[2]))
		next++
	}
	slices.Sort(all)
	return strings.Join(slices.Compact(all), " ")
}

var tag = regexp.MustCompile(`<[^>]*>`)

// tags is the markup of a sentence.
func tags(text string) string {
	all := tag.FindAllString(text, -1)
	slices.Sort(all)
	return strings.Join(all, "")
}

// field is a {name} of a reason or an {email_field}, or {{link:CODE}} of a text.
var field = regexp.MustCompile(`\{+[a-zA-Z_:]+\}+`)

// names are the {names} of a sentence.
func names(text string) string {
	all := field.FindAllString(text, -1)
	slices.Sort(all)
	return strings.Join(slices.Compact(all), "")
}
