package settings_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"partnercenter/sidecar/sidecartest"
)

func settingsForm(version string) url.Values {
	return url.Values{"version": {version}, "payment_method": {"choice"}, "currency": {"eur"}, "credit": {"first"},
		"cookie_days":      {"45"},
		"threshold_amount": {"50", "7000", ""}, "threshold_currency": {"EUR", "jpy", ""}, "legacy_params": {"1"}}
}

// Settings are saved as a whole, confirmed, and shown as saved.
//
// Spec: S5 S6 S7 S8 S10.2 S62.1
func TestSettingsAreSaved(t *testing.T) {
	w := sidecartest.NewShop(t)
	version := w.Open("admin/settings").Find("input[name=version]").AttrOr("value", "")
	saved := w.Send("admin/settings", settingsForm(version))
	if text := w.Flash(saved); !strings.Contains(text, "The settings are saved") {
		t.Error(text)
	}
	page := w.Open("admin/settings")
	for selector, want := range map[string]string{
		"input[name=currency]": "EUR", "input[name=cookie_days]": "45", "input[name=credit][checked]": "first",
		"input[name=payment_method][checked]": "choice", "input[name=legacy_params][checked]": "1",
	} {
		if got := page.Find(selector).AttrOr("value", ""); got != want {
			t.Errorf("%s shows %q, want %q", selector, got, want)
		}
	}
	thresholds := []string{}
	page.Find("input[name^=threshold]").Each(func(_ int, field *goquery.Selection) {
		thresholds = append(thresholds,
			field.AttrOr("value", ""))
	})
	if strings.Join(thresholds, " ") != "50.00 EUR 7000 JPY  " {
		t.Errorf("thresholds %q", thresholds)
	}
	if code := page.One("#pc-snippet"); !strings.Contains(code, `<script src="`) ||
		!strings.Contains(code, `/t.js" async></script>`) {
		t.Error(code)
	}
}

// The limits are on the settings page: an empty field is the usual value, and what
// is wrong with one is shown though they stand folded.
func TestLimitsAreSettings(t *testing.T) {
	w := sidecartest.NewShop(t)
	page := w.Open("admin/settings")
	if v := page.Find("input[name=limit_downloads]").AttrOr("value", ""); v != "2" ||
		page.Find("details[open]").Length() > 0 {
		t.Errorf("usual: %s", v)
	}
	save := func(limits map[string]string) *sidecartest.Answer {
		form := settingsForm(w.Open("admin/settings").Find("input[name=version]").AttrOr("value", ""))
		for name, value := range limits {
			form.Set(name, value)
		}
		return w.Send("admin/settings", form)
	}
	save(map[string]string{"limit_clicks": "500", "limit_downloads": "", "click_addresses": "7"}).Want(
		http.StatusSeeOther)
	settings, err := w.Registry.Settings(t.Context())
	w.Must(err)
	if l := settings.Limits; l.Clicks != 500 || l.Downloads != 2 || l.Forms != 20 || settings.ClickAddresses != 7 {
		t.Errorf("%+v", settings)
	}
	for _, wrong := range []string{"0", "-1", "many", "100001"} {
		answer := save(map[string]string{"limit_forms": wrong}).Want(http.StatusUnprocessableEntity)
		if answer.Find("#pc-limit_forms-notes .pc-problem").Length() != 1 ||
			answer.Find("details[open]").Length() != 1 {
			t.Errorf("%s: %s", wrong, answer.Text)
		}
	}
}

// What is wrong is said beside its field, nothing typed is lost, and nothing
// is saved.
//
// Spec: S6, S8, S10
func TestWrongSettings(t *testing.T) {
	w := sidecartest.NewShop(t)
	before := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_settings`)
	for _, test := range []struct{ field, value, notes, says string }{
		{"cookie_days", "401", "#pc-cookie_days-notes", "400"},
		{"cookie_days", "many", "#pc-cookie_days-notes", "number"},
		{"cookie_days", "<script>alert(1)</script>", "#pc-cookie_days-notes", "at most 6 characters"},
		{"currency", "ZZZ", "#pc-currency-notes", "currency"},
		{"payment_method", "cash", "#pc-payment_method-notes", ""},
		{"threshold_amount", "5,0", "fieldset", "1250.50"},
		{"threshold_amount", "-1", "fieldset", "0 or more"},
	} {
		form := settingsForm("1")
		form[test.field] = append([]string{test.value}, form[test.field][min(1, len(form[test.field])):]...)
		answer := w.Send("admin/settings", form).Want(http.StatusUnprocessableEntity)
		if text := answer.Find(test.notes).Text(); !strings.Contains(text, test.says) {
			t.Errorf("%s %q: %q does not say %q", test.field, test.value, text, test.says)
		}
		if test.field != "payment_method" && answer.Find(`input[name=`+test.field+`]`).First().AttrOr("value",
			"") != strings.ToUpper(test.value) &&
			answer.Find(`input[name=`+test.field+`]`).First().AttrOr("value", "") != test.value {
			t.Errorf("%s %q is lost", test.field, test.value)
		}
	}
	if n := w.Count(`SELECT COUNT(*) FROM {wp}partner_center_settings`); n != before {
		t.Errorf("%d versions, want %d", n, before)
	}
}

// Two admins who save at once: the second is told, and undoes nothing unseen.
//
// Spec: S10
func TestSettingsSavedMeanwhile(t *testing.T) {
	w := sidecartest.NewShop(t)
	version := w.Open("admin/settings").Find("input[name=version]").AttrOr("value", "")
	w.Send("admin/settings", settingsForm(version)).Want(http.StatusSeeOther)
	if a := w.Send("admin/settings", settingsForm(version)).Want(http.StatusConflict); !strings.Contains(a.Text,
		"Someone else changed these settings") {
		t.Error(a.Text)
	}
}
