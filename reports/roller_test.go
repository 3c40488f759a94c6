package reports

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/money"
	orders "partnercenter/affiliate/sale"
	"partnercenter/affiliate/shoptest"
)

// history is a shop in which anything happens, late and twice as well.
type history struct {
	*shop
	roller *Roller
	random *rand.Rand
	other  affiliate.Partner
	orders []orders.OrderState
}

func (h *history) act() {
	p := h.partner
	if h.random.IntN(4) == 0 {
		p = h.other
	}
	switch h.random.IntN(12) {
	case 0, 1:
		h.Clock.Advance(time.Duration(h.random.IntN(20*24)) * time.Hour)
	case 2:
		h.ClickAt(p, h.Clock.Now(), fmt.Sprint("s", h.random.IntN(5)))
	case 3: // came late
		h.ClickAt(p, h.Clock.Now().AddDate(0, 0, -h.random.IntN(60)), fmt.Sprint("s", h.random.IntN(5)))
	case 4:
		h.OptIn(fmt.Sprintf("b%d@example.com", h.random.IntN(6)), h.Click(p),
			h.Clock.Now().AddDate(0, 0, -h.random.IntN(40)))
	case 5, 6:
		o := h.Sale(fmt.Sprintf("b%d@example.com", h.random.IntN(6)), h.Click(p))
		h.orders = append(h.orders, o)
		h.Place(o)
	case 7:
		h.change(func(o orders.OrderState) orders.OrderState {
			return shoptest.Refunded(o, fmt.Sprint(h.random.IntN(101)))
		})
	case 8:
		h.change(func(o orders.OrderState) orders.OrderState { return costs(o, fmt.Sprint(100+h.random.IntN(100))) })
	case 9:
		h.approveSome()
	case 10:
		if owed := h.owedTo(p); owed.Sign() > 0 {
			_, _ = h.PayPartner(h.Context(), shoptest.Anna, p.ID, "USD", owed) // refused below the threshold
		}
	case 11:
		if len(h.orders) > 0 {
			id := shoptest.Must(h.Find(h.Context(), h.orders[0].Source,
				h.orders[h.random.IntN(len(h.orders))].ExternalID))(h)
			_, _ = h.Rerun(h.Context(), shoptest.Anna, []orders.RerunPick{{OrderID: id}},
				orders.Rerun{Choice: orders.AnyPartner, PartnerID: p.ID, Reason: "x"}) // who had it may keep it
		}
	}
}

func (h *history) change(how func(orders.OrderState) orders.OrderState) {
	if len(h.orders) == 0 {
		return
	}
	i := h.random.IntN(len(h.orders))
	h.orders[i] = how(h.orders[i])
	h.Place(h.orders[i])
	if h.random.IntN(3) == 0 {
		h.Place(h.orders[i]) // twice
	}
}

func (h *history) approveSome() {
	var ids []ledger.CommissionID
	h.OK(h.DB.Select(h.Context(), &ids,
		`SELECT id FROM {wp}partner_center_commissions WHERE status = 'pending' LIMIT 3`))
	for _, c := range shoptest.Must(h.Commissions(h.Context(), ids))(h) {
		h.ApproveAll(c)
	}
}

func (h *history) owedTo(p affiliate.Partner) money.Amount {
	balances := shoptest.Must(h.Balances(h.Context(), p.ID))(h)
	if len(balances) == 0 {
		return money.Amount{}
	}
	return balances[0].Payable
}

// roll makes all sums that are missing.
func (h *history) roll() {
	h.Helper()
	for range 4 {
		shoptest.Must(h.roller.Work(h.Context()))(h)
	}
}

// same checks that the sums say what the rows say, over any days.
func (h *history) same(step int) {
	h.Helper()
	today := affiliate.DayOf(h.Clock.Now(), h.Zone)
	from := today.AddDays(-h.random.IntN(200))
	for _, r := range []affiliate.Range{Query{}.days(), {From: from, To: from.AddDays(1 + h.random.IntN(200))}} {
		for _, p := range []affiliate.Partner{h.partner, h.other} {
			for _, pending := range []bool{false, true} {
				of := scope{[]affiliate.PartnerID{p.ID}, r, pending}
				compare[affiliate.Day](h, step, byDay, of)
				compare[affiliate.ToolID](h, step, byTool, of)
				compare[string](h, step, bySubID, of)
				compare[string](h, step, byPage, of)
				compare[affiliate.ProductID](h, step, byProduct, of)
				compare[affiliate.PartnerID](h, step, bySeller, of)
				compare[affiliate.Day](h, step, level2Day, of)
			}
		}
	}
}

