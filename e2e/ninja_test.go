package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// A form of Ninja Forms that is ticked in the settings and marked as well is one
// lead: its script sends it past the page, and ours has it send our id along.
//
// Spec: S35
func TestNinjaFormsCountOnce(t *testing.T) {
	dir := os.Getenv("FORMS_DIR")
	source, err := filepath.Abs(filepath.Join(dir, "ninja-forms"))
	if _, there := os.Stat(source); dir == "" || err != nil || there != nil {
		t.Skip("SKIPPED: set FORMS_DIR to a folder that holds the built plugin ninja-forms")
	}
	w := start(t, newest, nil)
	s := &store{world: w}
	s.must(w.Site.LinkPlugin("ninja-forms", source))
	s.must(w.Site.Activate(t.Context(), "ninja-forms/ninja-forms.php"))
	w.admin().open("/wp-admin/") // the first page after that is theirs
	form := s.php(`
		$form = Ninja_Forms()->form()->get();
		$form->update_settings(array("title" => "Webinar", "add_submit" => 1))->save();
		foreach (array("firstname", "email", "html", "submit") as $n => $type) {
			Ninja_Forms()->form($form->get_id())->field()->get()->update_settings(array("type" => $type, "key" => "k_" . $type,
				"label" => "Go", "order" => $n, "required" => 0, "default" => "html" === $type
				? "<input type=\"hidden\" name=\"partner_center_form\" value=\"webinar\">" : ""))->save();
		}
		PartnerCenter\Settings::change(array("forms" => array("ninja:" . $form->get_id() => "Webinar")));
		echo $form->get_id();`)
	w.page("join", "Join", fmt.Sprintf(`[ninja_form id="%s"]`, form))
	v := newVisitor(t, w.URL())
	v.open("/join/")
	v.do("see the form", chromedp.WaitVisible(css(".nf-form-cont input[type=email]")))
	if n := ask[int](v, `document.querySelectorAll(".nf-form-cont form [name=partner_center_form]").length`); n != 1 {
		t.Fatalf("the form has %d marks", n)
	}
	v.fill(".nf-form-cont input[type=email]", "nina@mail.test")
	v.do("send it", chromedp.Click(css(".nf-form-cont input[type=button], .nf-form-cont input[type=submit]")))
	deadline := time.Now().Add(20 * time.Second)
	for s.count(`SELECT COUNT(*) FROM {wp}partner_center_inbox WHERE kind = 'form'`) == 0 {
		if time.Now().After(deadline) {
			t.Fatalf("PHP was told of no form: %s", v.state())
		}
		time.Sleep(100 * time.Millisecond)
	}
	soon(t, "all is taken in", func() bool {
		return s.count(`SELECT COUNT(*) FROM {wp}partner_center_inbox WHERE kind = 'form' AND done_at IS NULL`) == 0
	})
	if n := s.count(`SELECT COUNT(*) FROM {wp}partner_center_touchpoints f JOIN {wp}partner_center_contacts k
		ON k.id = f.contact_id WHERE k.email = 'nina@mail.test'`); n != 1 {
		t.Errorf("the form counts %d times", n)
	}
	w.noNotices()
}

// count is the number that a query gives.
func (s *store) count(query string, args ...any) (n int) {
	s.t.Helper()
	s.must(s.DB.Get(s.t.Context(), &n, query, args...))
	return n
}
