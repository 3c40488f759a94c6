package messages_test

import (
	"fmt"
	"html"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"partnercenter/affiliate"
	"partnercenter/affiliate/messages"
	"partnercenter/affiliate/shoptest"
	"partnercenter/affiliate/tracking"
	"partnercenter/db"
	"partnercenter/locale"
)

const (
	base   = "https://shop.example/partner-center"
	center = "https://shop.example/partners/"
)

// desk is a shop whose letters are written.
type desk struct {
	*shoptest.Site
	*messages.Desk
	library *messages.Library
	outbox  *messages.Outbox
	center  string
	in      *locale.Language
	anna    affiliate.Partner
}

func newDesk(t testing.TB) *desk {
	t.Helper()
	s := shoptest.New(t)
	d := &desk{Site: s, library: messages.NewLibrary(s.DB, s.Clock.Now), outbox: messages.NewOutbox(s.DB, s.Clock.Now),
		center: center, in: locale.English}
	d.Desk = messages.NewDesk(messages.DeskConfig{DB: s.DB, Now: s.Clock.Now, Log: slog.New(slog.DiscardHandler),
		Outbox: d.outbox, Zone: func() *time.Location { return s.Zone }, Site: func() messages.Site {
			return messages.Site{Name: "Shop & Co", URL: "https://shop.example", Center: d.center,
				Links: tracking.Links{Base: base}, AdminEmail: "owner@shop.test",
				AdminPage: func(path string) string { return "https://shop.example/wp-admin/?pc=" + path }}
		}})
	d.anna = s.Partner("anna")
	return d
}

// named gives a partner a name that they confirmed by logging in.
func (d *desk) named(p affiliate.Partner, first, last string) {
	d.Helper()
	d.Exec(`UPDATE {wp}partner_center_contacts SET first_name = ?, last_name = ? WHERE id = ?`, first, last,
		p.ContactID)
	d.Exec(`UPDATE {wp}partner_center_partners SET claimed_at = ? WHERE id = ?`, d.Clock.Now(), p.ID)
}

// happens tells an event and returns the mails that it made.
func (d *desk) happens(e messages.Event) []messages.Mail {
	d.Helper()
	if e.ProgramID == 0 {
		e.ProgramID = d.Program.ID
	}
	d.OK(d.DB.Tx(d.Context(), func(tx *db.Tx) error { return d.Tell(d.Context(), tx, e) }))
	return d.written()
}

func (d *desk) written() []messages.Mail {
	d.Helper()
	for more := true; more; {
		var err error
		more, err = d.Work(d.Context())
		d.OK(err)
	}
	mails, err := d.outbox.Claim(d.Context(), 100)
	d.OK(err)
	return mails
}

// uses has the site send a stored message at an occasion.
func (d *desk) uses(o messages.Occasion, subject, html string) messages.Message {
	d.Helper()
	m, err := d.library.Save(d.Context(), shoptest.Anna, messages.Message{Name: "Mine", Occasion: o, Subject: subject,
		HTML: html})
	d.OK(err)
	d.OK(d.library.Choose(d.Context(), shoptest.Anna, d.Program.ID, map[messages.Occasion]messages.Use{
		o: {On: true, MessageID: m.ID}}))
	return m
}

func one(t testing.TB, mails []messages.Mail) messages.Mail {
	t.Helper()
	if len(mails) != 1 {
		t.Fatalf("%d mails: %+v", len(mails), mails)
	}
	return mails[0]
}

// hrefs are the links of an HTML mail.
func hrefs(t testing.TB, m messages.Mail) (links []string) {
	t.Helper()
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(m.HTML))
	if err != nil {
		t.Fatal(err)
	}
	doc.Find("a").Each(func(_ int, a *goquery.Selection) { links = append(links, a.AttrOr("href", "")) })
	return links
}

func has(t testing.TB, m messages.Mail, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(m.Text, part) {
			t.Errorf("the text lacks %q:\n%s", part, m.Text)
		}
	}
}

