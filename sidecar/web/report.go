package web

import (
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"partnercenter/affiliate"
	"partnercenter/locale"
	"partnercenter/reports"
)

// ReportSpec says which report a page shows, and how.
type ReportSpec struct {
	Report *reports.Report
	Path   string // of the page, below the base path
	Files  string // of its files, which end in .csv and .xlsx
	// Partner is whose rows alone they are, whatever the URL says; 0 on the
	// reports of admins.
	Partner affiliate.PartnerID
	// Program is whose rows alone they are, whatever the URL says; 0 where it may say.
	Program affiliate.ProgramID
	// Preset is the range where the URL names none, and offers the others; ""
	// for all days and no such offer.
	Preset reports.Preset
	// Filters are those that the page has fields for; nil: all of the report.
	// The others work, too, and stay in force when the fields are changed.
	Filters []reports.Filter
	Links   Links
	Tick    string // name of a checkbox before each row, whose value is TableView.Pick; "" for none
	// Bulk are what can be done with the ticked rows, or with all that match, by a
	// form that goes to BulkPath; see Request.Bulk. None: the list has no boxes.
	Bulk     []BulkAction
	BulkPath string
	// Primary is the key of the column that a row is called by, which stands first
	// in wp-admin; "" for the first one.
	Primary string
	// Usual are the keys of the columns that are read where the user has chosen none;
	// nil: all that pages have room for.
	Usual []string
	// Value is the key of the column that the selection is worth; "" for the first
	// one with money.
	Value   string
	Explain string // path, with a %d for the row's id, of the page that explains a row; "" for none
}

// Offers tells whether the page has a field for a filter.
func (s ReportSpec) Offers(f reports.Filter) bool {
	return s.Report.Has(f) && (s.Filters == nil || slices.Contains(s.Filters, f))
}

// values are the filters in the URL, with the page's own range where it says
// nothing of days. Empty days, as the form sends them, are all days.
func (s ReportSpec) values(r *Request) url.Values {
	values := r.Context.Request.URL.Query()
	if s.Preset != "" && !values.Has("range") && !values.Has("from") && !values.Has("to") {
		values.Set("range", string(s.Preset))
	}
	return values
}

func (s ReportSpec) query(values url.Values, reader *reports.Reader) (reports.Query, error) {
	q, err := reports.ParseQuery(values, reader.Today())
	if s.Report.For == reports.ForPartner {
		q.Partner = s.Partner // never another's: the URL has no say
	}
	if s.Program != 0 {
		q.Program = s.Program
	}
	return q, err
}

// ReportFile answers with all rows that the request's filters find, as a file:
// the same Table as the page's.
func (r *Request) ReportFile(reader *reports.Reader, spec ReportSpec, format string) error {
	q, err := spec.query(spec.values(r), reader)
	if err != nil {
		return err
	}
	q.After, q.Before = "", ""
	if offered, err := r.offerLong(reader, spec, q, format); offered || err != nil {
		return err
	}
	if spec.Report.For == reports.ForAdmin {
		if err := r.RecordExport(spec.Report, spec.values(r), format); err != nil {
			return err
		}
	}
	screen, err := r.screen(spec.Report)
	if err != nil {
		return err
	}
	return r.Files(func() error {
		return reader.Read(r.Ctx(), spec.Report, q, func(t *reports.Table) error {
			t.Keep(screen.Columns)
			return r.Download(t, format)
		})
	})
}

// RecordExport writes down that an admin takes the rows of a report, which may name
// persons, with the filters that they were narrowed by.
func (r *Request) RecordExport(report *reports.Report, values url.Values, format string) error {
	filters := map[string]string{"report": report.Name, "format": format}
	for name := range values {
		filters[name] = values.Get(name)
	}
	return r.Site.Registry.Record(r.Ctx(), affiliate.AuditEntry{Actor: r.Who.Actor(), Action: "export",
		Object: "report", After: filters})
}

