package tracking

import (
	"bytes"
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"strings"

	"partnercenter/affiliate"
	"partnercenter/db"
	"partnercenter/keyring"
)

// visit is a click to be stored: counted when reason is empty, otherwise only
// a counter of its reason.
type visit struct {
	id      affiliate.VisitID
	partner affiliate.PartnerID
	tool    affiliate.ToolID // 0: none named
	subID   string           // normalised
	page    string           // where it arrived, see landingPage
	visitor visitor
	day     affiliate.Day // the site's
	noSubID bool          // the partner has none (S123)
	reason  Reason
	seen    seenKey   // decides whether the visit is unique
	also    []seenKey // count as seen from now on as well
	crowd   bool      // one visitor too many of the network: never unique
	unique  bool      // set by storing it
}

// seenKey says that a partner was visited by somebody on a day.
type seenKey [16]byte

// identify computes the keys by which the visit is unique or not (D3). A
// visitor is their pc_visitor cookie. One who brought none is known by address
// and browser for that day, and by the cookie they are given now, so that their next
// click with it is no second visit. The key of the hash changes
// with the site's day: no day's hashes can be tied to another's.
func (v *visit) identify(key keyring.Key, device string) {
	daily := hmac.New(sha256.New, key.Secret[:])
	daily.Write([]byte(v.day.String()))
	h := seenHash{key: daily.Sum(nil), partner: v.partner}
	byCookie := h.of("cookie", string(v.visitor[:]))
	if device == "" {
		v.seen = byCookie
		return
	}
	v.seen, v.also = h.of("device", device), []seenKey{byCookie}
}

type seenHash struct {
	key     []byte
	partner affiliate.PartnerID
}

func (h seenHash) of(kind, who string) seenKey {
	m := hmac.New(sha256.New, h.key)
	var partner [8]byte
	binary.BigEndian.PutUint64(partner[:], uint64(h.partner))
	m.Write(partner[:])
	m.Write([]byte(kind))
	m.Write([]byte{0})
	m.Write([]byte(who))
	return seenKey(m.Sum(nil)[:16])
}

// batch is what one transaction stores.
type batch struct {
	instance int
	visits   []*visit // counted
	rejects  []*visit
	again    bool // whether an earlier try was committed is unknown
	// late: visits of earlier days come when sums of theirs may be kept already
	// (affiliate.DaysChanged); zero: any visit may.
	late affiliate.Day
}

// store writes the batch, in an order that keeps sidecars from waiting for each
// other in a circle: seen, visits, days, rejects, each sorted by its key.
// Storing visits again changes nothing.
func (b *batch) store(ctx context.Context, tx *db.Tx) error {
	visits, rejects := b.visits, b.rejects
	if b.again {
		var err error
		if visits, err = dropStored(ctx, tx, visits); err != nil {
			return err
		}
		if len(visits) < len(b.visits) {
			rejects = nil // stored by the same transaction
		}
	}
	if len(visits) > 0 {
		if err := markUnique(ctx, tx, visits); err != nil {
			return err
		}
		if err := insertVisits(ctx, tx, visits); err != nil {
			return err
		}
		if err := addDays(ctx, tx, b.instance, visits); err != nil {
			return err
		}
		if err := affiliate.DaysChanged(ctx, tx, b.lateDays(visits)...); err != nil {
			return err
		}
	}
	if len(rejects) == 0 {
		return nil
	}
	return addRejects(ctx, tx, b.instance, rejects)
}

func (b *batch) lateDays(visits []*visit) (days []affiliate.PartnerDay) {
	for _, v := range visits {
		if b.late.IsZero() || v.day.Before(b.late) {
			days = append(days, affiliate.PartnerDay{Partner: v.partner, Day: v.day})
		}
	}
	return days
}

// dropStored returns the visits that are not in the database yet, and gives the
// others their stored flag.
func dropStored(ctx context.Context, tx *db.Tx, visits []*visit) ([]*visit, error) {
	if len(visits) == 0 {
		return nil, nil
	}
	ids := make([]affiliate.VisitID, len(visits))
	for i, v := range visits {
		ids[i] = v.id
	}
	query, args, err := db.In(
		`/* tracking.dropStored */ SELECT id, is_unique FROM {wp}partner_center_visits WHERE id IN (?)`, ids)
	if err != nil {
		return nil, err
	}
	var rows []struct {
		ID     affiliate.VisitID `db:"id"`
		Unique bool              `db:"is_unique"`
	}
	if err := tx.Select(ctx, &rows, query, args...); err != nil {
		return nil, err
	}
	stored := map[affiliate.VisitID]bool{}
	for _, r := range rows {
		stored[r.ID] = r.Unique
	}
	return slices.DeleteFunc(slices.Clone(visits), func(v *visit) bool {
		unique, known := stored[v.id]
		if known {
			v.unique = unique
		}
		return known
	}), nil
}

