package sidecar_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"partnercenter/affiliate"
	"partnercenter/affiliate/sale"
	"partnercenter/locale"
	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
	"partnercenter/wpbridge"
)

// Each page of the admin in a locale that marks what went through the
// catalogue: any other word is somebody's own, or was forgotten.
//
// Spec: B19.1
func TestNoAdminPageHasABareSentence(t *testing.T) {
	w := sidecartest.NewShop(t)
	pages := bareShop(w)
	w.HandOver(func(h *wpbridge.Handover) { h.Locale = sidecartest.Marking })
	for _, path := range pages {
		page := w.Open(path)
		if page.Code != http.StatusOK && path != "admin/no-such-page" && path != "admin/commissions?from=x" {
			t.Errorf("%s: %d", path, page.Code)
		}
		for _, bare := range page.BareWords(namesOfShop...) {
			t.Errorf("%s: %q", path, bare)
		}
	}
	program := "admin/programs/" + w.Gold.ID.String()
	for path, form := range map[string]url.Values{
		"admin/settings":                      {"cookie_days": {"x"}, "currency": {"QQQ"}},
		"admin/programs":                      {},
		"admin/partners":                      {"email": {"none"}},
		program:                               {},
		program + "/products":                 {"product": {""}},
		program + "/tools":                    {"kind": {"link"}},
		"admin/products":                      {},
		"admin/partners/import":               {},
		"admin/partners/from-user":            {},
		"admin/settings/connections/keys":     {},
		"admin/settings/connections/webhooks": {"url": {"none"}},
		"admin/commissions/cancel":            {"pick": {"1.1"}},
		"admin/contacts/1/log":                {"product": {"x"}, "quantity": {"x"}, "amount": {"x"}},
	} {
		for _, bare := range w.Send(path, form).BareWords(namesOfShop...) {
			t.Errorf("%s refused: %q", path, bare)
		}
	}
}

// The pages that bulk actions of lists answer with have no address of their own.
//
// Spec: B19.1
func TestNoPageThatABulkActionAsksWithHasABareSentence(t *testing.T) {
	w := sidecartest.NewShop(t)
	bareShop(w)
	contact := w.ContactID("carl@mail.test").String()
	var order, pick []string
	w.Must(w.DB.Select(w.Context(), &order, `SELECT id FROM {wp}partner_center_orders LIMIT 1`))
	w.Must(w.DB.Select(w.Context(), &pick, `SELECT CONCAT(id, '.', journals) FROM {wp}partner_center_commissions
		WHERE status = 'pending' LIMIT 1`))
	w.HandOver(func(h *wpbridge.Handover) { h.Locale = sidecartest.Marking })
	for _, asked := range []struct {
		list, action string
		picks        []string
	}{
		{"contacts", "referrer", []string{contact}}, {"contacts", "delete", []string{contact}},
		{"contacts", "rerun", []string{contact}}, {"contacts", "none", nil}, {"orders", "rerun", order},
		{"commissions", "cancel", pick}, {"commissions", "approve", nil},
	} {
		form := url.Values{"bulk": {asked.action}, "apply": {"top"}, "pick": asked.picks}
		answers := []*sidecartest.Answer{w.Send("admin/"+asked.list+"/bulk", form)}
		if asked.picks != nil {
			form.Set("all", "1")
			answers = append(answers, w.Send("admin/"+asked.list+"/bulk", form))
		}
		for _, page := range answers {
			for page.Code == http.StatusSeeOther {
				page = w.Follow(page)
			}
			for _, bare := range page.BareWords(namesOfShop...) {
				t.Errorf("%s of %s: %q", asked.action, asked.list, bare)
			}
		}
	}
}

// namesOfShop are what people and programs are called in bareShop.
var namesOfShop = []string{"sue@mail.test", "anna@mail.test", "max@mail.test", "carl@mail.test", "dora@mail.test",
	"Carl", "Dora Doe",
	"anna", "Cup", "logged-formb", "logged-formc",
	"logged-formd", "admin", "mail",
	"https://shop.test/opt-in", "Gold", "Europe/Berlin", "Tool to https://shop.test/cups", "https://shop.test/cups",
	"Tracker", "PayPal",
	"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", // of charts
	"test"} // who changed something

