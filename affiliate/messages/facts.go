package messages

import (
	"context"
	"slices"
	"strings"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/reason"
	"partnercenter/affiliate/tracking"
	"partnercenter/db"
	"partnercenter/locale"
)

// values are the merge fields that a message names. held is why it must not go
// out: a link that would not be the reader's (D33).
func (w *writer) values(ctx context.Context, names []string) (values, locale.Text, error) {
	v := values{}
	w.addPartner(v)
	for _, add := range []func(context.Context, values) error{w.addSale, w.addPayment, w.addPeriod} {
		if err := add(ctx, v); err != nil {
			return nil, locale.Text{}, err
		}
	}
	w.addFacts(v)
	if err := w.addOwn(ctx, v, names); err != nil {
		return nil, locale.Text{}, err
	}
	for name, value := range v {
		v[name] = plain(value)
	}
	if w.event.Facts.UserID != 0 || w.sample {
		v["login"], v["set_password"] = Login, SetPasswordURL // which WordPress fills in
	}
	held, err := w.addLinks(ctx, v, names)
	if err != nil {
		return nil, held, err
	}
	err = w.addTotals(ctx, v, names)
	if w.sample {
		w.makeUp(v)
	}
	return v, held, err
}

// addPartner: until the partner has been seen logged in, anybody may have typed
// the name. A mail to a mailbox that has confirmed nothing carries no words of a
// stranger.
func (w *writer) addPartner(v values) {
	v["site"], v["site_url"], v["program"], v["center"] = w.site.Name, w.site.URL, w.program.Name, w.site.Center
	c := w.contact
	if w.about.Admin {
		v["applicant"], v["applicant_email"] = c.Name(), c.Email
		return
	}
	v["email"], v["partner_code"] = c.Email, w.partner.Code
	v["greeting"] = w.in.T("Hello,")
	if w.partner.ClaimedAt == nil && !w.sample {
		return
	}
	v["first_name"], v["last_name"], v["company"] = c.FirstName, c.LastName, c.Company
	v["name"] = strings.TrimSpace(c.FirstName + " " + c.LastName)
	if first := affiliate.Line(c.FirstName); first != "" {
		v["greeting"] = w.in.T("Hello %s,", first)
	}
}

// addOwn are the site's own fields (S32), in the reader's language; as with names, not
// before a partner was seen logged in.
func (w *writer) addOwn(ctx context.Context, v values, names []string) error {
	if !slices.ContainsFunc(names, isOwn) || w.contact.ID == 0 ||
		w.partner.ClaimedAt == nil && !w.sample && !w.about.Admin {
		return nil
	}
	fields, err := affiliate.LoadContactFields(ctx, w.q)
	if err != nil {
		return err
	}
	of, err := affiliate.LoadFieldValues(ctx, w.q, w.contact.ID)
	for _, f := range fields {
		value := of[w.contact.ID][f.ID]
		if value == "" && w.sample {
			value = w.sampleOf(f)
		}
		v[OwnField(f).Name] = f.Shown(w.in, value)
	}
	return err
}

// sampleOf is an example of what a field holds.
func (w *writer) sampleOf(f affiliate.ContactField) string {
	switch f.Kind {
	case affiliate.FieldNumber:
		return "12"
	case affiliate.FieldDate:
		return affiliate.DayOf(w.desk.now(), w.desk.zone()).String()
	case affiliate.FieldChoice:
		return f.ChoiceList()[0]
	case affiliate.FieldYesNo:
		return affiliate.FieldYes
	}
	return f.Name
}

// money is an amount as the reader's language writes it; "" for nothing at all.
func (w *writer) money(a money.Amount, c money.Currency) string {
	if c == "" {
		return ""
	}
	return w.in.Text(money.Text(a, c))
}

func (w *writer) date(at time.Time) string { return w.in.Date(at.In(w.desk.zone())) }

func (w *writer) sums(all []Sum) string {
	texts := []string{}
	for _, s := range all {
		if !s.Amount.IsZero() {
			texts = append(texts, w.money(s.Amount, s.Currency))
		}
	}
	return strings.Join(texts, ", ")
}