// markUnique enters the visits' keys and flags the visits whose deciding key
// was not there before.
func markUnique(ctx context.Context, tx *db.Tx, visits []*visit) error {
	owners := map[seenKey]*visit{} // the earliest visit of each key in this batch
	for _, v := range visits {
		for _, key := range append(v.also, v.seen) {
			if o := owners[key]; o == nil || v.id < o.id {
				owners[key] = v
			}
		}
	}
	keys := make([]seenKey, 0, len(owners))
	for key := range owners {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b seenKey) int { return bytes.Compare(a[:], b[:]) })
	args := make([]any, 0, 3*len(keys))
	for _, key := range keys {
		args = append(args, key[:], owners[key].id, owners[key].day)
	}
	res, err := tx.Exec(ctx, rowsOf(`/* tracking.markUnique */
		INSERT IGNORE INTO {wp}partner_center_visit_seen (seen, visit_id, day) VALUES`, "(?,?,?)", len(keys), ""),
		args...)
	if err != nil {
		return err
	}
	inserted, err := res.RowsAffected()
	if err != nil {
		return err
	}
	winners := map[seenKey]affiliate.VisitID{}
	for key, v := range owners {
		winners[key] = v.id
	}
	if int(inserted) < len(keys) { // some had been seen: ask who was first
		if err := readSeen(ctx, tx, keys, winners); err != nil {
			return err
		}
	}
	for _, v := range visits {
		v.unique = winners[v.seen] == v.id && !v.crowd
	}
	return nil
}

func readSeen(ctx context.Context, tx *db.Tx, keys []seenKey, winners map[seenKey]affiliate.VisitID) error {
	args := make([]any, len(keys))
	for i := range keys {
		args[i] = keys[i][:]
	}
	var rows []struct {
		Seen    []byte            `db:"seen"`
		VisitID affiliate.VisitID `db:"visit_id"`
	}
	err := tx.Select(ctx, &rows, rowsOf(`/* tracking.readSeen */
		SELECT seen, visit_id FROM {wp}partner_center_visit_seen WHERE seen IN (`, "?", len(keys), ")"), args...)
	for _, r := range rows {
		winners[seenKey(r.Seen)] = r.VisitID
	}
	return err
}

func insertVisits(ctx context.Context, tx *db.Tx, visits []*visit) error {
	slices.SortFunc(visits, func(a, b *visit) int { return cmp.Compare(a.id, b.id) })
	args := make([]any, 0, 8*len(visits))
	for _, v := range visits {
		args = append(args, v.id, v.partner, int64(v.tool), v.subID, v.page, v.visitor[:], v.day, v.unique)
	}
	_, err := tx.Exec(ctx, rowsOf(`/* tracking.insertVisits */
		INSERT INTO {wp}partner_center_visits (id, partner_id, tool_id, subid, page, visitor, day, is_unique) VALUES`,
		"(?,?,?,?,?,?,?,?)", len(visits), ""), args...)
	return err
}

// addDays keeps the roll-up of the visits just inserted.
func addDays(ctx context.Context, tx *db.Tx, instance int, visits []*visit) error {
	type key struct {
		partner affiliate.PartnerID
		day     affiliate.Day
	}
	type counts struct{ clicks, uniques int }
	days := map[key]counts{}
	for _, v := range visits {
		c := days[key{v.partner, v.day}]
		c.clicks++
		if v.unique {
			c.uniques++
		}
		days[key{v.partner, v.day}] = c
	}
	args := make([]any, 0, 5*len(days))
	for _, k := range sortedKeys(days, func(a, b key) int {
		return cmp.Or(cmp.Compare(a.partner, b.partner), compareDays(a.day, b.day))
	}) {
		args = append(args, k.partner, k.day, instance, days[k].clicks, days[k].uniques)
	}
	_, err := tx.Exec(ctx, rowsOf(`/* tracking.addDays */
		INSERT INTO {wp}partner_center_visit_days (partner_id, day, instance, clicks, uniques) VALUES`, "(?,?,?,?,?)",
		len(days),
		`ON DUPLICATE KEY UPDATE clicks = clicks + VALUES(clicks), uniques = uniques + VALUES(uniques)`), args...)
	return err
}

func addRejects(ctx context.Context, tx *db.Tx, instance int, rejects []*visit) error {
	type key struct {
		day    affiliate.Day
		tool   affiliate.ToolID
		reason Reason
	}
	counts := map[key]int{}
	for _, v := range rejects {
		counts[key{v.day, v.tool, v.reason}]++
	}
	args := make([]any, 0, 5*len(counts))
	for _, k := range sortedKeys(counts, func(a, b key) int {
		return cmp.Or(compareDays(a.day, b.day), cmp.Compare(a.tool, b.tool), cmp.Compare(a.reason, b.reason))
	}) {
		args = append(args, k.day, int64(k.tool), k.reason, instance, counts[k])
	}
	_, err := tx.Exec(ctx, rowsOf(`/* tracking.addRejects */
		INSERT INTO {wp}partner_center_click_rejects (day, tool_id, reason, instance, clicks) VALUES`, "(?,?,?,?,?)",
		len(counts),
		`ON DUPLICATE KEY UPDATE clicks = clicks + VALUES(clicks)`), args...)
	return err
}

func sortedKeys[K comparable, V any](m map[K]V, compare func(a, b K) int) []K {
	keys := make([]K, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, compare)
	return keys
}

func compareDays(a, b affiliate.Day) int {
	return cmp.Or(cmp.Compare(a.Year, b.Year), cmp.Compare(a.Month, b.Month), cmp.Compare(a.Day, b.Day))
}

// rowsOf is a statement with n times row between head and tail.
func rowsOf(head, row string, n int, tail string) string {
	return head + " " + strings.Repeat(row+",", n-1) + row + " " + tail
}