// bareShop has something of everything, and returns the admin's pages that show it.
func bareShop(w *sidecartest.Shop) []string {
	carl := w.Refer("carl@mail.test", w.Anna)
	w.Pending(carl, "100", "200")
	w.Approved(carl, "300")
	w.Stranger("max@mail.test")
	dora := w.Apply("dora@mail.test")
	w.Send("admin/settings/connections/keys", url.Values{"kind": {"pixel"}, "name": {"Tracker"}}).Want(http.StatusOK)
	w.Send("admin/settings/connections/webhooks", url.Values{"kind": {"webhook"}, "name": {"Tracker"},
		"url": {"https://hook.test/x"}, "event": {"commission.earned"}})
	program, contact := "admin/programs/"+w.Gold.ID.String(), "admin/contacts/"+carl.String()
	pages := []string{"admin", "admin/settings", "admin/settings/connections", "admin/programs", "admin/programs/new",
		program, program + "/signup", program + "/products", program + "/products?q=nothing", program + "/tools",
		program + "/tools?status=archived", program + "/tools/" + w.Link.ID.String(),
		program + "/products/" + w.Cup.ID.String(), program + "/tools/new?kind=link", program + "/tools/new?kind=email",
		program + "/tools/new?kind=banner", "admin/partners", "admin/partners/new",
		"admin/partners/from-user", "admin/partners/from-user?q=dora",
		"admin/partners?q=nothing",
		"admin/partners/" + w.Anna.ID.String(), "admin/partners/" + dora.String(), "admin/contacts",
		"admin/contacts?q=nothing", "admin/contacts/fields", contact, contact + "/history", contact + "/orders",
		contact + "/log", contact + "/erase",
		"admin/orders", "admin/orders?q=nothing", "admin/orders/new", "admin/orders/rerun",
		"admin/commissions", "admin/commissions?q=nothing", "admin/commissions?from=x", "admin/payments",
		"admin/payments/due/" + w.Anna.ID.String() + "?currency=USD", "admin/commissions/history",
		"admin/payments/batches", "admin/payments/batches?status=sent", "admin/payments/commissions",
		"admin/payments/made",
		"admin/payments/booked", "admin/payments/years", "admin/products", "admin/products?q=nothing",
		"admin/products/new", "admin/products/" + w.Cup.ID.String(), "admin/programs/groups", "admin/no-such-page",
		"admin/messages/links"}
	for _, of := range []string{"partners", "contacts"} {
		file := url.Values{"file": {"mail\nsue@mail.test\nmail"}, "program": {w.Gold.ID.String()}}
		dry := w.Path(w.Send("admin/"+of+"/import", file).Want(http.StatusSeeOther).Location())
		taken := w.Path(w.Send("admin/"+of+"/import", file).Want(http.StatusSeeOther).Location())
		w.Send(taken+"/start", nil).Want(http.StatusSeeOther)
		pages = append(pages, dry, taken, "admin/"+of+"/import")
	}
	w.Settle()
	var orders []affiliate.OrderID
	w.Must(w.DB.Select(w.Context(), &orders, `SELECT id FROM {wp}partner_center_orders`))
	var commissions []int64
	w.Must(w.DB.Select(w.Context(), &commissions, `SELECT id FROM {wp}partner_center_commissions`))
	w.Exec(`UPDATE {wp}partner_center_orders SET review = ? LIMIT 1`, "TOTAL_MISMATCH")
	for _, order := range orders {
		pages = append(pages, "admin/orders/"+order.String(), "admin/orders/"+order.String()+"/change/edit",
			"admin/orders/"+order.String()+"/change/refund", "admin/orders/"+order.String()+"/change/void",
			"admin/orders/rerun?preview=1&choice=nobody&order="+order.String())
	}
	for _, c := range commissions {
		pages = append(pages, "admin/commissions/"+affiliate.ID[sale.Order](c).String())
	}
	return pages
}

// german is a catalogue as translators deliver it, of the few sentences below.
const german = `msgid ""
msgstr "Plural-Forms: nplurals=2; plural=n != 1;\n"

msgid "Start of a name, email or company, also of the referrer"
msgstr "Anfang von Name, E-Mail oder Firma, auch des Vermittlers"

msgid "{partner} gets credit as the {rule} referrer."
msgstr "Der {rule} Empfehlende, {partner}, erhält die Gutschrift."

msgctxt "referrer"
msgid "last"
msgstr "letzte"

msgid "You earned {amount} with {program}"
msgstr "{program}: Du hast {amount} verdient"

msgid "We'll pay it out after review."
msgstr "Nach der Prüfung zahlen wir sie aus."

msgid "Commission"
msgstr "Provision"
`

// A .po file is all it takes: pages, the reasons stored with an order, mails and
// files speak the language that each person chose in WordPress, other people's
// stays the site's, and what is not translated is English.
func TestEverybodyReadsTheirOwnLanguage(t *testing.T) {
	t.Cleanup(locale.Add("de", german))
	w := sidecartest.NewShop(t)
	w.Gold.NotifyEarned = true
	w.Must(second(w.Registry.EditProgram(t.Context(), "test", w.Gold)))
	carl := w.Refer("carl@mail.test", w.Anna)
	anna := w.LogIn(w.Anna)
	w.Exec(`INSERT INTO {usermeta} (user_id, meta_key, meta_value) VALUES (?, 'locale', 'de_DE_formal')`,
		w.Anna.WPUserID)
	w.Exec(`INSERT INTO {usermeta} (user_id, meta_key, meta_value)
		SELECT ID, 'locale', 'de_DE' FROM {users} WHERE user_login = 'admin'`)
	w.Approved(carl, "1234.5")

	page := w.Open("admin/contacts")
	if page.One("label[for=pc-search]") != "Anfang von Name, E-Mail oder Firma, auch des Vermittlers" ||
		page.Find(`.pc-admin[lang=de]`).Length() != 1 {
		t.Errorf("the admin's page: %s", page.Text)
	}
	why := strings.Join(w.Open("admin/contacts/"+carl.String()+"/orders").Texts(".pc-steps li"), "\n")
	if !strings.Contains(why, "Der letzte Empfehlende, anna, erhält die Gutschrift.") ||
		!strings.Contains(why, "The order came without a click cookie.") {
		t.Errorf("the reasons: %s", why)
	}
	var mail struct {
		Subject string `db:"subject"`
		Text    string `db:"body_text"`
	}
	w.Settle()
	w.Must(w.DB.Get(t.Context(), &mail,
		`SELECT subject, body_text FROM {wp}partner_center_mails WHERE kind = 'earned'`))
	if mail.Subject != "Gold: Du hast 123,45 $ verdient" ||
		!strings.Contains(mail.Text, "Nach der Prüfung zahlen wir") ||
		!strings.HasPrefix(mail.Text, "Hello") {
		t.Errorf("the mail: %+v", mail)
	}
	if sheet := w.XLSX("earnings/commissions.xlsx", "Date", anna); !slices.Contains(sheet[0], "Provision") ||
		slices.Contains(sheet[0], "Commission") {
		t.Errorf("the workbook: %q", sheet[0])
	}
	if theme := w.Get("earnings", web.Theme, anna); theme.Find(`.partner-center[lang=en]`).Length() != 1 {
		t.Error("inside the theme a page speaks another language than the site")
	}
}

