package messages

import (
	"context"
	"iter"

	"partnercenter/affiliate"
	"partnercenter/affiliate/messages"
	"partnercenter/affiliate/tracking"
	"partnercenter/locale"
	"partnercenter/reports"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

type linksPage struct {
	Tabs  []web.Tab
	Links []linkField
}

// linkField is a link that each partner of a program has, as other tools call it.
type linkField struct {
	tracking.Tool
	Program string
	Main    bool // it is the one that a link without a name stands for
}

// Heading is the column of the file.
func (f linkField) Heading() string { return f.Program + ": " + f.Name }

// Links tells how the owner's own mail tool gets each partner's links (S150).
func (p *Pages) Links(r *web.Request) error {
	page := linksPage{Tabs: tabs(r, parts.MailLinks)}
	var err error
	if page.Links, err = p.linkFields(r.Ctx()); err != nil {
		return err
	}
	return r.Page(pages, "links.html", locale.T("Links for your own mail tool"), page)
}

// linkFields are the links of all programs in use.
func (p *Pages) linkFields(ctx context.Context) ([]linkField, error) {
	programs, err := p.Registry.Programs(ctx)
	if err != nil {
		return nil, err
	}
	tools, err := p.Tracker.Tools(ctx, tracking.ToolFilter{})
	if err != nil {
		return nil, err
	}
	all := []linkField{}
	for _, g := range programs {
		if g.Archived() {
			continue
		}
		main, _, err := p.Tracker.MainTool(ctx, g)
		if err != nil {
			return nil, err
		}
		for _, t := range tools {
			link := t.Kind == tracking.StandardLink || t.Kind == tracking.DirectLink
			if t.ProgramID == g.ID && (link || t.ID == main.ID) {
				all = append(all, linkField{t, g.Name, t.ID == main.ID})
			}
		}
	}
	return all, nil
}

// linksAtOnce is how many partners are read together.
const linksAtOnce = 1000

// LinksFile is a file for the mail tool: one row for each partner, one column for
// each link. A column of another program's link is empty.
func (p *Pages) LinksFile(r *web.Request) error {
	links, err := p.linkFields(r.Ctx())
	if err != nil {
		return err
	}
	err = p.Registry.Record(r.Ctx(), affiliate.AuditEntry{Actor: r.Who.Actor(), Action: "export", Object: "report",
		After: map[string]string{"report": "links", "format": "csv"}})
	if err != nil {
		return err
	}
	t := &reports.Table{Name: "links", Title: locale.T("Links"), Columns: linkColumns(links)}
	write := r.Site.Links()
	t.Rows = p.addressees(r.Ctx(), func(a messages.Addressee) reports.Row {
		cells := []reports.Cell{reports.Text(a.Email), reports.Text(a.FirstName), reports.Text(a.LastName),
			reports.Text(a.Code), reports.Text(a.Program), {}}
		for _, f := range links {
			cell := reports.Cell{}
			if f.ProgramID == a.ProgramID {
				cell = reports.Text(write.For(f.Tool, a.Code, ""))
			}
			if cells = append(cells, cell); f.Main && f.ProgramID == a.ProgramID {
				cells[5] = cell
			}
		}
		return reports.Row{Cells: cells}
	})
	return r.Files(func() error { return r.Download(t, "csv") })
}

func linkColumns(links []linkField) []reports.Column {
	columns := []reports.Column{}
	add := func(key string, name locale.Text) {
		columns = append(columns, reports.Column{Key: key, Name: name, Kind: reports.KindText})
	}
	add("email", locale.T("Email"))
	add("first_name", locale.T("First name"))
	add("last_name", locale.T("Last name"))
	add("code", locale.T("Partner code"))
	add("program", locale.T("Program"))
	add("link", locale.T("Link"))
	for _, f := range links {
		add(messages.ToolField(f.Code), locale.Data(f.Heading()))
	}
	return columns
}

// addressees are a row for each partner who can be written to.
func (p *Pages) addressees(ctx context.Context, row func(messages.Addressee) reports.Row) iter.Seq2[reports.Row,
	error] {
	return func(yield func(reports.Row, error) bool) {
		for last := affiliate.PartnerID(0); ; {
			some, err := p.Library.Addressees(ctx, last, linksAtOnce)
			if err != nil {
				yield(reports.Row{}, err)
				return
			}
			for _, a := range some {
				if last = a.ID; !yield(row(a), nil) {
					return
				}
			}
			if len(some) < linksAtOnce {
				return
			}
		}
	}
}
