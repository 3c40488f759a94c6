package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"partnercenter/testbed/mailsink"
)

// From the application to the link on the clipboard, once with the mails that
// WordPress sends and once with those of a mail server: what anybody reads here
// was delivered by SMTP. The address has an account at the shop already, so that
// its owner has to confirm.
//
// Spec: S103.1 S104.1 S105.1 S105.2 S106.1 S106.2 S107.1
func TestFromApplicationToLinkByMail(t *testing.T) {
	on(t, func(t *testing.T, r release) {
		w := start(t, r, nil)
		admin, sink := w.admin(), mailsink.New(t)
		w.setUpShop(admin)
		if _, err := w.DB.Exec(t.Context(), `UPDATE {wp}partner_center_programs SET signup = 'approval'`); err != nil {
			t.Fatal(err)
		}
		w.wordPressSendsTo(sink)
		w.joinsByMail(admin, sink, "paula@example.test")

		admin.open(adminPage("admin/messages/sending"))
		admin.fill(admin.labeled("Sender's address"), "partners@shop.test")
		admin.fill(admin.labeled("Host"), sink.Host)
		admin.fill(admin.labeled("Port"), strconv.Itoa(sink.Port))
		admin.tick("input[name=smtp_security][value=none]")
		admin.clickButton("Save")
		admin.sees(".notice-success", "")
		w.joinsByMail(admin, sink, "quentin@example.test")
		if mail := sink.Mails()[len(sink.Mails())-1]; mail.From != "partners@shop.test" ||
			mail.Header.Get("X-By-WordPress") != "" {
			t.Errorf("not by the mail server: %v", mail.Header)
		}
		w.noNotices()
	}, newest, oldest)
}

// wordPressSendsTo has wp_mail deliver to a mail server, as mail plugins do.
func (w *world) wordPressSendsTo(sink *mailsink.Sink) {
	w.t.Helper()
	code := fmt.Sprintf(`<?php
add_action( 'phpmailer_init', function ( $mailer ) {
	$mailer->isSMTP();
	$mailer->Host = %q;
	$mailer->Port = %d;
	$mailer->SMTPAutoTLS = false;
	$mailer->addCustomHeader( 'X-By-WordPress', '1' );
}, 100 );
add_filter( 'wp_mail_from', function () { return 'wordpress@shop.test'; } );`, sink.Host, sink.Port)
	dir := filepath.Join(w.Site.Root, "wp-content", "mu-plugins")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		w.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "by-smtp.php"), []byte(code), 0o644); err != nil {
		w.t.Fatal(err)
	}
}

// joinsByMail applies, confirms, is approved, welcomed, logs in and copies the link
// that the welcome holds.
func (w *world) joinsByMail(admin *visitor, sink *mailsink.Sink, email string) {
	w.t.Helper()
	login, _, _ := strings.Cut(email, "@")
	_, err := w.Site.PHP(w.t.Context(), `wp_insert_user( array( 'user_login' => $args[0], 'user_email' => $args[1],
		'user_pass' => 'pw-' . $args[0] ) );`, login, email)
	if err != nil {
		w.t.Fatal(err)
	}
	admin.open(adminPage("admin/programs"))
	admin.click(".row-title")
	admin.click(".pc-subtabs a[href*='signup']")
	form := admin.text("#signup-url")

	partner := newVisitor(w.t, w.URL())
	partner.open(form)
	partner.fill(partner.labeled("Email"), email)
	partner.fill(partner.labeled("First name"), "Päula 🎉")
	partner.click(".pc-signup button")
	partner.sees("body", "Check your email")

	confirm := arrived(w.t, sink, email, "confirm-signup")
	if strings.Contains(confirm.Text, "Päula") {
		w.t.Errorf("a stranger's words stand in the mail:\n%s", confirm.Text)
	}
	partner.open(find(w.t, confirm.Text, `http://\S+confirm-signup\S+`))
	partner.clickButton("Confirm")

	admin.open(adminPage(fmt.Sprint("admin/partners/", w.partnerOf(email))))
	admin.clickButton("Approve")

	welcome := arrived(w.t, sink, email, "/go/")
	link := find(w.t, welcome.Text, `http://\S+/go/\S+`)
	if !strings.Contains(welcome.HTML, `href="`+link+`"`) {
		w.t.Errorf("text and HTML differ: %s\n%s", link, welcome.HTML)
	}
	arrived(w.t, sink, email, "User name: "+login)
	visitor := newVisitor(w.t, w.URL())
	visitor.open(link)
	if !strings.HasPrefix(visitor.at(), w.URL()+"/letter/") {
		w.t.Errorf("the link of the welcome leads to %s", visitor.at())
	}
	partner.logIn(login, "pw-"+login)
	partner.open("/partners/")
	partner.sees(".partner-center", "Dashboard")
	partner.open("/partner-center/tools")
	partner.do("copy", chromedp.Click(css(`[data-pc-copy="pc-link"]`)), chromedp.WaitVisible(css(".pc-copied")))
	if copied := partner.paste(); copied != link {
		w.t.Errorf("copied %s, the welcome says %s", copied, link)
	}
}

// partnerOf is the id of the partner with an address.
func (w *world) partnerOf(email string) (id int64) {
	w.t.Helper()
	soon(w.t, "the application is stored", func() bool {
		err := w.DB.Get(w.t.Context(), &id, `SELECT p.id FROM {wp}partner_center_partners p
			JOIN {wp}partner_center_contacts c ON c.id = p.contact_id WHERE c.email = ?`, email)
		return err == nil
	})
	return id
}

// arrived waits for a mail to somebody that holds a text.
func arrived(t *testing.T, sink *mailsink.Sink, to, holds string) (found mailsink.Mail) {
	t.Helper()
	soon(t, "a mail to "+to+" with "+holds, func() bool {
		for _, m := range sink.Mails() {
			if m.To == to && strings.Contains(m.Text, holds) {
				found = m
				return true
			}
		}
		return false
	})
	return found
}

// labeled is the selector of the field that a label is for.
func (v *visitor) labeled(label string) (selector string) {
	v.t.Helper()
	id := ask[string](v, fmt.Sprintf(`([...document.querySelectorAll("label[for]")].find(l =>
		l.textContent.trim().startsWith(%q)) || {}).htmlFor || ""`, label))
	if id == "" {
		v.t.Fatalf("no field is called %q\n%s", label, v.state())
	}
	return "#" + id
}

// clickButton presses the button with these words and waits for the page it leads to.
func (v *visitor) clickButton(words string) {
	v.t.Helper()
	found := ask[bool](v, fmt.Sprintf(`(b => b ? !!(b.id = b.id || "e2e-button") && !!(b.dataset.e2e = "1") : false)(
		[...document.querySelectorAll("button")].find(b => b.textContent.trim().startsWith(%q)))`, words))
	if !found {
		v.t.Fatalf("no button says %q\n%s", words, v.state())
	}
	v.click("button[data-e2e]")
}