// The German that is delivered, in each person's own surroundings: pages,
// reasons, mails and workbooks in words, dates, numbers and money of the
// language, and text files for programs as ever.
//
// Spec: B19.2
func TestTheProductSpeaksGerman(t *testing.T) {
	w := sidecartest.NewShop(t)
	w.Gold.NotifyEarned = true
	w.Must(second(w.Registry.EditProgram(t.Context(), "test", w.Gold)))
	carl := w.Refer("carl@mail.test", w.Anna)
	anna := w.LogIn(w.Anna)
	w.HandOver(func(h *wpbridge.Handover) { h.Locale = "de_DE" })
	w.Exec(`INSERT INTO {usermeta} (user_id, meta_key, meta_value) VALUES (?, 'locale', 'de_DE_formal')`,
		w.Anna.WPUserID)
	w.Approved(carl, "12345")

	for where, page := range map[string]*sidecartest.Answer{"stand-alone": w.Get("", web.Standalone, anna),
		"in the theme": w.Get("", web.Theme, anna)} {
		if page.Find(`[lang=de][dir=ltr]`).Length() == 0 || !strings.Contains(page.Text, "Dein Guthaben") ||
			!strings.Contains(page.Text, "1.234,50\u00a0$") {
			t.Errorf("the dashboard %s: %s", where, page.Text)
		}
	}
	why := strings.Join(w.Open("admin/contacts/"+carl.String()+"/orders").Texts(".pc-steps li"), "\n")
	if !strings.Contains(why, "Angerechnet wird anna (Vermittler: der letzte).") ||
		!strings.Contains(why, "Die Bestellung kam ohne Klick-Cookie.") {
		t.Errorf("the reasons: %s", why)
	}
	var mail struct {
		Subject string `db:"subject"`
		Text    string `db:"body_text"`
	}
	w.Settle()
	w.Must(w.DB.Get(t.Context(), &mail,
		`SELECT subject, body_text FROM {wp}partner_center_mails WHERE kind = 'earned'`))
	if strings.ReplaceAll(mail.Subject, "\u00a0", " ") != "Du hast 1.234,50 $ bei Gold verdient" ||
		!strings.HasPrefix(mail.Text, "Hallo") ||
		!strings.Contains(mail.Text, "Nach der Prüfung zahlen wir sie aus.") {
		t.Errorf("the mail: %+v", mail)
	}
	if sheet := w.XLSX("earnings/commissions.xlsx", "Datum", anna); !slices.Contains(sheet[0], "Provision") {
		t.Errorf("the workbook: %q", sheet[0])
	}
	if text := w.Get("earnings/commissions.csv", web.Standalone, anna).Text; !strings.Contains(text, "Provision") ||
		!strings.Contains(text, "1234.50") {
		t.Errorf("the file: %s", text)
	}
}

// A language that is written from right to left turns the page around, in the
// theme as well as alone; what has no translation reads on in English.
//
// Spec: B19
func TestPagesFromRightToLeft(t *testing.T) {
	t.Cleanup(locale.Add("ar", `msgid ""
msgstr "Plural-Forms: nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);\n"

msgid "Your link"
msgstr "رابطك"
`))
	w := sidecartest.NewShop(t)
	anna := w.LogIn(w.Anna)
	w.HandOver(func(h *wpbridge.Handover) { h.Locale = "ar" })
	for where, page := range map[string]*sidecartest.Answer{"stand-alone": w.Get("", web.Standalone, anna),
		"in the theme": w.Get("", web.Theme, anna)} {
		if page.Find(`[lang=ar][dir=rtl]`).Length() != 1 || !strings.Contains(page.Text, "رابطك") ||
			!strings.Contains(page.Text, "What happened last") {
			t.Errorf("%s: %.2000s", where, page.Text)
		}
	}
}

func second[T any](_ T, err error) error { return err }