// ReportFiles are the files of the admin's reports.
type ReportFiles struct{ Reports *reports.Reader }

// AdminReport answers with the report that the last part of the path names, as
// in "pending.csv".
func (f *ReportFiles) AdminReport(r *Request) error {
	name, format, _ := strings.Cut(r.Param("file"), ".")
	report, err := reports.Find(reports.ForAdmin, name)
	if err != nil {
		return err
	}
	return r.ReportFile(f.Reports, ReportSpec{Report: report}, format)
}

// What is being sent holds a connection to the database for as long as its
// reader takes: slow readers must not take them all away from clicks and pages,
// nor keep one for ever.
const (
	maxFiles = 8
	fileTime = 10 * time.Minute
)

// downloads are the files on their way, by user.
type downloads struct {
	sync.Mutex
	of map[int64]int
}

// add counts one more, unless there are as many as may be.
func (d *downloads) add(user int64, most int) bool {
	d.Lock()
	defer d.Unlock()
	if d.of == nil {
		d.of = map[int64]int{}
	}
	if d.of[user] >= most {
		return false
	}
	d.of[user]++
	return true
}

func (d *downloads) remove(user int64) {
	d.Lock()
	defer d.Unlock()
	if d.of[user]--; d.of[user] == 0 {
		delete(d.of, user)
	}
}

// Files carries out read, which answers by Download, unless too many files are
// on their way already: of the person (429), or of all (503).
func (r *Request) Files(read func() error) error {
	settings, err := r.Site.Registry.Settings(r.Ctx())
	if err != nil {
		return err
	}
	if !r.Site.downloads.add(r.Who.User.ID, settings.Limits.Downloads) {
		return &tooManyError{locale.T(
			"Your earlier downloads are still running. Wait until they are done, then try again.")}
	}
	defer r.Site.downloads.remove(r.Who.User.ID)
	return r.file(read)
}

// file carries out read unless too many people's files are on their way.
func (r *Request) file(read func() error) error {
	defer r.Site.files.Add(-1)
	if r.Site.files.Add(1) > maxFiles {
		return unavailable(affiliate.Conflict("Other downloads are still running. Try again in a minute."))
	}
	// An answer that is no connection, as in tests, has no deadline.
	_ = http.NewResponseController(r.Writer).SetWriteDeadline(time.Now().Add(fileTime))
	defer r.within(fileTime)()
	return read()
}

// Download answers with a report as a file, format "csv" or "xlsx", whose rows
// are sent as they are read.
func (r *Request) Download(t *reports.Table, format string) error {
	t.Language = r.Language()
	return r.SendFile(FileName(t.Name, t.Range), format, func(w io.Writer) error {
		return WriteFile(w, t, format)
	})
}

// FileName is what the file of a report is called, without what says its format.
func FileName(report string, days affiliate.Range) string {
	if text := reports.RangeText(days); !text.IsZero() {
		return report + " " + text.String() // header fields are ASCII
	}
	return report
}

// fileTypes are the formats of files.
var fileTypes = map[string]string{"csv": "text/csv; charset=utf-8",
	"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}

// WriteFile writes a table in a format.
func WriteFile(w io.Writer, t *reports.Table, format string) error {
	if format == "csv" {
		return reports.WriteCSV(w, t, reports.CSVOptions{BOM: true}) // else Excel garbles names
	}
	return reports.WriteXLSX(w, t, "")
}

// SendFile answers with a file that write writes.
func (r *Request) SendFile(name, format string, write func(io.Writer) error) error {
	if fileTypes[format] == "" {
		return errNoPage
	}
	r.Attach(name+"."+format, fileTypes[format])
	err := write(r.Writer)
	if err != nil && r.Writer.Written() {
		r.Site.Log.Error("a file was cut off", "path", r.path(), "error", err)
		panic(http.ErrAbortHandler) // breaks the connection: half a file must not pass for a whole one
	}
	if err != nil {
		r.Writer.Header().Del("Content-Disposition")
	}
	return err
}
