package outbox_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/messages"
	"partnercenter/affiliate/signup"
	"partnercenter/db"
	"partnercenter/testbed/mailsink"
)

// throughSMTP has the site send by a mail server.
func (w *world) throughSMTP(change ...func(*messages.MailSettings)) *mailsink.Sink {
	w.Helper()
	sink := mailsink.New(w.TB)
	s := messages.MailSettings{From: "partners@shop.test", FromName: "The shop, Ünal & Co", ReplyTo: "help@shop.test",
		SMTP: messages.SMTP{Host: sink.Host, Port: sink.Port, Security: messages.Plain}}
	for _, c := range change {
		c(&s)
	}
	if err := w.mailer.Save(w.Context(), "test", s, ""); err != nil {
		w.Fatal(err)
	}
	return sink
}

func (w *world) put(m messages.Mail) {
	w.Helper()
	err := w.DB.Tx(w.Context(), func(tx *db.Tx) error { return w.mails.Queue(w.Context(), tx, m) })
	if err != nil {
		w.Fatal(err)
	}
}

// Mails go by the mail server with sender, plain text and a way to stop them; no
// name and no subject gets a header of its own in.
//
// Spec: S106.1
func TestMailsGoBySMTP(t *testing.T) {
	w := newWorld(t)
	sink := w.throughSMTP()
	w.WordPress.Answer("mail-fields", func(map[string]any) (int, any) {
		return http.StatusOK, map[string]any{"values": map[string]string{messages.Login: "carl",
			messages.SetPasswordURL: "https://shop.test/rp?a=1&b=2"}}
	})
	_, err := w.signups.Apply(t.Context(), signup.Application{ProgramCode: w.program.Code, Email: "carl@mail.test",
		FirstName: "Carl", FormID: "form-1", At: w.Clock.Now()})
	if err != nil {
		t.Fatal(err)
	}
	w.put(messages.Mail{Event: "o-1", Recipient: "eve@mail.test", PartnerID: 7, Kind: "earned", Optional: true,
		Subject: "Hi\r\nBcc: all@mail.test 🎉 مرحبا", Text: "Stop: " + messages.StopURL, HTML: `<a href="` +
			messages.StopURL + `">stop</a>` + strings.Repeat("x", 1<<20)})
	w.work()
	mails := sink.Mails()
	if len(mails) != 3 || len(w.WordPress.Calls("mail")) != 0 {
		t.Fatalf("%d mails, and %d by WordPress", len(mails), len(w.WordPress.Calls("mail")))
	}
	byTo := map[string][]mailsink.Mail{}
	for _, m := range mails {
		byTo[m.To] = append(byTo[m.To], m)
	}
	login := byTo["carl@mail.test"][0]
	if !strings.Contains(login.Text, "User name: ") {
		login = byTo["carl@mail.test"][1]
	}
	if !strings.Contains(login.Text, "User name: carl\n") ||
		!strings.Contains(login.Text, "https://shop.test/rp?a=1&b=2") ||
		!strings.Contains(login.HTML, `href="https://shop.test/rp?a=1&amp;b=2"`) || login.From != "partners@shop.test" {
		t.Errorf("%+v", login)
	}
	eve := byTo["eve@mail.test"][0]
	if eve.Header.Get("Bcc") != "" || eve.Subject != "Hi Bcc: all@mail.test 🎉 مرحبا" || len(eve.HTML) < 1<<20 ||
		eve.Header.Get("List-Unsubscribe") != "<https://shop.test/stop?t=7>" ||
		eve.Header.Get("List-Unsubscribe-Post") != "List-Unsubscribe=One-Click" ||
		!strings.Contains(eve.Text, "Stop: https://shop.test/stop?t=7") ||
		!strings.Contains(eve.Header.Get("Reply-To"), "help@shop.test") {
		t.Errorf("%v %q %q", eve.Header, eve.Subject, eve.Text)
	}
	if from, err := eve.Header.AddressList("From"); err != nil || from[0].Name != "The shop, Ünal & Co" {
		t.Errorf("%v %v", from, err)
	}
}

