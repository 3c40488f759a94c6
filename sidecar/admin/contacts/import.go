package contacts

import (
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"

	"partnercenter/affiliate"
	"partnercenter/locale"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

// importPage takes a file of contacts as text, shows what would become of each
// line, and imports it (S151).
type importPage struct {
	Text     string
	Columns  []importColumn
	Lines    []affiliate.ImportedLine // those with a problem, at most problemsListed
	Counts   map[affiliate.ImportOutcome]int
	All      int // lines of the file, without the first
	Problem  int // lines with something to say
	Seen     string
	Done     bool // a dry run was made
	Problems affiliate.Problems
}

// importColumn is a column of the file and what it becomes; "" is not used.
type importColumn struct {
	Name    string
	Becomes locale.Text
	field   string
}

// What one import takes: it is carried out while somebody waits for it.
const (
	importLines    = 5000
	problemsListed = 200
	ImportBytes    = 4 << 20 // the form: an address is longer in it than in the file
)

// AskImport asks for the file.
func (p *Pages) AskImport(r *web.Request) error { return p.showImport(r, importPage{}, r.Form()) }

func (p *Pages) showImport(r *web.Request, page importPage, form *web.Form) error {
	if page.Problems = form.Problems; len(page.Problems) > 0 {
		return r.Invalid(pages, "import.html", locale.T("Import contacts"), page)
	}
	return r.Page(pages, "import.html", locale.T("Import contacts"), page)
}

// ImportContacts shows the dry run of a file, or imports what its dry run showed.
// Where the contacts changed since so that it would do something else, it shows the
// dry run again. The same file twice changes nothing.
func (p *Pages) ImportContacts(r *web.Request) error {
	form := r.Form()
	page := importPage{Text: form.Raw("file")}
	lines := page.parse(form)
	if form.Err() != nil {
		return p.showImport(r, page, form)
	}
	planned, err := p.Registry.PreviewImport(r.Ctx(), lines)
	if err != nil {
		return err
	}
	page.count(planned)
	if form.Raw("seen") != page.Seen {
		form.Problems.Check(form.Raw("seen") == "", "",
			"Contacts changed since the dry run. Review what would happen now.")
		return p.showImport(r, page, form)
	}
	made, completed, err := p.Registry.ImportContacts(r.Ctx(), r.Who.Actor(), lines)
	if err != nil {
		return err
	}
	text := locale.Join(locale.N("%d contact added.", "%d contacts added.", made),
		locale.N("%d completed.", "%d completed.", completed))
	if skipped := page.Counts[affiliate.ImportSkipped]; skipped > 0 {
		text = locale.Join(text, locale.N("%d line skipped.", "%d lines skipped.", skipped))
	}
	return r.Done(web.Flash{Text: text}, parts.Contacts)
}

// count sums the plan up. Seen stands for the whole of it.
func (page *importPage) count(planned []affiliate.ImportedLine) {
	page.Counts, page.All, page.Done = map[affiliate.ImportOutcome]int{}, len(planned), true
	digest := sha256.New()
	for _, line := range planned {
		page.Counts[line.Outcome]++
		fmt.Fprintln(digest, line.Line, line.Outcome, line.Email)
		if !line.Problem.IsZero() {
			if page.Problem++; len(page.Lines) < problemsListed {
				page.Lines = append(page.Lines, line)
			}
		}
	}
	page.Seen = hex.EncodeToString(digest.Sum(nil)[:8])
}

// Count is how many lines have an outcome.
func (page importPage) Count(outcome string) int {
	return page.Counts[affiliate.ImportOutcome(outcome)]
}

// Usable is how many lines do something, or change nothing.
func (page importPage) Usable() int { return page.All - page.Counts[affiliate.ImportSkipped] }

// Hidden is how many lines with a problem are not listed.
func (page importPage) Hidden() int { return page.Problem - len(page.Lines) }

// fieldNames are what columns are called in the files of other programs, in
// small letters alone.
var fieldNames = map[string][]string{
	"email":      {"email", "emailaddress", "mail"},
	"first_name": {"firstname", "givenname"},
	"last_name":  {"lastname", "surname", "familyname"},
	"name":       {"name", "fullname"},
	"company":    {"company", "companyname", "organization", "organisation"},
}

var fieldWords = map[string]locale.Text{"email": locale.T("Email"), "first_name": locale.T("First name"),
	"last_name": locale.T("Last name"), "name": locale.T("Name"), "company": locale.T("Company")}

// parse reads the text as lines of contacts: its first line names the columns.
func (page *importPage) parse(form *web.Form) (lines []affiliate.ImportLine) {
	text := strings.TrimPrefix(page.Text, "\ufeff")
	if strings.TrimSpace(text) == "" {
		form.Problems.Add("file", "Please choose a file or paste its text.")
		return nil
	}
	reader := csv.NewReader(strings.NewReader(text))
	reader.Comma, reader.FieldsPerRecord, reader.LazyQuotes = separator(text), -1, true
	reader.TrimLeadingSpace = true
	heads, err := reader.Read()
	if err != nil {
		form.Problems.Add("file", "This isn't text in columns: %s", err)
		return nil
	}
	if !page.columns(heads) {
		form.Problems.Add("file", "The first line must name the columns, and one of them must be “Email”.")
		return nil
	}
	for {
		record, err := reader.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			form.Problems.Add("file", "This isn't text in columns: %s", err)
			return nil
		}
		at, _ := reader.FieldPos(0)
		if len(lines) == importLines {
			form.Problems.Add("file", "Please import at most %d lines at once. Split the file and keep the first line.",
				importLines)
			return nil
		}
		if slices.ContainsFunc(record, func(cell string) bool { return strings.TrimSpace(cell) != "" }) {
			lines = append(lines, affiliate.ImportLine{Line: at, Person: page.person(record)})
		}
	}
	form.Problems.Check(len(lines) > 0, "file", "There is no line below the first one.")
	return lines
}