// Spec: S105.1
func TestWelcomeHoldsThePartnersOwnLink(t *testing.T) {
	d := newDesk(t)
	d.named(d.anna, "Anna", "B.")
	welcome := messages.Event{Key: "welcome-1", Occasion: messages.Welcomed, PartnerID: d.anna.ID}
	m := one(t, d.happens(welcome))
	link := tracking.Links{Base: base}.For(d.Tool, d.anna.Code, "")
	if m.Event != "welcome-1" || m.Kind != "welcome" || m.Subject != "Welcome to "+d.Program.Name ||
		m.PartnerID != d.anna.ID {
		t.Errorf("%+v", m)
	}
	has(t, m, "Hello Anna,\n", "\n"+link+"\n", "\n"+center+"\n", "\nShop & Co\n")
	if got := hrefs(t, m); len(got) != 2 || got[0] != link || got[1] != center {
		t.Errorf("links %q", got)
	}
	if again := d.happens(welcome); len(again) != 0 {
		t.Errorf("told twice, mailed twice: %+v", again)
	}
	d.center = ""
	d.Exec(`UPDATE {wp}partner_center_tools SET archived_at = ?`, d.Clock.Now())
	m = one(t, d.happens(messages.Event{Key: "welcome-2", Occasion: messages.Welcomed, PartnerID: d.anna.ID}))
	if strings.Contains(m.Text, "own link") || strings.Contains(m.Text, "center:") || len(hrefs(t, m)) != 0 {
		t.Errorf("paragraphs about nothing:\n%s", m.Text)
	}
}

// Until a partner has logged in, their name may be a stranger's words.
//
// Spec: S106.1
func TestLoginDetailsHoldNoPassword(t *testing.T) {
	d := newDesk(t)
	d.Exec(`UPDATE {wp}partner_center_partners SET claimed_at = NULL`)
	d.Exec(`UPDATE {wp}partner_center_contacts SET first_name = 'Buy pills'`)
	m := one(t, d.happens(messages.Event{Key: "login-1", Occasion: messages.LoginDetails, PartnerID: d.anna.ID,
		Facts: messages.Facts{UserID: 7}}))
	has(t, m, "Hello,\n", "User name: %login%\n", "\n%set_password_url%\n", "\n"+center+"\n")
	if got := hrefs(t, m); m.UserID != 7 || len(got) != 2 || got[0] != messages.SetPasswordURL ||
		!strings.Contains(m.HTML, messages.Login) {
		t.Errorf("links %q, user %v", got, m.UserID)
	}
}

// Spec: S17 S20.2 S108.1 D44
func TestChosenMessageTellsOfTheSale(t *testing.T) {
	d := newDesk(t)
	c := d.Earn(d.anna, "100")
	earned := messages.Event{Key: "earned-1", Occasion: messages.CommissionEarned, PartnerID: d.anna.ID,
		Facts: messages.Facts{OrderID: c.OrderID, Level: 1, Amount: c.Amount, Currency: c.Currency}}
	has(t, one(t, d.happens(earned)), "You earned a commission of $", "We'll pay it out after review.",
		messages.StopURL)
	d.uses(messages.CommissionEarned, "{amount}!", "Thanks for {product} in order {order}.\n\nThrough {recruited}.")
	earned.Key = "earned-2"
	m := one(t, d.happens(earned))
	if !strings.HasPrefix(m.Subject, "$") || !m.Optional || strings.Contains(m.Text, "Through") {
		t.Errorf("%s\n%s", m.Subject, m.Text)
	}
	has(t, m, "Thanks for "+d.Book.Name+" in order ")
	earned.Key, earned.Facts.Level, earned.Facts.SellerID = "earned-3", 2, d.anna.ID
	d.named(d.anna, "Anna", "B.")
	has(t, one(t, d.happens(earned)), "Through Anna B.")
	d.OK(d.Registry.ChooseMails(t.Context(), shoptest.Anna, d.anna.ID, affiliate.MailChoices{PerPayment: true}))
	earned.Key = "earned-4"
	if mails := d.happens(earned); len(mails) != 0 {
		t.Errorf("mailed against their wish: %+v", mails)
	}
}

