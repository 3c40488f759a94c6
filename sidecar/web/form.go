package web

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
)

// Form reads posted fields and collects what is wrong with them. Values stay
// readable as they were typed, so that a form shown again loses nothing.
type Form struct {
	r        *Request
	Problems affiliate.Problems
}

// Form reads the request's body.
func (r *Request) Form() *Form { return &Form{r, affiliate.Problems{}} }

// Raw is a field as it was typed.
func (f *Form) Raw(name string) string { return f.r.PostForm(name) }

// Sent tells whether the form has the field, be it empty.
func (f *Form) Sent(name string) bool { _, sent := f.r.GetPostForm(name); return sent }

// All are the values of a field that stands several times.
func (f *Form) All(name string) []string { return f.r.PostFormArray(name) }

// Text is one line: trimmed, at most max characters, no control characters.
func (f *Form) Text(name string, max int) string {
	text := strings.TrimSpace(f.Raw(name))
	f.Problems.Check(utf8.RuneCountInString(text) <= max, name, "Please use at most %d characters.", max)
	f.Problems.Check(utf8.ValidString(text) && !strings.ContainsFunc(text, unicode.IsControl), name,
		"Please remove the line breaks and control characters.")
	return text
}

// LongText is several lines, at most max characters.
func (f *Form) LongText(name string, max int) string {
	text := strings.TrimSpace(strings.ReplaceAll(f.Raw(name), "\r\n", "\n"))
	f.Problems.Check(utf8.RuneCountInString(text) <= max, name, "Please use at most %d characters.", max)
	f.Problems.Check(utf8.ValidString(text) && !strings.ContainsRune(text, 0), name,
		"Please remove the characters that aren't text.")
	return text
}

// Ticked is a checkbox of a form that changes what is there. Browsers leave out one
// that isn't ticked, so the form names those that it shows in hidden fields "boxes";
// one that it doesn't show stays as it is now.
func (f *Form) Ticked(name string, now bool) bool {
	if !f.Sent(name) && !slices.Contains(strings.Fields(strings.Join(f.All("boxes"), " ")), name) {
		return now
	}
	return f.Bool(name)
}

// Seen is what a form names the version by that it was shown with, for changed.
func Seen(at time.Time) string { return at.UTC().Format(time.RFC3339Nano) }

// Current refuses a form that was shown before somebody else changed what it is about, at
// the given time.
func (f *Form) Current(changed time.Time) error { return f.Still(Seen(changed)) }

// Still refuses a form that was shown something else than what is there now.
func (f *Form) Still(now string) error {
	if seen := f.Raw("seen"); seen != "" && seen != now {
		return affiliate.Conflict(
			"Someone else changed this while you were editing. Review the current values and save again.")
	}
	return nil
}

// Bool is a checkbox of a form that asks for something anew.
func (f *Form) Bool(name string) bool { return f.Raw(name) != "" }

// Amount is money as people of their language type it: "12.50" or "12,50"; empty is zero.
func (f *Form) Amount(name string) money.Amount { return f.AmountOf(name, f.Raw(name)) }

// AmountOf is Amount for a text that is one of several under a name.
func (f *Form) AmountOf(name, text string) money.Amount {
	if text = strings.TrimSpace(text); text == "" {
		return money.Amount{}
	}
	plain, sure := f.r.Language().Plain(text)
	a, err := money.Parse(plain)
	f.Problems.Check(err == nil && sure, name, "Please write amounts like %s.", f.r.Language().Typed("1250.50"))
	return a
}

// Percent is a rate as people of their language type it: 7.5, 7,5 or 7.5 %; empty is zero.
func (f *Form) Percent(name string) money.Rate {
	text := strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(f.Raw(name)), "%"))
	if text == "" {
		return 0
	}
	plain, sure := f.r.Language().Plain(text)
	rate, err := money.ParsePercent(plain)
	f.Problems.Check(err == nil && sure, name, "Please write a percentage like %s.", f.r.Language().Typed("7.5"))
	return rate
}

// FormID is the id of something chosen from a list; 0 when nothing is.
func FormID[I ~int64](f *Form, name string) I {
	text := strings.TrimSpace(f.Raw(name))
	if text == "" {
		return 0
	}
	id, err := strconv.ParseInt(text, 10, 64)
	f.Problems.Check(err == nil && id > 0, name, "Please choose one from the list.")
	return I(id)
}

// Err is what is wrong with the form so far; nil when nothing is.
func (f *Form) Err() error { return f.Problems.Err() }

// Refused takes in what a domain call says about the fields and tells whether
// the form must be shown again; any other error is returned as it is.
func (f *Form) Refused(err error) (again bool, rest error) {
	var e *affiliate.Error
	if err == nil || !errors.As(err, &e) || e.Kind != affiliate.KindInvalid {
		return false, err
	}
	for field, text := range e.Fields {
		f.Problems.Say(field, text)
	}
	if len(e.Fields) == 0 {
		f.Problems.Say("", e.Message)
	}
	return true, nil
}

// Overtaken is Refused for forms about something that others act on as well:
// where somebody was quicker, it is shown as it is now and says so.
func (f *Form) Overtaken(err error) (again bool, rest error) {
	if affiliate.KindOf(err) == affiliate.KindConflict {
		f.Problems.Add("", "%s", err)
		return true, nil
	}
	return f.Refused(err)
}
