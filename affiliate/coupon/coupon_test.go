package coupon_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"partnercenter/affiliate"
	"partnercenter/affiliate/coupon"
	. "partnercenter/affiliate/shoptest"
)

// template saves a template of the site's program, and makes the codes.
func template(s *Site, change func(*coupon.Template)) {
	s.Helper()
	t, found, err := s.Coupons.Template(s.Context(), s.Program.ID)
	s.OK(err)
	if !found {
		t = coupon.DefaultTemplate(s.Program.ID, "USD")
		t.Active = true
	}
	change(&t)
	Must(s.Coupons.SaveTemplate(s.Context(), Anna, t))(s)
	Must(s.Coupons.Due(s.Context()))(s)
}

func codeOf(s *Site, p affiliate.Partner) string {
	s.Helper()
	codes := []string{}
	for _, c := range Must(s.Coupons.Of(s.Context(), p.ID))(s) {
		codes = append(codes, c.Code)
	}
	return strings.Join(codes, " ")
}

func TestCheckCode(t *testing.T) {
	for wish, want := range map[string]string{
		" anna10 ": "ANNA10", "summer-anna": "SUMMER-ANNA", "ABC": "", "1234": "", "": "", "änna": "", "an na": "",
		"-ANNA": "", "ANNA-": "", "F-U-C-K-IT": "", "sh1tty": "", "freeshipping": "", "staff": "",
		strings.Repeat("A", 24): strings.Repeat("A", 24), strings.Repeat("A", 25): "", "STAFFORD": "STAFFORD",
	} {
		got, err := coupon.CheckCode(wish)
		if (err == nil) != (want != "") || err == nil && got != want {
			t.Errorf("%q: %q, %v", wish, got, err)
		}
	}
}

// Partners with one name get different codes, however many sidecars make them.
//
// Spec: B17.1
func TestOneCodeForEachPartner(t *testing.T) {
	s := New(t)
	partners := []affiliate.Partner{}
	for i := range 6 {
		p := s.Partner(fmt.Sprint("p", i))
		s.Exec(`UPDATE {wp}partner_center_contacts SET first_name = 'Zoë' WHERE id = ?`, p.ContactID)
		partners = append(partners, p)
	}
	t.Cleanup(func() {})
	tmpl := coupon.DefaultTemplate(s.Program.ID, "USD")
	tmpl.Active = true
	Must(s.Coupons.SaveTemplate(t.Context(), Anna, tmpl))(s)
	var group sync.WaitGroup
	for range 3 {
		group.Go(func() {
			if _, err := coupon.New(s.DB, s.Clock.Now).Due(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	seen := map[string]bool{}
	for _, p := range partners {
		code := codeOf(s, p)
		if !strings.HasPrefix(code, "ZOE10") || strings.Contains(code, " ") || seen[code] {
			t.Errorf("partner %s has %q", p.ID, code)
		}
		seen[code] = true
	}
}

// A code that was published for one partner is never another's, and what partners
// may not wish for is refused.
func TestChoosingACode(t *testing.T) {
	s := New(t)
	anna, bert := s.Partner("anna"), s.Partner("bert")
	_, err := s.Coupons.Choose(t.Context(), "anna", anna.ID, "MINE", true)
	if affiliate.KindOf(err) != affiliate.KindConflict {
		t.Errorf("without coupons: %v", err)
	}
	template(s, func(*coupon.Template) {})
	Must(s.Coupons.Choose(t.Context(), "anna", anna.ID, "mine", true))(s)
	Must(s.Coupons.Choose(t.Context(), "anna", anna.ID, "OTHER", true))(s)
	if got := codeOf(s, anna); got != "OTHER" {
		t.Error(got)
	}
	for _, code := range []string{"MINE", "OTHER"} {
		_, err := s.Coupons.Choose(t.Context(), Anna, bert.ID, code, false)
		if FieldsOf(err)["code"] == "" {
			t.Errorf("%s: %v", code, err)
		}
	}
	Must(s.Coupons.Choose(t.Context(), "anna", anna.ID, "MINE", true))(s)
	_, err = s.Coupons.Choose(t.Context(), "anna", anna.ID, "FIFTH", true)
	if FieldsOf(err)["code"] == "" {
		t.Errorf("too often: %v", err)
	}
	template(s, func(tmpl *coupon.Template) { tmpl.PartnersChoose = false })
	_, err = s.Coupons.Choose(t.Context(), "bert", bert.ID, "BERTS", true)
	if affiliate.KindOf(err) != affiliate.KindConflict {
		t.Errorf("may not choose: %v", err)
	}
	Must(s.Coupons.Choose(t.Context(), Anna, bert.ID, "BERTS", false))(s)
}

func TestTemplatesAreChecked(t *testing.T) {
	s := New(t)
	for field, change := range map[string]func(*coupon.Template){
		"amount":  func(c *coupon.Template) { c.Amount = USD("101") },
		"pattern": func(c *coupon.Template) { c.Pattern = "SALE" },
		"shop":    func(c *coupon.Template) { c.Shop = "ebay" },
		"minimum": func(c *coupon.Template) { c.Minimum = USD("-1") },
		"kind":    func(c *coupon.Template) { c.Kind = "gift" },
	} {
		tmpl := coupon.DefaultTemplate(s.Program.ID, "USD")
		change(&tmpl)
		if _, err := s.Coupons.SaveTemplate(t.Context(), Anna, tmpl); FieldsOf(err)[field] == "" {
			t.Errorf("%s: %v", field, err)
		}
	}
	tmpl := Must(s.Coupons.SaveTemplate(t.Context(), Anna, coupon.DefaultTemplate(s.Program.ID, "USD")))(s)
	tmpl.Revision = 0
	if _, err := s.Coupons.SaveTemplate(t.Context(), Anna, tmpl); affiliate.KindOf(err) != affiliate.KindConflict {
		t.Error(err)
	}
}