// Spec: S55.1 D33.1 D33.2
func TestMergeFieldOfEachPromoTool(t *testing.T) {
	d := newDesk(t)
	bob := d.Partner("bob")
	d.uses(messages.Welcomed, "Links", "Here: {"+messages.ToolField(d.Tool.Code)+"}")
	for i, p := range []affiliate.Partner{d.anna, bob} {
		m := one(t, d.happens(messages.Event{Key: "welcome-" + p.Code, Occasion: messages.Welcomed, PartnerID: p.ID}))
		link := tracking.Links{Base: base}.For(d.Tool, p.Code, "")
		if got := hrefs(t, m); len(got) != 1 || got[0] != link {
			t.Errorf("%d: links %q, want %q", i, got, link)
		}
	}
	silver := d.NewProgram("Silver", 1)
	_, err := d.Registry.MovePartner(t.Context(), shoptest.Anna, bob.ID, silver.ID)
	d.OK(err)
	if mails := d.happens(messages.Event{Key: "late", Occasion: messages.Welcomed,
		PartnerID: bob.ID}); len(mails) != 0 {
		t.Fatalf("sent with a link that is not theirs: %+v", mails)
	}
	held, err := d.outbox.Mails(t.Context(), messages.Held, affiliate.Page{Limit: 9})
	d.OK(err)
	if m := one(t, held); !strings.Contains(m.Error, "isn't active in the program") || len(hrefs(t, m)) != 0 {
		t.Errorf("%+v", m)
	}
	d.OK(d.outbox.Again(t.Context(), shoptest.Anna, held[0].ID))
	if mails := d.written(); len(mails) != 0 {
		t.Errorf("sent though nothing was mended: %+v", mails)
	}
	_, err = d.Registry.MovePartner(t.Context(), shoptest.Anna, bob.ID, d.Program.ID)
	d.OK(err)
	held, err = d.outbox.Mails(t.Context(), messages.Held, affiliate.Page{Limit: 9})
	d.OK(err)
	d.OK(d.outbox.Again(t.Context(), shoptest.Anna, one(t, held).ID))
	if m := one(t, d.written()); len(hrefs(t, m)) != 1 {
		t.Errorf("%+v", m)
	}
}

// A field that the site has added to its contacts is a merge field: the mail carries what
// the partner has in it, in their language and as text, and not before they were seen
// logged in. A message with one that isn't there can't be saved.
//
// Spec: S32
func TestOwnFieldsAreMergeFields(t *testing.T) {
	d := newDesk(t)
	fields := map[string]affiliate.ContactField{}
	for name, kind := range map[string]affiliate.FieldKind{"Motto": affiliate.FieldText, "Birthday": affiliate.FieldDate,
		"Vegan": affiliate.FieldYesNo, "Blank": affiliate.FieldText} {
		f, err := d.Registry.AddContactField(t.Context(), shoptest.Anna, affiliate.ContactField{Name: name, Kind: kind})
		d.OK(err)
		fields[name] = f
	}
	all, err := d.Registry.ContactFields(t.Context())
	d.OK(err)
	d.OK(d.Registry.UpdateFields(t.Context(), shoptest.Anna, d.anna.ContactID, all, affiliate.FieldValues{
		fields["Motto"].ID: `<b>{first_name}</b> & "co"`, fields["Birthday"].ID: "1990-03-04",
		fields["Vegan"].ID: "yes"}, false))
	token := func(name string) string { return messages.OwnField(fields[name]).Token() }
	d.uses(messages.Welcomed, "Hi "+token("Motto"), "<p>Motto: "+token("Motto")+"</p><p>Born: "+token("Birthday")+
		"</p><p>Vegan: "+token("Vegan")+"</p><p>None: "+token("Blank")+"</p>")
	stranger := one(t, d.happens(messages.Event{Key: "w1", Occasion: messages.Welcomed, PartnerID: d.anna.ID}))
	if strings.Contains(stranger.Text, "Motto") {
		t.Errorf("words of a stranger went out: %s", stranger.Text)
	}
	d.named(d.anna, "Anna", "Ray")
	m := one(t, d.happens(messages.Event{Key: "w2", Occasion: messages.Welcomed, PartnerID: d.anna.ID}))
	has(t, m, `Motto: <b>{first_name}</b> & "co"`, "Born: 4 Mar 1990", "Vegan: Yes")
	if strings.Contains(m.HTML, "<b>") || !strings.Contains(m.HTML, "&lt;b&gt;{first_name}&lt;/b&gt; &amp;") {
		t.Errorf("not escaped: %s", m.HTML)
	}
	if strings.Contains(m.Text, "None") || m.Subject != `Hi <b>{first_name}</b> & "co"` {
		t.Errorf("%q %s", m.Subject, m.Text)
	}
	_, err = d.library.Save(t.Context(), shoptest.Anna, messages.Message{Name: "x", Subject: "x", HTML: "{own_4711}"})
	if affiliate.KindOf(err) != affiliate.KindInvalid {
		t.Errorf("a field that isn't there: %v", err)
	}
	d.OK(d.Registry.DeleteContactField(t.Context(), shoptest.Anna, fields["Motto"].ID))
	m = one(t, d.happens(messages.Event{Key: "w3", Occasion: messages.Welcomed, PartnerID: d.anna.ID}))
	if strings.Contains(m.Text, "Motto") || !strings.Contains(m.Text, "Born") {
		t.Error(m.Text)
	}
}

