// Package files makes files of reports that are too long to be sent while somebody
// waits: in the background, with how far it is, for whoever asked for it alone. The
// work is a task, which keeps the file for a day; its pages are the same for partners
// and in wp-admin.
package files

import (
	"embed"
	"html/template"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/task"
	"partnercenter/locale"
	"partnercenter/reports"
	"partnercenter/sidecar/web"
)

//go:embed *.html
var templates embed.FS

var pages = web.ParsePages(templates)

// maxPath bounds the path of a list, which whoever asks may have written.
const maxPath = 100

// keptOf is how many files of one person are kept at once.
const keptOf = 3

// Pages are the pages of the files of one audience.
type Pages struct {
	For     reports.Audience
	Tasks   *task.Service
	Reports *reports.Reader
}

// asked is the file that somebody wants.
type asked struct {
	For      reports.Audience    `json:"for"`
	User     int64               `json:"user"`
	Partner  affiliate.PartnerID `json:"partner,omitempty"` // whose rows alone they are, of partners' reports
	Report   string              `json:"report"`
	Format   string              `json:"format"`
	Query    string              `json:"query"`          // url.Values of the report
	List     string              `json:"list,omitempty"` // path of the list that it was asked for on
	Columns  []string            `json:"columns,omitempty"`
	Language string              `json:"language"`
}

// query is what the report is asked for.
func (a asked) query(today affiliate.Day) (*reports.Report, reports.Query, error) {
	report, err := reports.Find(a.For, a.Report)
	if err != nil {
		return nil, reports.Query{}, err
	}
	values, err := url.ParseQuery(a.Query)
	if err != nil {
		return nil, reports.Query{}, affiliate.Missing("There is no such file.")
	}
	q, err := reports.ParseQuery(values, today)
	if a.For == reports.ForPartner {
		q.Partner = a.Partner // never another's: the form has no say
	}
	q.After, q.Before = "", ""
	return report, q, err
}

// Make begins to make a file and shows how far it is. A person has one made at a time.
func (p *Pages) Make(r *web.Request) error {
	running, err := p.Tasks.Running(r.Ctx(), task.FileKind, r.Who.Actor())
	if err != nil {
		return err
	}
	if len(running) > 0 {
		return r.Done(web.Flash{Text: locale.T("This file comes first. Wait until it is ready, or cancel it.")},
			p.path(running[0].ID, ""))
	}
	a := asked{For: p.For, User: r.Who.User.ID, Report: r.PostForm("report"), Format: r.PostForm("format"),
		Query: r.PostForm("query"), List: affiliate.Cut(r.PostForm("list"), maxPath), Language: r.Language().Code()}
	if !web.HasFormat(a.Format) {
		return affiliate.Missing("There is no such file.")
	}
	if p.For == reports.ForPartner {
		a.Partner = r.Who.Partner.ID
	}
	report, q, err := a.query(p.Reports.Today())
	if err != nil {
		return err
	}
	if a.Columns, err = r.ChosenColumns(report); err != nil {
		return err
	}
	if p.For == reports.ForAdmin {
		values, _ := url.ParseQuery(a.Query) // was read above
		if err := r.RecordExport(report, values, a.Format); err != nil {
			return err
		}
	}
	t, err := p.start(r, a, report, q)
	if err != nil {
		return err
	}
	p.show(r, t.ID)
	return nil
}

// start begins the work; of the files that the person has, only the newest stay.
func (p *Pages) start(r *web.Request, a asked, report *reports.Report, q reports.Query) (task.Task, error) {
	q.Limit, q.Exact = 1, true
	first, err := p.Reports.Page(r.Ctx(), report, q)
	if err != nil {
		return task.Task{}, err
	}
	kept, err := p.Tasks.FilesOf(r.Ctx(), task.FileKind, r.Who.Actor())
	if err != nil {
		return task.Task{}, err
	}
	for _, id := range kept[min(len(kept), keptOf-1):] {
		if err := p.Tasks.DropFile(r.Ctx(), id); err != nil {
			return task.Task{}, err
		}
	}
	return p.Tasks.Start(r.Ctx(), r.Who.Actor(), task.Start{Kind: task.FileKind, Params: a, Total: first.Table.Count})
}

// filePage says how far a file is.
type filePage struct {
	task.Task
	asked
	Path  string // of this page
	Bytes int64
	Until time.Time // it is kept
}

