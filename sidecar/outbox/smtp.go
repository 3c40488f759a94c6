package outbox

import (
	"context"
	"errors"
	"fmt"
	netmail "net/mail"
	"time"

	"github.com/wneessen/go-mail"

	"partnercenter/affiliate/messages"
)

// serverTime bounds how long one mail may take.
const serverTime = 60 * time.Second

// bySMTP sends a mail by a mail server. Its id is the mail's own, so that one that
// is sent twice can be told by whoever gets it.
func bySMTP(ctx context.Context, m messages.Mail, headers map[string]string, s messages.MailSettings) error {
	msg := mail.NewMsg()
	from := netmail.Address{Name: s.FromName, Address: s.From} // quotes what a name may hold
	if err := errors.Join(msg.From(from.String()), msg.To(m.Recipient)); err != nil {
		return fmt.Errorf("an address is not valid: %w", err)
	}
	if to := headers["Reply-To"]; to != "" {
		if err := msg.ReplyTo(to); err != nil {
			return fmt.Errorf("the address for replies is not valid: %w", err)
		}
	}
	for _, name := range []string{"List-Unsubscribe", "List-Unsubscribe-Post"} {
		if headers[name] != "" {
			msg.SetGenHeaderPreformatted(mail.Header(name), headers[name])
		}
	}
	msg.Subject(m.Subject)
	msg.SetMessageIDWithValue(fmt.Sprintf("partner-center-%d-%d@%s", m.ID, m.CreatedAt.UnixMicro(), s.SMTP.Host))
	msg.SetDate()
	msg.SetBodyString(mail.TypeTextPlain, m.Text)
	if m.HTML != "" {
		msg.AddAlternativeString(mail.TypeTextHTML, m.HTML)
	}
	client, err := dialer(s)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, serverTime)
	defer cancel()
	if err := client.DialAndSendWithContext(ctx, msg); err != nil {
		return fmt.Errorf("the mail server %s: %w", s.SMTP.Host, err)
	}
	return nil
}

func dialer(s messages.MailSettings) (*mail.Client, error) {
	options := []mail.Option{mail.WithPort(s.SMTP.Port), mail.WithTimeout(20 * time.Second)}
	switch s.SMTP.Security {
	case messages.TLS:
		options = append(options, mail.WithSSL())
	case messages.Plain:
		options = append(options, mail.WithTLSPolicy(mail.NoTLS))
	default:
		options = append(options, mail.WithTLSPolicy(mail.TLSMandatory))
	}
	if s.SMTP.User != "" {
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(s.SMTP.User),
			mail.WithPassword(s.SMTP.Password))
	}
	client, err := mail.NewClient(s.SMTP.Host, options...)
	if err != nil {
		return nil, fmt.Errorf("the mail server's settings: %w", err)
	}
	return client, nil
}

// serverBack asks a mail server that was away whether it is back, before a mail is
// claimed for it, so that an outage uses up no attempts.
func (w *Worker) serverBack(ctx context.Context, s messages.MailSettings) bool {
	if w.dialAt.IsZero() {
		return true
	}
	if w.now().Before(w.dialAt) {
		return false
	}
	client, err := dialer(s)
	if err == nil {
		dial, cancel := context.WithTimeout(ctx, serverTime)
		defer cancel()
		if err = client.DialWithContext(dial); err == nil {
			err = client.Close()
		}
	}
	if err != nil {
		w.dialAt = w.now().Add(probeEvery)
		return false
	}
	w.dialAt = time.Time{}
	return true
}

// heedServer takes notice of how a mail ended: did it reach the server? What the
// server itself said about one mail is no outage.
func (w *Worker) heedServer(err error) {
	var said *mail.SendError
	if err == nil || errors.As(err, &said) && said.Reason != mail.ErrConnCheck {
		return
	}
	if w.dialAt.IsZero() {
		w.log.Warn("mails wait until the mail server answers", "why", err)
	}
	w.dialAt = w.now().Add(probeEvery)
}
