package settings

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/locale"
	"partnercenter/sidecar/admin/parts"
	"partnercenter/sidecar/web"
)

// settingsPage is the form of the global settings (S1-S10). Its fields are as
// typed, so that nothing is lost when the form is shown again.
type settingsPage struct {
	Version       int
	PaymentMethod string
	Thresholds    []threshold
	Currency      string
	Credit        string
	Coupons       string
	CookieDays    string
	LegacyParams  bool
	LinkDomain    string // S49
	PayDay        string // of the month, "" for none (S143)
	TwoPeople     bool   // B16
	PayPalComma   bool
	Payments      []affiliate.PaymentPolicy
	Credits       []affiliate.Credit
	Priorities    []affiliate.CouponPriority
	Limits        []limit
	LimitsOpen    bool   // something is wrong with one
	PluginPage    string // the plugin's own settings
	Snippet       string // for pages on other sites (S62)
	Problems      affiliate.Problems
}

type threshold struct{ Currency, Amount string }

type limit struct {
	Field string
	Name  locale.Text
	Value string
	Usual locale.Text
}

func usual(l affiliate.Limit) limit {
	return limit{Field: l.Field, Name: l.Name, Usual: locale.T("Usual: %d", *l.Value)}
}

// limits are the fields for the limits of s, their values as text gives them.
func limits(s affiliate.Settings, text func(affiliate.Limit) string) (all []limit) {
	defaults := affiliate.DefaultSettings()
	for i, one := range s.LimitList() {
		field := usual(defaults.LimitList()[i])
		field.Value = text(one)
		all = append(all, field)
	}
	return all
}

var settingsTitle = locale.T("Settings")

// Settings shows the global settings.
func (p *Pages) Settings(r *web.Request) error {
	s, err := p.Registry.Settings(r.Ctx())
	if err != nil {
		return err
	}
	if s.Version == 0 && r.Site.Handover().Currency != "" {
		s.Currency = money.Currency(r.Site.Handover().Currency)
	}
	page := newSettingsPage(s, r.Language())
	page.around(r)
	return r.Page(pages, "settings.html", settingsTitle, page)
}

// around fills in what stands around the form.
func (p *settingsPage) around(r *web.Request) {
	p.PluginPage = r.Site.Handover().SiteURL + "/wp-admin/options-general.php?page=partner-center-settings"
	p.Snippet = snippet(r)
}

// SaveSettings puts the posted settings in force (S10).
func (p *Pages) SaveSettings(r *web.Request) error {
	form := r.Form()
	current, err := p.Registry.Settings(r.Ctx())
	if err != nil {
		return err
	}
	page := postedSettings(form, current)
	settings := page.settings(form, current)
	if err = form.Err(); err == nil && current.TwoPeople && !settings.TwoPeople {
		// Alone, a stolen login could pay itself: it must not open that door either (B16).
		if asked, err := r.PasswordAnew(false); asked || err != nil {
			return err
		}
	}
	if err == nil {
		_, err = p.Registry.SaveSettings(r.Ctx(), r.Who.Actor(), settings)
	}
	if again, err := form.Refused(err); err != nil {
		return err
	} else if again {
		page.Problems = form.Problems
		page.around(r)
		page.LimitsOpen = slices.ContainsFunc(page.Limits, func(l limit) bool {
			return !form.Problems[l.Field].IsZero()
		})
		return r.Invalid(pages, "settings.html", settingsTitle, page)
	}
	return r.Done(web.Flash{Text: locale.T("The settings are saved. They apply to every program from now on.")},
		parts.Settings)
}

// newSettingsPage is the form with the amounts as people of the language type them.
func newSettingsPage(s affiliate.Settings, l *locale.Language) settingsPage {
	page := settingsPage{
		Version:       s.Version,
		PaymentMethod: string(s.PaymentMethod),
		Currency:      string(s.Currency),
		Credit:        string(s.Credit),
		Coupons:       string(cmp.Or(s.Coupons, affiliate.ClickWins)),
		CookieDays:    strconv.Itoa(s.CookieDays),
		LegacyParams:  s.LegacyParams,
		LinkDomain:    s.LinkDomain,
		TwoPeople:     s.TwoPeople,
		PayPalComma:   s.PayPalComma,
	}
	if s.PayDay > 0 {
		page.PayDay = strconv.Itoa(s.PayDay)
	}
	page.Limits = limits(s, func(l affiliate.Limit) string {
		if *l.Value == 0 { // as usual, which an empty field means
			return ""
		}
		return strconv.Itoa(*l.Value)
	})
	for currency, amount := range s.Thresholds {
		page.Thresholds = append(page.Thresholds, threshold{string(currency),
			l.Typed(money.Decimal(amount, currency))})
	}
	return page.withChoices()
}

