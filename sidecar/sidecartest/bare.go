package sidecartest

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/net/html"
)

// Marking is the locale whose catalogue puts every sentence into ⟦ ⟧.
const Marking = "en_XA"

// shown are the attributes that people read.
var shown = map[string]bool{"title": true, "placeholder": true, "aria-label": true, "alt": true, "data-label": true,
	"data-colname": true}

// BareWords are the texts of a page in Marking that did not go through the
// catalogue: words outside of ⟦ ⟧ that are no data. Data are the given names,
// codes in capitals such as a currency's, dates, and whatever stands in elements of
// code, times, and the values of fields.
func (a *Answer) BareWords(names ...string) (bare []string) {
	a.Helper()
	root, err := html.Parse(strings.NewReader(a.Text))
	if err != nil {
		a.Fatal(err)
	}
	note := func(m *marks, text string) {
		if left := m.outside(text); holdsWords(left, names) {
			bare = append(bare, strings.Join(strings.Fields(text), " "))
		}
	}
	page := &marks{} // a sentence may go on behind a tag inside of it
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		switch {
		case n.Type == html.TextNode:
			note(page, n.Data)
		case n.Type == html.ElementNode && strings.Contains(" script style code pre time textarea ", " "+n.Data+" "):
			return
		}
		for _, attribute := range n.Attr {
			if shown[attribute.Key] && n.Data != "time" {
				note(&marks{}, attribute.Val)
			}
		}
		for child := n.FirstChild; child != nil; child = child.NextSibling {
			walk(child)
		}
	}
	walk(root)
	return bare
}

var (
	code = regexp.MustCompile(`\b[A-Z]{3}\b`)
	date = regexp.MustCompile(`\b\d{1,2} [A-Z][a-z]{2}\b|\b[A-Z][a-z]{2} \d{4}\b`) // a month has no mark
)

// holdsWords tells whether a text holds letters other than those of data.
func holdsWords(text string, names []string) bool {
	text = date.ReplaceAllString(code.ReplaceAllString(text, ""), "")
	for _, name := range names {
		text = strings.ReplaceAll(text, name, "")
	}
	return strings.ContainsFunc(text, unicode.IsLetter)
}

// marks counts how many sentences are open: they may be nested.
type marks struct{ open int }

// outside is the part of the next text that stands in no sentence.
func (m *marks) outside(text string) string {
	return strings.Map(func(c rune) rune {
		switch c {
		case '⟦':
			m.open++
		case '⟧':
			m.open--
			return -1
		}
		if m.open > 0 {
			return -1
		}
		return c
	}, text)
}