// An admin's mail about an applicant has the applicant's own fields.
func TestOwnFieldsOfAnApplicant(t *testing.T) {
	d := newDesk(t)
	f, err := d.Registry.AddContactField(t.Context(), shoptest.Anna, affiliate.ContactField{Name: "Motto",
		Kind: affiliate.FieldText})
	d.OK(err)
	d.OK(d.Registry.UpdateFields(t.Context(), shoptest.Anna, d.anna.ContactID, []affiliate.ContactField{f},
		affiliate.FieldValues{f.ID: "Onwards"}, false))
	m, err := d.library.Save(t.Context(), shoptest.Anna, messages.Message{Name: "New", Occasion: messages.NewApplicant,
		Subject: "New", HTML: "Motto: " + messages.OwnField(f).Token()})
	d.OK(err)
	d.OK(d.library.Choose(t.Context(), shoptest.Anna, 0, map[messages.Occasion]messages.Use{
		messages.NewApplicant: {On: true, MessageID: m.ID}}))
	has(t, one(t, d.happens(messages.Event{Key: "a1", Occasion: messages.NewApplicant, PartnerID: d.anna.ID})),
		"Motto: Onwards")
}

// What people call themselves, and what a message holds, stays what it is: no
// script, no header, no field of WordPress.
func TestNothingBreaksOutOfAMail(t *testing.T) {
	d := newDesk(t)
	const evil = "<script>alert(1)</script>\r\nBcc: x@example.com %login% %set_password_url% {email} {{.Link}}"
	d.named(d.anna, evil, "</title>")
	d.uses(messages.Welcomed, "Hi {first_name}\r\nBcc: y@example.com", `<p onclick="x()">{first_name} {last_name}
		<a href="javascript:alert(1)">x</a><a href="https://other.test/?q={first_name}">y</a><img src="{link}" alt="{name}">
		</p><script>bad()</script><iframe src="https://x.test"></iframe><form action="https://x.test"></form>`)
	m := one(t, d.happens(messages.Event{Key: "welcome-1", Occasion: messages.Welcomed, PartnerID: d.anna.ID}))
	for _, bad := range []string{"<script", "onclick", "javascript:", "<iframe", "<form", messages.Login,
		messages.SetPasswordURL} {
		if strings.Contains(m.Subject+m.Text+m.HTML, bad) && !(bad == "<script" && !strings.Contains(m.HTML, bad)) {
			t.Errorf("%q in\n%s\n%s\n%s", bad, m.Subject, m.Text, m.HTML)
		}
	}
	if strings.ContainsAny(m.Subject, "\r\n") || !strings.Contains(m.Text, "{email}") {
		t.Errorf("subject %q\n%s", m.Subject, m.Text)
	}
	if got := hrefs(t, m); len(got) != 1 || !strings.HasPrefix(got[0], "https://other.test/?q=%3Cscript%3E") {
		t.Errorf("links %q", got)
	}
}

