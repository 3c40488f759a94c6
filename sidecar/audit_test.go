package sidecar_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"partnercenter/affiliate"
	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

// audited are actor, action, object and values of what the audit holds of an action.
func audited(t *testing.T, s *sidecartest.Site, action string) (all []string) {
	t.Helper()
	err := s.DB.Select(t.Context(), &all, `SELECT CONCAT_WS(' ', actor, object, after_json)
		FROM {wp}partner_center_audit LEFT JOIN {wp}partner_center_audit_values USING (digest)
		WHERE action = ? ORDER BY id`, action)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// Who took which figures and payment files away stands in the audit, with the
// filters; a partner's own figures are their own.
func TestExportsAreAudited(t *testing.T) {
	w := sidecartest.NewShop(t)
	_, err := w.Registry.UpdatePayment(t.Context(), "test", w.Anna.ID,
		affiliate.Payment{Method: affiliate.PayPal, PayPalEmail: "anna@pay.test"})
	w.Must(err)
	w.Approved(w.Refer("carl@mail.test", w.Anna), "100")
	w.Open("admin/reports/pending.csv?q=anna").Want(http.StatusOK)
	w.Open("admin/reports/due.xlsx").Want(http.StatusOK)
	w.Open(releasedFile(w)).Want(http.StatusOK)
	w.Get("earnings/commissions.csv", web.Standalone, w.LogIn(w.Anna)).Want(http.StatusOK)
	all := audited(t, w.Site, "export")
	if len(all) != 3 {
		t.Fatalf("%q", all)
	}
	for i, parts := range [][]string{{"admin", "report", `"report":"pending"`, `"format":"csv"`, `"q":"anna"`},
		{"admin", "report", `"report":"due"`, `"format":"xlsx"`}, {"admin", "paypal file", `"rows":1`, `"total":`}} {
		for _, part := range parts {
			if !strings.Contains(all[i], part) {
				t.Errorf("%s does not tell %s", all[i], part)
			}
		}
	}
}

// So does every public sign-up: as a partner, and as a form that waits for its mailbox.
//
// Spec: S103
func TestSignUpsAreAudited(t *testing.T) {
	s := sidecartest.New(t)
	program := s.Program("Gold")
	s.User("owner", "subscriber")
	for i, email := range []string{"dora@mail.test", "owner@mail.test", "dora@mail.test"} {
		s.Post("signup/"+program.Code, web.Standalone, url.Values{"email": {email}, "first_name": {"D"},
			"last_name": {"E"},
			"form_id":   {strings.Repeat("x", 20+i)}}).Want(http.StatusSeeOther)
	}
	all := audited(t, s, "sign up")
	if len(all) != 2 || !strings.HasPrefix(all[0], "visitor partner {") ||
		!strings.HasPrefix(all[1], "visitor application {") || !strings.Contains(all[1], "owner@mail.test") {
		t.Errorf("%q", all)
	}
}
