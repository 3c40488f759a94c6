package locale

import (
	"encoding/json"
	"fmt"
)

// packed is a Text as it is stored.
type packed struct {
	Context string      `json:"c,omitempty"`
	ID      string      `json:"i,omitempty"`
	Plural  string      `json:"p,omitempty"`
	N       int64       `json:"n,omitempty"`
	Layout  bool        `json:"l,omitempty"`
	Args    []packedArg `json:"a,omitempty"`
}

// packedArg is one of a Text's arguments: exactly one of these.
type packedArg struct {
	Word   *string `json:"w,omitempty"`
	Number *int64  `json:"n,omitempty"`
	Text   *packed `json:"t,omitempty"`
}

// Pack stores a sentence that is shown later, in whatever language its reader has. What
// stands in it is kept as a word, a whole number or a sentence; anything else as its
// English. Texts with values by name can't be packed.
func Pack(t Text) ([]byte, error) {
	if t.IsZero() {
		return nil, nil
	}
	if t.values != nil {
		return nil, fmt.Errorf("locale: %q has values by name", t.id)
	}
	return json.Marshal(pack(t))
}

func pack(t Text) *packed {
	p := &packed{Context: t.context, ID: t.id, Plural: t.plural, N: t.n, Layout: t.layout}
	for _, arg := range t.args {
		a, number := packedArg{}, int64(0)
		switch v := arg.(type) {
		case Text:
			a.Text = pack(v)
		case int:
			number = int64(v)
			a.Number = &number
		case int64:
			number = v
			a.Number = &number
		default:
			word := English.Text(Layout("%v", v))
			a.Word = &word
		}
		p.Args = append(p.Args, a)
	}
	return p
}

// Unpack is the sentence that was packed; what can't be read is none.
func Unpack(b []byte) Text {
	var p packed
	if json.Unmarshal(b, &p) != nil {
		return Text{}
	}
	return p.text()
}

func (p *packed) text() Text {
	t := Text{context: p.Context, id: p.ID, plural: p.Plural, n: p.N, layout: p.Layout}
	for _, a := range p.Args {
		switch {
		case a.Text != nil:
			t.args = append(t.args, a.Text.text())
		case a.Number != nil:
			t.args = append(t.args, *a.Number)
		case a.Word != nil:
			t.args = append(t.args, *a.Word)
		}
	}
	return t
}