// Spec: S55
func TestMessagesAreCheckedWhenSaved(t *testing.T) {
	d := newDesk(t)
	_, err := d.library.Save(t.Context(), shoptest.Anna, messages.Message{Name: "x", Occasion: messages.PaymentSent,
		Subject: "{frist_name}", HTML: "{amount} {link_nosuchtool}", Text: "{payment_amount} {First_Name}"})
	fields := shoptest.FieldsOf(err)
	for field, want := range map[string]string{"subject": "no merge field {frist_name}", "body_html": "{",
		"body_text": "{First_Name}"} {
		if !strings.Contains(fields[field], want) {
			t.Errorf("%s: %q", field, fields[field])
		}
	}
	_, err = d.library.Save(t.Context(), shoptest.Anna, messages.Message{Name: "x", Subject: "x",
		HTML: `<a href="{first_name}">x</a>`})
	if fields := shoptest.FieldsOf(err); !strings.Contains(fields["body_html"], "not an address") {
		t.Errorf("a name as address: %v", err)
	}
	big := "<p>" + strings.Repeat("🎉 مرحبا ", 70_000) + "</p>" // more than 1 MB
	m, err := d.library.Save(t.Context(), shoptest.Anna, messages.Message{Name: "big", Occasion: messages.Welcomed,
		Subject: "مرحبا 🎉", HTML: big})
	d.OK(err)
	d.OK(d.library.Choose(t.Context(), shoptest.Anna, d.Program.ID, map[messages.Occasion]messages.Use{
		messages.Welcomed: {On: true, MessageID: m.ID}}))
	mail := one(t, d.happens(messages.Event{Key: "w", Occasion: messages.Welcomed, PartnerID: d.anna.ID}))
	if mail.Subject != "مرحبا 🎉" || len(mail.HTML) < 1<<20 || !strings.Contains(mail.HTML, `<p dir="auto">🎉 مرحبا`) {
		t.Errorf("%q, %d bytes", mail.Subject, len(mail.HTML))
	}
}

// Every sentence of every ready-made text goes through the catalogue, has only
// fields that its occasion knows, and is a mail that can be read.
//
// Spec: S104.2 D10.2
func TestReadyMadeMessages(t *testing.T) {
	d := newDesk(t)
	d.named(d.anna, "Anna", "B.")
	made, err := d.library.Install(t.Context(), shoptest.Anna, locale.For("en_XA"))
	d.OK(err)
	all, err := d.library.Messages(t.Context())
	d.OK(err)
	if made != len(messages.Occasions) || len(all) != made {
		t.Errorf("%d made, %d there, of %d", made, len(all), len(messages.Occasions))
	}
	if again, err := d.library.Install(t.Context(), shoptest.Anna, locale.English); err != nil || again != 0 {
		t.Errorf("installed twice: %d, %v", again, err)
	}
	for _, m := range all {
		if _, err := d.library.Save(t.Context(), shoptest.Anna, m); err != nil {
			t.Errorf("%s: %v", m.Occasion, err)
		}
		shown, err := d.Preview(t.Context(), m, d.anna.ID)
		d.OK(err)
		if strings.Contains(shown.Subject+shown.Text+shown.HTML, "{") &&
			!strings.Contains(shown.HTML, "{ background") ||
			shown.Error != "" || strings.Contains(shown.Text, "%") || strings.Contains(shown.Text, "{") {
			t.Errorf("%s: %q\n%s\n%s", m.Occasion, shown.Error, shown.Subject, shown.Text)
		}
		if bare := outside(shown.Subject); bare != "" {
			t.Errorf("%s says outside of the catalogue: %q", m.Occasion, bare)
		}
	}
}

