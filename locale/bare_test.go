package locale

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"text/template/parse"
	"unicode"

	"golang.org/x/net/html"
)

// What follows keeps sentences from passing the catalogue by: whatever a template
// prints that is no action, and whatever text of several words stands in the Go
// of the packages that people read. What is found wrongly goes into an exception,
// with its reason.

func TestNoTemplateHasABareSentence(t *testing.T) {
	for _, file := range slices.Concat(sources(t, ".html"), sources(t, ".txt")) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, bare := range bareInTemplate(t, file, string(text)) {
			t.Errorf("%s: %q does not go through the catalogue", file, bare)
		}
	}
}

func TestNoGoTextIsABareSentence(t *testing.T) {
	used := map[string]bool{}
	for _, file := range sources(t, ".go") {
		if !readByPeople(file) {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, bare := range bareInGo(t, file, string(text)) {
			used[bare] = true
			if _, known := noSentences[bare]; !known {
				t.Errorf("%s: %q does not go through the catalogue", file, bare)
			}
		}
	}
	for text := range noSentences {
		if !used[text] {
			t.Errorf("the exception %q is not needed", text)
		}
	}
}

// The scripts have no catalogue: their words come from the page.
func TestNoScriptHasABareSentence(t *testing.T) {
	for _, file := range sources(t, ".js") {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range scriptText.FindAllString(string(text), -1) {
			if words.MatchString(found) && found != `"use strict"` {
				t.Errorf("%s: %s does not go through the catalogue", file, found)
			}
		}
	}
}

var scriptText = regexp.MustCompile(`(?m)"[^"\n]*"`)

// Mistakes that were planted are found, and what is right is not.
func TestBareSentencesAreFound(t *testing.T) {
	for text, want := range map[string]string{
		`<p>Hello</p>`: "Hello", `<p>{{t "Hello"}}</p>`: "", `<p>{{.Name}}, level</p>`: "§, level",
		`<a title="Go there" href="/x y">{{t "Go"}}</a>`: "Go there", `<a title="{{t "Go there"}}">{{say .X}}</a>`: "",
		`<input placeholder="{{.X}} or email">`: "§ or email", `<input type="submit" value="Send">`: "Send",
		`<input type="hidden" value="Send">`: "", `<td data-label="Name"></td>`: "Name", `<code>some code</code>`: "",
		`<script>var x = "a b";</script>`: "", `{{if .X}}yes{{else}}{{t "no"}}{{end}}`: "yes§",
		`{{template "x" (field "n" "My name" .V .P "Some help")}}`: "", `{{print "two words" .X}}`: "two words",
		`{{if eq .Title "First referrer"}}{{end}}`: "First referrer", `<b>·</b> 12 → {{.X}}`: "",
		`{{define "x"}}{{range .X}}<i>one</i>{{end}}{{end}}`: "one",
	} {
		if got := strings.Join(bareInTemplate(t, "x.html", text), "|"); got != want {
			t.Errorf("%s: found %q, want %q", text, got, want)
		}
	}
	for text, want := range map[string]string{
		`x := "two words"`: "two words", `T("two words")`: "", `locale.T("two words", x)`: "",
		`f("two words")`:                 "two words",
		`fmt.Sprintf("%d rows left", n)`: "%d rows left", `fmt.Errorf("cannot read %s", x)`: "", `x := "word"`: "",
		`affiliate.Conflict("It is " + "paid.")`: "", `log.Warn("it is late", "why", x)`: "",
		`affiliate.Conflict("%s", "It is paid.")`: "It is paid.", `p.Check(ok, "name", "Enter it.")`: "",
		"db.Get(ctx, &x, `/* a.b */ SELECT some thing`)": "", "q := `SELECT a thing`": "",
		`locale.Layout("%s by %s", a, b)`: "by", `y := []string{"one word", T("two words").String()}`: "one word",
		"type x struct { A int `json:\"a b\"` }": "", `regexp.MustCompile("some thing")`: "",
		`x := "a " + n + " of it"`: " of it",
		`x := "more " + "words"`:   "more words",
	} {
		source := "package x\n" + text
		if !strings.HasPrefix(text, "type") {
			source = "package x\nfunc f() { " + text + " }"
		}
		if got := strings.Join(bareInGo(t, "x.go", source), "|"); got != want {
			t.Errorf("%s: found %q, want %q", text, got, want)
		}
	}
}

// attributeParts are templates that are executed inside of a tag.
var attributeParts = []string{"field-state", "script-words"}

// bareInTemplate is what a template says by itself.
func bareInTemplate(t *testing.T, file, text string) (bare []string) {
	t.Helper()
	tree := parse.New(file)
	tree.Mode = parse.SkipFuncCheck
	trees := map[string]*parse.Tree{}
	if _, err := tree.Parse(text, "", "", trees); err != nil {
		t.Fatal(err)
	}
	for name, tree := range trees {
		var printed strings.Builder
		flatten(&printed, tree.Root)
		switch {
		case strings.HasSuffix(file, ".txt"):
			bare = append(bare, lettersIn(mergeField.ReplaceAllString(printed.String(), ""))...)
		case slices.Contains(attributeParts, name):
			bare = append(bare, bareInHTML("<p "+printed.String()+">")...)
		default:
			bare = append(bare, bareInHTML(printed.String())...)
		}
		for command := range commands(tree.Root) {
			bare = append(bare, bareInCommand(command)...)
		}
	}
	return bare
}

// mergeField is what WordPress fills in while it sends a mail.
var mergeField = regexp.MustCompile(`%[a-z_]+%`)

// flatten writes what a template prints, all branches one after the other, with
// § for each action.
func flatten(out *strings.Builder, n parse.Node) {
	branch := func(list, otherwise *parse.ListNode) {
		flatten(out, list)
		if otherwise != nil {
			flatten(out, otherwise)
		}
	}
	switch n := n.(type) {
	case *parse.TextNode:
		out.Write(n.Text)
	case *parse.ActionNode:
		if len(n.Pipe.Decl) == 0 {
			out.WriteString("§")
		}
	case *parse.ListNode:
		for _, child := range n.Nodes {
			flatten(out, child)
		}
	case *parse.IfNode:
		branch(n.List, n.ElseList)
	case *parse.RangeNode:
		branch(n.List, n.ElseList)
	case *parse.WithNode:
		branch(n.List, n.ElseList)
	}
}

// readAttributes are those that people read.
var readAttributes = []string{"title", "alt", "placeholder", "aria-label", "data-label", "data-copied", "data-press",
	"data-said-copied", "data-said-press"}

func bareInHTML(text string) (bare []string) {
	tokens, skipped := html.NewTokenizer(strings.NewReader(text)), 0
	for {
		switch tokens.Next() {
		case html.ErrorToken:
			return bare
		case html.TextToken:
			if skipped == 0 {
				bare = append(bare, lettersIn(tokens.Token().Data)...)
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			tag := tokens.Token()
			if slices.Contains([]string{"code", "pre", "script", "style"}, tag.Data) {
				skipped++
			}
			for _, a := range tag.Attr {
				button := a.Key == "value" && slices.Contains(tag.Attr, html.Attribute{Key: "type", Val: "submit"})
				if button || slices.Contains(readAttributes, a.Key) {
					bare = append(bare, lettersIn(a.Val)...)
				}
			}
		case html.EndTagToken:
			if slices.Contains([]string{"code", "pre", "script", "style"}, tokens.Token().Data) {
				skipped--
			}
		}
	}
}

// lettersIn is the text in one line if it has letters.
func lettersIn(text string) []string {
	if !strings.ContainsFunc(text, unicode.IsLetter) {
		return nil
	}
	return []string{strings.Join(strings.Fields(text), " ")}
}

// bareInCommand are texts of several words that a template hands to something
// other than the catalogue.
func bareInCommand(command *parse.CommandNode) (bare []string) {
	said := map[string][]int{"t": {1}, "th": {1}, "tc": {1, 2}, "n": {1, 2}, "field": {2, 5}, "DayField": {2, 3},
		"ChoiceField": {2, 3}}[commandName(command.Args[0])]
	for i, arg := range command.Args {
		if text, ok := arg.(*parse.StringNode); ok && words.MatchString(text.Text) && !slices.Contains(said, i) {
			bare = append(bare, text.Text)
		}
	}
	return bare
}

// words are two of them, or more.
var words = regexp.MustCompile(`\pL+[,;:.…!?]? +\pL{2,}`)

// readByPeople tells whether a package says something to people who use the
// program, other than to those who run it in a terminal or work on it.
func readByPeople(file string) bool {
	dir := filepath.ToSlash(filepath.Dir(file)) + "/"
	for _, other := range []string{"affiliate/shoptest/", "affiliate/verify/", "sidecar/sidecartest/",
		"sidecar/api/", // speaks English: programs read it
		"locale/"} {
		if strings.HasPrefix(dir, other) {
			return false
		}
	}
	return strings.HasPrefix(dir, "affiliate/") || strings.HasPrefix(dir, "reports/") ||
		strings.HasPrefix(dir, "sidecar/")
}

// sql marks queries, which nobody reads.
var sql = regexp.MustCompile(
	`/\* [\w.]+ \*/|\b(SELECT|INSERT|UPDATE|DELETE|WHERE|JOIN|AND|OR|ORDER BY|LIMIT|AS|IN|IS|ON|` +
		`SET|VALUES|IF|FROM|GROUP BY|NULL|UNION ALL|CASE|WHEN|LIKE|CONCAT_WS|COALESCE|CAST)\b|^\s*[\w.]+(,\s+[\w.]+)+\s*$`)

// technical are types of files, headers, markup, and what keys are made from.
var technical = regexp.MustCompile(`^\w+/\w+; charset|max-age=|attachment; |-src '| v1\n?$|^ ?<\w+ [\w-]+="|pc-|yyyy`)

// internal are functions whose texts are for those who run the program: errors
// that are no affiliate.Error show only their number to people.
var internal = []string{"fmt.Errorf", "errors.New", "panic", "Info", "Warn", "Error", "Debug", "regexp.MustCompile",
	"refuse"} // of apikey: the API answers programs, in English

// bareInGo are the texts of several words that do not go to the catalogue, and
// are not internal.
func bareInGo(t *testing.T, file, text string) (bare []string) {
	t.Helper()
	set := token.NewFileSet()
	parsed, err := parser.ParseFile(set, file, text, 0)
	if err != nil {
		t.Fatal(err)
	}
	fine := map[ast.Node]bool{}
	ast.Inspect(parsed, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec:
			return false
		case *ast.Field:
			fine[n.Tag] = true
		case *ast.KeyValueExpr: // codes of the audit
			if key, ok := n.Key.(*ast.Ident); ok && (key.Name == "Action" || key.Name == "Object") {
				fine[n.Value] = true
			}
		case *ast.CallExpr:
			for _, arg := range fineArgs(n) {
				fine[arg] = true
			}
			if full, _ := called(n); full == "locale.Layout" { // is the same in every language, and holds no words
				format, _ := literal(n.Args[0])
				fine[n.Args[0]] = true
				bare = append(bare, lettersIn(verb.ReplaceAllString(tag.ReplaceAllString(format, ""), ""))...)
			}
		case *ast.BinaryExpr, *ast.BasicLit:
			said, ok := literal(n.(ast.Expr))
			if ok && !fine[n] && !technical.MatchString(said) && words.MatchString(verb.ReplaceAllString(said, "§")) &&
				!sql.MatchString(said) {
				bare = append(bare, said)
			}
			return !ok && !fine[n]
		}
		return true
	})
	return bare
}

