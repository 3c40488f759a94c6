package commissions_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

// recruited is a shop in which bert, whom anna recruited, sells a cup for 100: he
// earns 10 on level 1, she earns 5 on level 2.
func recruited(t *testing.T) (w *sidecartest.Shop, bert affiliate.Partner, order string) {
	t.Helper()
	w = sidecartest.NewShop(t)
	bert = w.Partner(w.Gold.ID, "bert")
	w.Send("admin/partners/"+bert.ID.String()+"/recruiter", url.Values{"recruiter": {w.Anna.ID.String()},
		"reason": {"She brought him."}}).Want(http.StatusSeeOther)
	w.Pending(w.Refer("carl@mail.test", bert), "100")
	list := w.Open("admin/commissions")
	return w, bert, w.Path(list.Find(".pc-group a[href*=orders]").First().AttrOr("href", ""))
}

// click sends the form that the page's button is in, with these boxes ticked, as
// somebody whom cookies log in, or else as the admin.
func click(w *sidecartest.Shop, page *sidecartest.Answer, name string, ticked url.Values,
	cookies ...*http.Cookie) *sidecartest.Answer {
	w.Helper()
	if cookies == nil {
		cookies = []*http.Cookie{w.Boss}
	}
	buttons := page.Find("form button")
	for i := range buttons.Length() {
		button := buttons.Eq(i)
		if strings.TrimSpace(button.Text()) != name {
			continue
		}
		form := button.Closest("form")
		fields, inputs := url.Values{}, form.Find("input[type=hidden]")
		for j := range inputs.Length() {
			fields.Add(inputs.Eq(j).AttrOr("name", ""), inputs.Eq(j).AttrOr("value", ""))
		}
		for field, values := range ticked {
			fields[field] = values
		}
		to := button.AttrOr("formaction", form.AttrOr("action", ""))
		return w.Post(w.Path(to), web.Admin, fields, cookies...)
	}
	w.Fatalf("no button %q: %q", name, page.Texts("button"))
	return nil
}

// earned is what stands pending and payable of the two partners.
func earned(w *sidecartest.Shop, bert affiliate.Partner) string {
	b, a := w.Balance(bert), w.Balance(w.Anna)
	return strings.Join([]string{b.Pending.String(), b.Payable.String(), a.Pending.String(), a.Payable.String()}, " ")
}

// What is done to an order is done to both levels unless one is ticked; canceled
// ones come back from the list.
//
// Spec: D29.5 S76 S78.1 S81.1 S82.1
func TestAnOrdersCommissionsAreTakenTogetherUnlessOneIsTicked(t *testing.T) {
	w, bert, order := recruited(t)
	why := url.Values{"reason": {"A test order."}}
	want := func(a *sidecartest.Answer, text, money string) {
		t.Helper()
		if said := w.Flash(a); said != text || earned(w, bert) != money {
			t.Errorf("%q, %s; not %q, %s", said, earned(w, bert), text, money)
		}
		if to := w.Path(a.Location()); !strings.HasPrefix(to, order) && !strings.HasPrefix(to, "admin/commissions") {
			t.Error("it leads to " + to)
		}
	}
	ask := click(w, w.Open(order), "Cancel…", nil).Want(http.StatusOK)
	if rows := ask.Rows(); len(rows) != 2 || !strings.Contains(ask.Text, "Back to the order") {
		t.Errorf("%q", rows)
	}
	want(click(w, ask, "Cancel these commissions", why), "2 commissions canceled.", "0 0 0 0")

	lost := w.Open("admin/commissions?status=canceled").Want(http.StatusOK)
	if n := lost.Find(`.pc-group button[value^="reinstate "]`).Length(); n != 1 {
		t.Errorf("reinstating is offered %d times", n)
	}
	want(w.Send("admin/commissions/bulk?status=canceled", url.Values{"bulk": {"reinstate"}, "pick": lost.Picks()[:1]}),
		"2 commissions reinstated: they are pending again.", "10 0 5 0")

	page := w.Open(order)
	level2 := page.Find(`input[name=pick][aria-label*="level 2"]`).AttrOr("value", "")
	ask = click(w, page, "Cancel…", url.Values{"pick": {level2}}).Want(http.StatusOK)
	if rows := ask.Rows(); len(rows) != 1 || !strings.HasPrefix(rows[0], "anna | $5.00") {
		t.Errorf("%q", rows)
	}
	want(click(w, ask, "Cancel these commissions", why), "1 commission canceled.", "10 0 0 0")
	want(click(w, w.Open(order), "Approve", nil), "1 commission approved.", "0 10 0 0")
	want(click(w, w.Open(order), "Unapprove", nil), "1 commission is pending again.", "10 0 0 0")
	want(click(w, w.Open(order), "Approve", nil), "1 commission approved.", "0 10 0 0")
	want(click(w, w.Open(order), "Reinstate", nil), "Reinstated. The commission is pending again.", "0 10 5 0")
	if viewer := w.Login(w.User("vera", web.CanView)); w.Get(order, web.Admin, viewer).Find("form button").Length() != 0 {
		t.Error("who may only look is offered to act")
	}
}

