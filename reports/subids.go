package reports

import (
	"context"

	"partnercenter/affiliate/tracking"
	"partnercenter/locale"
)

// subidsReport shows what each SubID brought a partner (S122).
var subidsReport = &Report{
	Name: "subids", Title: locale.T("SubIDs"), For: ForPartner,
	Help:    locale.T("Results by SubID. SubIDs of people who share your link count here, too."),
	Filters: []Filter{FilterRange, FilterStep},
	forward: true,
	table:   subidsTable,
}

func subidsTable(ctx context.Context, s source, q Query) (*Table, error) {
	return strangersTable(ctx, s, q, bySubID, "subid:", fields[string]{
		{Column: Column{Key: "subid", Name: locale.T("SubID"), Kind: KindText},
			Value: func(subid *string) Cell { return subidCell(*subid).noted(cutNote(*subid)) }},
		{Column: Column{Key: "cut", Name: locale.T("Length"), Kind: KindText, FileOnly: true},
			Value: func(subid *string) Cell { return Sentence(cutNote(*subid)) }}})
}

// cutNote flags a SubID as long as one can be (S122): whether anything was cut off is
// not known any more.
func cutNote(subid string) locale.Text {
	if !tracking.SubIDFull(subid) {
		return locale.Text{}
	}
	return locale.T("maximum length: the rest is cut off")
}

func subidCell(subid string) Cell {
	switch text := tracking.SubIDText(subid); {
	case subid == allOthers:
		return Sentence(locale.T("(all others)"))
	case subid == level2Source:
		return throughRecruits
	case text == "":
		return none
	default:
		return Text(text)
	}
}
