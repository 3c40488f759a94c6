package messages

import (
	"cmp"
	"net/http"
	"slices"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/messages"
	"partnercenter/affiliate/tracking"
	"partnercenter/limit"
	"partnercenter/locale"
	"partnercenter/reports"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

// editPage is a message as typed, with the merge fields it can hold and what it
// looks like.
type editPage struct {
	ID                        messages.MessageID
	Name, Subject, HTML, Text string
	Occasion                  string
	Occasions                 []web.Option
	Groups                    []fieldGroup
	Partners                  []web.Option // to look at it as
	Partner                   string
	Shown                     *messages.Mail // the preview; nil while there is no partner
	MyEmail                   string
	Seen                      string // which version it shows
	Problems                  affiliate.Problems
}

type fieldGroup struct {
	Name   locale.Text
	Fields []fieldHelp
}

type fieldHelp struct {
	Token string
	Help  locale.Text
}

func newEditPage(m messages.Message) editPage {
	page := editPage{ID: m.ID, Name: m.Name, Subject: m.Subject, HTML: m.HTML, Text: m.Text,
		Occasion: string(m.Occasion), Seen: web.Seen(m.UpdatedAt)}
	options := []web.Option{{Value: "", Label: locale.T("Any time, such as emails to rows of a list")}}
	for _, about := range messages.Occasions {
		label := about.Name
		if about.Admin {
			label = locale.T("To you: %s", about.Name)
		}
		options = append(options, web.Option{Value: string(about.Occasion), Label: label})
	}
	page.Occasions = web.Options(options, page.Occasion)
	return page
}

// fill adds what the form shows beside its fields.
func (p *Pages) fill(r *web.Request, page *editPage) error {
	about, known := messages.Of(messages.Occasion(page.Occasion))
	for _, f := range messages.Fields {
		if known && !about.Has(f) || !known && !(messages.About{}).Has(f) {
			continue
		}
		name := messages.GroupNames[f.Group]
		i := slices.IndexFunc(page.Groups, func(g fieldGroup) bool { return g.Name.Equal(name) })
		if i < 0 {
			page.Groups, i = append(page.Groups, fieldGroup{Name: name}), len(page.Groups)
		}
		page.Groups[i].Fields = append(page.Groups[i].Fields, fieldHelp{f.Token(), f.Help})
	}
	page.MyEmail = r.Who.User.Email
	if err := p.fillOwn(r, page, about); err != nil {
		return err
	}
	if about.Admin {
		return p.fillPartners(r, page)
	}
	tools, err := p.Tracker.Tools(r.Ctx(), tracking.ToolFilter{})
	if err != nil {
		return err
	}
	programs, err := p.Registry.Programs(r.Ctx())
	if err != nil {
		return err
	}
	names := map[affiliate.ProgramID]string{}
	for _, program := range programs {
		names[program.ID] = program.Name
	}
	links := fieldGroup{Name: messages.GroupNames[messages.OfLinks]}
	for _, t := range tools {
		links.Fields = append(links.Fields, fieldHelp{"{" + messages.ToolField(t.Code) + "}",
			locale.T("%s, of the program %s", t.Name, names[t.ProgramID])})
	}
	i := slices.IndexFunc(page.Groups, func(g fieldGroup) bool { return g.Name.Equal(links.Name) })
	page.Groups[i].Fields = append(page.Groups[i].Fields, links.Fields...)
	return p.fillPartners(r, page)
}

// fillOwn adds the site's own fields to those of the partner, or of the applicant.
func (p *Pages) fillOwn(r *web.Request, page *editPage, about messages.About) error {
	group := messages.OfPartner
	if about.Admin {
		group = messages.OfPerson
	}
	i := slices.IndexFunc(page.Groups, func(g fieldGroup) bool { return g.Name.Equal(messages.GroupNames[group]) })
	if i < 0 {
		return nil // no partner has a part in these mails
	}
	fields, err := p.Registry.ContactFields(r.Ctx())
	for _, own := range fields {
		f := messages.OwnField(own)
		page.Groups[i].Fields = append(page.Groups[i].Fields, fieldHelp{f.Token(), f.Help})
	}
	return err
}

const (
	partnersOffered = 50
	testsPerHour    = 20
)

// fillPartners offers partners to look at the message as, the newest first.
func (p *Pages) fillPartners(r *web.Request, page *editPage) error {
	report, err := reports.Find(reports.ForAdmin, "partners")
	if err != nil {
		return err
	}
	found, err := p.Reports.Page(r.Ctx(), report, reports.Query{Status: string(affiliate.Active),
		Limit: partnersOffered})
	if err != nil {
		return err
	}
	ids := []affiliate.PartnerID{}
	for _, row := range found.Rows {
		ids = append(ids, affiliate.PartnerID(row.Ref.ID))
	}
	people, err := parts.PeopleOf(r.Ctx(), p.Registry, ids...)
	if err != nil {
		return err
	}
	chosen := r.Query("partner")
	for _, id := range ids {
		page.Partners = append(page.Partners, web.Option{Value: id.String(), Label: locale.Data(people.Name(id))})
		page.Partner = cmp.Or(page.Partner, id.String())
	}
	page.Partner = cmp.Or(chosen, page.Partner)
	page.Partners = web.Options(page.Partners, page.Partner)
	if page.ID == 0 || page.Partner == "" {
		return nil
	}
	shown, err := p.shown(r, page.ID, page.Partner)
	if affiliate.KindOf(err) == affiliate.KindNotFound {
		return nil
	}
	page.Shown = &shown
	return err
}

// shown is a stored message as a partner would get it.
func (p *Pages) shown(r *web.Request, id messages.MessageID, partner string) (messages.Mail, error) {
	m, err := p.Library.Message(r.Ctx(), id)
	if err != nil {
		return messages.Mail{}, err
	}
	as, err := affiliate.ParseID[affiliate.Partner](partner)
	if err != nil {
		return messages.Mail{}, err
	}
	return p.Desk.Preview(r.Ctx(), m, as)
}

// New is the form of a new message.
func (p *Pages) New(r *web.Request) error {
	page := newEditPage(messages.Message{HTML: "<p>{greeting}</p>\n<p></p>"})
	if err := p.fill(r, &page); err != nil {
		return err
	}
	return r.Page(pages, "edit.html", locale.T("New message"), page)
}

// Edit is the form of a message, with its preview.
func (p *Pages) Edit(r *web.Request) error {
	m, err := p.message(r)
	if err != nil {
		return err
	}
	page := newEditPage(m)
	if err := p.fill(r, &page); err != nil {
		return err
	}
	return r.Page(pages, "edit.html", locale.Data(m.Name), page)
}

// Create saves a new message.
func (p *Pages) Create(r *web.Request) error { return p.save(r, messages.Message{}) }

// Save changes a message.
func (p *Pages) Save(r *web.Request) error {
	m, err := p.message(r)
	if err != nil {
		return err
	}
	return p.save(r, m)
}

func (p *Pages) save(r *web.Request, m messages.Message) error {
	f := r.Form()
	before := m
	m.Name, m.Subject, m.HTML, m.Text = f.Text("name", 190), f.Text("subject", 255), f.Raw("body_html"),
		f.Raw("body_text")
	m.Occasion = messages.Occasion(f.Raw("occasion"))
	page := newEditPage(m)
	saved, err := m, f.Err()
	if err == nil && m.ID != 0 && m != before {
		err = f.Current(before.UpdatedAt)
	}
	if err == nil {
		saved, err = p.Library.Save(r.Ctx(), r.Who.Actor(), m)
	}
	again, err := f.Overtaken(err)
	if err != nil {
		return err
	}
	if again {
		page.Problems = f.Problems
		if err := p.fill(r, &page); err != nil {
			return err
		}
		page.Shown = nil
		title := locale.T("New message")
		if m.ID != 0 {
			title = locale.Data(m.Name)
		}
		return r.Invalid(pages, "edit.html", title, page)
	}
	return r.Done(web.Flash{Text: locale.T("The message is saved. Below is what partners get.")},
		parts.Messages+"/"+saved.ID.String())
}

// Preview is the mail itself, for a frame of the page: nothing in it can run.
func (p *Pages) Preview(r *web.Request) error {
	m, err := p.message(r)
	if err != nil {
		return err
	}
	shown, err := p.shown(r, m.ID, r.Query("partner"))
	if err != nil {
		return err
	}
	return showMail(r, shown.HTML)
}

// showMail answers with the HTML of a mail.
func showMail(r *web.Request, html string) error {
	r.Header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; img-src https: data:; "+
		"base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox")
	r.Header("Cache-Control", "no-store")
	r.Data(http.StatusOK, "text/html; charset=utf-8", []byte(html))
	return nil
}

// SendTest sends a message to the admin who looks at it.
func (p *Pages) SendTest(r *web.Request) error {
	m, err := p.message(r)
	if err != nil {
		return err
	}
	partner, err := affiliate.ParseID[affiliate.Partner](r.PostForm("partner"))
	if err != nil {
		return err
	}
	if r.Who.User.Email == "" {
		return affiliate.Conflict("Your account has no email address.")
	}
	if !p.tests.AllowKey(r.Who.User.Login, limit.Per(time.Hour, testsPerHour), r.Site.Now()) {
		return affiliate.Conflict("You sent many tests. Please wait a few minutes.")
	}
	if err := p.Desk.SendTest(r.Ctx(), m, partner, r.Who.User.Email); err != nil {
		return err
	}
	return r.Done(web.Flash{Text: locale.T("A test is on its way to %s.", r.Who.User.Email)},
		parts.Messages+"/"+m.ID.String())
}
