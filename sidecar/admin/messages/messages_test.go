package messages_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"partnercenter/sidecar/sidecartest"
)

// An admin adds the ready-made messages, changes one, looks at it as a partner,
// sends it to themselves, and chooses it for a program.
//
// Spec: S20.2 S55.1 S104.2 D33.1
func TestMessagesAreWrittenPreviewedAndChosen(t *testing.T) {
	s := sidecartest.NewShop(t)
	s.WordPress.Answer("mail", func(map[string]any) (int, any) { return http.StatusOK, map[string]any{"sent": true} })
	s.Open("admin/messages").Want(http.StatusOK)
	s.Send("admin/messages/install", nil).Want(http.StatusSeeOther)
	list := s.Open("admin/messages").Want(http.StatusOK)
	if rows := list.Rows(); len(rows) != 20 {
		t.Errorf("%d messages: %q", len(rows), rows)
	}

	form := url.Values{"name": {"Links"}, "occasion": {""}, "subject": {"Hi {frist_name}"},
		"body_html": {"{greeting}\n\nYour link: {link_" + s.Link.Code + "}"}}
	again := s.Send("admin/messages", form).Want(http.StatusUnprocessableEntity)
	if problem := again.One("#pc-subject-notes .pc-problem"); !strings.Contains(problem, "{frist_name}") ||
		again.Find(`textarea[name=body_html]`).Text() == "" {
		t.Errorf("beside the field: %q", problem)
	}
	form.Set("subject", "Hi {first_name}")
	saved := s.Send("admin/messages", form).Want(http.StatusSeeOther)
	page := s.Follow(saved).Want(http.StatusOK)
	fields := strings.Join(page.Texts(".pc-fields code"), " ")
	if !strings.Contains(fields, "{link_"+s.Link.Code+"}") || strings.Contains(fields, "{payment_amount}") {
		t.Errorf("merge fields: %s", fields)
	}
	if plain := page.One(".pc-plain"); !strings.Contains(plain, "/go/"+s.Link.Code+"?p="+s.Anna.Code) {
		t.Errorf("preview: %s", plain)
	}
	frame := s.Open(s.Path(page.Find("iframe").AttrOr("src", ""))).Want(http.StatusOK)
	if !strings.Contains(frame.Header.Get("Content-Security-Policy"), "sandbox") ||
		frame.Find(`a[href*="p=`+s.Anna.Code+`"]`).Length() != 1 {
		t.Errorf("%v %s", frame.Header, frame.Text)
	}
	s.Send(s.Path(page.Find(`form[action$="%2Ftest"]`).AttrOr("action", "")), url.Values{
		"partner": {s.Anna.ID.String()}}).Want(http.StatusSeeOther)
	s.Settle()
	if calls := s.WordPress.Calls("mail"); len(calls) != 1 || calls[0].In["to"] != "admin@mail.test" {
		t.Errorf("tests: %+v", calls)
	}

	uses := s.Open("admin/programs/" + s.Gold.ID.String() + "/messages").Want(http.StatusOK)
	id := uses.Find(`select[name=welcome] option`).Last().AttrOr("value", "")
	if uses.Find(`input[name=on_welcome]`).Filter("[checked]").Length() != 1 ||
		uses.Find(`input[name=on_paid]`).Filter("[checked]").Length() != 0 || id == "0" {
		t.Errorf("as they come: %s", uses.Text)
	}
	s.Send("admin/programs/"+s.Gold.ID.String()+"/messages", url.Values{"on_welcome": {"1"}, "welcome": {id},
		"on_earned": {"1"}, "earned": {"0"}, "paid": {"99"}}).Want(http.StatusUnprocessableEntity)
	s.Send("admin/programs/"+s.Gold.ID.String()+"/messages", url.Values{"on_welcome": {"1"}, "welcome": {id},
		"on_earned": {"1"}, "earned": {"0"}}).Want(http.StatusSeeOther)
	if n := s.Count(`SELECT COUNT(*) FROM {wp}partner_center_message_uses u, {wp}partner_center_programs p
		WHERE p.id = u.program_id AND u.occasion = 'welcome' AND u.message_id = ? AND p.notify_earned = 1`,
		id); n != 1 {
		t.Error("the choice is not kept")
	}
}

