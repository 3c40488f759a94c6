// Package reports answers questions about partners and their money: read-only
// queries whose one Table becomes a page, a CSV file or a workbook.
//
// registry.go lists the reports; each has its file, and a new one is a file
// and a line there. A partner's report always asks for that partner's rows
// only, and shows of customers, pending commissions, declined payments and
// purchases what the partner's present program allows (S17-S19, S89, S121).
//
// Roller keeps sums of other tables.
//
// Tables of this package: day_sums.
package reports

import (
	"context"
	"iter"
	"slices"
	"time"

	"partnercenter/affiliate"
	"partnercenter/clock"
	"partnercenter/db"
	"partnercenter/locale"
)

// Reader runs reports on the site's database, or on a replica of it.
type Reader struct {
	db   *db.Handle
	now  clock.Clock
	zone func() *time.Location // the site's, may change at run time
	mask Mask
	kept *kept
	// newest is newestSearched and walk walkedFrom, but in tests.
	newest, walk int64
}

// NewReader reads from h; zone is the site's, and mask names customers whom
// partners may not know.
func NewReader(h *db.Handle, now clock.Clock, zone func() *time.Location, mask Mask) *Reader {
	return &Reader{db: h, now: now, zone: zone, mask: mask, kept: &kept{}, newest: newestSearched, walk: walkedFrom}
}

// Today is the site's present day, for presets.
func (r *Reader) Today() affiliate.Day { return affiliate.DayOf(r.now(), r.zone()) }

// Read runs a report and hands its table to use, whose rows come as they are
// read; all of it, totals and rows, is one state of the database. The table
// must not be used after use has returned.
//
// Errors of the query are of KindInvalid; a partner's report without partner,
// or for one who does not exist, is KindNotFound.
func (r *Reader) Read(ctx context.Context, report *Report, q Query, use func(*Table) error) error {
	if err := report.check(q); err != nil {
		return err
	}
	return r.db.ReadOnly(ctx, func(tx *db.Tx) error {
		t, err := r.table(ctx, tx, report, q)
		if err != nil {
			return err
		}
		return use(t)
	})
}

// check refuses filters that the report does not know: ignored, they would
// show more than what the heading says.
func (r *Report) check(q Query) error {
	if r.For == ForPartner && q.Partner == 0 {
		return affiliate.Missing("There is no such partner.")
	}
	p := affiliate.Problems{}
	for _, set := range []struct {
		filter Filter
		isSet  bool
	}{
		{FilterRange, q.Range != affiliate.Range{}}, {FilterStep, q.By != ""}, {FilterStatus, q.Status != ""},
		{FilterPartner, q.Partner != 0 && r.For == ForAdmin}, {FilterProgram, q.Program != 0},
		{FilterTool, q.Tool != 0}, {FilterKind, q.Kind != ""}, {FilterGroup, q.Group != 0},
		{FilterCampaign, q.Campaign != ""}, {FilterAd, q.Ad != ""},
		{FilterCurrency, q.Currency != ""}, {FilterOf, q.Of != ""}, {FilterSearch, q.Search != ""},
	} {
		p.Check(!set.isSet || r.Has(set.filter), string(set.filter), "This report has no such filter.")
	}
	if q.Before != "" && r.forward {
		return errCursor
	}
	p.Check(q.Status == "" || slices.Contains(r.Statuses, q.Status), "status", "There is no status %q.", q.Status)
	return p.Err()
}

// table runs a report on an open transaction.
func (r *Reader) table(ctx context.Context, tx db.Queryer, report *Report, q Query) (*Table, error) {
	s := source{q: tx, now: r.now(), today: r.Today(), zone: r.zone(), mask: r.mask, kept: r.kept, newest: r.newest,
		walk: r.walk}
	if report.For == ForPartner {
		var err error
		if s.view, err = viewOf(ctx, tx, q.Partner, s.zone); err != nil {
			return nil, err
		}
		if report == subidsReport && !s.view.SubIDs { // S123
			return nil, errNoReport
		}
	}
	t, err := report.table(ctx, s, q)
	if err != nil {
		return nil, err
	}
	t.Name, t.Zone, t.Range = report.Name, s.zone, q.Range
	if t.Title.IsZero() { // it is not called by what it shows
		t.Title = report.Title
	}
	t.Filters, err = s.shown(ctx, q)
	return t, err
}

// Statuses are those of a report to choose from: of a partner's report, those
// that their present program lets them see (S18, S89).
func (r *Reader) Statuses(ctx context.Context, report *Report, partner affiliate.PartnerID) ([]string, error) {
	if report.For == ForAdmin || len(report.Statuses) == 0 {
		return report.Statuses, nil
	}
	v, err := viewOf(ctx, r.db, partner, r.zone())
	return slices.DeleteFunc(slices.Clone(report.Statuses), func(status string) bool {
		return status == "pending" && !v.ShowPending || status == purchaseDeclined && !v.ShowDeclined
	}), err
}

// source is what a report reads from.
type source struct {
	q     db.Queryer
	now   time.Time
	today affiliate.Day
	zone  *time.Location
	mask  Mask
	kept  *kept
	// newest is among how many rows parts of words are searched for.
	newest int64
	walk   int64 // of how many rows pages are read along an index
	view   view  // of a partner's report
}

// stream runs a query and makes each of its rows, scanned into a T, a Row.
func stream[T any](ctx context.Context, q db.Queryer, query string, args []any, row func(*T) Row) iter.Seq2[Row,
	error] {
	return func(yield func(Row, error) bool) {
		for t, err := range scanned[T](ctx, q, query, args) {
			if err != nil {
				yield(Row{}, err)
				return
			}
			if !yield(row(&t), nil) {
				return
			}
		}
	}
}