// While the mail server refuses, everything waits, with growing pauses; a mailbox
// that rejects is tried often and is then seen; nothing is lost.
func TestNothingIsLostWhileTheMailServerRefuses(t *testing.T) {
	w := newWorld(t)
	sink := w.throughSMTP()
	sink.Refuse("gone@mail.test", 550, "no such mailbox")
	for i := range 20 {
		w.queue(fmt.Sprintf("e-%d", i), fmt.Sprintf("p%d@mail.test", i))
	}
	w.queue("gone", "gone@mail.test")
	sink.Stop()
	for range 40 { // ten minutes
		w.work()
		w.Clock.Advance(15 * time.Second)
	}
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_mails WHERE attempts > 1`); n > 3 {
		t.Errorf("the outage used up attempts of %d mails", n)
	}
	_, stuck, err := w.worker.Trouble(t.Context())
	if err != nil || stuck.Count == 0 || !strings.Contains(stuck.Why, "the mail server 127.0.0.1") {
		t.Errorf("%+v, %v", stuck, err)
	}
	sink.Restart(t)
	for range 10 {
		w.Clock.Advance(time.Minute)
		w.work()
	}
	if n := len(sink.Mails()); n != 20 {
		t.Errorf("%d of 20 arrived: %v", n, w.states())
	}
	for range 12 {
		w.Clock.Advance(13 * time.Hour)
		w.work()
	}
	if states := w.states(); states[messages.Dead] != 1 || states[messages.Done] != 20 {
		t.Errorf("%v", states)
	}
	sink.Refuse("gone@mail.test", 0, "")
	dead, err := w.mails.Mails(t.Context(), messages.Dead, affiliate.Page{Limit: 9})
	if err != nil || len(dead) != 1 || !strings.Contains(dead[0].Error, "no such mailbox") {
		t.Fatalf("%+v, %v", dead, err)
	}
	if err := w.mails.Again(t.Context(), "test", dead[0].ID); err != nil {
		t.Fatal(err)
	}
	w.work()
	if n := len(sink.Mails()); n != 21 {
		t.Errorf("%d arrived", n)
	}
}

// With a mail server, WordPress being away holds up only what it alone can fill in.
func TestMailServerWorksWithoutWordPress(t *testing.T) {
	w := newWorld(t)
	sink := w.throughSMTP()
	w.queue("e-1", "a@mail.test")
	w.away = true
	w.work()
	if len(sink.Mails()) != 1 {
		t.Errorf("%v", w.states())
	}
}

// A mailbox gets optional mails at a pace; what is beyond it comes later, all of it.
func TestOptionalMailsComeAtAPace(t *testing.T) {
	w := newWorld(t)
	sink := w.throughSMTP(func(s *messages.MailSettings) { s.PerHour = 5 })
	for i := range 12 {
		w.put(messages.Mail{Event: fmt.Sprint("earned-", i), Recipient: "a@mail.test", PartnerID: 1, Kind: "earned",
			Optional: true, Subject: "x", Text: "x", HTML: "<p>x"})
	}
	w.queue("login", "a@mail.test") // is needed
	w.work()
	if n := len(sink.Mails()); n != 6 {
		t.Errorf("%d at once", n)
	}
	for range 16 {
		w.Clock.Advance(15 * time.Minute)
		w.work()
	}
	if n := len(sink.Mails()); n != 13 || w.states()[messages.Done] != 13 {
		t.Errorf("%d in the end: %v", n, w.states())
	}
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_mails WHERE attempts <> 1 OR error <> ''`); n != 0 {
		t.Errorf("%d mails look as though something went wrong", n)
	}
}

// What is written arrives as it was written, however long or strange it is, and
// nothing in a subject, a name or an address becomes a header or a second recipient.
func TestMailsArriveAsTheyWereWritten(t *testing.T) {
	w := newWorld(t)
	sink := w.throughSMTP(func(s *messages.MailSettings) {
		s.FromName = "Shop\r\nBcc: all@mail.test, <eve@mail.test> \"=?utf-8?q?x?="
	})
	texts := map[string]string{
		"rtl":      "مرحبا بك\nשלום, Anna 🎉👩‍👩‍👧‍👦",
		"equals":   strings.Repeat("=", 3000) + "\n=20=3D=\n=\n",
		"dots":     ".\n..\n.x\nFrom me\n\n.\n",
		"one line": strings.Repeat("ü", 1<<19),
		"empty":    "",
		"controls": "a\tb \u00a0c\u2028d",
	}
	for name, text := range texts {
		w.put(messages.Mail{Event: name, Recipient: strings.ReplaceAll(name, " ", "") + "@mail.test", Kind: "earned",
			Subject: strings.Repeat("é🎉", 127) + "\r\nBcc: all@mail.test", Text: text,
			HTML: "<p dir=\"auto\">" + text + "</p>"})
	}
	w.work()
	mails := sink.Mails()
	if len(mails) != len(texts) {
		t.Fatalf("%d of %d arrived: %v", len(mails), len(texts), w.states())
	}
	for _, m := range mails {
		name := strings.TrimSuffix(strings.ReplaceAll(m.To, "oneline", "one line"), "@mail.test")
		if strings.TrimRight(m.Text, "\n") != strings.TrimRight(texts[name], "\n") ||
			!strings.Contains(strings.ReplaceAll(m.HTML, "\r\n", "\n"), texts[name]) {
			t.Errorf("%s arrived as %.200q, %.200q", name, m.Text, m.HTML)
		}
		if m.Header.Get("Bcc") != "" || len(m.Header["To"]) != 1 || !strings.HasPrefix(m.Subject, "é🎉é🎉") {
			t.Errorf("%s: headers %v", name, m.Header)
		}
		if from, err := m.Header.AddressList("From"); err != nil || len(from) != 1 ||
			from[0].Address != "partners@shop.test" {
			t.Errorf("%s: from %v, %v", name, from, err)
		}
	}
}