// Of two admins who write at the same message, the second is told, and keeps what they
// typed.
func TestTwoAdminsAtOneMessage(t *testing.T) {
	s := sidecartest.NewShop(t)
	form := url.Values{"name": {"Links"}, "occasion": {""}, "subject": {"Hi"}, "body_html": {"One"}}
	page := s.Path(s.Send("admin/messages", form).Want(http.StatusSeeOther).Location())
	form.Set("seen", s.Open(page).Find(`input[name=seen]`).AttrOr("value", ""))
	form.Set("body_html", "<p>Two</p>")
	s.Clock.Advance(time.Second)
	s.Send(page, form).Want(http.StatusSeeOther)
	form.Set("body_html", "<p>Three</p>")
	late := s.Send(page, form).Want(http.StatusUnprocessableEntity)
	if !strings.Contains(late.One(".pc-problems"), "Someone else changed this") ||
		!strings.Contains(late.One("textarea[name=body_html]"), "Three") {
		t.Error(late.Text)
	}
}

// The log shows what went out and what was held back; confirmations are for their
// reader alone.
//
// Spec: D33.2
func TestLogOfEmails(t *testing.T) {
	s := sidecartest.NewShop(t)
	insert := func(event, kind, state, text string) {
		s.Exec(`INSERT INTO {wp}partner_center_mails (event, recipient, kind, subject, body_text, body_html, state,
			next_at,
			created_at, error, partner_id) VALUES (?, 'anna@mail.test', ?, ?, 'text', ?, ?, ?, ?, ?, ?)`, event, kind,
			"About "+event, "<p>"+text+"</p>", state, s.Clock.Now(), s.Clock.Now(),
			map[bool]string{true: "Not theirs."}[state ==
				"held"], s.Anna.ID)
	}
	insert("a", "welcome", "done", "hello")
	insert("b", "welcome", "held", "hello")
	insert("c", "paypal", "done", "secret-token")
	rows := s.Open("admin/messages/log").Want(http.StatusOK).Rows()
	if len(rows) != 3 || !strings.Contains(rows[1], "Held back") || !strings.Contains(rows[1], "Not theirs.") {
		t.Errorf("%q", rows)
	}
	held := s.Open("admin/messages/log?status=held_back")
	if rows := held.Rows(); len(rows) != 1 {
		t.Errorf("held back: %q", rows)
	}
	todo := s.Open("admin").Find(".pc-todo a").First()
	if rows := s.Open(s.Path(todo.AttrOr("href", ""))).Want(http.StatusOK).Rows(); len(rows) != 1 ||
		!strings.Contains(todo.Text(), "1 email held back") {
		t.Errorf("%s leads to %q", todo.Text(), rows)
	}
	mail := s.Open(s.Path(held.Find("tbody a").First().AttrOr("href", ""))).Want(http.StatusOK)
	s.Open(s.Path(mail.Find("iframe").AttrOr("src", ""))).Want(http.StatusOK)
	confirm := s.Open("admin/messages/log").Find("tbody a").First().AttrOr("href", "")
	shown := s.Open(s.Path(confirm)).Want(http.StatusOK)
	if strings.Contains(shown.Text, "secret-token") || shown.Find("iframe").Length() != 0 {
		t.Error("the admin sees the link that confirms")
	}
	s.Open(s.Path(confirm) + "/html").Want(http.StatusForbidden)
	s.Send(s.Path(confirm)+"/again", nil).Want(http.StatusSeeOther)
}

