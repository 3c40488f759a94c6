package reports

import (
	"context"
	"strconv"

	"partnercenter/affiliate"
	"partnercenter/locale"
)

// ownKinds are the kinds of the columns of the site's own fields.
var ownKinds = map[affiliate.FieldKind]Kind{affiliate.FieldText: KindText, affiliate.FieldNumber: KindNumber,
	affiliate.FieldDate: KindDate, affiliate.FieldChoice: KindText, affiliate.FieldYesNo: KindText}

// ownFields are the site's own fields of contacts (S32): what a user adds to the
// list, and all of them in files.
func ownFields(own []affiliate.ContactField) (fs fields[listed]) {
	for _, f := range own {
		fs = append(fs, field[listed]{Column: Column{Key: f.FormName(), Name: locale.Data(f.Name),
			Kind: ownKinds[f.Kind], FileOnly: true}, Value: func(p *listed) Cell { return ownCell(f, p.own[f.ID]) }})
	}
	return fs
}

// ownCell is a value as affiliate.FieldValues stores it.
func ownCell(f affiliate.ContactField, value string) Cell {
	switch f.Kind {
	case affiliate.FieldNumber:
		if n, err := strconv.ParseInt(value, 10, 64); err == nil {
			return Number(n)
		}
	case affiliate.FieldDate:
		if day, err := affiliate.ParseDay(value); err == nil {
			return Date(day)
		}
	case affiliate.FieldYesNo:
		switch value {
		case affiliate.FieldYes:
			return Sentence(locale.T("Yes"))
		case affiliate.FieldNo:
			return Sentence(locale.T("No"))
		}
	}
	return Text(value)
}

func (s source) ownValues(ctx context.Context, found []listed) (map[affiliate.ContactID]affiliate.FieldValues, error) {
	ids := make([]affiliate.ContactID, len(found))
	for i, p := range found {
		ids[i] = p.ContactID
	}
	return affiliate.LoadFieldValues(ctx, s.q, ids...)
}
