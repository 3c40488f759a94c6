package e2e

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// askingShop is a shop whose program asks questions and has terms; form is the
// address of its sign-up form.
func (w *world) askingShop(admin *visitor) (form string) {
	w.t.Helper()
	w.setUpShop(admin)
	admin.open(adminPage("admin/programs"))
	admin.click(".row-title")
	admin.click(".pc-subtabs a[href*='signup']")
	form = admin.text("#signup-url")
	admin.choose("#pc-site", "optional")
	admin.choose("#pc-promotion", "required")
	admin.click("form[action$='signup'] button.button-primary")
	admin.sees(".pc-flash", "Saved.")
	admin.fill("#pc-body", "Be fair to our customers.")
	admin.click("form[action$='terms'] button.button-primary")
	admin.sees(".pc-flash", "Version 1 is published")
	return form
}

// A person on the smallest phone, without an account: what is wrong stands beside the
// fields, the first of them has the focus, and nothing typed is lost. Then they read
// the terms, and join by a recruiting link.
//
// Spec: S4.2 S103.1 S148.1
func TestSignUpOnAPhone(t *testing.T) {
	everywhere(t, func(t *testing.T, r release) {
		w := start(t, r, nil)
		admin := w.admin()
		form := w.askingShop(admin)
		phone := newVisitor(t, w.URL())
		phone.wide(320)
		phone.open(form)
		if by := phone.sideways(); by > 0 {
			t.Errorf("the form is %d pixels too wide", by)
		}
		phone.sees(".pc-earn", "You earn")
		phone.fill("#pc-email", "rosa@example.test")
		phone.fill("#pc-first_name", "Zoë 🎉")
		phone.fill("#pc-site", "javascript:alert(1)")
		phone.submit(".pc-signup form")
		phone.sees("#pc-site-notes", "address of a site")
		phone.sees("#pc-promotion-notes", "Please fill in")
		phone.sees("#pc-terms-notes", "accept the terms")
		if at := ask[string](phone, `document.activeElement.id`); at != "pc-site" {
			t.Errorf("the focus is on %q", at)
		}
		if name := phone.value("#pc-first_name"); name != "Zoë 🎉" {
			t.Errorf("the name became %q", name)
		}
		if by := phone.sideways(); by > 0 {
			t.Errorf("with its problems the form is %d pixels too wide", by)
		}
		phone.fill("#pc-site", "rosa.example")
		phone.fill("#pc-promotion", "By my blog.")
		phone.tick("#pc-terms")
		phone.click(".pc-signup form button.pc-button")
		phone.sees(".pc-signup", "Check your email")
		if by := phone.sideways(); by > 0 {
			t.Errorf("the thanks are %d pixels too wide", by)
		}
		w.mail("rosa@example.test", "go/")
		w.recruits("rosa@example.test", form, "tom@example.test")
		admin.open(adminPage(fmt.Sprint("admin/partners/", w.partnerOf("rosa@example.test"))))
		for _, text := range []string{"https://rosa.example", "By my blog.", "Accepted version 1 of the terms"} {
			admin.sees(".wrap", text)
		}
		w.noNotices()
	})
}

// recruits has somebody sign up on a phone by the recruiting link of a partner, whose
// recruit they are from then on.
func (w *world) recruits(partner, form, email string) {
	w.t.Helper()
	var code string
	err := w.DB.Get(w.t.Context(), &code, `SELECT p.code FROM {wp}partner_center_partners p
		JOIN {wp}partner_center_contacts c ON c.id = p.contact_id WHERE c.email = ?`, partner)
	if err != nil {
		w.t.Fatal(err)
	}
	recruit := newVisitor(w.t, w.URL())
	recruit.wide(375)
	recruit.open(form + "?orid=" + code)
	recruit.fill("#pc-email", email)
	recruit.fill("#pc-promotion", "By my friends.")
	recruit.tick("#pc-terms")
	recruit.click(".pc-signup form button.pc-button")
	recruit.sees(".pc-signup", "Check your email")
	var recruiter string
	soon(w.t, email+" is a partner", func() bool {
		err := w.DB.Get(w.t.Context(), &recruiter, `SELECT r.code FROM {wp}partner_center_memberships m
			JOIN {wp}partner_center_partners p ON p.id = m.partner_id
			JOIN {wp}partner_center_contacts c ON c.id = p.contact_id
			JOIN {wp}partner_center_partners r ON r.id = m.recruiter_id WHERE c.email = ?`, email)
		return err == nil
	})
	if recruiter != code {
		w.t.Errorf("%s was recruited by %s, not by %s", email, recruiter, code)
	}
}

