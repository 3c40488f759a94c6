package ledger

import (
	"crypto/sha256"
	"strconv"
	"strings"
	"time"

	"partnercenter/affiliate"
)

// SealSQL is the seal of a journal's row j as the database works it out: the
// SHA-256 of whatever of it no other row repeats. It is what journal.seal makes
// when the row is written, so that a change afterwards shows (B1).
const SealSQL = `UNHEX(SHA2(CONCAT_WS('|', j.partner_id, j.currency, j.seq, j.kind, COALESCE(j.payout_line_id, ''),
	COALESCE(j.related_id, ''), j.occurred_at, j.day, j.recorded_at, j.actor, j.reason), 256))`

// seal is SealSQL of a journal that is not written yet.
func (j Journal) seal() []byte {
	id := func(id int64) string {
		if id == 0 {
			return ""
		}
		return strconv.FormatInt(id, 10)
	}
	at := func(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05.000000") }
	sum := sha256.Sum256([]byte(strings.Join([]string{id(int64(j.PartnerID)), string(j.Currency), strconv.Itoa(j.Seq),
		string(j.Kind), id(int64(j.PayoutLineID)), id(int64(j.RelatedID)), at(j.OccurredAt), j.Day.String(),
		at(j.RecordedAt), string(j.Actor), affiliate.Cut(j.Reason, 255)}, "|")))
	return sum[:]
}