// Spec: S146
func TestMailServerIsKeptEncrypted(t *testing.T) {
	s := sidecartest.NewShop(t)
	form := url.Values{"version": {"0"}, "sender": {"partners@shop.test"}, "from": {"Shop"}, "color": {"#0a7a3b"},
		"smtp_host": {"smtp.shop.test"}, "smtp_port": {"587"}, "smtp_security": {"starttls"}, "smtp_user": {"u"},
		"smtp_password": {"zaphod's secret"}}
	bad := url.Values{"version": {"0"}, "color": {"red"}, "smtp_host": {"x y"}, "smtp_security": {"none"},
		"smtp_user": {"u"},
		"logo":      {"javascript:x"}, "admins": {"nobody"}}
	if a := s.Send("admin/messages/sending",
		bad).Want(http.StatusUnprocessableEntity); a.Find(".pc-problem").Length() < 6 {
		t.Errorf("problems: %q", a.Texts(".pc-problem"))
	}
	s.Send("admin/messages/sending", form).Want(http.StatusSeeOther)
	if n := s.Count(`SELECT COUNT(*) FROM {wp}partner_center_mail_settings WHERE password IS NOT NULL
		AND CONCAT(data, HEX(password)) NOT LIKE '%zaphod%'`); n != 1 {
		t.Error("the password is missing or can be read")
	}
	page := s.Open("admin/messages/sending").Want(http.StatusOK)
	if strings.Contains(page.Text, "zaphod") ||
		page.Find(`input[name=smtp_host]`).AttrOr("value", "") != "smtp.shop.test" {
		t.Error("the page shows the password, or forgot the host")
	}
	s.Send("admin/messages/sending", form).Want(http.StatusUnprocessableEntity) // of before the save
}

// From a list: rows, a message, how many and what the first gets, then one mail for
// each row, however often the form is sent.
//
// Spec: S79.1
func TestRowsOfAListAreWrittenTo(t *testing.T) {
	s := sidecartest.NewShop(t)
	s.WordPress.Answer("mail", func(map[string]any) (int, any) { return http.StatusOK, map[string]any{"sent": true} })
	buyer := s.Refer("buyer@mail.test", s.Anna)
	s.Pending(buyer, "100", "50")
	s.Send("admin/messages", url.Values{"name": {"About a sale"}, "occasion": {"earned"}, "subject": {"Sale {amount}"},
		"body_html": {"For order {order}: {amount}"}}).Want(http.StatusSeeOther)
	s.Send("admin/messages", url.Values{"name": {"News"}, "occasion": {""}, "subject": {"News"},
		"body_html": {"{greeting} {link}"}}).Want(http.StatusSeeOther)
	s.Send("admin/messages", url.Values{"name": {"About a payment"}, "occasion": {"paid"},
		"subject": {"Paid {payment_amount}"}, "body_html": {"{payment_to}"}}).Want(http.StatusSeeOther)

	picks := s.Open("admin/commissions").Picks()
	page := s.Follow(s.Send("admin/commissions/bulk", url.Values{"bulk": {"email"}, "pick": picks,
		"apply": {"top"}}).Want(http.StatusSeeOther)).Want(http.StatusOK)
	options := page.Texts("select[name=message] option")
	if len(picks) != 2 || len(options) != 3 {
		t.Fatalf("rows %q, messages %q", picks, options)
	}
	form := url.Values{}
	for _, name := range []string{"list", "rows", "query", "form"} {
		form.Set(name, page.Find("input[name="+name+"]").AttrOr("value", ""))
	}
	s.Send("admin/messages/write", form).Want(http.StatusOK)
	form.Set("send", "1")
	s.Send("admin/messages/write", form).Want(http.StatusUnprocessableEntity)
	form.Set("message", page.Find("select[name=message] option").Eq(1).AttrOr("value", ""))
	form.Del("send")
	shown := s.Send("admin/messages/write", form).Want(http.StatusOK)
	if text := shown.One("pre.pc-plain"); !strings.Contains(text, "For order ") || !strings.Contains(text, ".00") {
		t.Errorf("what the first gets: %s", text)
	}
	form.Set("send", "1")
	for range 2 {
		s.Send("admin/messages/write", form).Want(http.StatusSeeOther)
		s.Settle()
	}
	subjects := []string{}
	for _, call := range s.WordPress.Calls("mail") {
		subjects = append(subjects, call.In["subject"].(string))
	}
	if all := strings.Join(subjects, ", "); all != "Sale $10.00, Sale $5.00" && all != "Sale $5.00, Sale $10.00" {
		t.Errorf("sent: %s", all)
	}

	everybody := s.Follow(s.Send("admin/partners/bulk", url.Values{"bulk": {"email"}, "all": {"1"},
		"apply": {"top"}}).Want(http.StatusSeeOther)).Want(http.StatusOK)
	if options := everybody.Texts("select[name=message] option"); len(options) != 2 || options[1] != "News" {
		t.Errorf("for partners: %q", options)
	}
	for _, name := range []string{"list", "rows", "query", "form"} {
		form.Set(name, everybody.Find("input[name="+name+"]").AttrOr("value", ""))
	}
	form.Set("message", everybody.Find("select[name=message] option").Eq(1).AttrOr("value", ""))
	s.Send("admin/messages/write", form).Want(http.StatusSeeOther)
	s.Settle()
	if n := s.Count(`SELECT COUNT(*) FROM {wp}partner_center_mails WHERE kind = 'list' AND subject = 'News'
		AND partner_id = ?`, s.Anna.ID); n != 1 {
		t.Errorf("%d mails to the partner", n)
	}
	if rows := s.Open("admin/messages/log?partner=" + s.Anna.ID.String()).Rows(); len(rows) != 3 {
		t.Errorf("the partner's log: %q", rows)
	}
}

