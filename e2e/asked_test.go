package e2e

import (
	"fmt"
	"net/url"
)

// asking is a page that a list's bulk action answers with: it has no address of its own.
type asking struct{ list, action string }

// askings are all of them, each for the list's first row.
func (w *world) askings() []asking {
	w.t.Helper()
	buyer := ""
	if err := w.DB.Get(w.t.Context(), &buyer, `SELECT k.email FROM {wp}partner_center_contacts k
		JOIN {wp}partner_center_orders o ON o.contact_id = k.id ORDER BY o.id LIMIT 1`); err != nil {
		w.t.Fatal(err)
	}
	return []asking{{"admin/contacts", "referrer"}, {"admin/contacts", "delete"},
		{"admin/contacts?q=" + url.QueryEscape(buyer), "rerun"}, {"admin/orders", "rerun"},
		{"admin/commissions", "cancel"}, {"admin/partners", "email"}}
}

// asks sends the form of a list with its first row ticked, and stands on the answer.
func (v *visitor) asks(a asking) {
	v.t.Helper()
	v.open(adminURL(a.list))
	v.tick("form.pc-bulk-form tbody input[name=pick]")
	v.choose("select[name=bulk]", a.action)
	v.submit("form.pc-bulk-form")
	if v.ask("select[name=bulk]") {
		v.t.Fatalf("%s of %s did not ask: %s", a.action, a.list, v.text(".partner-center"))
	}
}

// ask tells whether the page has something.
func (v *visitor) ask(selector string) bool {
	v.t.Helper()
	return ask[bool](v, fmt.Sprintf("!!document.querySelector(%q)", selector))
}

// tight are the radio buttons and boxes of a page that a finger can't tell apart: their
// words are less than 24 pixels high, or the next one is nearer than 40.
const tight = `(() => {
	const all = [...document.querySelectorAll(".partner-center .pc-choice")].filter((e) => e.offsetParent);
	const top = (e) => e.getBoundingClientRect().top;
	return all.filter((e, i) => e.getBoundingClientRect().height < 24 ||
		all[i + 1]?.parentNode === e.parentNode && top(all[i + 1]) - top(e) > 4 && top(all[i + 1]) - top(e) < 40).map((e) => e.innerText.trim()).join("; ");
})()`
