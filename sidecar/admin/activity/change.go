package activity

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"partnercenter/affiliate"
	"partnercenter/locale"
	"partnercenter/sidecar/web"
)

// change is a field that an action changed.
type change struct {
	Name          locale.Text
	Before, After locale.Text
}

// What a page shows of an action, at most.
const (
	maxChanges = 60
	maxValue   = 300 // characters
)

// changes are the fields in which before and after differ; of an object that was
// made or removed, all that hold anything. more tells that some are left out.
// Times are those of the zone.
func changes(r affiliate.AuditRecord, zone *time.Location) (found []change, more bool) {
	before, after := fieldsOf(r.Before), fieldsOf(r.After)
	all := maps.Clone(before)
	maps.Copy(all, after)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if before[name] == after[name] {
			continue
		}
		if len(found) == maxChanges {
			return found, true
		}
		said := func(text string) locale.Text { return value(text, zone) }
		if r.Action == "run again" {
			said = decision
		}
		found = append(found, change{fieldName(name), said(before[name]), said(after[name])})
	}
	return found, false
}

// fieldsOf are the values of JSON, by their way from the top: "Terms.Rate".
// Empty ones are left out: what was not there and what was empty look alike.
func fieldsOf(text []byte) map[string]string {
	fields := map[string]string{}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber() // amounts stay as they were written
	var all any
	if len(text) == 0 || decoder.Decode(&all) != nil {
		return fields
	}
	gather(fields, "", all)
	return fields
}

func gather(fields map[string]string, name string, v any) {
	below := func(key string) string { return strings.TrimPrefix(name+"."+key, ".") }
	switch v := v.(type) {
	case map[string]any:
		for key, inner := range v {
			gather(fields, below(key), inner)
		}
	case []any:
		for i, inner := range v {
			gather(fields, below(fmt.Sprint(i+1)), inner)
		}
	case nil:
	default:
		if text := fmt.Sprint(v); text != "" && text != "0001-01-01T00:00:00Z" {
			fields[name] = text
		}
	}
}

var (
	humps  = regexp.MustCompile(`([a-z0-9])([A-Z])`)
	payPal = regexp.MustCompile(`Pay Pal`)
	word   = regexp.MustCompile(`^[a-z]+(_[a-z]+)*$`)
)

// fieldName is a field as people read it: "Payment method" for PaymentMethod.
// The names are the program's own, and not translated.
func fieldName(name string) locale.Text {
	if name == "" {
		return locale.T("State")
	}
	name = humps.ReplaceAllString(name, "$1 $2")
	name = strings.NewReplacer("_", " ", ".", " › ").Replace(payPal.ReplaceAllString(name, "PayPal"))
	words := strings.Fields(name)
	for i, w := range words {
		if i > 0 && w != "ID" && w != "PayPal" && w != "URL" {
			words[i] = strings.ToLower(w)
		}
	}
	name = strings.Join(words, " ")
	return locale.Data(strings.ToUpper(name[:1]) + name[1:])
}

// decision is which decision on an order was in force: the whole of what a re-run writes down.
func decision(number string) locale.Text {
	if number == "" {
		return locale.Text{}
	}
	return locale.T("Decision %s", number)
}

func value(text string, zone *time.Location) locale.Text {
	at, err := time.Parse(time.RFC3339, text)
	switch {
	case err == nil:
		return locale.At(at.In(zone))
	case text == "true":
		return locale.T("Yes")
	case text == "false":
		return locale.T("No")
	case word.MatchString(text):
		return web.Words(text)
	case utf8.RuneCountInString(text) > maxValue:
		return locale.Data(string([]rune(text)[:maxValue]) + "…")
	}
	return locale.Data(text)
}
