package reports

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/tracking"
	"partnercenter/clock"
	"partnercenter/db"
	"partnercenter/db/dbtest"
)

// site is a site in Berlin whose facts are written as the domain packages
// write them: commissions with their journals, entries and balances.
type site struct {
	t      testing.TB
	h      *db.Handle
	clock  *clock.Fake
	reader *Reader
	ids    int64
}

// noon is "now" on the site unless a test moves the clock.
var noon = time.Date(2026, 5, 4, 10, 0, 0, 0, time.UTC)

func newSite(t testing.TB) *site {
	t.Helper()
	s := &site{t: t, h: dbtest.New(t), clock: clock.NewFake(noon)}
	berlin := zone(t, "Europe/Berlin")
	s.reader = NewReader(s.h, s.clock.Now, func() *time.Location { return berlin }, NewMask([32]byte{7}))
	return s
}

func (s *site) exec(query string, args ...any) {
	s.t.Helper()
	if _, err := s.h.Exec(s.t.Context(), query, args...); err != nil {
		s.t.Fatalf("%s: %v", query, err)
	}
}

// id gives every row of the site another id, so that a mix-up shows.
func (s *site) id() int64 { s.ids++; return s.ids }

// at is the moment of noon in Berlin on a day.
func (s *site) at(d string) time.Time {
	day := day(s.t, d)
	return time.Date(day.Year, day.Month, day.Day, 12, 0, 0, 0, s.reader.zone()).UTC()
}

func (s *site) settings(method affiliate.PaymentPolicy, thresholds map[money.Currency]money.Amount) {
	settings := affiliate.DefaultSettings()
	settings.PaymentMethod, settings.Thresholds = method, thresholds
	data, err := json.Marshal(settings)
	if err != nil {
		s.t.Fatal(err)
	}
	s.exec(`INSERT INTO {wp}partner_center_settings (data, saved_at, actor) VALUES (?, ?, 'test')`, data, noon)
}

func (s *site) program(see affiliate.Visibility, showPending bool) affiliate.ProgramID {
	id := s.id()
	s.exec(`INSERT INTO {wp}partner_center_programs (id, code, name, tiers, visibility,
		signup, show_pending, created_at, updated_at)
		VALUES (?, ?, ?, 2, ?, 'open', ?, ?, ?)`, id, fmt.Sprint("g", id), fmt.Sprint("Program ", id), see, showPending,
		noon, noon)
	return affiliate.ProgramID(id)
}

func (s *site) contact(first, last, email string) affiliate.ContactID {
	id := s.id()
	s.exec(`INSERT INTO {wp}partner_center_contacts (id, email, first_name, last_name, origin, created_at, updated_at)
		VALUES (?, ?, ?, ?, 'form', ?, ?)`, id, email, first, last, noon, noon)
	return affiliate.ContactID(id)
}

// partner joined the program on the given day.
func (s *site) partner(program affiliate.ProgramID, first, joined string) affiliate.PartnerID {
	contact := s.contact(first, "Partner", fmt.Sprintf("%d@partner.example", s.ids))
	id := s.id()
	s.exec(`INSERT INTO {wp}partner_center_partners (id, code, contact_id, listed_as, listed_at, state, payment_method,
		paypal_email, created_at, updated_at)
		VALUES (?, ?, ?, ?, ?, 'active', 'paypal', ?, ?, ?)`, id, fmt.Sprint("code", id), contact, first+" Partner",
		s.at(joined), fmt.Sprintf("pay%d@partner.example", id), noon, noon)
	s.exec(`INSERT INTO {wp}partner_center_memberships (id, partner_id, program_id, signup_at, started_at)
		VALUES (?, ?, ?, ?, ?)`,
		s.id(), id, program, s.at(joined), s.at(joined))
	for _, kind := range []string{"welcome", "login"} {
		s.exec(`INSERT INTO {wp}partner_center_mails (event, recipient, partner_id, kind, subject, body_text, body_html,
			state, next_at, sent_at, created_at) VALUES (?, ?, ?, ?, ?, 'x', 'x', 'done', ?, ?, ?)`,
			fmt.Sprint(kind, id), fmt.Sprintf("%s@partner.example", first), id, kind, "To "+first, noon, noon, noon)
	}
	return affiliate.PartnerID(id)
}

func (s *site) tool(program affiliate.ProgramID, name string) affiliate.ToolID {
	id := s.id()
	s.exec(`INSERT INTO {wp}partner_center_tools (id, code, program_id, kind, name,
		target_url, campaign, ad, created_at, updated_at)
		VALUES (?, ?, ?, 'standard', ?, 'https://example.com/', 'Spring', 'A', ?, ?)`, id, fmt.Sprint("t", id), program,
		name, noon, noon)
	return affiliate.ToolID(id)
}

// pageOf is where the links with a SubID lead.
func pageOf(subid string) string {
	if subid == "" {
		return ""
	}
	return "shop.example/" + subid
}

