package demo

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"slices"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/tracking"
	"partnercenter/sidecar/inbox"
)

// Shares, in thousandths, of what people do. Together they make about 20,000
// clicks, 700 leads and 400 orders in the year.
const (
	optsIn         = 45  // of visitors leave their address
	buys           = 420 // of leads order soon after
	buysAgain      = 30  // of buyers order again in a week
	givesBack      = 60  // of orders come back in part or whole
	daysTillReview = 14  // pending commissions wait for returns
	payDay         = 15  // of the month
)

// buyer is a lead who may order.
type buyer struct {
	email, first, last string
}

// liveAYear goes through the days from the first partner's start to now.
func (e *example) liveAYear(ctx context.Context) error {
	first := affiliate.DayOf(e.partners[0].joined, e.zone)
	today := affiliate.DayOf(e.now, e.zone)
	var customers []buyer
	for n, day := 0, first; !today.Before(day); n, day = n+1, day.Next() {
		if err := e.newcomers(ctx, day); err != nil {
			return err
		}
		leads, err := e.clicksOf(ctx, n, day)
		if err != nil {
			return err
		}
		bought, err := e.ordersOf(day, leads, customers)
		if err != nil {
			return err
		}
		customers = append(customers, bought...)
		if err := e.bookkeeping(ctx, day); err != nil {
			return err
		}
	}
	return e.takeIn(ctx)
}

// lead is a visitor's opt-in with the click that led to it.
type lead struct {
	at     time.Time
	cookie string
	buyer
}

// clicksOf sends the day's visitors through the partners' links, one after the
// other, since the ids of visits hold their times and never go back, and
// applies the opt-ins among them.
func (e *example) clicksOf(ctx context.Context, n int, day affiliate.Day) ([]lead, error) {
	requests := e.visitors(n, day)
	slices.SortFunc(requests, func(a, b tracking.ClickRequest) int { return a.At.Compare(b.At) })
	outcomes := make([]tracking.Outcome, len(requests))
	for i, request := range requests {
		var err error
		if outcomes[i], err = e.clicks.Click(ctx, request); err != nil {
			return nil, err
		}
	}
	var leads []lead
	for i, out := range outcomes {
		if out.Cookie != "" && e.happens(optsIn) {
			leads = append(leads, lead{at: requests[i].At.Add(4 * time.Minute), cookie: out.Cookie,
				buyer: e.newBuyer()})
		}
	}
	for _, l := range leads {
		e.optIn(l)
	}
	return leads, nil
}

// visitors are the day's clicks: more as the year goes on, fewer at weekends,
// a wave of newsletters every fourth week, some people twice.
func (e *example) visitors(n int, day affiliate.Day) []tracking.ClickRequest {
	var all []tracking.ClickRequest
	for _, p := range e.partners {
		start := day.Start(e.zone)
		if p.partner.ID == 0 {
			continue // has not joined yet
		}
		volume := float64(p.role.reach) * (0.6 + float64(n)/500) * (0.75 + 0.5*e.chance.Float64())
		if wd := start.In(e.zone).Weekday(); wd == time.Saturday || wd == time.Sunday {
			volume *= 0.55
		}
		if n%28 < 2 {
			volume *= 2.1
		}
		for i := range int(math.Round(volume)) {
			at := start.Add(7*time.Hour + time.Duration(e.chance.Int64N(int64(15*time.Hour))))
			if at.After(e.now) {
				continue
			}
			all = append(all, e.click(p, at, n*1000+i*9/10))
		}
	}
	return all
}

// click is a person's click on one of the partner's tools.
func (e *example) click(p *promoter, at time.Time, person int) tracking.ClickRequest {
	tools := e.tools[e.programs[p.role.program].ID]
	subID := ""
	if len(p.role.subIDs) > 0 && !e.happens(300) {
		subID = p.role.subIDs[e.chance.IntN(len(p.role.subIDs))]
	}
	site, _ := url.Parse(e.demo.URL()) // it is where we listen
	return tracking.ClickRequest{
		ToolCode: tools[e.chance.IntN(len(tools))].Code, PartnerCode: p.partner.Code, SubID: subID, Host: site.Host,
		Method:    http.MethodGet,
		IP:        fmt.Sprintf("198.51.%d.%d", person/250%250, person%250),
		UserAgent: "Mozilla/5.0 (X11; Linux x86_64) Firefox/150.0", At: at,
	}
}

func (e *example) optIn(l lead) {
	e.count++
	e.tell(inbox.Report{Kind: "form", Source: "wordpress", ID: fmt.Sprintf("letter-%d", e.count), At: l.at,
		Click: l.cookie, Payload: map[string]string{"email": l.email, "first_name": l.first, "last_name": l.last,
			"page": "/coffee-letter/", "form": "letter"}})
}

// ordersOf lets some of the day's leads buy, and some earlier customers again,
// who have no cookie any more.
func (e *example) ordersOf(day affiliate.Day, leads []lead, customers []buyer) ([]buyer, error) {
	var bought []buyer
	for _, l := range leads {
		at := l.at.Add(20 * time.Minute)
		if !e.happens(buys) || at.After(e.now) {
			continue
		}
		if err := e.order(l.buyer, l.cookie, at); err != nil {
			return nil, err
		}
		bought = append(bought, l.buyer)
	}
	evening := day.Start(e.zone).Add(20 * time.Hour)
	if n := len(customers); n > 0 && evening.Before(e.now) && e.happens(buysAgain*min(n, 20)/7) {
		return bought, e.order(customers[e.chance.IntN(n)], "", evening)
	}
	return bought, nil
}