// From the list of payments: the message tells each partner of their own payment,
// and messages about sales are not offered.
//
// Spec: S87.1
func TestPaymentsOfAListAreWrittenAbout(t *testing.T) {
	s := sidecartest.NewShop(t)
	s.WordPress.Answer("mail", func(map[string]any) (int, any) { return http.StatusOK, map[string]any{"sent": true} })
	bob, _ := s.Join("bob")
	s.Approved(s.Refer("buyer@mail.test", s.Anna), "600")
	s.Approved(s.Refer("other@mail.test", bob), "700")
	s.PaysTo(s.Anna, "anna@paypal.test")
	s.PaysTo(bob, "bob@paypal.test")
	s.Clock.Advance(time.Second)
	for partner, amount := range map[string]string{s.Anna.ID.String(): "60", bob.ID.String(): "70"} {
		s.Send("admin/payments/pay", url.Values{"partner": {partner}, "currency": {"USD"},
			"amount": {amount}, "reference": {"R" + amount}}).Want(http.StatusSeeOther)
	}
	s.Settle()
	before := len(s.WordPress.Calls("mail"))
	for occasion, body := range map[string]string{"earned": "{amount}", "paid": "To {payment_to}, {reference}"} {
		s.Send("admin/messages", url.Values{"name": {"About " + occasion}, "occasion": {occasion}, "subject": {"x"},
			"body_html": {body}}).Want(http.StatusSeeOther)
	}
	s.Exec(`UPDATE {wp}partner_center_messages SET subject = 'We paid {payment_amount}' WHERE occasion = 'paid'`)
	picks := s.Open("admin/payments/made").Picks()
	page := s.Follow(s.Send("admin/payments/made/bulk", url.Values{"bulk": {"email"}, "pick": picks,
		"apply": {"top"}}).Want(http.StatusSeeOther)).Want(http.StatusOK)
	options := page.Find("select[name=message] option")
	if len(picks) != 2 || options.Length() != 2 || options.Eq(1).Text() != "About paid" {
		t.Fatalf("rows %q, messages %q", picks, page.Texts("select[name=message] option"))
	}
	form := url.Values{"send": {"1"}, "message": {options.Eq(1).AttrOr("value", "")}}
	for _, name := range []string{"list", "rows", "query", "form"} {
		form.Set(name, page.Find("input[name="+name+"]").AttrOr("value", ""))
	}
	for range 2 {
		s.Send("admin/messages/write", form).Want(http.StatusSeeOther)
		s.Settle()
	}
	got := []string{}
	for _, call := range s.WordPress.Calls("mail")[before:] {
		text, _, _ := strings.Cut(call.In["text"].(string), "\n")
		got = append(got, call.In["to"].(string)+": "+call.In["subject"].(string)+": "+text)
	}
	slices.Sort(got)
	if want := []string{"anna@mail.test: We paid $60.00: To anna@paypal.test, R60",
		"bob@mail.test: We paid $70.00: To bob@paypal.test, R70"}; !slices.Equal(got, want) {
		t.Errorf("sent: %q", got)
	}
}
