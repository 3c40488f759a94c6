package inbox

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"partnercenter/db"
)

// Report is a fact as the plugin appends it, for those who stand in for the
// plugin: the demo, whose year has no requests of visitors.
type Report struct {
	Kind, Source, ID string
	Seq              int64
	Click            string // raw cookie
	At               time.Time
	Payload          any // in layout 1 of the kind
}

// Append appends reports, in their order. One that is there already is an error.
func Append(ctx context.Context, q db.Queryer, reports []Report) error {
	rows := [][]any{}
	for _, r := range reports {
		text, err := json.Marshal(r.Payload)
		if err != nil {
			return err
		}
		rows = append(rows, []any{r.Kind, r.Source, r.ID, r.Seq, r.At, r.Click, string(text), r.At})
	}
	for part := range slices.Chunk(rows, db.RowsAtOnce) {
		err := db.Insert(ctx, q, `/* inbox.Append */ INSERT INTO {wp}partner_center_inbox
			(kind, source, external_id, seq, occurred_at, click, payload, created_at) VALUES `, part, "")
		if err != nil {
			return err
		}
	}
	return nil
}