func compare[K comparable](h *history, step int, by dimension, of scope) {
	h.Helper()
	kept := shoptest.Must(tally[K](h.Context(), h.DB, by, of))(h)
	raw := shoptest.Must(rawTally[K](h.Context(), h.DB, by, of))(h)
	for _, found := range []map[K]*Figures{kept, raw} {
		for key, f := range found {
			if reflect.DeepEqual(f, &Figures{Money: map[money.Currency]Earned{}}) {
				delete(found, key)
			}
		}
	}
	if !reflect.DeepEqual(kept, raw) {
		for key, f := range raw {
			if !reflect.DeepEqual(f, kept[key]) {
				h.Errorf("step %d, %s of %v, %v: kept %+v, want %+v", step, by.part, key, of, kept[key], f)
			}
		}
		h.Fatalf("step %d, %s: %d keys kept, want %d", step, by.part, len(kept), len(raw))
	}
}

// What is kept says what the rows say at any time, whatever comes late, twice or
// while sums are missing; and it is really read.
//
// Spec: B7
func TestKeptSumsAreTheRows(t *testing.T) {
	for seed := range uint64(2) {
		h := &history{shop: newShop(t), random: rand.New(rand.NewPCG(seed, 7))}
		h.roller = NewRoller(h.DB, h.Clock.Now, func() *time.Location { return h.Zone })
		h.other = h.Partner("other", h.partner) // so there is level 2
		for step := range 90 {
			h.act()
			if h.random.IntN(3) == 0 {
				h.roll()
			}
			if step%4 == 0 {
				h.same(step)
			}
		}
		h.Clock.Advance(40 * 24 * time.Hour)
		h.roll()
		h.same(-1)
		// Nothing but the sums is read of what is over: without rows they say the same.
		months := h.Number(`SELECT COUNT(*) FROM {wp}partner_center_rolls WHERE whole = 1`)
		if sums := h.Number(`SELECT COUNT(*) FROM {wp}partner_center_day_sums`); months < 2 || sums == 0 {
			t.Errorf("%d months and %d sums are kept", months, sums)
		}
		h.Exec(`DELETE FROM {wp}partner_center_visit_days WHERE partner_id = ?`, h.partner.ID)
		if kept := shoptest.Must(tally[affiliate.Day](h.Context(), h.DB, byDay, scope{
			[]affiliate.PartnerID{h.partner.ID}, Query{}.days(), true}))(h); len(kept) == 0 {
			t.Error("the sums are not read")
		}
	}
}

// A robot's SubIDs are one row together, and so are its pages, which loses nothing of
// the whole, and those that earned stand for themselves.
//
// Spec: S117 S122
func TestSumsOfStrangersAreBounded(t *testing.T) {
	for _, by := range []dimension{bySubID, byPage} {
		sumsAreBounded(t, by)
	}
}

func sumsAreBounded(t *testing.T, by dimension) {
	t.Helper()
	s := newShop(t)
	s.Place(s.Sale("bob@example.com", s.ClickAt(s.partner, s.Clock.Now(), "sold")))
	d := affiliate.DayOf(s.Clock.Now(), s.Zone)
	for i := range maxDaySources + 50 {
		s.Exec(`INSERT INTO {wp}partner_center_visits (id, partner_id, tool_id, subid, page, visitor, day, is_unique)
			VALUES (?, ?, 1, ?, ?, 'v', ?, 1)`, i+1, s.partner.ID, fmt.Sprintf("robot%d", i), fmt.Sprintf("shop.example/robot%d", i), d)
	}
	of := scope{[]affiliate.PartnerID{s.partner.ID}, Query{}.days(), true}
	raw := shoptest.Must(rawTally[string](t.Context(), s.DB, by, of))(s)
	s.Clock.Advance(40 * 24 * time.Hour)
	roller := NewRoller(s.DB, s.Clock.Now, func() *time.Location { return s.Zone })
	for range 3 {
		shoptest.Must(roller.Work(t.Context()))(s)
	}
	kept := shoptest.Must(tally[string](t.Context(), s.DB, by, of))(s)
	sold := map[string]string{bySubID.part: "sold", byPage.part: "shop.example/sold"}[by.part]
	if len(kept) != maxDaySources+1 || kept[sold] == nil || kept[sold].Sales != 1 {
		t.Errorf("%d of %d are kept, sold: %+v", len(kept), len(raw), kept[sold])
	}
	whole := func(all map[string]*Figures) (n int64) {
		for _, f := range all {
			n += f.Clicks
		}
		return n
	}
	if whole(kept) != whole(raw) {
		t.Errorf("%d clicks, want %d", whole(kept), whole(raw))
	}
}
