package messages

import (
	"context"
	"crypto/rand"
	"strings"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/db"
	"partnercenter/locale"
)

// Preview is a message as a partner would get it: their names, links and totals,
// their latest sale and payment, and examples of what there is none of. Nothing
// is sent. A mail that would be held says so in its Error.
func (d *Desk) Preview(ctx context.Context, m Message, partner affiliate.PartnerID) (mail Mail, err error) {
	err = d.db.Tx(ctx, func(tx *db.Tx) error {
		mail, err = d.preview(ctx, tx, m.clean(), partner)
		return err
	})
	fill := strings.NewReplacer(Login, "anna", SetPasswordURL, d.site().URL+"/wp-login.php?action=rp", StopURL, "#")
	mail.Subject, mail.Text, mail.HTML = fill.Replace(mail.Subject), fill.Replace(mail.Text), fill.Replace(mail.HTML)
	return mail, err
}

func (d *Desk) preview(ctx context.Context, q db.Queryer, m Message, partner affiliate.PartnerID) (Mail, error) {
	about, _ := Of(m.Occasion)
	if m.Occasion == "" {
		about.Occasion = FromList
	}
	w := &writer{q: q, desk: d, site: d.site(), about: about, sample: true,
		event: Event{Key: "preview", Occasion: about.Occasion, PartnerID: partner}}
	today := affiliate.DayOf(d.now(), d.zone())
	w.event.Facts.To = affiliate.Day{Year: today.Year, Month: today.Month, Day: 1}
	last := w.event.Facts.To.AddDays(-1)
	w.event.Facts.From = affiliate.Day{Year: last.Year, Month: last.Month, Day: 1}
	if about.Occasion == WeeklySummary {
		w.event.Facts.From, w.event.Facts.To = today.AddDays(-7), today
	}
	if err := w.latest(ctx); err != nil {
		return Mail{}, err
	}
	if is, err := w.reader(ctx); err != nil || !is {
		if err == nil {
			err = affiliate.Missing("There is no such partner.")
		}
		return Mail{}, err
	}
	w.event.Facts.Count, w.event.Facts.Page = 3, "admin"
	mail, err := w.letter(ctx, m, true)
	mail.Recipient, mail.PartnerID = w.contact.Email, w.partner.ID
	return mail, err
}

// latest finds the partner's latest sale and payment.
func (w *writer) latest(ctx context.Context) error {
	var c struct {
		OrderID  affiliate.OrderID `db:"order_id"`
		Level    int               `db:"level"`
		Amount   money.Amount      `db:"amount"`
		Currency money.Currency    `db:"currency"`
	}
	err := w.q.Get(ctx, &c, `/* messages.latest */ SELECT order_id, level, amount, currency
		FROM {wp}partner_center_commissions WHERE partner_id = ? ORDER BY id DESC LIMIT 1`, w.event.PartnerID)
	if err != nil && !db.NoRows(err) {
		return err
	}
	f := &w.event.Facts
	f.OrderID, f.Level, f.Amount, f.Currency = c.OrderID, c.Level, c.Amount, c.Currency
	err = w.q.Get(ctx, &f.PaymentID, `/* messages.latest */ SELECT id FROM {wp}partner_center_payout_lines
		WHERE partner_id = ? ORDER BY id DESC LIMIT 1`, w.event.PartnerID)
	if db.NoRows(err) {
		err = nil
	}
	return err
}

// makeUp gives fields an example that the partner has nothing for yet. Links that
// they don't have stay empty, as they would.
func (w *writer) makeUp(v values) {
	cur := w.event.Facts.Currency
	if cur == "" {
		cur = "USD"
	}
	sum := w.in.Text(money.Text(money.MustParse("30"), cur))
	today := w.date(w.desk.now())
	if v["total_sales"] == "" {
		v["number_of_sales"] = w.in.Number(1) // as the sum that stands for them
	}
	examples := map[string]string{"amount": sum, "order": "1001", "order_date": today,
		"product":        w.in.T("Example product"),
		"reason":         w.in.Text(locale.T("This is where the reason stands.")),
		"payment_amount": sum, "payment_date": today, "payment_method": "PayPal", "payment_to": "paypal@example.com",
		"milestone": w.in.Text(money.Text(money.MustParse("1000"), cur)), "total_sales": sum, "owed": sum,
		"pending": sum,
		"paid":    sum, "period_earned": sum, "period_paid": sum, "total": sum, "terms_from": today,
		"terms": w.site.URL}
	for name, example := range examples {
		if v[name] == "" {
			v[name] = example
		}
	}
}

// SendTest sends a message as a partner would get it to somebody else, such as
// the admin who wrote it. Links in it are the partner's.
func (d *Desk) SendTest(ctx context.Context, m Message, partner affiliate.PartnerID, to string) error {
	mail, err := d.Preview(ctx, m, partner)
	if err != nil {
		return err
	}
	mail.Event, mail.Kind, mail.Recipient, mail.State, mail.Error = "test-"+rand.Text(), "test", to, "", ""
	mail.PartnerID, mail.UserID, mail.Optional = 0, 0, false
	return d.outbox.Queue(ctx, d.db, mail)
}

// SendGreeting sends a mail that says that mails arrive.
func (d *Desk) SendGreeting(ctx context.Context, to string, in *locale.Language) error {
	dress, err := LoadDress(ctx, d.db, d.site().Name)
	if err != nil {
		return err
	}
	m := Message{Subject: in.T("Test from %s", plain(d.site().Name)),
		HTML: "<p>" + in.T("This is a test. When you read it, emails to your partners arrive.") + "</p>"}
	mail, err := compose(m, values{}, dress, in, false)
	if err != nil {
		return err
	}
	mail.Event, mail.Kind, mail.Recipient = "test-"+rand.Text(), "test", to
	return d.outbox.Queue(ctx, d.db, mail)
}
