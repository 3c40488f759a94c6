package outbox

import (
	"context"
	"fmt"
	"html"
	"net/mail"
	"strings"
	"time"

	"partnercenter/affiliate/messages"
	"partnercenter/wpbridge"
)

// nextMail sends the mail that has waited longest, by the mail server that is set
// or else by WordPress, while that is there.
func (w *Worker) nextMail(ctx context.Context, client *wpbridge.Client, there bool) (bool, error) {
	settings, err := w.mailer.Sending(ctx)
	if err != nil {
		return false, err
	}
	bySMTP := settings.SMTP.Host != ""
	waits := !bySMTP && !there || bySMTP && !w.serverBack(ctx, settings)
	w.mailsWait.Store(waits)
	if waits {
		return false, nil
	}
	mails, err := w.mails.Claim(ctx, 1)
	if err != nil || len(mails) == 0 {
		return false, err
	}
	m := mails[0]
	if dropped, err := w.mails.Drop(ctx, m); err != nil || dropped {
		return true, err
	}
	if late, err := w.tooMany(ctx, m, settings); err != nil || late {
		return true, err
	}
	ours, err := w.mails.HandOver(ctx, m)
	if err != nil || !ours {
		return true, err
	}
	if cause := w.send(ctx, client, m, settings); cause != nil {
		w.log.Warn("a mail could not be sent yet", "mail", m.ID, "attempt", m.Attempts, "why", cause)
		return true, w.mails.Failed(ctx, m, cause)
	}
	return true, w.mails.Sent(ctx, m)
}

// tooMany puts a mail off that its reader can do without, when the mailbox got
// many within the hour.
func (w *Worker) tooMany(ctx context.Context, m messages.Mail, s messages.MailSettings) (bool, error) {
	if !m.Optional && m.Kind != string(messages.FromList) {
		return false, nil
	}
	now := w.now()
	n, err := w.mails.SentSince(ctx, m.Recipient, now.Add(-time.Hour))
	if err != nil || n < s.Pace() {
		return false, err
	}
	return true, w.mails.Postpone(ctx, m, now.Add(15*time.Minute))
}

// send hands a mail over, and says why it was not taken.
func (w *Worker) send(ctx context.Context, client *wpbridge.Client, m messages.Mail, s messages.MailSettings) error {
	headers, err := w.headers(ctx, &m, s)
	if err != nil {
		return err
	}
	if s.SMTP.Host == "" {
		err := byWordPress(ctx, client, m, headers)
		w.heed(err)
		return err
	}
	if err := fillIn(ctx, client, &m); err != nil {
		w.heed(err)
		return err
	}
	err = bySMTP(ctx, m, headers, s)
	w.heedServer(err)
	return err
}

// headers are those beside to and subject; in m the link to get no more of its
// kind is filled in.
func (w *Worker) headers(ctx context.Context, m *messages.Mail, s messages.MailSettings) (map[string]string, error) {
	headers := map[string]string{}
	if s.From != "" {
		headers["From"] = (&mail.Address{Name: s.FromName, Address: s.From}).String()
	}
	if s.ReplyTo != "" {
		headers["Reply-To"] = s.ReplyTo
	}
	if !m.Optional {
		return headers, nil
	}
	link, err := w.stopURL(ctx, *m)
	if err != nil {
		return nil, err
	}
	headers["List-Unsubscribe"] = "<" + link + ">"
	headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
	m.Text = strings.ReplaceAll(m.Text, messages.StopURL, link)
	m.HTML = strings.ReplaceAll(m.HTML, messages.StopURL, html.EscapeString(link))
	return headers, nil
}

// byWordPress has WordPress send a mail.
func byWordPress(ctx context.Context, client *wpbridge.Client, m messages.Mail, headers map[string]string) error {
	in := map[string]any{"to": m.Recipient, "subject": m.Subject, "text": m.Text, "html": m.HTML}
	if len(headers) > 0 {
		in["headers"] = headers
	}
	if m.UserID != 0 {
		in["user_id"] = int64(m.UserID)
	}
	var out struct {
		Sent   bool   `json:"sent"`
		Reason string `json:"reason"`
	}
	err := client.Call(ctx, "mail", in, &out)
	if err == nil && !out.Sent {
		err = fmt.Errorf("WordPress could not send it; check its mail settings: %s", out.Reason)
	}
	return err
}

// fillIn asks WordPress for what only it knows: user name, link to set a password.
func fillIn(ctx context.Context, client *wpbridge.Client, m *messages.Mail) error {
	if !strings.Contains(m.Text+m.HTML, messages.Login) && !strings.Contains(m.Text+m.HTML, messages.SetPasswordURL) {
		return nil
	}
	var out struct {
		Values map[string]string `json:"values"`
	}
	err := client.Call(ctx, "mail-fields", map[string]any{"to": m.Recipient, "text": m.HTML + m.Text,
		"user_id": int64(m.UserID)}, &out)
	for field, value := range out.Values {
		m.Text = strings.ReplaceAll(m.Text, field, value)
		m.HTML = strings.ReplaceAll(m.HTML, field, html.EscapeString(value))
	}
	return err
}
