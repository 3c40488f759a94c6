package affiliate

import (
	"errors"
	"maps"
	"slices"

	"partnercenter/locale"
)

// Kind says what an error means to whoever caused it; the sidecar maps kinds
// to HTTP statuses in one place.
type Kind int

// The kinds. Anything that is no Error is an internal fault.
const (
	KindInvalid   Kind = iota + 1 // the input is wrong; Fields says where
	KindNotFound                  // it does not exist, or not for this person
	KindConflict                  // it was right, but the state of things does not allow it
	KindForbidden                 // this person may not
)

// Error is an error for people: a sentence that says what to do, and for
// forms a sentence for each field. Logs have it in English, pages in the
// language of whoever caused it.
type Error struct {
	Kind    Kind
	Message locale.Text
	Fields  map[string]locale.Text // form field → what is wrong with it
}

func (e *Error) Error() string { return e.Text().String() }

// Text is the whole of it as one sentence, for where there is no form.
func (e *Error) Text() locale.Text {
	all := e.Message
	for i, field := range slices.Sorted(maps.Keys(e.Fields)) {
		if i == 0 {
			all = locale.Layout("%s %s: %s", all, field, e.Fields[field])
		} else {
			all = locale.Layout("%s; %s: %s", all, field, e.Fields[field])
		}
	}
	return all
}

// SentenceOf is what err says to people. What is no Error is in English.
func SentenceOf(err error) locale.Text {
	var e interface{ Text() locale.Text }
	if errors.As(err, &e) {
		return e.Text()
	}
	return locale.Data(err.Error())
}

// Missing is an Error of KindNotFound. Its format, as that of all functions
// that make an Error, is a sentence of the catalogue: see locale.T.
func Missing(format string, args ...any) error {
	return newError(KindNotFound, locale.T(format, args...))
}

// Conflict is an Error of KindConflict.
func Conflict(format string, args ...any) error {
	return newError(KindConflict, locale.T(format, args...))
}

// Forbidden is an Error of KindForbidden.
func Forbidden(format string, args ...any) error {
	return newError(KindForbidden, locale.T(format, args...))
}

// Invalid is an Error of KindInvalid about one field of a form; "" is the form
// as a whole.
func Invalid(field, format string, args ...any) error {
	return Problems{field: locale.T(format, args...)}.Err()
}

func newError(kind Kind, message locale.Text) error { return &Error{Kind: kind, Message: message} }

// KindOf is the kind of err, 0 for internal faults and nil.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return 0
}

// Problems collects what is wrong with a form, so that all of it is shown at once.
type Problems map[string]locale.Text

// Add notes a problem of a field; the first of each field stays.
func (p Problems) Add(field, format string, args ...any) { p.Say(field, locale.T(format, args...)) }

// Say is Add for a sentence that is there already.
func (p Problems) Say(field string, text locale.Text) {
	if _, has := p[field]; !has {
		p[field] = text
	}
}

// Check notes the problem unless ok.
func (p Problems) Check(ok bool, field, format string, args ...any) {
	if !ok {
		p.Add(field, format, args...)
	}
}

// Err is nil without problems, else an Error of KindInvalid.
func (p Problems) Err() error {
	if len(p) == 0 {
		return nil
	}
	return &Error{Kind: KindInvalid, Message: locale.T("Please check the marked fields."), Fields: p}
}
