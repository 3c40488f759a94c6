package e2e

import (
	"fmt"
	"net/url"
)

// page is one that people open, with a name for files.
type page struct{ name, address string }

// ownPages are the partner's, on a surface.
func (w *world) ownPages(urlOf func(string) string) []page {
	w.t.Helper()
	commission := w.id(`SELECT MAX(c.id) FROM {wp}partner_center_commissions c JOIN {wp}partner_center_partners p
		ON p.id = c.partner_id JOIN {users} u ON u.ID = p.wp_user_id WHERE u.user_login = 'mia'`)
	return []page{
		{"dashboard", urlOf("")}, {"earnings", urlOf("earnings")}, {"refunds", urlOf("earnings/refunds?range=all")},
		{"payments", urlOf("earnings/payments?range=all")},
		{"why", urlOf(fmt.Sprint("earnings/commissions/", commission))}, {"reports", urlOf("reports")},
		{"subids", urlOf("reports/subids")},
		{"landing-pages", urlOf("reports/pages")},
		{"customers", urlOf("reports/customers")},
		{"level-2", urlOf("reports/level-2")},
		{"tools", urlOf("tools")}, {"profile", urlOf("profile")}, {"missing", urlOf("earnings/missing")},
		{"purchases", urlOf("earnings/purchases")}, {"adjustments", urlOf("earnings/adjustments")}, w.receipt(urlOf),
		{"statement", urlOf("earnings/statements")}, {"by-tool", urlOf("reports/tools?range=all")},
		{"summary", urlOf("reports/summary?by=week&range=this-year")}, {"sold", urlOf("reports/sold")},
		{"campaigns", urlOf("reports/campaigns")}, {"ads", urlOf("reports/ads")},
		{"terms", urlOf(w.signupPath() + "/terms")},
	}
}

// receipt is the page of the partner's latest payment.
func (w *world) receipt(urlOf func(string) string) page {
	w.t.Helper()
	return page{"receipt", urlOf(fmt.Sprint("earnings/payments/", w.id(`SELECT MAX(y.id)
		FROM {wp}partner_center_payout_lines y JOIN {wp}partner_center_partners p ON p.id = y.partner_id
		JOIN {users} u ON u.ID = p.wp_user_id WHERE u.user_login = 'mia' AND y.state = 'settled'`)))}
}