// clicks of one visitor on a tool, the first of them unique.
func (s *site) clicks(p affiliate.PartnerID, tool affiliate.ToolID, subid, d string, n int) {
	for i := range n {
		unique := i == 0
		s.exec(`INSERT INTO {wp}partner_center_visits (id, partner_id, tool_id, subid, page, visitor, day, is_unique)
			VALUES (?, ?, ?, ?, ?, 'visitor', ?, ?)`,
			int64(tracking.FirstVisitID(s.at(d)))+s.id(), p, int64(tool), subid, pageOf(subid), d, unique)
		// Two sidecars counted.
		s.exec(`INSERT INTO {wp}partner_center_visit_days (partner_id, day, instance, clicks, uniques)
			VALUES (?, ?, ?, 1, ?)
			ON DUPLICATE KEY UPDATE clicks = clicks + 1, uniques = uniques + VALUES(uniques)`, p, d, i%2, unique)
	}
}

func (s *site) lead(p affiliate.PartnerID, tool affiliate.ToolID, subid, d string) {
	id := s.id()
	s.exec(`INSERT INTO {wp}partner_center_touchpoints (id, contact_id, kind, source, external_id,
		origin, occurred_at, day, recorded_at, cookie, lead_partner_id, lead_tool_id, lead_subid, lead_page)
		VALUES (?, 1, 'optin', 'test', ?, 'form', ?, ?, ?, 'valid', ?, ?, ?, ?)`, id, fmt.Sprint(id), s.at(d), d, noon, p,
		tool, subid, pageOf(subid))
}

// sale is an order of one line with its commission; what is excluded has a default.
type sale struct {
	day      string
	base     string // "100"
	amount   string // "10"
	currency money.Currency
	status   string // the commission's: "approved"
	level    int
	tool     affiliate.ToolID
	subid    string
	customer affiliate.ContactID
	product  string
	program  affiliate.ProgramID
	sequence int // of a supplement: 2
}

// earned is a commission with the numbers of what stands behind it.
type earned struct {
	id, order, line int64
	partner         affiliate.PartnerID
	currency        money.Currency
	amount          money.Amount
	at              string
	seq             int
}

func (s *site) sale(p affiliate.PartnerID, o sale) *earned {
	return s.orderLine(p, s.order(p, "paid", o), o)
}

// order is an order without lines; on level 1 it is credited to p.
func (s *site) order(p affiliate.PartnerID, status string, o sale) int64 {
	order := s.id()
	cur, d := or(o.currency, "USD"), or(o.day, "2026-05-01")
	s.exec(`INSERT INTO {wp}partner_center_orders (id, source, external_id, number, version, status, currency,
		total, contact_id, placed_at, day, created_at, updated_at)
		VALUES (?, 'test', ?, ?, 1, ?, ?, ?, NULLIF(?, 0), ?, ?, ?, ?)`,
		order, fmt.Sprint(order), fmt.Sprint("N", order), status, cur, or(o.base, "100"), int64(o.customer), s.at(d), d,
		noon, noon)
	if o.level < 2 {
		s.decide(order, 1, p)
	}
	return order
}

// decide credits a partner with an order, 0 for nobody.
func (s *site) decide(order int64, decisionVersion int, p affiliate.PartnerID) {
	s.exec(`INSERT INTO {wp}partner_center_decisions (order_id, decision_version, reason, partner_id,
		settings_version, decided_at, actor, trace)
		VALUES (?, ?, '', ?, 0, ?, 'test', '{}')`, order, decisionVersion, p, noon)
}

// refer makes a partner the first or the last referrer of a contact.
func (s *site) refer(slot string, contact affiliate.ContactID, p affiliate.PartnerID, d string) {
	s.exec(fmt.Sprintf(`UPDATE {wp}partner_center_contacts SET %[1]s_partner_id = ?, %[1]s_at = ? WHERE id = ?`, slot),
		p, s.at(d), contact)
}

// orderLine adds a line with its commission to an order.
func (s *site) orderLine(p affiliate.PartnerID, order int64, o sale) *earned {
	line := s.id()
	s.exec(`INSERT INTO {wp}partner_center_order_lines (id, order_id, line, product_id, name, quantity, base)
		VALUES (?, ?, ?, 1, ?, 1, ?)`,
		line, order, fmt.Sprint(line), or(o.product, "Course"), or(o.base, "100"))
	return s.commission(p, order, line, o)
}

func (s *site) commission(p affiliate.PartnerID, order, line int64, o sale) *earned {
	e := &earned{id: s.id(), order: order, line: line, partner: p, currency: or(o.currency, "USD"),
		amount: amount(or(o.amount, "10")), at: or(o.day, "2026-05-01")}
	s.exec(`INSERT INTO {wp}partner_center_commissions (id, order_id, line_id, level, decision_version,
		sequence, partner_id, program_id, product_id, tool_id, subid,
			page, currency, base, amount, status, stage, granted, pending, payable, in_payout, paid, occurred_at,
			day, updated_at)
		VALUES (?, ?, ?, ?, 1, ?, ?, ?, 1 + CHAR_LENGTH(?) % 2, NULLIF(?, 0), ?, ?, ?, ?, 0, 'pending', 'pending', 0,
		0, 0, 0, 0, ?, ?, ?)`,
		e.id, order, line, or(o.level, 1), or(o.sequence, 1), p, int64(or(o.program, 1)), o.product, int64(o.tool),
		o.subid, pageOf(o.subid), e.currency, or(o.base, "100"), s.at(e.at), e.at, noon)
	s.post(e, "earn", "expense", "pending", e.amount)
	switch or(o.status, "pending") {
	case "approved":
		s.approve(e)
	case "paid":
		s.approve(e)
		s.pay(e)
	case "canceled":
		s.post(e, "cancel", "pending", "expense", e.amount)
		s.status(e, "canceled")
	}
	return e
}