// In the list, each line of an order with several has a box of its own: what is
// ticked alone is done alone, and the order's box stands for all.
//
// Spec: D29.5 S13
func TestOneLevelIsTickedInTheList(t *testing.T) {
	w, bert, _ := recruited(t)
	list := w.Open("admin/commissions")
	boxes := list.Picks()
	if len(boxes) != 3 || list.Find("[data-pc-group]").Length() != 1 {
		t.Fatalf("%q", boxes)
	}
	for i := range 3 {
		name := list.Find("tbody input[name=pick]").Eq(i).AttrOr("aria-label", "")
		if want := []string{"Select order ", "Select bert, Cup", "Select anna, Cup"}[i]; !strings.HasPrefix(name, want) {
			t.Errorf("box %d is called %q", i, name)
		}
	}
	w.Send("admin/commissions/bulk", url.Values{"bulk": {"approve"}, "pick": boxes[2:]}).Want(http.StatusSeeOther)
	if now := earned(w, bert); now != "10 0 0 5" {
		t.Error(now)
	}
	// an order's box, with those of its lines, does it once
	if text := w.Flash(w.Send("admin/commissions/approve", url.Values{"pick": boxes})); text !=
		"1 commission approved. 1 skipped: it is already approved." {
		t.Error(text)
	}
}

// Of two admins with the same page on their screens, the second is told kindly what
// the first did, on every action and at every place; nothing is done twice.
//
// Spec: S76 S77.2 S81 S82.2
func TestTwoAdminsAtTheSameCommissions(t *testing.T) {
	why := url.Values{"reason": {"A test order."}}
	type place struct{ page, button string }
	for first, cases := range map[string]map[place]string{
		"Cancel…": {
			{"order", "Approve"}:      "Nothing was changed. 2 skipped: it is already canceled.",
			{"order", "Cancel…"}:      "Nothing was changed. 2 skipped: it is already canceled.",
			{"commission", "Approve"}: "Nothing was changed. 1 skipped: it is already canceled.",
			{"commission", "Cancel…"}: "Nothing was changed. 1 skipped: it is already canceled.",
		},
		"Approve": {
			{"order", "Approve"}:      "Nothing was changed. 2 skipped: it is already approved.",
			{"order", "Cancel…"}:      "Nothing was changed. 2 skipped: it changed while you were looking.",
			{"commission", "Approve"}: "Nothing was changed. 1 skipped: it is already approved.",
		},
		"Approve, pay": {
			{"order", "Approve"}:      "Nothing was changed. 2 skipped: it is already paid.",
			{"order", "Cancel…"}:      "Nothing was changed. 2 skipped: it is already paid.",
			{"commission", "Approve"}: "Nothing was changed. 1 skipped: it is already paid.",
		},
	} {
		t.Run(first, func(t *testing.T) {
			w, bert, order := recruited(t)
			pages := map[string]*sidecartest.Answer{"order": w.Open(order)}
			pages["commission"] = w.Open(w.Path(pages["order"].Find(`.pc-sub a:contains("Why?")`).First().AttrOr("href",
				"")))
			bea := w.Login(w.User("bea", "administrator"))
			button, pay, _ := strings.Cut(first, ", ")
			done := click(w, w.Open(order), button, nil, bea)
			if button == "Cancel…" {
				done = click(w, done.Want(http.StatusOK), "Cancel these commissions", why, bea)
			}
			done.Want(http.StatusSeeOther)
			if pay != "" {
				w.Pay(bert, "USD", "10")
				w.Pay(w.Anna, "USD", "5")
			}
			before := earned(w, bert)
			for at, want := range cases {
				a := click(w, pages[at.page], at.button, nil)
				if at.button == "Cancel…" {
					a = click(w, a.Want(http.StatusOK), "Cancel these commissions", why)
				}
				if text := w.Flash(a); text != want {
					t.Errorf("%v: %q", at, text)
				}
			}
			if now := earned(w, bert); now != before {
				t.Errorf("%s became %s", before, now)
			}
		})
	}
}