// adminPages are those inside wp-admin, and the plugin's own.
func (w *world) adminPages() []page {
	w.t.Helper()
	program := fmt.Sprint("admin/programs/", w.id(`SELECT MIN(id) FROM {wp}partner_center_programs`))
	partner := fmt.Sprint(w.id(`SELECT MIN(id) FROM {wp}partner_center_partners`))
	tool := fmt.Sprint(program, "/tools/",
		w.id(`SELECT MIN(id) FROM {wp}partner_center_tools WHERE kind = 'lightbox' AND program_id =
			(SELECT MIN(id) FROM {wp}partner_center_programs)`))
	product := fmt.Sprint("admin/products/", w.id(`SELECT MIN(id) FROM {wp}partner_center_products`))
	contact := fmt.Sprint("admin/contacts/",
		w.id(`SELECT MAX(id) FROM {wp}partner_center_contacts WHERE first_partner_id IS NOT NULL`))
	commission := fmt.Sprint("admin/commissions/", w.id(`SELECT MIN(id) FROM {wp}partner_center_commissions`))
	order := fmt.Sprint("admin/orders/", w.id(`SELECT MIN(id) FROM {wp}partner_center_orders`))
	terms := fmt.Sprint(program, "/products/", w.id(`SELECT MIN(product_id) FROM {wp}partner_center_terms
		WHERE current = 1 AND program_id = (SELECT MIN(id) FROM {wp}partner_center_programs)`))
	payment := fmt.Sprint("admin/payments/made/", w.id(`SELECT MIN(id) FROM {wp}partner_center_payout_lines`))
	batch := fmt.Sprint("admin/payments/batches/", w.id(`SELECT MIN(id) FROM {wp}partner_center_payouts`))
	imported := fmt.Sprint("admin/contacts/import/", w.importOf("contacts"))
	joining := fmt.Sprint("admin/partners/import/", w.importOf("partners"))
	pages := []page{{"plugin-settings", "/wp-admin/options-general.php?page=partner-center-settings"}}
	for _, p := range []page{
		{"overview", "admin"}, {"settings", "admin/settings"}, {"programs", "admin/programs"},
		{"program-new", "admin/programs/new"}, {"program", program},
		{"program-signup", program + "/signup"}, {"program-products", program + "/products"},
		{"program-rules", program + "/rules"}, {"simulator", "admin/simulator?run=1"},
		{"program-tools", program + "/tools"}, {"program-coupons", program + "/coupons"},
		{"tool-new", program + "/tools/new?kind=banner"}, {"tool", tool}, {"groups", "admin/programs/groups"},
		{"partners", "admin/partners"}, {"partner-new", "admin/partners/new"},
		{"partner-user", "admin/partners/from-user?q=mia"}, {"partner-import", "admin/partners/import"},
		{"partner", "admin/partners/" + partner},
		{"products", "admin/products"}, {"product-new", "admin/products/new"}, {"product", product},
		{"contacts", "admin/contacts"}, {"contact", contact}, {"contact-history", contact + "/history"},
		{"contact-log", contact + "/log"}, {"orders", "admin/orders"}, {"order-log", "admin/orders/new"},
		{"rerun", "admin/orders/rerun?preview=1&choice=last"},
		{"pending", "admin/commissions"}, {"due", "admin/payments"},
		{"due-partner", "admin/payments/due/" + partner + "?currency=USD"}, {"batches", "admin/payments/batches"},
		{"payable", "admin/payments/commissions"},
		{"history", "admin/commissions/history"}, {"commission", commission}, {"order", order},
		{"messages", "admin/messages"}, {"message-new", "admin/messages/new"}, {"mail-log", "admin/messages/log"},
		{"sending", "admin/messages/sending"}, {"mail-links", "admin/messages/links"},
		{"program-messages", program + "/messages"},
		{"milestones", program + "/milestones"}, {"activity", "admin/activity"}, {"tasks", "admin/tasks"},
		{"report", "admin/reports/by-partner?range=all"}, {"report-period", "admin/reports/by-period?range=all"},
		{"missing-sales", "admin/orders/missing"}, {"contact-new", "admin/contacts/new"},
		{"own-fields", "admin/contacts/fields"},
		{"contact-erase", contact + "/erase"}, {"program-unaccepted", program + "/signup/unaccepted"},
		{"connections", "admin/settings/connections"}, {"payments-made", "admin/payments/made"},
		{"payment", payment}, {"payment-receipt", payment + "/receipt"}, {"booked", "admin/payments/booked"},
		{"years", "admin/payments/years"}, {"pay", "admin/payments/pay?currency=USD&partner=" + partner},
		{"batch", batch}, {"partner-entries", "admin/partners/" + partner + "/entries"},
		{"partner-move", "admin/partners/" + partner + "/move"},
		{"partner-recruiter", "admin/partners/" + partner + "/recruiter?q=a"},
		{"partner-payment", "admin/partners/" + partner + "/payment"},
		{"partner-suspend", "admin/partners/" + partner + "/state/suspend"},
		{"contact-edit", contact + "/edit"}, {"contact-referrer", contact + "/referrer/first"},
		{"contact-merge", contact + "/merge"}, {"contact-delete", contact + "/delete"},
		{"checks", "admin/contacts/checks"}, {"resets", "admin/contacts/resets"},
		{"product-terms", terms}, {"admin-mails", "admin/messages/admins"},
		{"pending-of-a-partner", "admin/commissions?partner=" + partner},
		{"contact-import", "admin/contacts/import"}, {"contact-imported", imported}, {"partner-imported", joining},
		{"statement", "admin/partners/" + partner + "/statement"},
	} {
		pages = append(pages, page{"admin-" + p.name, adminURL(p.address)})
	}
	return pages
}

// signupPage is the form of the first program, for strangers.
func (w *world) signupPage(urlOf func(string) string) page {
	return page{"signup", urlOf(w.signupPath())}
}

func (w *world) signupPath() string {
	w.t.Helper()
	var code string
	if err := w.DB.Get(w.t.Context(), &code,
		`SELECT code FROM {wp}partner_center_programs ORDER BY id LIMIT 1`); err != nil {
		w.t.Fatal(err)
	}
	return "signup/" + url.PathEscape(code)
}

// importOf is the dry run of a file with a problem, of partners or contacts.
func (w *world) importOf(kind string) int64 {
	w.t.Helper()
	result, err := w.DB.Exec(w.t.Context(), `INSERT INTO {wp}partner_center_imports (kind, state, headings, line_count,
		actor, created_at, updated_at) VALUES (?, 'checked', '[{"name":"Email","field":"email"},{"name":"Score"}]', 2,
		'admin (user 1)', '2026-01-02', '2026-01-02')`, kind)
	if err != nil {
		w.t.Fatal(err)
	}
	id, err := result.LastInsertId()
	if err != nil {
		w.t.Fatal(err)
	}
	_, err = w.DB.Exec(w.t.Context(), `INSERT INTO {wp}partner_center_import_lines (import_id, line, cells, plan, field,
		problem) VALUES (?, 2, '{"email":"eve@mail.test"}', 'new', '', ''), (?, 3, '{"email":"none"}', 'skipped',
		'email', '{"i":"This is not a complete email address."}')`, id, id)
	if err != nil {
		w.t.Fatal(err)
	}
	return id
}

func (w *world) id(query string) (id int64) {
	w.t.Helper()
	if err := w.DB.Get(w.t.Context(), &id, query); err != nil {
		w.t.Fatal(err)
	}
	return id
}
