package partners

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"partnercenter/affiliate"
	"partnercenter/affiliate/signup"
	"partnercenter/locale"
	"partnercenter/sidecar/web"
)

// What an import takes at once; more is done by sending the rest.
const (
	importLines   = 5000
	importTime    = 12 * time.Second // a request has 30
	problemsShown = 200
)

// importForm takes partners from a CSV file (S142), with its fields as typed.
type importForm struct {
	partnerForm
	CSV     string
	Checked bool // the lines were tried, or imported
	Done    bool // imported: what the lines say is what they came to
	New     int
	Already int
	Wrong   int
	Left    int // not looked at for want of time
	Lines   []importedLine
	Hidden  int // more such lines than are shown
}

// importedLine is what became of a line of the file, or would.
type importedLine struct {
	Number  int // in the file, from 1
	Email   string
	Program string
	Problem locale.Text
}

// Fine tells whether nothing stands in the way of the import.
func (f importForm) Fine() bool { return f.Checked && !f.Done && f.New > 0 }

// NewCount, AlreadyCount and WrongCount are the numbers of lines, as pages print them.
func (f importForm) NewCount() int64     { return int64(f.New) }
func (f importForm) AlreadyCount() int64 { return int64(f.Already) }
func (f importForm) WrongCount() int64   { return int64(f.Wrong) }

// ProgramsOrNone are the programs to choose from.
func (f importForm) ProgramsOrNone() []web.Option {
	return append([]web.Option{{Value: "", Label: locale.T("None: each line names its program")}}, f.Programs...)
}

var importTitle = locale.T("Import partners")

// NewImport shows the form for a CSV file of partners.
func (p *Pages) NewImport(r *web.Request) error {
	return p.showImport(r, importForm{partnerForm: partnerForm{Program: r.Query("program")}})
}

func (p *Pages) showImport(r *web.Request, page importForm) (err error) {
	if page.partnerForm, err = p.withPartnerChoices(r, page.partnerForm); err != nil {
		return err
	}
	if len(page.Problems) > 0 {
		return r.Invalid(pages, "partner_import.html", importTitle, page)
	}
	return r.Page(pages, "partner_import.html", importTitle, page)
}

// Import tries the lines of a file, or once that was seen, takes the partners in.
// Who is a partner already stays as they are, so a file can be sent again.
func (p *Pages) Import(r *web.Request) error {
	form := r.Form()
	page := importForm{CSV: form.Raw("csv"), partnerForm: partnerForm{Program: form.Raw("program")}}
	program := web.FormID[affiliate.ProgramID](form, "program")
	lines, problem := readPartners(page.CSV)
	if !problem.IsZero() {
		form.Problems.Say("csv", problem)
	}
	if err := form.Err(); err != nil {
		page.Problems = form.Problems
		return p.showImport(r, page)
	}
	page.Checked, page.Done = true, form.Bool("confirmed")
	do := p.Signups.TryAdd
	if page.Done {
		do = p.Signups.Add
	}
	programs, err := p.Registry.Programs(r.Ctx())
	if err != nil {
		return err
	}
	began, seen := time.Now(), map[string]bool{} // how long it takes is no matter of the site's clock
	for i, line := range lines {
		if time.Since(began) > importTime {
			page.Left = len(lines) - i
			break
		}
		a, wrong := line.addition(program, programs)
		if wrong.IsZero() && seen[strings.ToLower(a.Person.Email)] {
			wrong = locale.T("The file has this address before.")
		}
		seen[strings.ToLower(a.Person.Email)] = true
		result := signup.Result{}
		if wrong.IsZero() {
			if result, err = do(r.Ctx(), r.Who.Actor(), a); err != nil {
				if wrong, err = problemOf(err); err != nil {
					return err
				}
			}
		}
		page.count(line, result, wrong)
	}
	return p.showImport(r, page)
}

// count adds what became of a line; those with a problem stand first.
func (f *importForm) count(line partnerLine, result signup.Result, wrong locale.Text) {
	l := importedLine{Number: line.number, Email: line.cell("email"), Program: result.Program.Name, Problem: wrong}
	switch {
	case !wrong.IsZero():
		f.Wrong++
	case result.Outcome == signup.Already:
		f.Already++
	default:
		f.New++
	}
	if wrong.IsZero() && (f.Done || result.Outcome == signup.Already) {
		return
	}
	if len(f.Lines) < problemsShown {
		f.Lines = append(f.Lines, l)
	} else {
		f.Hidden++
	}
}

