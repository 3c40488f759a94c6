// Package locale is the one catalogue of all sentences for people. A sentence
// is written in English where it is said, kept as a Text until it is shown, and
// shown by the Language of whoever reads it. Translations are gettext files in
// catalogs/; docs/translating.md tells how to add one.
//
//	go test ./locale -update
//
// collects the sentences of the program into catalogs/partner-center.pot, and
// brings every translation up to date with it.
package locale

import (
	"fmt"
	"reflect"
	"slices"
	"time"
)

// Text is a sentence for people that is not translated yet: a message id, which
// is the English sentence with the verbs of fmt, and what stands in for them.
// The zero Text is the empty sentence. Texts are values: they can be kept,
// passed around, and used as an argument of another one.
type Text struct {
	context, id, plural string
	n                   int64
	args                []any
	values              map[string]any // for {names}; see With
	layout              bool           // id is no sentence: it is the same in every language
}

// T is a sentence: T("%s earns %s.", name, amount). The first argument has to be
// a constant, or the catalogue cannot know it; a percent sign is written %%.
// Arguments that are a Text or Shown are rendered in the reader's language too.
func T(id string, args ...any) Text {
	if false {
		_ = fmt.Sprintf(id, args...) // has go vet check the verbs of every caller
	}
	return Text{id: id, args: args}
}

// C is a sentence or word of which English has one and another language may
// have several: C("noun", "Order") and C("verb", "Order").
func C(context, id string, args ...any) Text {
	if false {
		_ = fmt.Sprintf(id, args...)
	}
	return Text{context: context, id: id, args: args}
}

// N is a sentence that depends on a number, which is the first argument of both
// forms: N("%d click by %s", "%d clicks by %s", clicks, name). Both must use it:
// in some languages the form for one is also that for 21.
func N[I ~int | ~int64](one, many string, n I, args ...any) Text {
	return Text{id: one, plural: many, n: int64(n), args: args}
}

// Layout puts texts and data together in a way that is the same in every
// language: Layout("%s (%s)", name, code). It must not hold words.
func Layout(format string, args ...any) Text {
	if false {
		_ = fmt.Sprintf(format, args...)
	}
	return Text{id: format, args: args, layout: true}
}

// Data is what is shown as it is in every language: names, addresses, codes.
func Data(text string) Text {
	if text == "" {
		return Text{}
	}
	return Layout("%s", text)
}

// With is the sentence with values in the places of its {names}, for sentences
// that are found by a code and whose values are stored with it: T("{partner}
// earns {amount}."). A value that is missing, "" or an empty Text is "none".
func (t Text) With(values map[string]any) Text {
	t.values = values
	return t
}

// At is a moment with its minute, by the clock of t's own zone.
func At(t time.Time) Text { return Layout("%s", moment(t)) }

type moment time.Time

func (m moment) String() string { return m.Show(English) }

func (m moment) Show(l *Language) string { return l.Moment(time.Time(m)) }

// Shown is a value that is written differently in each language: an amount of
// money, a day.
type Shown interface {
	Show(*Language) string
}

// IsZero tells whether there is no sentence.
func (t Text) IsZero() bool { return t.id == "" }

// Equal tells whether both are the same sentence with the same arguments; go-cmp
// asks for it.
func (t Text) Equal(other Text) bool { return reflect.DeepEqual(t, other) }

// String is the sentence in English, for logs and tests.
func (t Text) String() string { return English.Text(t) }

// Show is the sentence in a language; the same as Language.Text.
func (t Text) Show(l *Language) string { return l.Text(t) }

// Join is one sentence after the other; empty ones are left out.
func Join(sentences ...Text) Text {
	sentences = slices.DeleteFunc(slices.Clone(sentences), Text.IsZero)
	if len(sentences) == 0 {
		return Text{}
	}
	all := sentences[0]
	for _, next := range sentences[1:] {
		all = Layout("%s %s", all, next)
	}
	return all
}
