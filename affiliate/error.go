package affiliate

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
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
// forms a sentence for each field.
type Error struct {
	Kind    Kind
	Message string
	Fields  map[string]string // form field → what is wrong with it
}

func (e *Error) Error() string {
	if len(e.Fields) == 0 {
		return e.Message
	}
	parts := []string{}
	for _, field := range slices.Sorted(maps.Keys(e.Fields)) {
		parts = append(parts, field+": "+e.Fields[field])
	}
	return strings.TrimSpace(e.Message + " " + strings.Join(parts, "; "))
}

// Missing is an Error of KindNotFound.
func Missing(format string, args ...any) error {
	return &Error{Kind: KindNotFound, Message: fmt.Sprintf(format, args...)}
}

// Conflict is an Error of KindConflict.
func Conflict(format string, args ...any) error {
	return &Error{Kind: KindConflict, Message: fmt.Sprintf(format, args...)}
}

// Forbidden is an Error of KindForbidden.
func Forbidden(format string, args ...any) error {
	return &Error{Kind: KindForbidden, Message: fmt.Sprintf(format, args...)}
}

// KindOf is the kind of err, 0 for internal faults and nil.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return 0
}

// Problems collects what is wrong with a form, so that all of it is shown at once.
type Problems map[string]string

// Add notes a problem of a field; the first of each field stays.
func (p Problems) Add(field, format string, args ...any) {
	if _, has := p[field]; !has {
		p[field] = fmt.Sprintf(format, args...)
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
	return &Error{Kind: KindInvalid, Message: "Please check the marked fields.", Fields: p}
}
