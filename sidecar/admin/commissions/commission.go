package commissions

import (
	"fmt"
	"strconv"
	"strings"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/reason"
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
}

type journal struct {
	ledger.Journal
	Why locale.Text
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
	return r.Page(pages, "commission.html", locale.T("Commission %s", id.String()), page)
}

func (p *Pages) journals(r *web.Request, id ledger.CommissionID) ([]journal, error) {
	list, err := p.Ledger.Journals(r.Ctx(), id)
	journals := []journal{}
	for _, j := range list {
		journals = append(journals, journal{j, reason.AdminWords(j.Reason)})
	}
	return journals, err
}

// picksOf reads the ticked commissions, each as "17.3": the id and the version
// that was shown (S77).
func picksOf(form *web.Form) []ledger.Pick { return picksFrom(form, form.All("pick")) }

func picksFrom(form *web.Form, texts []string) (picks []ledger.Pick) {
	for _, text := range texts {
		idText, version, versioned := strings.Cut(text, ".")
		id, err := affiliate.ParseID[ledger.Commission](idText)
		seen, versionErr := strconv.Atoi(version)
		form.Problems.Check(err == nil && (!versioned || versionErr == nil && seen > 0), "",
			"Please tick commissions of the list.")
		picks = append(picks, ledger.Pick{ID: id, Seen: seen})
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