// addSale: the buyer is nobody's business, whatever the program shows (S17).
func (w *writer) addSale(ctx context.Context, v values) error {
	f := w.event.Facts
	if f.OrderID == 0 {
		return nil
	}
	var order struct {
		Number     string    `db:"number"`
		ExternalID string    `db:"external_id"`
		PlacedAt   time.Time `db:"placed_at"`
	}
	err := w.q.Get(ctx, &order, `/* messages.addSale */
		SELECT number, external_id, placed_at FROM {wp}partner_center_orders WHERE id = ?`, f.OrderID)
	if db.NoRows(err) {
		return nil
	}
	if err != nil {
		return err
	}
	v["order"], v["order_date"] = order.Number, w.date(order.PlacedAt)
	v["amount"] = w.money(f.Amount, f.Currency)
	if order.Number == "" {
		v["order"] = order.ExternalID
	}
	products := []string{}
	err = w.q.Select(ctx, &products, `/* messages.addSale */
		SELECT DISTINCT p.name FROM {wp}partner_center_commissions c
		JOIN {wp}partner_center_products p ON p.id = c.product_id
		WHERE c.order_id = ? AND c.partner_id = ? AND c.level = ? ORDER BY p.name LIMIT 10`, f.OrderID,
		w.event.PartnerID,
		f.Level)
	v["product"] = strings.Join(products, ", ")
	if err != nil || f.Level != 2 {
		return err
	}
	v["recruited"], err = w.sellerName(ctx, f.SellerID)
	return err
}

// sellerName is whom the partner recruited (D44).
func (w *writer) sellerName(ctx context.Context, id affiliate.PartnerID) (string, error) {
	unknown := w.in.T("a partner")
	seller, err := affiliate.LoadPartner(ctx, w.q, id)
	if err != nil {
		return unknown, ignoreMissing(err)
	}
	c, err := affiliate.LoadContact(ctx, w.q, seller.ContactID)
	if err != nil || strings.TrimSpace(c.FirstName+c.LastName) == "" {
		return unknown, ignoreMissing(err)
	}
	return affiliate.Line(c.FirstName + " " + c.LastName), nil
}

func (w *writer) addPayment(ctx context.Context, v values) error {
	if w.event.Facts.PaymentID == 0 {
		return nil
	}
	var p struct {
		Amount    money.Amount            `db:"amount"`
		Currency  money.Currency          `db:"currency"`
		Method    affiliate.PaymentPolicy `db:"method"`
		PayPal    string                  `db:"paypal_email"`
		Payee     string                  `db:"payee"`
		Check     string                  `db:"check_number"`
		Reference string                  `db:"reference"`
		SettledAt *time.Time              `db:"settled_at"`
		UpdatedAt time.Time               `db:"updated_at"`
		Returned  string                  `db:"return_reason"`
	}
	err := w.q.Get(ctx, &p, `/* messages.addPayment */
		SELECT amount, currency, method, paypal_email, payee, check_number, reference, settled_at, updated_at,
		return_reason
		FROM {wp}partner_center_payout_lines WHERE id = ?`, w.event.Facts.PaymentID)
	if err != nil {
		if db.NoRows(err) {
			err = nil
		}
		return err
	}
	at := p.UpdatedAt
	if p.SettledAt != nil {
		at = *p.SettledAt
	}
	v["payment_amount"], v["payment_date"] = w.money(p.Amount, p.Currency), w.date(at)
	v["check_number"], v["reference"], v["reason"] = p.Check, p.Reference, p.Returned
	v["payment_method"], v["payment_to"] = w.in.T("check"), p.Payee
	if p.Method == affiliate.PayPal {
		v["payment_method"], v["payment_to"] = "PayPal", p.PayPal
	}
	return nil
}