// fineArgs are the arguments of a call that are sentences of the catalogue, or
// that people do not read.
func fineArgs(call *ast.CallExpr) []ast.Expr {
	full, name := called(call)
	if slices.Contains(internal, full) || slices.Contains(internal, name) {
		return call.Args
	}
	if i, ok := sayings[name]; ok && len(call.Args) > i {
		return call.Args[i : i+1]
	}
	switch {
	case name == "C" && len(call.Args) >= 2, name == "N" && len(call.Args) >= 3:
		return call.Args[:2]
	}
	return nil
}

// noSentences are texts of several words that are no sentences for people, each
// with what it is.
var noSentences = map[string]string{
	"sign up":     "an action of the audit",
	"undo import": "an action of the audit",

	"CONVERT(params USING utf8mb4)":                                "SQL",
	`<noscript><meta http-equiv="refresh" content="3"></noscript>`: "no words",

	"edit payment":                       "an action of the audit",
	"accept terms":                       "an action of the audit",
	"edit form":                          "an action of the audit",
	"publish terms":                      "an action of the audit",
	"ask for PayPal address":             "an action of the audit",
	"see center as":                      "an action of the audit",
	"leave center of":                    "an action of the audit",
	"delete note":                        "an action of the audit",
	"confirm PayPal address":             "an action of the audit",
	"set subids":                         "an action of the audit",
	"limit addresses":                    "an action of the audit",
	"remake account":                     "an action of the audit",
	"lose account":                       "an action of the audit",
	"set recruiter":                      "an action of the audit",
	"export data":                        "an action of the audit",
	"contact field":                      "a noun of the audit",
	"choose mails":                       "an action of the audit",
	"answer missing sale":                "an action of the audit",
	"save policy":                        "an action of the audit",
	"set product":                        "an action of the audit",
	"remove product":                     "an action of the audit",
	"try again":                          "an action of the audit",
	"set first referrer":                 "an action of the audit",
	"set last referrer":                  "an action of the audit",
	"check forms":                        "an action of the audit",
	"reset referrals":                    "an action of the audit",
	"undo reset":                         "an action of the audit",
	"run again":                          "an action of the audit",
	"enter adjustment":                   "an action of the audit",
	"enter writeoff":                     "an action of the audit",
	"enter opening":                      "an action of the audit",
	"enter counter":                      "an action of the audit",
	"add partner":                        "an action of the audit",
	"take out":                           "an action of the audit",
	"make file":                          "an action of the audit",
	"check number":                       "an action of the audit",
	"tool group":                         "an object of the audit",
	"coupon template":                    "an object of the audit",
	"paypal file":                        "an object of the audit",
	"api key":                            "an object of the audit",
	"webhook delivery":                   "an object of the audit",
	"%s (API key %d)":                    "an actor, stored with what they did",
	"Changed in the WordPress account.":  "a reason in the audit, stored as it was given",
	"The WordPress account was deleted.": "a reason in the audit, stored as it was given",
	"approve early":                      "an action of the audit",
	"undo payment":                       "an action of the audit",
	"The referrer proven before gets the credit.":  "a reason in the audit, stored as it was given",
	"The cancellation was taken back.":             "a reason in the audit, stored as it was given",
	"An admin looked at the sale and released it.": "a reason in the audit, stored as it was given",
	"manual entry":         "an object of the audit",
	"manual entry ":        "names an entry in an internal error",
	"Possibly sent twice.": "marks the stored error of a mail, beside what WordPress answered",
	"The sidecar ended while it worked on this.": "the stored error of a mail, where WordPress' answer stands otherwise",
	"Partner commission":                         "part of PayPal's file, whose bytes must be the same each time",
	"Reported by the partner's own pixel.":       "a note stored with the order",
	"first referrer":                             "of the proof, for those who run verify",
	"last referrer":                              "of the proof, for those who run verify",
	"lead of form %d":                            "of the proof, for those who run verify",
	"The address answered %d.":                   "stored with a delivery, beside what the address answered",
	"The address did not answer in time.":        "stored with a delivery",
	"The address cannot be reached: ":            "stored with a delivery",
	"Partner Center webhooks":                    "the name that our calls go by",
	"Partner Center page check":                  "the name that our calls go by",
	"no database":                                "for load balancers",
	"tables are missing":                         "for load balancers",
	"log of calls":                               "names a worker in the log",
	"old facts":                                  "names a worker in the log",
	"old calls":                                  "names a worker in the log",
	"This is no form.\n":                         "an answer to the tracking script",
	"This is too long for a report.\n":           "an answer to the tracking script",
	"The address leads into a private network, which is not allowed.":     "stored with a delivery",
	"Too many forms were sent from this address. Please wait a minute.\n": "an answer to the tracking script",
	"It waits for report %d, which came earlier and is about the same person or thing.": "stored with a fact of " +
		"the inbox",
}