// An address with an account: nothing happens until its owner, logged in from the
// form, says that it was them; and without JavaScript the mailed link does the same.
//
// Spec: D42.1
func TestSignUpWithAnAccount(t *testing.T) {
	everywhere(t, func(t *testing.T, r release) {
		w := start(t, r, nil)
		form := w.askingShop(w.admin())
		for _, name := range []string{"edith", "wanda"} {
			if _, err := w.Site.PHP(t.Context(), `wp_insert_user(array('user_login' => $args[0], 'role' => 'subscriber',
				'user_email' => $args[0] . '@example.test', 'user_pass' => 'pass of ' . $args[0]));`, name); err != nil {
				t.Fatal(err)
			}
		}
		edith := newVisitor(t, w.URL())
		edith.wide(375)
		edith.open(form)
		edith.fill("#pc-email", "edith@example.test")
		edith.fill("#pc-promotion", "By my blog.")
		edith.tick("#pc-terms")
		edith.click(".pc-signup form button.pc-button")
		edith.sees(".pc-signup", "Have an account on this site already?")
		edith.click(".pc-signup a[href*='wp-login.php']")
		ask[bool](edith, `document.querySelector("#user_login").value = "edith", document.querySelector("#user_pass").value = "pass of edith", true`)
		edith.submit("#loginform")
		edith.sees("#held", "asked to join")
		edith.sees("#held", "you accept the terms")
		if by := edith.sideways(); by > 0 {
			t.Errorf("the page is %d pixels too wide", by)
		}
		edith.click("#held button")
		edith.sees(".partner-center", "Dashboard")
		edith.open("/partner-center/profile")
		edith.sees("#terms", "You accepted version 1")

		plain := newClient(t, w.URL(), "")
		plain.post(strings.TrimPrefix(form, w.URL()), url.Values{"email": {"wanda@example.test"}, "promotion": {"x"},
			"terms": {"1"}, "terms_version": {"1"}}).want(http.StatusSeeOther)
		link := find(t, w.mail("wanda@example.test", "confirm-signup").Text, `http://\S+confirm-signup\S+`)
		page := plain.get(strings.TrimPrefix(link, w.URL())).want(http.StatusOK)
		if !strings.Contains(page.text("form"), "Confirm") || !strings.Contains(page.text(".pc-signup"), "terms") {
			t.Errorf("%s", page.text("body"))
		}
		token, _ := url.Parse(link)
		plain.post("/partner-center/confirm-signup",
			url.Values{"token": {token.Query().Get("token")}}).want(http.StatusSeeOther)
		if n := w.count("partners"); n != 2 {
			t.Errorf("%d partners", n)
		}
		w.noNotices()
	})
}

// The block: chosen, seen and saved in the editor, then a form on a page, which takes
// a sign-up while the center is off.
//
// Spec: S153.1
func TestSignUpBlockInTheEditor(t *testing.T) {
	on(t, func(t *testing.T, r release) {
		w := start(t, r, nil)
		admin := w.admin()
		form := w.askingShop(admin)
		code := form[strings.LastIndex(form, "/")+1:]
		admin.open("/wp-admin/post-new.php?post_type=page")
		soon(t, "the editor is ready", func() bool {
			return ask[bool](admin, `!!(window.wp && wp.data && wp.blocks && wp.blocks.getBlockType("partner-center/signup") && wp.data.select("core/editor").getCurrentPostId())`)
		})
		ask[bool](admin, `(wp.data.dispatch("core/preferences") && wp.data.dispatch("core/preferences").set("core/edit-post", "welcomeGuide", false),
			wp.data.dispatch("core/editor").editPost({title: "Join us"}),
			wp.data.dispatch("core/block-editor").insertBlock(wp.blocks.createBlock("partner-center/signup")), true)`)
		const within = `(function (find) { var frame = document.querySelector("iframe[name=editor-canvas]");
			return find(document) || frame && frame.contentDocument && find(frame.contentDocument) || null; })`
		soon(t, "the block offers the program", func() bool {
			return ask[bool](admin, fmt.Sprintf(`!!%s(function (d) { return d.querySelector("option[value='%s']"); })`, within, code))
		})
		ask[bool](admin, fmt.Sprintf(`(function (b) { wp.data.dispatch("core/block-editor").updateBlockAttributes(b.clientId, {program: %q}); return true })(
			wp.data.select("core/block-editor").getBlocks().find(function (b) { return b.name === "partner-center/signup"; }))`, code))
		soon(t, "the editor shows the form", func() bool {
			return ask[bool](admin, fmt.Sprintf(`!!%s(function (d) { return d.querySelector(".pc-signup input[name=email]:not([readonly])"); })`, within))
		})
		ask[bool](admin, `wp.data.dispatch("core/editor").editPost({status: "publish"}), wp.data.dispatch("core/editor").savePost(), true`)
		address := ""
		soon(t, "the page is saved", func() bool {
			address = ask[string](admin, `wp.data.select("core/editor").isSavingPost() || !wp.data.select("core/editor").isCurrentPostPublished() ? "" : wp.data.select("core/editor").getPermalink()`)
			return address != ""
		})
		w.switches(newClient(t, w.URL(), "").logIn(w.Admin.Login, w.Admin.Password), "1", "")
		visitor := newVisitor(t, w.URL())
		visitor.open(address)
		visitor.fill("#pc-email", "berta@example.test")
		visitor.fill("#pc-promotion", "By my blog.")
		visitor.tick("#pc-terms")
		visitor.click(".pc-signup form button.pc-button")
		visitor.sees(".pc-signup", "Check your email")
		if !strings.HasPrefix(visitor.at(), strings.SplitN(address, "?", 2)[0]) {
			t.Errorf("the thanks stand at %s", visitor.at())
		}
		w.mail("berta@example.test", "go/")
		w.noNotices()
	}, newest)
}
