package imports

import (
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"partnercenter/affiliate"
	"partnercenter/locale"
)

// headings are what columns are called in the files of other programs, folded by
// affiliate.ColumnName.
var headings = map[Kind]map[string][]string{
	Contacts: {"email": addressNames, "first_name": firstNames, "last_name": lastNames, "company": companyNames,
		"name": {"name", "fullname"}},
	Partners: {"email": addressNames, "first_name": firstNames, "last_name": lastNames, "company": companyNames,
		"name": {"name", "fullname"}, "program": {"program"}, "payment_method": {"paymentmethod", "paidby"},
		"paypal_email": {"paypalemail", "paypaladdress", "paypal"}, "recruiter": {"recruiter", "recruitedby"}},
}

var (
	addressNames = []string{"email", "emailaddress", "mail"}
	firstNames   = []string{"firstname", "givenname"}
	lastNames    = []string{"lastname", "surname", "familyname"}
	companyNames = []string{"company", "companyname", "organization", "organisation"}
)

// mostCell keeps what a cell says to more than any field takes, in characters.
const mostCell = 1000

// readFile reads a file as spreadsheets write it: with commas, semicolons or tabs, and
// headings in the first line. own are the site's own fields, whose names are headings
// too. Errors: KindInvalid by the field file.
func readFile(kind Kind, text string, own []affiliate.ContactField) (heads []Heading, lines []Line, err error) {
	text = strings.TrimPrefix(text, "\ufeff")
	switch {
	case strings.TrimSpace(text) == "":
		return nil, nil, affiliate.Invalid("file", "Please choose a file or paste its text.")
	case !utf8.ValidString(text) || strings.ContainsRune(text, utf8.RuneError):
		return nil, nil, affiliate.Invalid("file",
			"The file isn't in UTF-8. Save it as “CSV UTF-8” and try again.")
	}
	reader := csv.NewReader(strings.NewReader(text))
	reader.Comma, reader.FieldsPerRecord, reader.LazyQuotes = separator(text), -1, true
	reader.TrimLeadingSpace = reader.Comma != '\t' // or it would take empty cells away
	first, err := reader.Read()
	if err != nil {
		return nil, nil, affiliate.Invalid("file", "This isn't text in columns: %s", err)
	}
	heads = headingsOf(kind, first, own)
	if !slices.ContainsFunc(heads, func(h Heading) bool { return h.Field == "email" }) {
		return nil, nil, affiliate.Invalid("file",
			"The first line must name the columns, and one of them must be “Email”.")
	}
	for {
		record, err := reader.Read()
		switch {
		case errors.Is(err, io.EOF) && len(lines) == 0:
			return nil, nil, affiliate.Invalid("file", "There is no line below the first one.")
		case errors.Is(err, io.EOF):
			return heads, lines, nil
		case err != nil:
			return nil, nil, affiliate.Invalid("file", "This isn't text in columns: %s", err)
		case len(lines) == MostLines[kind]:
			return nil, nil, affiliate.Invalid("file",
				"Please import at most %d lines at once. Split the file and keep the first line.", MostLines[kind])
		}
		at, _ := reader.FieldPos(0)
		if slices.ContainsFunc(record, func(cell string) bool { return strings.TrimSpace(cell) != "" }) {
			lines = append(lines, Line{Number: at, Cells: cellsOf(heads, record)})
		}
	}
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

// headingsOf are the columns; of two for the same field the first is read.
func headingsOf(kind Kind, first []string, own []affiliate.ContactField) (heads []Heading) {
	used := map[string]bool{}
	for _, name := range first {
		h := Heading{Name: affiliate.Cut(affiliate.Line(name), 60)}
		folded := affiliate.ColumnName(name)
		for field, names := range headings[kind] {
			if slices.Contains(names, folded) && !used[field] {
				h.Field = field
			}
		}
		for _, f := range own {
			if affiliate.ColumnName(f.Name) == folded && !used[f.FormName()] {
				h.Field = f.FormName()
			}
		}
		used[h.Field] = true
		heads = append(heads, h)
	}
	return heads
}

func cellsOf(heads []Heading, record []string) map[string]string {
	cells := map[string]string{}
	for i, cell := range record {
		if cell = strings.TrimSpace(cell); i < len(heads) && heads[i].Field != "" && cell != "" {
			cells[heads[i].Field] = affiliate.Cut(cell, mostCell)
		}
	}
	return cells
}

// person is who a line is about. A whole name is split at its last space.
func (l Line) person() affiliate.Person {
	p := affiliate.Person{Email: l.Cells["email"], FirstName: l.Cells["first_name"], LastName: l.Cells["last_name"],
		Company: l.Cells["company"]}
	if name := l.Cells["name"]; name != "" && p.FirstName == "" && p.LastName == "" {
		p.FirstName = name
		if at := strings.LastIndexByte(name, ' '); at >= 0 {
			p.FirstName, p.LastName = strings.TrimSpace(name[:at]), strings.TrimSpace(name[at+1:])
		}
	}
	return p
}

// own is what the line says in the site's own fields.
func (l Line) own(fields []affiliate.ContactField) affiliate.FieldValues {
	values := affiliate.FieldValues{}
	for _, f := range fields {
		if value := l.Cells[f.FormName()]; value != "" {
			values[f.ID] = value
		}
	}
	return values
}

// skip has nothing become of the line.
func (l *Line) skip(field string, problem locale.Text) {
	l.Plan, l.Field, l.Problem = affiliate.ImportSkipped, field, problem
}

// fold is how addresses are compared.
func (l Line) fold() string {
	email, err := affiliate.FoldEmail(l.Cells["email"])
	if err != nil {
		return ""
	}
	return email
}