// A letter that cannot be written undoes nothing, is tried again, and is seen.
func TestLetterThatCannotBeWritten(t *testing.T) {
	d := newDesk(t)
	e := messages.Event{Key: "welcome-1", Occasion: messages.Welcomed, PartnerID: d.anna.ID}
	d.Exec(`ALTER TABLE {wp}partner_center_mails RENAME TO {wp}gone`)
	d.OK(d.DB.Tx(t.Context(), func(tx *db.Tx) error { return d.Tell(t.Context(), tx, e) }))
	_, err := d.Work(t.Context())
	d.OK(err)
	d.Exec(`ALTER TABLE {wp}gone RENAME TO {wp}partner_center_mails`)
	if stuck, why, err := d.Failures(t.Context()); err != nil || stuck != 1 || why == "" {
		t.Errorf("%d %q %v", stuck, why, err)
	}
	if mails := d.written(); len(mails) != 0 {
		t.Errorf("at once again: %+v", mails)
	}
	d.Clock.Advance(2 * time.Minute)
	one(t, d.written())
}

// Admins' mails go to the site's address, or to those that they name.
func TestMailsToAdmins(t *testing.T) {
	d := newDesk(t)
	d.named(d.anna, "Anna", "B.")
	e := messages.Event{Key: "applicant-1", Occasion: messages.NewApplicant, PartnerID: d.anna.ID,
		Facts: messages.Facts{Page: "admin/partners/1"}}
	if mails := d.happens(e); len(mails) != 0 {
		t.Errorf("sent though it is off: %+v", mails)
	}
	d.OK(d.library.Choose(t.Context(), shoptest.Anna, 0, map[messages.Occasion]messages.Use{
		messages.NewApplicant: {On: true}}))
	e.Key = "applicant-2"
	m := one(t, d.happens(e))
	if m.Recipient != "owner@shop.test" || m.Subject != "Anna B. applied to "+d.Program.Name || m.PartnerID != 0 {
		t.Errorf("%+v", m)
	}
	if got := hrefs(t, m); len(got) != 1 || got[0] != "https://shop.example/wp-admin/?pc=admin/partners/1" {
		t.Errorf("links %q", got)
	}
}

// Whatever people are called, or not at all: the mail greets them, each paragraph
// finds its own direction, and a name is neither a header nor markup.
//
// Spec: S20
func TestMailsGreetPeopleOfAnyName(t *testing.T) {
	d := newDesk(t)
	d.OK(d.library.Choose(t.Context(), shoptest.Anna, 0, map[messages.Occasion]messages.Use{
		messages.NewApplicant: {On: true}}))
	for i, name := range []struct{ first, last, hello, applicant string }{
		{"", "", "Hello,", "anna@partners.example"},
		{"", "Berg", "Hello,", "Berg"},
		{" ", "\t", "Hello,", "anna@partners.example"},
		{"مريم", "الفاسي", "Hello مريم,", "مريم الفاسي"},
		{"🎉👩‍👩‍👧‍👦", "", "Hello 🎉👩‍👩‍👧‍👦,", "🎉👩‍👩‍👧‍👦"},
		{"Ann\r\nBcc: all@mail.test", "<b>x</b>", "Hello Ann Bcc: all@mail.test,",
			"Ann Bcc: all@mail.test <b>x</b>"},
		{strings.Repeat("W", 100), "", "Hello " + strings.Repeat("W", 100) + ",", strings.Repeat("W", 100)},
	} {
		d.named(d.anna, name.first, name.last)
		m := one(t, d.happens(messages.Event{Key: fmt.Sprint("welcome-", i), Occasion: messages.Welcomed,
			PartnerID: d.anna.ID}))
		if !strings.HasPrefix(m.Text, name.hello+"\n\n") ||
			!strings.Contains(m.HTML, `<p dir="auto">`+html.EscapeString(name.hello)+"</p>") {
			t.Errorf("%q is greeted by\n%.200s", name.first, m.Text)
		}
		m = one(t, d.happens(messages.Event{Key: fmt.Sprint("applicant-", i), Occasion: messages.NewApplicant,
			PartnerID: d.anna.ID}))
		if want := affiliate.Cut(name.applicant+" applied to "+d.Program.Name, 255); m.Subject != want ||
			strings.Contains(m.HTML, "<b>") {
			t.Errorf("%q %q applies as %q", name.first, name.last, m.Subject)
		}
	}
}
