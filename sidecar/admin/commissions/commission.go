package commissions

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/reason"
	"partnercenter/affiliate/tracking"
	"partnercenter/locale"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

// commissionPage answers "why" for one commission: its reasoning, and who did
// what to it (B2, S76).
type commissionPage struct {
	parts.Explained
	Commission ledger.Commission
	Journals   []journal
	Own        []locale.Text // why it is this partner's, and how it is calculated
	Sum        locale.Text   // "12% of $58.00 = $6.96"; none where it earns nothing
	Click      click
	Next       locale.Text      // what comes next
	Lost       money.Amount     // what the last cancellation took
	Deeds      []web.BulkAction // what can be done with it now
}

// click is what brought the buyer; the zero one where none is known.
type click struct {
	At    time.Time
	Tool  tracking.Tool
	SubID string
}

type journal struct {
	ledger.Journal
	Why    locale.Text
	Effect money.Amount // what it gave the partner; negative: took
}

// Commission explains one commission.
func (p *Pages) Commission(r *web.Request) error {
	id, err := affiliate.ParseID[ledger.Commission](r.Param("commission"))
	if err != nil {
		return err
	}
	commission, err := p.Ledger.Commission(r.Ctx(), id)
	if err != nil {
		return err
	}
	view, err := p.Sales.Order(r.Ctx(), commission.OrderID)
	if err != nil {
		return err
	}
	page := commissionPage{Commission: commission}
	if page.Explained, err = parts.ExplainOne(r, p.Registry, view); err != nil {
		return err
	}
	if page.Journals, err = p.journals(r, id); err != nil {
		return err
	}
	page.fillLine()
	if page.Click, err = p.clickOf(r, page); err != nil {
		return err
	}
	if r.Who.User.Can(web.CanApprove) {
		page.Deeds = slices.DeleteFunc(parts.DeedsFor(r.Site.Now(), commission),
			func(d web.BulkAction) bool { return d.Name == parts.Reinstate }) // it stands below, by itself
	}
	page.Next = next(r, commission, page.Review)
	switch {
	case commission.Status != ledger.Canceled:
	case commission.DecisionVersion < page.Decision.DecisionVersion:
		page.Next = locale.T("It stays canceled: its order was decided again since.")
	case commission.Stage != ledger.Canceled:
		page.Next = locale.T("It follows its order, which was refunded or declined. There is nothing to reinstate.")
	}
	return r.Page(pages, "commission.html", locale.T("Commission %s", id.String()), page)
}

func (p *Pages) journals(r *web.Request, id ledger.CommissionID) ([]journal, error) {
	list, err := p.Ledger.Journals(r.Ctx(), id)
	if err != nil {
		return nil, err
	}
	effects, err := p.Ledger.Effects(r.Ctx(), id)
	journals := []journal{}
	for _, j := range list {
		journals = append(journals, journal{j, reason.AdminWords(j.Reason), effects[j.ID]})
	}
	return journals, err
}

// fillLine fills in the page's own line of the decision that the commission is of.
func (p *commissionPage) fillLine() {
	line := ""
	for _, l := range p.Lines {
		if l.ID == p.Commission.LineID {
			line = l.Line
		}
	}
	for i, d := range p.Decisions {
		if d.DecisionVersion != p.Commission.DecisionVersion {
			continue
		}
		p.Own = p.Traces[i].AdminLinesOf(line, p.Commission.Level, p.People.Name)
		p.Sum = d.Trace.Formula(p.Commission.PartnerID, line, p.Commission.Level)
	}
	for _, j := range p.Journals {
		if j.Kind == ledger.Cancel {
			p.Lost = j.Effect.Neg()
		}
	}
}

// clickOf is the click by which the buyer came to whom the decision credits, of a
// sale of their own.
func (p *Pages) clickOf(r *web.Request, page commissionPage) (c click, err error) {
	if page.Commission.Level != 1 {
		return c, nil
	}
	c.SubID = tracking.SubIDText(page.Commission.SubID)
	for _, slot := range []affiliate.Referrer{page.Buyer.First, page.Buyer.Last} {
		if slot.PartnerID == page.Commission.PartnerID && slot.ToolID == page.Commission.ToolID && slot.VisitID != 0 {
			c.At = tracking.VisitTime(slot.VisitID)
		}
	}
	if page.Commission.ToolID != 0 {
		c.Tool, err = p.Tracker.Tool(r.Ctx(), page.Commission.ToolID)
	}
	return c, err
}