func (s *site) status(e *earned, status string) {
	s.exec(`UPDATE {wp}partner_center_commissions SET status = ? WHERE id = ?`, status, e.id)
}

func (s *site) approve(e *earned) {
	s.post(e, "approve", "pending", "payable", e.amount)
	s.status(e, "approved")
}

// pay pays one commission by a payout of its own.
func (s *site) pay(e *earned) {
	payout, line := s.id(), s.id()
	s.exec(`INSERT INTO {wp}partner_center_payouts (id, code, currency, created_at, actor) VALUES (?, ?, ?, ?, 'anna')`,
		payout, fmt.Sprint("p", payout), e.currency, s.at(e.at))
	s.exec(`INSERT INTO {wp}partner_center_payout_lines (id, payout_id, partner_id, currency,
		amount, method, paypal_email, state, updated_at, settled_at, day)
		VALUES (?, ?, ?, ?, ?, 'paypal', 'pay@partner.example', 'settled', ?, ?, ?)`, line, payout, e.partner,
		e.currency, e.amount, s.at(e.at), s.at(e.at), e.at)
	s.exec(`INSERT INTO {wp}partner_center_payout_items (line_id, commission_id, amount) VALUES (?, ?, ?)`, line, e.id,
		e.amount)
	s.post(e, "payout", "payable", "in_payout", e.amount)
	s.post(e, "settle", "in_payout", "paid", e.amount)
	s.exec(`UPDATE {wp}partner_center_commissions SET status = 'paid', paid_base = base WHERE id = ?`, e.id)
}

// refund takes part of a commission back from an account.
func (s *site) refund(e *earned, from, amountText string) {
	s.post(e, "refund", from, "expense", amount(amountText))
}

// post writes a journal as package ledger does.
func (s *site) post(e *earned, kind, from, to string, a money.Amount) {
	id := s.id()
	e.seq++
	s.exec(`INSERT INTO {wp}partner_center_journals (id, partner_id, currency, commission_id,
		seq, kind, occurred_at, day, recorded_at, actor, reason)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'anna (user 7)', ?)`, id, e.partner, e.currency, e.id, e.seq, kind,
		s.at(e.at), e.at, noon, "because of "+kind)
	s.exec(`INSERT INTO {wp}partner_center_entries (journal_id, account, amount) VALUES (?, ?, ?), (?, ?, ?)`, id, from,
		a.Neg(), id, to, a)
	s.exec(`INSERT IGNORE INTO {wp}partner_center_balances (partner_id, currency) VALUES (?, ?)`, e.partner, e.currency)
	s.exec(fmt.Sprintf(`UPDATE {wp}partner_center_balances SET %s = %s - ?, %s = %s + ? WHERE partner_id = ?
		AND currency = ?`, from, from, to, to), a, a, e.partner, e.currency)
	s.exec(`UPDATE {wp}partner_center_commissions SET amount = amount + ? WHERE id = ?`, sign(from, to, a), e.id)
	for account, change := range map[string]money.Amount{from: a.Neg(), to: a} {
		if account != "expense" {
			s.exec(fmt.Sprintf(`UPDATE {wp}partner_center_commissions SET %s = %s + ? WHERE id = ?`, account, account),
				change, e.id)
		}
	}
}

// sign is what a journal does to the commission's net amount.
func sign(from, to string, a money.Amount) money.Amount {
	switch {
	case from == "expense":
		return a
	case to == "expense":
		return a.Neg()
	}
	return money.Amount{}
}

// report is the report of that name; partners' names and admins' differ.
func report(t testing.TB, name string) *Report {
	t.Helper()
	for _, r := range All {
		if r.Name == name {
			return r
		}
	}
	t.Fatalf("there is no report %q", name)
	return nil
}

// csv runs a report and gives the records of its file.
func (s *site) csv(name string, q Query) [][]string {
	s.t.Helper()
	var out bytes.Buffer
	err := s.reader.Read(s.t.Context(), report(s.t, name), q,
		func(t *Table) error { return WriteCSV(&out, t, CSVOptions{}) })
	if err != nil {
		s.t.Fatal(err)
	}
	return records(s.t, out.String())
}

// column is one column of a report's file by its heading.
func (s *site) column(name string, q Query, heading string) []string {
	s.t.Helper()
	found := s.csv(name, q)
	for i, h := range found[0] {
		if h == heading {
			values := []string{}
			for _, record := range found[1:] {
				values = append(values, record[i])
			}
			return values
		}
	}
	s.t.Fatalf("%s has no column %q but %s", name, heading, strings.Join(found[0], ", "))
	return nil
}
