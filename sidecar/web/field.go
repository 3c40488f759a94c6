package web

import (
	"fmt"
	"reflect"
	"slices"

	"partnercenter/affiliate"
	"partnercenter/locale"
)

// Field is a form's field as the templates "text-field", "area-field",
// "select-field" and "radio-field" print it: label, input, what is wrong with
// it, and help, tied together for screen readers.
type Field struct {
	Name, Label, Value string
	Problem, Help      string
	Kind               string // of the input: text, email, url, password
	Class              string
	Auto               string // autocomplete: what browsers may fill in
	Fixed              bool   // shown, not to be changed
	Options            []Option
}

// Option is one choice of a Field.
type Option struct {
	Value  string
	Label  locale.Text
	Chosen bool
}

// newField is the template function field: name, label, the value as typed,
// the form's problems, and perhaps a help text. Label and help are sentences of
// the catalogue.
func newField(l *locale.Language, name string, label, value any, problems affiliate.Problems, help ...any) Field {
	f := Field{Name: name, Label: wording(l, label), Value: fmt.Sprint(value), Problem: l.Text(problems[name]),
		Kind: "text"}
	if len(help) > 0 {
		f.Help = wording(l, help[0])
	}
	return f
}

// wording is a sentence that a template writes out, or has; "" is none.
func wording(l *locale.Language, text any) string {
	if id, ok := text.(string); ok {
		return l.T(id, []any(nil)...)
	}
	return say(l, text)
}

// kind is the template function that sets the input's type.
func kind(kind string, f Field) Field { f.Kind = kind; return f }

// short makes the input as wide as a number.
func short(f Field) Field { f.Class = "small-text pc-short"; return f }

// auto is the template function that says what browsers may fill in: "email".
func auto(what string, f Field) Field { f.Auto = what; return f }

// fixed is the template function for a value that is shown only.
func fixed(yes bool, f Field) Field { f.Fixed = yes; return f }

// among is the template function that offers choices: labelled values of a
// domain type, or Options.
func among(l *locale.Language, options any, f Field) Field {
	f.Options = said(l, Options(options, f.Value))
	return f
}

// said are options whose labels templates can print.
func said(l *locale.Language, options []Option) []Option {
	options = slices.Clone(options)
	for i, o := range options {
		options[i].Label = locale.Data(l.Text(o.Label))
	}
	return options
}

// Options are choices with the chosen one marked.
func Options(list any, chosen string) []Option {
	if ready, ok := list.([]Option); ok {
		marked := make([]Option, len(ready))
		for i, o := range ready {
			o.Chosen = o.Value == chosen
			marked[i] = o
		}
		return marked
	}
	var options []Option
	values := reflect.ValueOf(list)
	for i := range values.Len() {
		value := values.Index(i).Interface()
		text := fmt.Sprint(value)
		options = append(options, Option{text, Label(value), text == chosen})
	}
	return options
}