// separator is what parts the columns of the first line: comma, semicolon or tab.
func separator(text string) rune {
	first, _, _ := strings.Cut(text, "\n")
	best, most := ',', strings.Count(first, ",")
	for _, r := range ";\t" {
		if n := strings.Count(first, string(r)); n > most {
			best, most = r, n
		}
	}
	return best
}

// columns tells whether one of the columns holds addresses.
func (page *importPage) columns(heads []string) (usable bool) {
	used := map[string]bool{}
	for _, head := range heads {
		column := importColumn{Name: affiliate.Cut(affiliate.Line(head), 60)}
		for field, names := range fieldNames {
			if slices.Contains(names, letters(head)) && !used[field] {
				column.field, column.Becomes, used[field] = field, fieldWords[field], true
			}
		}
		page.Columns = append(page.Columns, column)
	}
	return used["email"]
}

// letters are those of a heading, small.
func letters(head string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, head)
}

// person is what a line says. A whole name is split at its last space.
func (page *importPage) person(record []string) (p affiliate.Person) {
	for i, cell := range record {
		if i >= len(page.Columns) {
			break
		}
		cell = strings.TrimSpace(cell)
		switch page.Columns[i].field {
		case "email":
			p.Email = cell
		case "first_name":
			p.FirstName = cell
		case "last_name":
			p.LastName = cell
		case "company":
			p.Company = cell
		case "name":
			at := strings.LastIndexByte(cell, ' ')
			p.FirstName, p.LastName = strings.TrimSpace(cell[:max(0, at)]), strings.TrimSpace(cell[at+1:])
			if at < 0 {
				p.FirstName, p.LastName = cell, ""
			}
		}
	}
	return p
}

// Words are the names of fields.
func (importPage) Words() map[string]locale.Text { return fieldWords }

// Value is what the file has in the field that a line's problem is about.
func (importPage) Value(line affiliate.ImportedLine) string {
	text := map[string]string{"email": line.Email, "first_name": line.FirstName, "last_name": line.LastName,
		"company": line.Company}[line.Field]
	return affiliate.Cut(affiliate.Line(text), 60)
}