// What the other admin reinstated, re-ran, or unapproved is left as it is, and said.
//
// Spec: S76 S82.2 S97
func TestTwoAdminsTakeTheSameThingBack(t *testing.T) {
	w, bert, order := recruited(t)
	bea := w.Login(w.User("bea", "administrator"))
	approved := w.Open(order)
	click(w, approved, "Approve", nil).Want(http.StatusSeeOther)
	mine := w.Open(order)
	click(w, mine, "Unapprove", nil, bea).Want(http.StatusSeeOther)
	if text := w.Flash(click(w, mine, "Unapprove", nil)); text != "Nothing was changed. 2 skipped: it is pending." {
		t.Error(text)
	}
	w.Send("admin/commissions/cancel", url.Values{"pick": w.Open("admin/commissions").Picks()[:1],
		"reason": {"A test."}}).Want(http.StatusSeeOther)
	list, page := w.Open("admin/commissions?status=canceled"), w.Open(order)
	form := url.Values{"bulk": {"reinstate"}, "pick": list.Picks()[:1]}
	w.Post("admin/commissions/bulk?status=canceled", web.Admin, form, bea).Want(http.StatusSeeOther)
	if text := w.Flash(w.Send("admin/commissions/bulk?status=canceled",
		form)); text != "Nothing was changed. 2 skipped: its order was re-run since it was canceled." {
		t.Error(text)
	}
	if text := w.Flash(click(w, page, "Reinstate", nil)); !strings.HasPrefix(text, "Nothing was changed.") {
		t.Error(text)
	}
	if now := earned(w, bert); now != "10 0 5 0" {
		t.Error(now)
	}
	rerun := w.Path(w.Open(order).Find(`.page-title-action[href*=rerun]`).AttrOr("href", ""))
	asked := w.Open(rerun + "&preview=1&choice=nobody").Want(http.StatusOK)
	again := url.Values{"reason": {"Nobody brought them."}}
	click(w, asked, "Re-run 1 order", again, bea).Want(http.StatusSeeOther)
	if text := w.Flash(click(w, asked, "Re-run 1 order", again)); !strings.HasPrefix(text, "Nothing was changed") {
		t.Error(text)
	}
}

// A commission that is worth nothing because its order was refunded is not
// canceled: reinstating says so.
//
// Spec: S82
func TestRefundedCommissionIsNotReinstated(t *testing.T) {
	w, bert, order := recruited(t)
	preview := w.Open(order + "/change/refund-all").Want(http.StatusOK)
	click(w, preview, "Refund the whole order", url.Values{"reason": {"Sent back."}}).Want(http.StatusSeeOther)
	list := w.Open("admin/commissions?status=canceled").Want(http.StatusOK)
	if state := list.One(".pc-group [data-colname=State]"); !strings.Contains(state, "refunded or declined") ||
		list.Find(`button[value^="reinstate "]`).Length() != 0 {
		t.Errorf("reinstating is offered: %q", state)
	}
	if !strings.Contains(list.Text, "was $10.00") || !strings.Contains(list.Text, "was $5.00") {
		t.Errorf("what was lost is not shown: %s", list.Text)
	}
	if title := list.Find(".pc-table-wrap").AttrOr("aria-label", ""); title != "Commissions" {
		t.Errorf("what is canceled is called %q", title)
	}
	page := w.Open(w.Path(list.Find(`tbody a:contains("Why?")`).First().AttrOr("href", "")))
	if text := page.One(".pc-facts"); !strings.Contains(text, "There is nothing to reinstate.") {
		t.Errorf("its page promises: %s", text)
	}
	picks := list.Picks()
	text := w.Flash(w.Send("admin/commissions/bulk?status=canceled", url.Values{"bulk": {"reinstate"},
		"pick": picks[:1]}))
	if !strings.HasPrefix(text, "Nothing was changed. 2 skipped: it follows its order") {
		t.Error(text)
	}
	if b := w.Balance(bert); b.Pending != (money.Amount{}) {
		t.Errorf("%+v", b)
	}
}
