package payments

import (
	"crypto/rand"
	"slices"
	"strconv"
	"strings"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/payout"
	"partnercenter/locale"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

// batchesShown is how many batches a page of their list has.
const batchesShown = 50

type batchesPage struct {
	Tabs   []web.Tab
	States []web.Tab
	State  payout.PayoutState // that the list is narrowed to, "" for all
	List   []payout.Summary
	Next   payout.PayoutID // 0: this is the last page
	First  bool
}

// Narrowed is the query of the list as it is narrowed.
func (p batchesPage) Narrowed() []string {
	if p.State == "" {
		return nil
	}
	return []string{"status", string(p.State)}
}

// Batches lists the batches of payments, the latest first.
func (p *Pages) Batches(r *web.Request) error {
	page := batchesPage{Tabs: parts.PaymentTabs(parts.Batches), State: payout.PayoutState(r.Query("status"))}
	states := []payout.PayoutState{}
	for _, s := range []payout.PayoutState{"", payout.Draft, payout.Filed, payout.Sent, payout.Settled,
		payout.Discarded} {
		tab := web.Tab{Name: locale.T("All"), Path: parts.Batches, Current: s == page.State}
		if s != "" {
			tab.Name, tab.Query = web.Words(s), []string{"status", string(s)}
		}
		page.States = append(page.States, tab)
		if s != "" && tab.Current {
			states = append(states, s)
		}
	}
	if page.State == payout.Filed {
		states = append(states, payout.Filing)
	}
	if page.State != "" && len(states) == 0 {
		return affiliate.Missing("There is no such state of a batch.")
	}
	before, err := strconv.ParseInt(r.Query("before"), 10, 64)
	page.First = err != nil || before <= 0
	if page.First {
		before = 0
	}
	page.List, err = p.Payouts.Batches(r.Ctx(), payout.PayoutID(before), batchesShown+1, states...)
	if err != nil {
		return err
	}
	if len(page.List) > batchesShown {
		page.List = page.List[:batchesShown]
		page.Next = page.List[batchesShown-1].ID
	}
	return r.Page(pages, "batches.html", locale.T("Payments"), page)
}

// picked are the rows of the list of what is due that a batch is made of.
type picked struct {
	currencies []money.Currency
	partners   map[money.Currency][]affiliate.PartnerID // none: everybody
}

// MakeBatch makes a draft of the ticked partners, one for each currency, or of
// everybody in a currency (S154). Nothing is paid by it.
func (p *Pages) MakeBatch(r *web.Request) error {
	form := r.Form()
	chosen := pickedRows(form)
	var cutOff *time.Time
	if text := form.Raw("cutoff"); text != "" {
		day, err := affiliate.ParseDay(text)
		form.Problems.Check(err == nil, "cutoff", "Please enter a date.")
		end := day.Next().Start(r.Site.Zone())
		cutOff = &end
	}
	if form.Err() != nil {
		return p.showDue(r, form.Problems)
	}
	made := []payout.Batch{}
	for _, cur := range chosen.currencies {
		b, err := p.Payouts.MakeBatch(r.Ctx(), r.Who.Actor(), payout.BatchSpec{Currency: cur,
			Partners: chosen.partners[cur], CutOff: cutOff, FormID: form.Raw("form") + "-" + string(cur)})
		if again, err := form.Refused(err); err != nil {
			return err
		} else if again {
			return p.showDue(r, form.Problems)
		}
		made = append(made, b)
	}
	text := locale.N("The draft is ready: %d partner. Nothing is paid yet.",
		"The draft is ready: %d partners. Nothing is paid yet.", len(made[0].Lines))
	if len(made) > 1 {
		text = locale.N("%d draft is ready, one for each currency. Nothing is paid yet.",
			"%d drafts are ready, one for each currency. Nothing is paid yet.", len(made))
		return r.Done(web.Flash{Text: text}, parts.Batches)
	}
	return r.Done(web.Flash{Text: text}, parts.BatchPath(made[0].ID))
}

// pickedRows reads the button "everyone", or the ticks, "17.USD".
func pickedRows(form *web.Form) picked {
	all := picked{partners: map[money.Currency][]affiliate.PartnerID{}}
	if text := form.Raw("everyone"); text != "" {
		cur, err := money.ParseCurrency(text)
		form.Problems.Check(err == nil, "", "Please choose a currency.")
		all.currencies = append(all.currencies, cur)
		return all
	}
	for _, pick := range form.All("pick") {
		id, currency, _ := strings.Cut(pick, ".")
		partner, err := affiliate.ParseID[affiliate.Partner](id)
		cur, wrong := money.ParseCurrency(currency)
		form.Problems.Check(err == nil && wrong == nil, "", "Please choose partners from the list.")
		if !slices.Contains(all.currencies, cur) {
			all.currencies = append(all.currencies, cur)
		}
		all.partners[cur] = append(all.partners[cur], partner)
	}
	form.Problems.Check(len(all.currencies) > 0, "", "Select at least one partner first.")
	return all
}

// FormID names a form, so that sending it twice makes one batch.
func (duePage) FormID() string { return rand.Text() }
