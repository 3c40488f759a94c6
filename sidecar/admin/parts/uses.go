package parts

import (
	"partnercenter/affiliate"
	"partnercenter/affiliate/messages"
	"partnercenter/locale"
	"partnercenter/sidecar/web"
)

// UsesForm is the choice of which mails go out, and with which text, for the
// template "uses".
type UsesForm struct {
	Rows     []UseRow
	Problems affiliate.Problems
}

// UseRow is one occasion.
type UseRow struct {
	Name, When locale.Text
	Field      string // of the text; "on_" and it is the switch
	On         bool
	Optional   bool
	Texts      []web.Option
	Message    messages.MessageID // 0: ready-made
}

// NewUsesForm shows what was chosen.
func NewUsesForm(chosen []messages.Chosen) (f UsesForm) {
	for _, c := range chosen {
		row := UseRow{Name: c.Name, When: c.When, Field: string(c.Occasion), On: c.On, Optional: c.Choice != "",
			Message: c.MessageID}
		options := []web.Option{{Value: "0", Label: locale.T("Ready-made text, in each reader's language")}}
		for _, m := range c.Messages {
			options = append(options, web.Option{Value: m.ID.String(), Label: locale.Data(m.Name)})
		}
		row.Texts = web.Options(options, c.MessageID.String())
		f.Rows = append(f.Rows, row)
	}
	return f
}

// PostedUses is the form as it was sent, and what it asks for; rows that it doesn't have
// stay as they are.
func PostedUses(f *web.Form, chosen []messages.Chosen) (UsesForm, map[messages.Occasion]messages.Use) {
	wanted := map[messages.Occasion]messages.Use{}
	for i, c := range chosen {
		if !f.Sent(string(c.Occasion)) {
			wanted[c.Occasion] = c.Use
			continue
		}
		use := messages.Use{On: f.Bool("on_" + string(c.Occasion))}
		if f.Raw(string(c.Occasion)) != "0" {
			use.MessageID = web.FormID[messages.MessageID](f, string(c.Occasion))
		}
		chosen[i].Use, wanted[c.Occasion] = use, use
	}
	return NewUsesForm(chosen), wanted
}

// Trouble is what is wrong with a row's choice.
func (f UsesForm) Trouble(field string) locale.Text { return f.Problems[field] }
