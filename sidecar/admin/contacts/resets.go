package contacts

import (
	"net/url"
	"strconv"
	"strings"

	"partnercenter/affiliate"
	"partnercenter/affiliate/tracking"
	"partnercenter/locale"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

// resetsPage is the list of resets, with the form of another one (S132).
type resetsPage struct {
	Tabs                    []web.Tab
	Partner, Program, Quiet string // the segment as typed; empty: any
	Programs                []web.Option
	Preview                 *tracking.ResetPreview // nil until it is asked for
	Sample                  []affiliate.Contact
	People                  parts.People
	Latest                  tracking.ResetID // 0: none was made yet
	Reason                  string
	Resets                  []tracking.Reset
	Next                    int // offset of the next page, 0: none
	Problems                affiliate.Problems
}

// Resets lists the resets of referrals; with preview=1 it shows whom another one
// would affect. It changes nothing.
func (p *Pages) Resets(r *web.Request) error {
	form := r.Form()
	page, segment, err := p.segment(r, form, r.Query)
	if err != nil {
		return err
	}
	return p.showResets(r, form, page, segment, r.Query("preview") != "")
}

// segment is what a form or a URL names contacts by: as typed, and as it means.
func (p *Pages) segment(r *web.Request, form *web.Form, value func(string) string) (page resetsPage,
	s tracking.Segment, err error) {
	page = resetsPage{Partner: affiliate.Cut(affiliate.Line(value("partner")), 190), Program: value("program"),
		Quiet: strings.TrimSpace(value("quiet"))}
	if page.Partner != "" {
		partner, err := parts.PartnerNamed(r.Ctx(), p.Registry, page.Partner)
		if affiliate.KindOf(err) == affiliate.KindNotFound {
			form.Problems.Add("partner", "No partner has this code or email address.")
		} else if err != nil {
			return page, s, err
		}
		s.PartnerID = partner.ID
	}
	if page.Program != "" {
		s.ProgramID, err = affiliate.ParseID[affiliate.Program](page.Program)
		form.Problems.Check(err == nil, "program", "Please choose one from the list.")
	}
	if page.Quiet != "" {
		day, err := affiliate.ParseDay(page.Quiet)
		form.Problems.Check(err == nil, "quiet", "Please write a date like 2026-12-31.")
		since := day.Start(r.Site.Zone())
		s.QuietSince = &since
	}
	return page, s, nil
}

func (p *Pages) showResets(r *web.Request, form *web.Form, page resetsPage, s tracking.Segment,
	preview bool) (err error) {
	if page.Tabs, err = p.listTabs(r.Ctx(), parts.Resets); err != nil {
		return err
	}
	if page.Programs, err = parts.ProgramFilter(r.Ctx(), p.Registry, page.Program); err != nil {
		return err
	}
	latest, err := p.Tracker.Resets(r.Ctx(), affiliate.Page{Limit: 1})
	if err != nil {
		return err
	}
	if len(latest) > 0 {
		page.Latest = latest[0].ID
	}
	page.Resets, err = p.Tracker.Resets(r.Ctx(), affiliate.Page{Offset: r.Offset(), Limit: rowsShown + 1})
	if err != nil {
		return err
	}
	if len(page.Resets) > rowsShown {
		page.Resets, page.Next = page.Resets[:rowsShown], r.Offset()+rowsShown
	}
	if preview && form.Problems["partner"].IsZero() && form.Problems["program"].IsZero() &&
		form.Problems["quiet"].IsZero() {
		if err := p.previewReset(r, &page, s); err != nil {
			return err
		}
	}
	if page.Problems = form.Problems; len(page.Problems) > 0 {
		return r.Invalid(pages, "resets.html", locale.T("Reset referrals"), page)
	}
	return r.Page(pages, "resets.html", locale.T("Reset referrals"), page)
}

// previewReset adds how many contacts a reset would affect, and some of them.
func (p *Pages) previewReset(r *web.Request, page *resetsPage, s tracking.Segment) error {
	preview, err := p.Tracker.PreviewReset(r.Ctx(), s)
	if err != nil {
		return err
	}
	page.Preview = &preview
	if page.Sample, err = p.Registry.ContactsOf(r.Ctx(), preview.Sample); err != nil {
		return err
	}
	ids := []affiliate.PartnerID{}
	for _, c := range page.Sample {
		ids = append(ids, c.First.PartnerID, c.Last.PartnerID)
	}
	page.People, err = parts.PeopleOf(r.Ctx(), p.Registry, ids...)
	return err
}

// ResetReferrals takes the right to earn from the referrers of a segment, as its
// preview showed it. A form that is sent twice resets once.
func (p *Pages) ResetReferrals(r *web.Request) error {
	form := r.Form()
	page, segment, err := p.segment(r, form, form.Raw)
	if err != nil {
		return err
	}
	page.Reason = form.Raw("reason")
	seen, wrong := strconv.Atoi(form.Raw("seen"))
	form.Problems.Check(wrong == nil, "", "Preview the contacts first.")
	latest, wrong := strconv.ParseInt(form.Raw("latest"), 10, 64)
	form.Problems.Check(wrong == nil && latest >= 0, "", "Preview the contacts first.")
	reset := tracking.Reset{}
	if err = form.Err(); err == nil {
		reset, err = p.Tracker.ResetReferrals(r.Ctx(), r.Who.Actor(), segment, seen, tracking.ResetID(latest),
			page.Reason)
	}
	if again, err := form.Overtaken(err); err != nil {
		return err
	} else if again {
		return p.showResets(r, form, page, segment, true)
	}
	return r.Done(web.Flash{Text: locale.N("Reset: the referrer of %d contact earns only after a new click.",
		"Reset: the referrers of %d contacts earn only after a new click.", reset.Contacts),
		Undo: parts.Resets + "/" + url.PathEscape(reset.ID.String()) + "/undo"}, parts.Resets)
}

// UndoReset gives the referrers of a reset their right back.
func (p *Pages) UndoReset(r *web.Request) error {
	id, err := affiliate.ParseID[tracking.Reset](r.Param("reset"))
	if err != nil {
		return err
	}
	reset, err := p.Tracker.UndoReset(r.Ctx(), r.Who.Actor(), id)
	if err != nil {
		return err
	}
	return r.Done(web.Flash{Text: locale.N("Undone: the referrer of %d contact earns again, on orders from now on.",
		"Undone: the referrers of %d contacts earn again, on orders from now on.", reset.Contacts)}, parts.Resets)
}

// Stake is what the previewed contacts' orders earned, in each currency.
func (p resetsPage) Stake(v web.View) string {
	all := []string{}
	for _, sum := range p.Preview.Earned {
		all = append(all, v.Money(sum.Amount, sum.Currency))
	}
	return strings.Join(all, ", ")
}

// StakeDays is how many days Stake looks back.
func (resetsPage) StakeDays() int { return tracking.StakeDays }