// withChoices adds the options of the form, and one empty line for a further threshold.
func (page settingsPage) withChoices() settingsPage {
	page.Payments = []affiliate.PaymentPolicy{affiliate.PayPal, affiliate.Check, affiliate.Choice}
	page.Credits = []affiliate.Credit{affiliate.LastReferrer, affiliate.FirstReferrer}
	page.Priorities = []affiliate.CouponPriority{affiliate.ClickWins, affiliate.CouponWins, affiliate.NewestWins}
	sortThresholds(page.Thresholds)
	page.Thresholds = append(page.Thresholds, threshold{})
	return page
}

// postedSettings is the form as it was typed; what it doesn't show is as in the settings
// of now.
func postedSettings(f *web.Form, now affiliate.Settings) settingsPage {
	page := settingsPage{
		PaymentMethod: f.Raw("payment_method"),
		Currency:      strings.ToUpper(f.Text("currency", 3)),
		Credit:        f.Raw("credit"),
		Coupons:       f.Raw("coupons"),
		CookieDays:    f.Text("cookie_days", 6),
		LegacyParams:  f.Ticked("legacy_params", now.LegacyParams),
		LinkDomain:    strings.ToLower(f.Text("link_domain", 190)),
		PayDay:        f.Text("pay_day", 6),
		TwoPeople:     f.Ticked("two_people", now.TwoPeople),
		PayPalComma:   f.Ticked("paypal_comma", now.PayPalComma),
	}
	page.Limits = limits(affiliate.Settings{}, func(l affiliate.Limit) string { return f.Text(l.Field, 6) })
	page.Version, _ = strconv.Atoi(f.Raw("version")) // nonsense is a version nobody saw: a conflict
	amounts, currencies := f.All("threshold_amount"), f.All("threshold_currency")
	for i := range min(len(amounts), len(currencies)) {
		t := threshold{strings.ToUpper(strings.TrimSpace(currencies[i])), strings.TrimSpace(amounts[i])}
		if t != (threshold{}) {
			page.Thresholds = append(page.Thresholds, t)
		}
	}
	return page.withChoices()
}

// settings is what the form means; what it cannot mean becomes a problem. What
// the form does not show stays as it is.
func (page settingsPage) settings(f *web.Form, current affiliate.Settings) affiliate.Settings {
	days, err := strconv.Atoi(page.CookieDays)
	f.Problems.Check(err == nil, "cookie_days", "Please write a whole number of days.")
	s := current
	s.Version, s.PaymentMethod, s.Credit = page.Version, affiliate.PaymentPolicy(page.PaymentMethod),
		affiliate.Credit(page.Credit)
	if page.Coupons != "" {
		s.Coupons = affiliate.CouponPriority(page.Coupons)
	}
	s.Currency, s.CookieDays, s.LegacyParams = money.Currency(page.Currency), days, page.LegacyParams
	s.LinkDomain, s.TwoPeople, s.PayPalComma = page.LinkDomain, page.TwoPeople, page.PayPalComma
	if s.PayDay = 0; page.PayDay != "" {
		s.PayDay, err = strconv.Atoi(page.PayDay)
		f.Problems.Check(err == nil, "pay_day", "Please enter a day of the month, 1 to 31, or 0 for none.")
	}
	for i, l := range s.LimitList() {
		if page.Limits[i].Value == "" {
			*l.Value = 0 // as usual
			continue
		}
		*l.Value, err = strconv.Atoi(page.Limits[i].Value)
		f.Problems.Check(err == nil && *l.Value > 0, l.Field, "Please write a whole number.")
	}
	s.Thresholds = map[money.Currency]money.Amount{}
	for _, t := range page.Thresholds {
		if t == (threshold{}) {
			continue
		}
		amount := f.AmountOf("thresholds", t.Amount)
		_, twice := s.Thresholds[money.Currency(t.Currency)]
		f.Problems.Check(!twice, "thresholds", "There are two thresholds for %.3s.", t.Currency)
		s.Thresholds[money.Currency(t.Currency)] = amount
	}
	return s
}

func sortThresholds(list []threshold) {
	slices.SortFunc(list, func(a, b threshold) int { return strings.Compare(a.Currency, b.Currency) })
}

// snippet is what the owner of another site pastes.
func snippet(r *web.Request) string {
	return `<script src="` + r.Site.Handover().PublicURL + `/t.js" async></script>`
}
