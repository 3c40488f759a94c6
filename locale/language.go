package locale

import (
	"fmt"
	"html"
	"html/template"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/bojanz/currency"
)

// Language is how one reader is spoken to: sentences by the best catalogue
// there is, numbers and money in the way of the locale, which may have none.
// A Language never changes and is safe for concurrent use.
type Language struct {
	code     string     // as asked for: "de_DE_formal"
	words    string     // of the best catalogue: "de"
	catalogs []*catalog // the best first; a sentence that none knows stays English
	pseudo   bool
}

// English is the language of the source.
var English = &Language{code: "en_US", words: "en"}

// pseudoCode is the locale that marks what goes through the catalogue, so that
// tests and developers see what does not.
const pseudoCode = "en_XA"

// known are the languages that were asked for, by code. WordPress offers its
// people only the locales it has installed, so that they are few.
var known sync.Map

// For is the language of a locale as WordPress names it: "de_DE_formal" falls
// back to "de_DE", "de" and English, sentence by sentence. Unknown and empty
// ones are English.
func For(code string) *Language {
	if found, ok := known.Load(code); ok {
		return found.(*Language)
	}
	found, _ := known.LoadOrStore(code, newLanguage(code, catalogs()))
	return found.(*Language)
}

func newLanguage(code string, catalogs map[string]*catalog) *Language {
	l := &Language{code: code, words: "en", pseudo: code == pseudoCode}
	for name := code; name != ""; name = parent(name) {
		c, ok := catalogs[name]
		if !ok {
			continue
		}
		if l.catalogs == nil {
			l.words = name
		}
		l.catalogs = append(l.catalogs, c)
	}
	return l
}

// parent is the next more general locale: de_DE_formal, de_DE, de, "".
func parent(code string) string {
	i := strings.LastIndexAny(code, "_-")
	return code[:max(i, 0)]
}

// Code is the locale that was asked for, "de_DE", for what writes numbers and
// money.
func (l *Language) Code() string { return l.code }

// Tag is the language of the sentences as HTML names it: "de", "pt-BR".
func (l *Language) Tag() string {
	parts := strings.Split(l.words, "_")
	return strings.Join(parts[:min(len(parts), 2)], "-")
}

// rightToLeft are the languages written so, as WordPress lists them.
var rightToLeft = regexp.MustCompile(`^(ar|ary|azb|ckb|dv|fa|haz|he|ps|sd|skr|ug|ur|yi)(_|$)`)

// Dir is the direction of the sentences: "ltr" or "rtl".
func (l *Language) Dir() string {
	if rightToLeft.MatchString(l.words) {
		return "rtl"
	}
	return "ltr"
}

// T is a sentence in the language; see the function T.
func (l *Language) T(id string, args ...any) string {
	if false {
		_ = fmt.Sprintf(id, args...)
	}
	return l.Text(Text{id: id, args: args})
}

// Text is a sentence in the language.
func (l *Language) Text(t Text) string {
	return l.render(t, func(arg any) any {
		if shown, ok := arg.(Shown); ok {
			return shown.Show(l)
		}
		return arg
	})
}

// HTML is a sentence that holds markup, T(`See <a href="%s">all of it</a>.`,
// url). The sentence is trusted, its arguments are not: they are escaped, other
// than those that are HTML already, and must not stand where a script is
// expected. Addresses must be our own.
func (l *Language) HTML(t Text) template.HTML {
	return template.HTML(l.render(t, func(arg any) any {
		switch arg := arg.(type) {
		case template.HTML:
			return string(arg)
		case Text:
			return string(l.HTML(arg))
		case Shown:
			return html.EscapeString(arg.Show(l))
		case string:
			return html.EscapeString(arg)
		case fmt.Stringer:
			return html.EscapeString(arg.String())
		case int, int64, int32, uint, uint64, float64, bool:
			return arg
		}
		return html.EscapeString(fmt.Sprint(arg))
	}))
}

