package reports

import (
	"context"
	"strings"
	"time"

	"partnercenter/affiliate/messages"
	"partnercenter/locale"
)

// mailed is a mail as the log shows it.
type mailed struct {
	partnerName
	placed
	ID        int64      `db:"id"`
	Recipient string     `db:"recipient"`
	Kind      string     `db:"kind"`
	Subject   string     `db:"subject"`
	State     string     `db:"mail_state"`
	Error     string     `db:"error"`
	CreatedAt *time.Time `db:"created_at"`
	SentAt    *time.Time `db:"sent_at"`
}

// mailsReport is the log of mails: what was sent, what waits, what must not go
// out, and what could not be sent.
var mailsReport = &Report{
	Name: "mails", Title: locale.T("Emails"), For: ForAdmin,
	Help:     locale.T("Every email to partners and to you: sent, waiting, held back or failed."),
	Filters:  []Filter{FilterStatus, FilterPartner, FilterSearch},
	Finds:    locale.T("Search recipient or subject"),
	Statuses: []string{"mailed", "waiting", "held_back", "not_sent", "dropped"},
	table:    mailsTable,
}

var mailFields = fields[mailed]{
	{Column: Column{Key: "subject", Name: locale.T("Subject"), Kind: KindText},
		Value: func(m *mailed) Cell { return Text(m.Subject).To(RefMail, m.ID) }},
	{Column: Column{Key: "recipient", Name: locale.C("recipient", "To"), Kind: KindText},
		Value: func(m *mailed) Cell { return Text(m.Recipient) }},
	{Column: Column{Key: "kind", Name: locale.T("About"), Kind: KindText},
		Value: func(m *mailed) Cell { return Sentence(mailKind(m.Kind)) }},
	{Column: Column{Key: "status", Name: locale.T("Status"), Kind: KindStatus},
		Value: func(m *mailed) Cell { return Status(m.status()) }},
	{Column: Column{Key: "error", Name: locale.T("What is wrong"), Kind: KindText},
		Value: (*mailed).wrong},
	{Column: Column{Key: "at", Name: locale.T("Time"), Kind: KindTime},
		Value: func(m *mailed) Cell { return Time(m.CreatedAt) }},
	{Column: Column{Key: "partner", Name: locale.T("Partner"), Kind: KindText, FileOnly: true},
		Value: func(m *mailed) Cell { return m.cell() }},
	{Column: Column{Key: "sent", Name: locale.T("Sent"), Kind: KindTime, FileOnly: true},
		Value: func(m *mailed) Cell { return Time(m.SentAt) }},
}

// wrong is why a mail was not sent, or may have been sent twice.
func (m *mailed) wrong() Cell {
	if m.State == string(messages.Dropped) && m.Error == "" {
		return Sentence(locale.T("The partner asked for no more emails like this."))
	}
	return Text(m.Error)
}

// mailStates are the statuses that people see, by those of the table: whoever has
// claimed a mail, it waits.
var mailStates = map[string]string{"mailed": "'done'", "waiting": "'queued', 'claimed', 'sending'",
	"held_back": "'held'", "not_sent": "'dead'", "dropped": "'dropped'"}

func (m *mailed) status() string {
	for status, states := range mailStates {
		if strings.Contains(states, "'"+m.State+"'") {
			return status
		}
	}
	return m.State
}

// mailKind is what a mail is about, in words.
func mailKind(kind string) locale.Text {
	if about, known := messages.Of(messages.Occasion(kind)); known {
		return about.Name
	}
	switch kind {
	case "signup":
		return locale.T("Confirm the sign-up")
	case "paypal":
		return locale.T("Confirm the PayPal address")
	case "payment":
		return locale.T("Payment details changed")
	case "list":
		return locale.T("Written by you")
	case "test":
		return locale.T("Test")
	}
	return locale.Data(kind)
}

func mailsTable(ctx context.Context, s source, q Query) (*Table, error) {
	var w where
	if states := mailStates[q.Status]; states != "" {
		w.add("l.state IN (" + states + ")")
	}
	addIf(&w, "l.partner_id = ?", q.Partner)
	w.search(q.Search, "l.recipient", "l.subject")
	o, err := mailFields.order(q, newest("", "l.id"))
	if err != nil {
		return nil, err
	}
	paged, tail, err := w.page(q, o)
	if err != nil {
		return nil, err
	}
	const mails = ` FROM {wp}partner_center_mails l
		LEFT JOIN {wp}partner_center_partners pa ON pa.id = l.partner_id
		LEFT JOIN {wp}partner_center_contacts pk ON pk.id = pa.contact_id`
	t := mailFields.table(ctx, s, `/* reports.mails */
		SELECT l.id, l.recipient, l.kind, l.subject, l.state AS mail_state, l.error, l.created_at, l.sent_at,
			COALESCE(l.partner_id, 0) AS partner_id, `+o.place()+`, `+partnerNameColumns+mails+paged.sql()+tail,
		paged.args,
		nil, func(m *mailed) Row {
			return Row{Ref: Ref{Kind: RefMail, ID: m.ID}, After: q.cursor(m.placed, m.ID)}
		})
	return s.count(ctx, t, q, `/* reports.mailsCount */`, mails, w)
}
