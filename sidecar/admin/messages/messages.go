package messages

import (
	"partnercenter/affiliate"
	"partnercenter/affiliate/messages"
	"partnercenter/locale"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

type listPage struct {
	Tabs     []web.Tab
	Messages []messageRow
	Programs []affiliate.Program // where it is chosen which goes out
	Missing  int                 // ready-made ones that are not installed
	Stuck    int                 // letters that could not be written
	Why      string
}

type messageRow struct {
	messages.Message
	About locale.Text
}

// Messages lists what was written.
func (p *Pages) Messages(r *web.Request) error {
	page := listPage{Tabs: tabs(r, parts.Messages)}
	all, err := p.Library.Messages(r.Ctx())
	if err != nil {
		return err
	}
	written := map[messages.Occasion]bool{}
	for _, m := range all {
		written[m.Occasion] = true
		page.Messages = append(page.Messages, messageRow{m, aboutName(m.Occasion)})
	}
	for _, about := range messages.Occasions {
		if !written[about.Occasion] {
			page.Missing++
		}
	}
	if page.Stuck, page.Why, err = p.Desk.Failures(r.Ctx()); err != nil {
		return err
	}
	if page.Programs, err = p.Registry.Programs(r.Ctx()); err != nil {
		return err
	}
	return r.Page(pages, "messages.html", locale.T("Messages"), page)
}

// aboutName is what a message is for, in words.
func aboutName(o messages.Occasion) locale.Text {
	if about, known := messages.Of(o); known {
		return about.Name
	}
	return locale.T("Any time")
}

// Install makes messages of the ready-made texts (S104).
func (p *Pages) Install(r *web.Request) error {
	in := locale.For(r.Site.Handover().Locale)
	made, err := p.Library.Install(r.Ctx(), r.Who.Actor(), in)
	if err != nil {
		return err
	}
	return r.Done(web.Flash{Text: locale.N("%d message added. Change it as you like.",
		"%d messages added. Change them as you like.", made)}, parts.Messages)
}

// WriteAgain tries letters once more that could not be written.
func (p *Pages) WriteAgain(r *web.Request) error {
	if err := p.Desk.AgainAll(r.Ctx(), r.Who.Actor()); err != nil {
		return err
	}
	return r.Done(web.Flash{Text: locale.T("We're trying these emails again.")}, parts.Messages)
}

// Archive takes a message out of the list; Unarchive brings it back.
func (p *Pages) Archive(r *web.Request) error {
	m, err := p.message(r)
	if err != nil {
		return err
	}
	if err := p.Library.Archive(r.Ctx(), r.Who.Actor(), m.ID); err != nil {
		return err
	}
	return r.Done(web.Flash{Text: locale.T("“%s” is archived. Where it was chosen, the ready-made text goes out.",
		m.Name),
		Undo: parts.Messages + "/" + m.ID.String() + "/unarchive"}, parts.Messages)
}

// Unarchive brings an archived message back.
func (p *Pages) Unarchive(r *web.Request) error {
	m, err := p.message(r)
	if err != nil {
		return err
	}
	if err := p.Library.Unarchive(r.Ctx(), r.Who.Actor(), m.ID); err != nil {
		return err
	}
	return r.Done(web.Flash{Text: locale.T("“%s” is back.", m.Name)}, parts.Messages)
}

// message is the one that the path names.
func (p *Pages) message(r *web.Request) (messages.Message, error) {
	id, err := affiliate.ParseID[messages.Message](r.Param("message"))
	if err != nil {
		return messages.Message{}, err
	}
	return p.Library.Message(r.Ctx(), id)
}