// next says what comes next for a commission.
func next(r *web.Request, c ledger.Commission, review locale.Text) locale.Text {
	day := func(at time.Time) affiliate.Day { return affiliate.DayOf(at, r.Site.Zone()) }
	switch c.Status {
	case ledger.Approved:
		return locale.T("It is paid with the next payment to the partner.")
	case ledger.InPayout:
		return locale.T("It is part of a payment that is under way.")
	case ledger.Paid:
		return locale.T("It is paid. If its order is refunded, that is deducted from the next payment.")
	case ledger.Canceled:
		return locale.T("It stays canceled unless you reinstate it.")
	}
	switch {
	case c.UntilDecided() || !review.IsZero():
		return locale.T("It waits until a person decides.")
	case c.OnHold(r.Site.Now()) && c.ApproveAt != nil:
		return locale.T("It is on hold until %s and then approved by itself.", day(*c.NotBefore))
	case c.OnHold(r.Site.Now()):
		return locale.T("It is on hold until %s. After that it can be approved.", day(*c.NotBefore))
	case c.ApproveAt != nil:
		return locale.T("It is approved by itself on %s.", day(*c.ApproveAt))
	}
	return locale.T("It waits for someone to approve it.")
}

// picksOf reads the ticked commissions, each as "17.3": the id and the version
// that was shown (S77).
func picksOf(form *web.Form) []ledger.Pick { return picksFrom(form, form.All("pick")) }

func picksFrom(form *web.Form, texts []string) (picks []ledger.Pick) {
	picked := map[ledger.CommissionID]bool{}
	for _, text := range strings.Fields(strings.Join(texts, " ")) { // a box of the list may stand for several
		idText, version, versioned := strings.Cut(text, ".")
		id, err := affiliate.ParseID[ledger.Commission](idText)
		seen, versionErr := strconv.Atoi(version)
		form.Problems.Check(err == nil && (!versioned || versionErr == nil && seen > 0), "",
			"Please tick commissions of the list.")
		if !picked[id] { // an order's box stands for the boxes of its lines
			picks = append(picks, ledger.Pick{ID: id, Seen: seen})
		}
		picked[id] = true
	}
	form.Problems.Check(len(picks) > 0, "", "Please tick at least one commission.")
	return picks
}

// pickText is a pick as picksFrom reads it.
func pickText(pick ledger.Pick) string {
	if pick.Seen == 0 {
		return pick.ID.String()
	}
	return fmt.Sprintf("%s.%d", pick.ID, pick.Seen)
}

// ticked are commissions on a page that asks to confirm, with their sums.
type ticked struct {
	Picks       []string // as posted
	Commissions []ledger.Commission
	Sums        []sum
	People      parts.People
}

type sum struct {
	Currency money.Currency
	Amount   money.Amount
}

func (p *Pages) ticked(r *web.Request, picks []ledger.Pick) (ticked, error) {
	t, ids := ticked{}, []ledger.CommissionID{}
	for _, pick := range picks {
		t.Picks = append(t.Picks, pickText(pick))
		ids = append(ids, pick.ID)
	}
	found, err := p.Ledger.Commissions(r.Ctx(), ids)
	if err != nil {
		return t, err
	}
	partners := []affiliate.PartnerID{}
	for _, id := range ids {
		c, there := found[id]
		if !there {
			continue
		}
		t.Commissions, partners = append(t.Commissions, c), append(partners, c.PartnerID)
		if err := t.add(c); err != nil {
			return t, err
		}
	}
	t.People, err = parts.PeopleOf(r.Ctx(), p.Registry, partners...)
	return t, err
}

// add sums by currency; different ones are never added (D12).
func (t *ticked) add(c ledger.Commission) (err error) {
	for i := range t.Sums {
		if t.Sums[i].Currency == c.Currency {
			t.Sums[i].Amount, err = t.Sums[i].Amount.Add(c.Amount)
			return err
		}
	}
	t.Sums = append(t.Sums, sum{c.Currency, c.Amount})
	return nil
}