// addFacts are the rest of what the event itself says.
func (w *writer) addFacts(v values) {
	f := w.event.Facts
	if f.Reason != "" {
		v["reason"] = w.in.Text(reason.PartnerWords(f.Reason))
	}
	if f.Text != "" {
		v["reason"] = f.Text
	}
	switch w.event.Occasion {
	case MilestoneReached:
		if w.sample {
			return // what is made up: the latest sale is no milestone
		}
		v["milestone"] = w.money(f.Amount, f.Currency)
		if f.Currency == "" && !f.Amount.IsZero() {
			n := int(f.Amount.Units() / unit)
			v["milestone"] = w.in.Text(locale.N("%d sale", "%d sales", n))
		}
	case TermsChanged:
		v["terms"] = strings.TrimRight(w.site.Links.Base, "/") + "/signup/" + w.program.Code + "/terms"
		v["terms_from"] = w.in.Text(locale.Layout("%s", f.From))
	}
	if w.about.Admin || w.event.Occasion == ApprovedTogether {
		v["count"], v["total"] = w.in.Number(int64(f.Count)), w.sums(f.Sums)
	}
	if w.about.Admin {
		if w.site.AdminPage != nil && f.Page != "" {
			v["page"] = w.site.AdminPage(f.Page)
		}
	}
}

// addLinks are the links of promo tools (S55). One of a program that the partner
// isn't active in is no link of theirs: the mail is held (D33).
func (w *writer) addLinks(ctx context.Context, v values, names []string) (held locale.Text, err error) {
	if w.partner.ID == 0 || w.about.Admin {
		return held, nil
	}
	for _, name := range names {
		code, is := strings.CutPrefix(name, toolPrefix)
		if !is && name != "link" {
			continue
		}
		tool, found := tracking.Tool{}, true
		if is {
			tool, err = tracking.LoadToolByCode(ctx, w.q, code)
			if affiliate.KindOf(err) == affiliate.KindNotFound {
				return locale.T("The promo tool of {%s} is gone.", name), nil
			}
		} else if w.program.ID != 0 {
			tool, found, err = tracking.LoadMainTool(ctx, w.q, w.program)
		}
		if err != nil {
			return held, err
		}
		if !found || tool.ID == 0 {
			continue // the paragraph is left out
		}
		if held, err = w.mayLink(ctx, tool); err != nil || !held.IsZero() {
			return held, err
		}
		v[name] = w.site.Links.For(tool, w.partner.Code, "")
	}
	return held, nil
}

// mayLink is why the reader has no link of a tool; empty when they have.
func (w *writer) mayLink(ctx context.Context, tool tracking.Tool) (locale.Text, error) {
	m, is, err := affiliate.RunningMembership(ctx, w.q, w.partner.ID)
	if err != nil || is && m.ProgramID == tool.ProgramID && w.partner.State == affiliate.Active {
		return locale.Text{}, err
	}
	return locale.T("The partner isn't active in the program of the promo tool “%s”, so its link would not be theirs.",
		tool.Name), nil
}

// totals are the names that need the partner's books.
var totals = map[string]bool{"total_sales": true, "number_of_sales": true, "owed": true, "pending": true, "paid": true}

func (w *writer) addTotals(ctx context.Context, v values, names []string) error {
	wanted := false
	for _, name := range names {
		wanted = wanted || totals[name]
	}
	if !wanted || w.partner.ID == 0 {
		return nil
	}
	sold, err := SalesOf(ctx, w.q, w.partner.ID, 0)
	if err != nil {
		return err
	}
	sales, count := []Sum{}, 0
	for _, s := range sold {
		if only := w.event.Facts.Currency; w.event.Occasion == MilestoneReached && only != "" && only != s.Currency {
			continue
		}
		sales, count = append(sales, Sum{s.Amount, s.Currency}), count+s.Count
	}
	v["total_sales"], v["number_of_sales"] = w.sums(sales), w.in.Number(int64(count))
	held := []struct {
		Currency money.Currency `db:"currency"`
		Pending  money.Amount   `db:"pending"`
		Payable  money.Amount   `db:"payable"`
		Paid     money.Amount   `db:"paid"`
	}{}
	err = w.q.Select(ctx, &held, `/* messages.addTotals */
		SELECT currency, pending, payable, paid FROM {wp}partner_center_balances WHERE partner_id = ?
		ORDER BY currency`,
		w.partner.ID)
	pending, owed, paid := []Sum{}, []Sum{}, []Sum{}
	for _, h := range held {
		pending = append(pending, Sum{h.Pending, h.Currency})
		owed = append(owed, Sum{h.Payable, h.Currency})
		paid = append(paid, Sum{h.Paid, h.Currency})
	}
	v["pending"], v["owed"], v["paid"] = w.sums(pending), w.sums(owed), w.sums(paid)
	return err
}