// Renew has a browser without scripts load the page anew; others take in what is new.
func (p filePage) Renew() template.HTML {
	return `<noscript><meta http-equiv="refresh" content="3"></noscript>`
}

// Ask is the query of the list that the file is of: as it was when it was asked for.
func (p filePage) Ask() []string {
	values, _ := url.ParseQuery(p.Query) // was read when it was asked for
	values.Del("partner")                // which stands in the path of such a list
	return web.Flat(values)
}

// Kilobytes is the file's size, rounded up.
func (p filePage) Kilobytes() int64 { return (p.Bytes + 1023) / 1024 }

// Waits tells whether nothing of it is made yet.
func (p filePage) Waits() bool { return p.State == task.Running && p.Task.Done == 0 }

// Most is how many rows there are, as far as it is known.
func (p filePage) Most() int64 { return max(p.Total, p.Task.Done) }

// File shows how far a file is, and where it can be downloaded; the page renews
// itself while it is made.
func (p *Pages) File(r *web.Request) error {
	t, a, err := p.own(r)
	if err != nil {
		return err
	}
	page := filePage{Task: t, asked: a, Path: p.path(t.ID, "")}
	if page.Bytes, err = p.Tasks.FileSize(r.Ctx(), t); err != nil {
		return err
	}
	if t.EndedAt != nil {
		page.Until = t.EndedAt.Add(task.FileTime)
	}
	return r.Page(pages, "file.html", title(a), page)
}

// Download answers with the file.
func (p *Pages) Download(r *web.Request) error {
	t, a, err := p.own(r)
	if err != nil {
		return err
	}
	size, err := p.Tasks.FileSize(r.Ctx(), t)
	if err != nil {
		return err
	}
	if size == 0 {
		return affiliate.Missing("This file is no longer kept.")
	}
	_, q, err := a.query(p.Reports.Today())
	if err != nil {
		return err
	}
	return r.Files(func() error {
		r.Header("Content-Length", strconv.FormatInt(size, 10))
		return r.SendFile(web.FileName(a.Report, q.Range), a.Format, func(w io.Writer) error {
			return p.Tasks.WriteFile(r.Ctx(), t.ID, size, w)
		})
	})
}

// Cancel ends the making of a file; nothing of it is kept.
func (p *Pages) Cancel(r *web.Request) error {
	t, _, err := p.own(r)
	if err == nil {
		err = p.Tasks.Stop(r.Ctx(), r.Who.Actor(), t.ID)
	}
	if err == nil {
		err = p.Tasks.DropFile(r.Ctx(), t.ID)
	}
	if err != nil {
		return err
	}
	p.show(r, t.ID)
	return nil
}

// Again makes a file from the beginning that was canceled, or went wrong.
func (p *Pages) Again(r *web.Request) error {
	t, _, err := p.own(r)
	if err == nil {
		err = p.Tasks.Resume(r.Ctx(), r.Who.Actor(), t.ID)
	}
	if err != nil {
		return err
	}
	p.show(r, t.ID)
	return nil
}

// own is the file that the path names, if it is theirs who asks. Who looks as a
// partner reaches none: it is for nobody else.
func (p *Pages) own(r *web.Request) (t task.Task, a asked, err error) {
	id, err := affiliate.ParseID[task.Task](r.Param("file"))
	if err == nil {
		t, err = p.Tasks.Task(r.Ctx(), id)
	}
	if err == nil && t.Kind == task.FileKind {
		err = t.Read(&a)
	}
	if err != nil {
		return t, a, err
	}
	partner := affiliate.PartnerID(0)
	if p.For == reports.ForPartner {
		partner = r.Who.Partner.ID
	}
	if a.User == 0 || a.User != r.Who.User.ID || a.For != p.For || a.Partner != partner || r.Who.Behind != nil {
		return t, a, affiliate.Missing("There is no such file.")
	}
	return t, a, nil
}

// show sends whoever asks to the page of a file.
func (p *Pages) show(r *web.Request, id task.ID) {
	r.Redirect(http.StatusSeeOther, r.Surface.URL(p.path(id, "")))
}

func (p *Pages) path(id task.ID, step string) string {
	path := web.FilesPath(p.For) + "/" + id.String()
	if step != "" {
		path += "/" + step
	}
	return path
}

// title names the report that a file is of; one that was forgotten names none.
func title(a asked) locale.Text {
	if report, err := reports.Find(a.For, a.Report); err == nil {
		return locale.T("File: %s", report.Title)
	}
	return locale.T("File")
}