func (e *example) order(b buyer, cookie string, at time.Time) error {
	e.count++
	// Orders that are placed by hand in the same shop have numbers alone as ids.
	o := cartOrder{id: fmt.Sprintf("year-%d", e.count), click: cookie, Number: fmt.Sprint(10_000 + e.count),
		Status: "paid", Currency: "USD", Shipping: "0", Tax: "0", PlacedAt: at, PaidAt: at,
		Buyer: cartBuyer{Email: b.email, FirstName: b.first, LastName: b.last}}
	if err := e.fillBasket(&o); err != nil {
		return err
	}
	e.report(o, 1, at)
	if e.happens(givesBack) {
		e.orders = append(e.orders, o)
	}
	return nil
}

// fillBasket puts one to three products into an order.
func (e *example) fillBasket(o *cartOrder) error {
	totals := []money.Amount{}
	for _, i := range e.chance.Perm(len(e.products))[:1+e.chance.IntN(3)] {
		quantity, err := money.ParseQuantity(fmt.Sprint(1 + e.chance.IntN(2)))
		if err != nil {
			return err
		}
		total, err := e.products[i].price.Times(quantity, "USD")
		if err != nil {
			return err
		}
		totals = append(totals, total)
		o.Lines = append(o.Lines, cartLine{Line: fmt.Sprint(i + 1), Product: e.products[i].ExternalID,
			Name: e.products[i].Name, Quantity: quantity.String(), Subtotal: total, Total: total, Tax: "0"})
	}
	var err error
	o.Total, err = money.Sum(totals...)
	return err
}

// bookkeeping is the admin's evening: returns, approvals on Mondays, payments
// once a month.
func (e *example) bookkeeping(ctx context.Context, day affiliate.Day) error {
	evening := day.Start(e.zone).Add(21 * time.Hour)
	if evening.After(e.now) {
		return nil
	}
	if err := e.takeBack(evening); err != nil {
		return err
	}
	approves := evening.In(e.zone).Weekday() == time.Monday
	// The latest pay day is left for whoever tries the demo.
	pays := evening.In(e.zone).Day() == payDay && evening.Before(e.now.AddDate(0, -1, 0))
	if !approves && !pays {
		return nil
	}
	if err := e.takeIn(ctx); err != nil { // a week's facts at once, so that the demo is soon there
		return err
	}
	e.clock.Set(evening)
	if approves {
		if err := e.approve(ctx, evening); err != nil {
			return err
		}
	}
	if pays {
		return e.pay(ctx)
	}
	return nil
}

// takeBack refunds an order some days old: its first line, in half of the
// cases all of it.
func (e *example) takeBack(at time.Time) error {
	if len(e.orders) == 0 || at.Sub(e.orders[0].PlacedAt) < 9*24*time.Hour {
		return nil
	}
	o := e.orders[0]
	e.orders = e.orders[1:]
	back := cartRefund{Shipping: "0", Tax: "0"}
	amounts := []money.Amount{}
	for i, l := range o.Lines {
		if i == 0 || e.happens(500) {
			back.Lines = append(back.Lines, cartBack{Line: l.Line, Total: l.Total, Tax: "0"})
			amounts = append(amounts, l.Total)
		}
	}
	var err error
	if back.Amount, err = money.Sum(amounts...); err != nil {
		return err
	}
	o.Refunds = []cartRefund{back}
	e.report(o, 2, at)
	return nil
}

func (e *example) approve(ctx context.Context, at time.Time) error {
	picks := []ledger.Pick{}
	err := e.db.Select(ctx, &picks, `/* demo.approve */ SELECT id AS id, 0 AS seen FROM {wp}partner_center_commissions
		WHERE status = 'pending' AND occurred_at < ? ORDER BY id`, at.AddDate(0, 0, -daysTillReview))
	if err != nil || len(picks) == 0 {
		return err
	}
	_, err = e.ledger.Approve(ctx, admin, picks)
	return err
}

// pay marks as paid what is due to everybody above the threshold.
func (e *example) pay(ctx context.Context) error {
	settings, err := e.registry.Settings(ctx)
	if err != nil {
		return err
	}
	for _, p := range e.partners {
		balances, err := e.ledger.Balances(ctx, p.partner.ID)
		if err != nil {
			return err
		}
		for _, b := range balances {
			if b.Payable.Cmp(settings.Threshold(b.Currency)) < 0 || b.Payable.Sign() <= 0 {
				continue
			}
			if _, err := e.payouts.PayPartner(ctx, admin, p.partner.ID, b.Currency, b.Payable); err != nil {
				return err
			}
		}
	}
	return nil
}

func (e *example) happens(thousandths int) bool { return e.chance.IntN(1000) < thousandths }

var (
	firstNames = []string{"Emma", "Jonas", "Leila", "Marek", "Ines", "Oskar", "Priya", "Samuel", "Hana", "Viktor",
		"Chloé", "Mateo", "Signe", "Amara", "Felix", "Rosa"}
	lastNames = []string{"Berg", "Lindqvist", "Moreau", "Novak", "Okafor", "Petersen", "Rossi", "Schmidt", "Silva",
		"Tran", "Weber", "Zielinski"}
)

func (e *example) newBuyer() buyer {
	first, last := firstNames[e.chance.IntN(len(firstNames))], lastNames[e.chance.IntN(len(lastNames))]
	return buyer{email: fmt.Sprintf("customer%d@example.test", e.count+1_000*e.chance.IntN(1000)), first: first,
		last: last}
}