// problemOf is what an error says to people; others are returned.
func problemOf(err error) (locale.Text, error) {
	var e *affiliate.Error
	if !errors.As(err, &e) {
		return locale.Text{}, err
	}
	texts := []locale.Text{}
	for _, text := range e.Fields {
		texts = append(texts, text)
	}
	if len(texts) == 0 {
		texts = append(texts, e.Message)
	}
	return locale.Join(texts...), nil
}

// partnerLine is a line of the file, by column.
type partnerLine struct {
	number int
	cells  map[string]string
}

func (l partnerLine) cell(column string) string { return strings.TrimSpace(l.cells[column]) }

// importColumns are what headings mean, as letters alone.
var importColumns = map[string]string{"email": "email", "emailaddress": "email", "firstname": "first_name",
	"lastname": "last_name", "company": "company", "program": "program", "paymentmethod": "method", "paidby": "method",
	"paypalemail": "paypal", "paypaladdress": "paypal", "paypal": "paypal"}

// addition is what the line asks for; program is the one chosen for lines that name
// none.
func (l partnerLine) addition(program affiliate.ProgramID, programs []affiliate.Program) (a signup.Addition,
	wrong locale.Text) {
	a = signup.Addition{ProgramID: program, PayPalEmail: l.cell("paypal"), NewOnly: true,
		Method: affiliate.PaymentPolicy(strings.ToLower(l.cell("method"))), Person: affiliate.Person{
			Email: l.cell("email"), FirstName: l.cell("first_name"), LastName: l.cell("last_name"),
			Company: l.cell("company")}}
	if name := l.cell("program"); name != "" {
		a.ProgramID = 0
		for _, p := range programs {
			if strings.EqualFold(p.Name, name) || p.Code == name {
				a.ProgramID = p.ID
			}
		}
		if a.ProgramID == 0 {
			return a, locale.T("There is no program “%s”.", affiliate.Cut(name, 100))
		}
	}
	if a.ProgramID == 0 {
		return a, locale.T("The line names no program, and none is chosen above.")
	}
	return a, locale.Text{}
}

// readPartners reads the lines of a file as spreadsheets write them: with commas,
// semicolons or tabs, and headings in the first line.
func readPartners(text string) (lines []partnerLine, problem locale.Text) {
	text = strings.TrimPrefix(text, "\ufeff")
	switch {
	case strings.TrimSpace(text) == "":
		return nil, locale.T("Please choose a file, or paste its lines.")
	case !utf8.ValidString(text) || strings.ContainsRune(text, utf8.RuneError):
		return nil, locale.T("The file isn't in UTF-8. Save it as “CSV UTF-8” and try again.")
	}
	head, _, _ := strings.Cut(text, "\n")
	reader := csv.NewReader(bytes.NewReader([]byte(text)))
	reader.FieldsPerRecord, reader.LazyQuotes, reader.TrimLeadingSpace = -1, true, true
	for _, separator := range ";\t" {
		if strings.ContainsRune(head, separator) {
			reader.Comma = separator
		}
	}
	headings, err := reader.Read()
	columns := columnsOf(headings)
	if err != nil || !columns.has("email") {
		return nil, locale.T("The first line needs headings, one of them Email.")
	}
	for {
		record, err := reader.Read()
		switch {
		case errors.Is(err, io.EOF) && len(lines) == 0:
			return nil, locale.T("The file has headings and no lines.")
		case errors.Is(err, io.EOF):
			return lines, problem
		case err != nil:
			return nil, locale.T("The file can't be read as CSV: %v.", err)
		case len(lines) == importLines:
			return nil, locale.T("The file has more than %d lines. Please split it.", importLines)
		}
		number, _ := reader.FieldPos(0)
		if strings.Join(record, "") != "" {
			lines = append(lines, partnerLine{number, columns.cells(record)})
		}
	}
}

// importHead is which column stands where; "" is one that is not read.
type importHead []string

func columnsOf(headings []string) (head importHead) {
	for _, heading := range headings {
		letters := strings.Map(func(c rune) rune {
			if unicode.IsLetter(c) {
				return unicode.ToLower(c)
			}
			return -1
		}, heading)
		head = append(head, importColumns[letters])
	}
	return head
}

func (h importHead) has(column string) bool {
	for _, c := range h {
		if c == column {
			return true
		}
	}
	return false
}

func (h importHead) cells(record []string) map[string]string {
	cells := map[string]string{}
	for i, value := range record {
		if i < len(h) && h[i] != "" {
			cells[h[i]] = value
		}
	}
	return cells
}