// render fills the translated sentence in.
func (l *Language) render(t Text, show func(any) any) string {
	if t.id == "" {
		return ""
	}
	args := make([]any, 0, len(t.args)+1)
	if t.plural != "" {
		args = append(args, count{t.n, l})
	}
	for _, arg := range t.args {
		args = append(args, show(arg))
	}
	if t.layout {
		return fmt.Sprintf(t.id, args...)
	}
	text := fmt.Sprintf(l.lookup(t), args...)
	if t.values != nil {
		text = fill(text, func(name string) any { return show(t.value(name)) })
	}
	if l.pseudo {
		return "⟦" + text + "⟧"
	}
	return text
}

// value is what stands for a {name}.
func (t Text) value(name string) any {
	switch v := t.values[name].(type) {
	case nil:
	case string:
		if v != "" {
			return v
		}
	case Text:
		if !v.IsZero() {
			return v
		}
	default:
		return v
	}
	return T("none")
}

// fill puts values in the places of {names}.
func fill(text string, value func(name string) any) string {
	return placeholder.ReplaceAllStringFunc(text, func(name string) string {
		return fmt.Sprint(value(strings.Trim(name, "{}")))
	})
}

var placeholder = regexp.MustCompile(`\{[a-z]+\}`)

// lookup is the translated sentence, or the English one.
func (l *Language) lookup(t Text) string {
	for _, c := range l.catalogs {
		if text, ok := c.find(t); ok {
			return text
		}
	}
	if t.plural != "" && t.n != 1 {
		return t.plural
	}
	return t.id
}

// count is a number that %d writes with the language's thousands separators.
type count struct {
	n int64
	l *Language
}

func (c count) Format(f fmt.State, _ rune) { fmt.Fprint(f, c.l.Number(c.n)) }

// Number is a count with the locale's thousands separators: 1,234,567.
func (l *Language) Number(n int64) string {
	amount, err := currency.NewAmountFromInt64(n, "JPY") // any currency without decimals
	if err != nil {
		return fmt.Sprint(n)
	}
	formatter := currency.NewFormatter(currency.NewLocale(Region(l.code)))
	formatter.CurrencyDisplay = currency.DisplayNone
	formatter.MaxDigits = currency.DefaultDigits
	return formatter.Format(amount)
}

// Date is a day of the calendar: 2 Jan 2006. Only t's date counts, in its own zone.
func (l *Language) Date(t time.Time) string { return l.layout(t, l.plain("date", "2 Jan 2006")) }

// ShortDate is a day of a year that is known: 2 Jan.
func (l *Language) ShortDate(t time.Time) string { return l.layout(t, l.plain("date", "2 Jan")) }

// Month is a month of the calendar: Jan 2006.
func (l *Language) Month(t time.Time) string { return l.layout(t, l.plain("date", "Jan 2006")) }

// Clock is the time of a day that is known: 15:04.
func (l *Language) Clock(t time.Time) string { return t.Format(l.plain("date", "15:04")) }

// Moment is a day and the time of day: 2 Jan 2006, 15:04.
func (l *Language) Moment(t time.Time) string {
	return l.layout(t, l.plain("date and time", "2 Jan 2006, 15:04"))
}

// layout writes t by a layout of package time, whose Jan is the language's own.
func (l *Language) layout(t time.Time, layout string) string {
	before, after, found := strings.Cut(layout, "Jan")
	if !found {
		return t.Format(layout)
	}
	return t.Format(before) + l.plain("month", months[t.Month()-1].id) + t.Format(after)
}

// plain is a word of a date, which the pseudo language leaves alone.
func (l *Language) plain(context, id string) string { return l.lookup(Text{context: context, id: id}) }

// months, and the layouts of dates, are listed for the catalogue.
var months = [12]Text{C("month", "Jan"), C("month", "Feb"), C("month", "Mar"), C("month", "Apr"), C("month", "May"),
	C("month", "Jun"),
	C("month", "Jul"), C("month", "Aug"), C("month", "Sep"), C("month", "Oct"), C("month", "Nov"), C("month", "Dec")}

var _ = []Text{C("date", "2 Jan"), C("date", "Jan 2006"), C("date", "15:04"), C("date", "2 Jan 2006"),
	C("date and time", "2 Jan 2006, 15:04")}