// scanned are the rows of the query as they are read; the first error is the last.
func scanned[T any](ctx context.Context, q db.Queryer, query string, args []any) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		rows, err := q.Query(ctx, query, args...)
		if err != nil {
			yield(none, err)
			return
		}
		defer rows.Close()
		for rows.Next() {
			var t T
			if err := rows.StructScan(&t); !yield(t, err) || err != nil {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(none, err)
		}
	}
}

// all are rows that are known already.
func all(rows []Row) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		for _, row := range rows {
			if !yield(row, nil) {
				return
			}
		}
	}
}

// view is what a partner may see, by their present program (S17-S19, S89, S100); one
// without any program sees least.
type view struct {
	partner      affiliate.PartnerID
	Visibility   affiliate.Visibility `db:"visibility"`
	ShowPending  bool                 `db:"show_pending"`
	ShowDeclined bool                 `db:"show_declined"`
	ShowHistory  bool                 `db:"show_history"`
	SubIDs       bool                 `db:"has_subids"`
	Since        *time.Time           `db:"since"` // first signed up
	Until        *time.Time           `db:"until"` // left all programs; nil while they are in one
	member       affiliate.Range      // the same as days; a zero To is open
}

// viewOf reads what partner may see. At most one membership is running, so MAX
// only picks its program's switches.
func viewOf(ctx context.Context, q db.Queryer, partner affiliate.PartnerID, zone *time.Location) (view, error) {
	v := view{partner: partner}
	err := q.Get(ctx, &v, `/* reports.viewOf */
		SELECT COALESCE(MAX(g.visibility), ?) AS visibility, COALESCE(MAX(g.show_pending), 0) AS show_pending,
			COALESCE(MAX(g.show_declined), 0) AS show_declined, COALESCE(MAX(g.show_history), 0) AS show_history,
			MIN(m.signup_at) AS since, IF(COUNT(m.active) > 0, NULL, MAX(m.ended_at)) AS until,
			`+affiliate.HasSubIDsSQL+` AS has_subids
		FROM {wp}partner_center_partners p
		LEFT JOIN {wp}partner_center_memberships m ON m.partner_id = p.id
		LEFT JOIN {wp}partner_center_programs g ON g.id = m.program_id AND m.active = 1
		WHERE p.id = ? GROUP BY p.id, p.subids`, affiliate.SeeNobody, partner)
	if db.NoRows(err) {
		return v, affiliate.Missing("There is no such partner.")
	}
	if v.Since != nil {
		v.member.From = affiliate.DayOf(*v.Since, zone)
	}
	if v.Until != nil {
		v.member.To = affiliate.DayOf(*v.Until, zone).Next()
	}
	return v, err
}

// commissions narrows commissions c to the partner's own, without those that
// were never approved where pending ones are not to be seen: one that vanishes
// by a cancellation would have been seen, too (S89, S128).
func (v view) commissions(w *where) {
	w.add("c.partner_id = ?", v.partner)
	if !v.ShowPending {
		w.add("c.status <> 'pending'")
		w.add(everApproved)
	}
}

const everApproved = "EXISTS (SELECT 1 FROM {wp}partner_center_journals a WHERE a.commission_id = c.id AND a.kind = " +
	"'approve')"

// shown are the filters of the query in words.
func (s source) shown(ctx context.Context, q Query) ([]Shown, error) {
	var out []Shown
	add := func(filter locale.Text, value string) {
		if value != "" {
			out = append(out, Shown{filter, locale.Data(value)})
		}
	}
	if q.Status != "" {
		out = append(out, Shown{locale.T("Status"), Word(q.Status)})
	}
	add(locale.T("Currency"), string(q.Currency))
	add(locale.T("Search"), q.Search)
	asked := q.Partner
	if s.view.partner != 0 {
		asked = 0 // it is the partner themselves
	}
	partner, err := s.name(ctx, int64(asked), `/* reports.shown */
		SELECT CONCAT(k.first_name, ' ', k.last_name, IF(`+ownEmail+` = '', '',
			CONCAT(' <', k.email, '>'))) FROM {wp}partner_center_partners p
		JOIN {wp}partner_center_contacts k ON k.id = p.contact_id WHERE p.id = ?`)
	if err != nil {
		return nil, err
	}
	add(locale.T("Partner"), partner)
	program, err := s.name(ctx, int64(q.Program), `/* reports.shown */ SELECT name FROM {wp}partner_center_programs
		WHERE id = ?`)
	if err != nil {
		return nil, err
	}
	add(locale.T("Program"), program)
	// A partner learns no names of tools of programs they were never in (S43).
	tool, err := s.name(ctx, int64(q.Tool), ownToolName, int64(s.view.partner), int64(s.view.partner))
	if err != nil || q.Of == "" {
		add(locale.T("Promo tool"), tool)
		return out, err
	}
	name, value, err := s.shownOf(ctx, q.Of)
	if value == "" && !name.IsZero() {
		value = "–" // what has none
	}
	add(name, value)
	return out, err
}

// ownToolName is the name of a tool of a program that a partner, 0 for an admin, was in.
const ownToolName = `/* reports.ownToolName */ SELECT t.name FROM {wp}partner_center_tools t WHERE
	t.id = ? AND (? = 0 OR EXISTS
	(SELECT 1 FROM {wp}partner_center_memberships m WHERE m.program_id = t.program_id AND m.partner_id = ?))`

// name asks for the name of what has that id; "" for id 0 and where there is none.
func (s source) name(ctx context.Context, id int64, query string, args ...any) (string, error) {
	if id == 0 {
		return "", nil
	}
	var text string
	err := s.q.Get(ctx, &text, query, append([]any{id}, args...)...)
	if db.NoRows(err) {
		return "", nil
	}
	return affiliate.Line(text), err
}
