package web

import (
	"cmp"
	"html/template"
	"net/url"
	"slices"
	"strings"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/wpbridge"
)

// View is what a page template sees: the request, the page's own Data and the
// ways to print things. Inside {{range}} and {{with}} it is $.
type View struct {
	*Request
	Title string
	Data  any
	Flash *sealedFlash
}

// URL prints a link to a page of ours; see Surface.URL.
func (v View) URL(path string, query ...string) string { return v.Surface.URL(path, query...) }

// Link is URL with a query that a handler has made, and more behind it.
func (v View) Link(path string, query []string, more ...string) string {
	return v.Surface.URL(path, slices.Concat(query, more)...)
}

// Most is how many bytes a form of this page may have, unless it says so itself.
func (v View) Most() int {
	if v.Surface.Admin() {
		return maxAdminsBody
	}
	return maxBody
}

// With is the view for a part of the page that has data of its own.
func (v View) With(data any) View { v.Data = data; return v }

// GetForm is the target of a filter form; see Surface.GetForm.
func (v View) GetForm(path string) GetForm { return v.Surface.GetForm(path) }

// Money prints an amount the one way amounts are printed.
func (v View) Money(a money.Amount, c money.Currency) string {
	return money.Format(a, c, v.Language().Code())
}

// Date prints the site's day of a moment in words; exact times stand in the
// time element's attribute.
func (v View) Date(t time.Time) template.HTML { return v.moment(t, v.Language().Date) }

// Time prints a moment with its minute.
func (v View) Time(t time.Time) template.HTML { return v.moment(t, v.Language().Moment) }

// Clock prints the time of day of a moment whose day is known.
func (v View) Clock(t time.Time) template.HTML { return v.moment(t, v.Language().Clock) }

// ClockOn prints the time of day of a moment of today, and with its day of any other.
func (v View) ClockOn(t time.Time) template.HTML {
	if zone := v.Site.Zone(); affiliate.DayOf(t, zone) == affiliate.DayOf(v.Site.Now(), zone) {
		return v.Clock(t)
	}
	return v.Time(t)
}

// Ordinal is the number of the i-th of a list that begins with 0.
func (v View) Ordinal(i int) string { return v.Number(int64(i) + 1) }

func (v View) moment(t time.Time, words func(time.Time) string) template.HTML {
	if t.IsZero() {
		return ""
	}
	local := t.In(v.Site.Zone())
	exact := local.Format(time.RFC3339)
	return template.HTML(`<time datetime="` + exact + `" title="` + exact + `">` +
		template.HTMLEscapeString(words(local)) + `</time>`)
}

// ZoneName names the site's time zone.
func (v View) ZoneName() string {
	return wpbridge.ZoneName(v.handover().Timezone)
}

// Can tells whether the person has a capability.
func (v View) Can(capability string) bool { return v.Who.User.Can(capability) }

// At tells whether the shown page belongs to this section of the navigation.
// The first page of an area ("" and "admin") has nothing below it.
func (v View) At(section string) bool {
	here := v.path()
	return here == section || section != "" && section != "admin" && strings.HasPrefix(here, section+"/")
}

// Action is where a form with method GET goes; such forms drop the query of
// their action, so embedded the page's own state travels in HiddenState.
func (v View) Action() string {
	action, _, _ := strings.Cut(v.Surface.URL(v.path()), "?")
	return action
}

// HiddenState holds the variables of the embedding page, and the path, as
// hidden fields; the plugin adds the form's own fields to the query of pc.
func (v View) HiddenState() template.HTML {
	u, err := url.Parse(v.Surface.URL(v.path()))
	if err != nil {
		return ""
	}
	var out strings.Builder
	for name, values := range u.Query() {
		for _, value := range values {
			out.WriteString(`<input type="hidden" name="` + template.HTMLEscapeString(name) + `" value="` +
				template.HTMLEscapeString(value) + `">`)
		}
	}
	return template.HTML(out.String())
}

func (v View) handover() wpbridge.Handover { return v.Site.Handover() }

// LoginURL is the site's login page, from which people come back to a page of ours.
func (v View) LoginURL(path string) string { return v.Site.loginURL(v.absolute(path)) }

// LogoutURL ends the WordPress login; WordPress asks to confirm.
func (v View) LogoutURL() string {
	h := v.handover()
	return cmp.Or(h.LogoutURL, h.SiteURL+"/wp-login.php?action=logout")
}

// functions are those that need neither a request nor a language; see wordsOf.
var functions = template.FuncMap{
	"join":  strings.Join,
	"kind":  kind,
	"short": short,
	"auto":  auto,
	"fixed": fixed,
}
