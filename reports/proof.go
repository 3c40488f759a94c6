package reports

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/verify"
	"partnercenter/db"
)

// How many partners' months are held in memory, and after how many findings the sums
// need to be made anew, not a longer list.
const (
	provenAtOnce = 200
	mostFindings = 100
)

// ProveSums proves the sums that Roller keeps, as far as reports read them (B1): those
// of days are what the visits, forms and commissions say, and those of months what
// their days say. It reads one consistent snapshot and changes nothing. No findings:
// all is well.
func ProveSums(ctx context.Context, h *db.Handle) (findings []verify.Finding, err error) {
	err = h.ReadOnly(ctx, func(tx *db.Tx) error {
		findings, err = proveSums(ctx, tx)
		return err
	})
	return findings, err
}

func proveSums(ctx context.Context, q db.Queryer) (findings []verify.Finding, err error) {
	for last := affiliate.PartnerID(0); len(findings) < mostFindings; {
		var ids []affiliate.PartnerID
		err := q.Select(ctx, &ids, `/* reports.proveSums */ SELECT DISTINCT partner_id FROM {wp}partner_center_rolls
			WHERE partner_id > ? ORDER BY partner_id LIMIT ?`, int64(last), provenAtOnce)
		if err != nil || len(ids) == 0 {
			return findings, err
		}
		last = ids[len(ids)-1]
		var rolls []struct {
			affiliate.Roll
			Partner affiliate.PartnerID `db:"partner_id"`
		}
		err = selectIn(ctx, q, &rolls, `/* reports.proveSums */ SELECT partner_id, month, until, whole
			FROM {wp}partner_center_rolls WHERE partner_id IN (?) AND until > month ORDER BY month, partner_id`, ids)
		if err != nil {
			return findings, err
		}
		alike, order := map[affiliate.Roll][]affiliate.PartnerID{}, []affiliate.Roll{}
		for _, r := range rolls {
			if alike[r.Roll] == nil {
				order = append(order, r.Roll)
			}
			alike[r.Roll] = append(alike[r.Roll], r.Partner)
		}
		for _, roll := range order {
			found, err := proveMonth(ctx, q, roll, alike[roll])
			if findings = append(findings, found...); err != nil {
				return findings, err
			}
		}
	}
	return findings, nil
}

// proveMonth proves what is kept of a month of some partners.
func proveMonth(ctx context.Context, q db.Queryer, roll affiliate.Roll,
	partners []affiliate.PartnerID) (findings []verify.Finding, err error) {
	whole := roll.Until == roll.Month.NextMonth()
	if whole != roll.Whole {
		findings = append(findings,
			verify.Finding{Code: "ROLL", What: fmt.Sprint("partner ", partners[0], ", ", roll.Month,
				", whole"), Expected: fmt.Sprint(whole), Found: fmt.Sprint(roll.Whole)})
	}
	for _, shown := range []bool{false, true} {
		of := scope{partners, affiliate.Range{From: roll.Month, To: roll.Until}, !shown}
		for _, by := range keptDimensions {
			found, err := proof{by, of}.prove(ctx, q, roll)
			if findings = append(findings, found...); err != nil {
				return findings, err
			}
		}
	}
	return findings, nil
}

// eachPartner is a dimension of days with the partner in front of its key, as text.
func (d dimension) eachPartner() dimension {
	if d.click != "" {
		d.click = "CONCAT(v.partner_id, ' ', " + d.click + ")"
		d.lead = "CONCAT(f.lead_partner_id, ' ', " + d.lead + ")"
	}
	d.commission = "CONCAT(c.partner_id, ' ', " + d.commission + ")"
	return d
}

// proof is what is proven at once: the sums by a dimension, within a scope.
type proof struct {
	dimension
	scope
}

func (p proof) prove(ctx context.Context, q db.Queryer, roll affiliate.Roll) ([]verify.Finding, error) {
	days, err := p.kept(ctx, q, "d")
	if err != nil {
		return nil, err
	}
	raw, err := rawTally[string](ctx, q, p.eachDay().eachPartner(), p.scope)
	if err != nil {
		return nil, err
	}
	want, err := p.expected(raw, days)
	if err != nil {
		return nil, err
	}
	findings := p.differences("d", want, days)
	if !roll.Whole || p.part == byDay.part { // a month tells no days
		return findings, nil
	}
	months, err := p.kept(ctx, q, "m")
	if err != nil {
		return findings, err
	}
	if want, err = p.monthly(roll.Month, days, months); err != nil {
		return findings, err
	}
	return append(findings, p.differences("m", want, months)...), nil
}

// keptKey names a row of day_sums among those of one part and span.
type keptKey struct {
	Partner  affiliate.PartnerID `db:"partner_id"`
	Start    string              `db:"start"`
	Source   string              `db:"source"`
	Currency string              `db:"currency"`
}

// others is the row of all sources that have none of their own.
func (k keptKey) others() keptKey {
	k.Source = allOthers
	return k
}

// kept are the sums as they are stored.
func (p proof) kept(ctx context.Context, q db.Queryer, span string) (map[keptKey]sums, error) {
	var rows []struct {
		keptKey
		sums
	}
	err := selectIn(ctx, q, &rows, `/* reports.proveSums */ SELECT partner_id, CAST(start AS CHAR) AS start, source,
			currency, clicks, uniques, leads, orders, refunds, sales, commission, refunded
		FROM {wp}partner_center_day_sums WHERE partner_id IN (?) AND part = ? AND shown = ? AND span = ?
		AND start >= ? AND start < ?`, p.partners, p.part, !p.withPending, span, p.days.From, p.days.To)
	found := make(map[keptKey]sums, len(rows))
	for _, r := range rows {
		found[r.keptKey] = r.sums
	}
	return found, err
}

// expected are the sums of days as the rows themselves say.
func (p proof) expected(raw map[string]*Figures, kept map[keptKey]sums) (map[keptKey]sums, error) {
	want := folded{p.dimension, kept, map[keptKey]sums{}}
	for name, f := range raw {
		partner, rest, _ := strings.Cut(name, " ")
		id, err := strconv.ParseInt(partner, 10, 64)
		if err != nil {
			return nil, err
		}
		key := keptKey{affiliate.PartnerID(id), rest[:len("2006-01-02")], rest[len("2006-01-02"):], ""}
		for cur, s := range f.kept() {
			key.Currency = string(cur)
			if err := want.add(key, s); err != nil {
				return nil, err
			}
		}
	}
	return want.sums, nil
}

// monthly are the sums of a month as its days say.
func (p proof) monthly(month affiliate.Day, days, kept map[keptKey]sums) (map[keptKey]sums, error) {
	want := folded{p.dimension, kept, map[keptKey]sums{}}
	for key, s := range days {
		key.Start = month.String()
		if err := want.add(key, s); err != nil {
			return nil, err
		}
	}
	return want.sums, nil
}

// folded are sums that should be kept: of strangers' sources those that have no row of
// their own stand in the one of all others.
type folded struct {
	dimension
	kept map[keptKey]sums
	sums map[keptKey]sums
}

func (f folded) add(key keptKey, s sums) error {
	if f.strangers {
		own, others := key, key.others()
		own.Currency, others.Currency = "", "" // the row of clicks: every source has it
		_, itself := f.kept[own]
		if _, there := f.kept[others]; !itself && there {
			key = key.others()
		}
	}
	sum, err := f.sums[key].plus(s)
	f.sums[key] = sum
	return err
}

// differences are the columns in which what is kept is not what it should be.
func (p proof) differences(span string, want, kept map[keptKey]sums) (findings []verify.Finding) {
	keys := map[keptKey]bool{}
	for _, m := range []map[keptKey]sums{want, kept} {
		for key := range m {
			keys[key] = true
		}
	}
	for key := range keys {
		what := fmt.Sprint("partner ", key.Partner, ", part ", p.part, ", shown ", !p.withPending, ", span ",
			span, ", ",
			key.Start, ", source ", strconv.Quote(key.Source), ", ", or(key.Currency, "counts"))
		wanted, found := want[key].columns(), kept[key].columns()
		for i, name := range sumColumns {
			if wanted[i] != found[i] {
				findings = append(findings, verify.Finding{Code: "DAY_SUMS", What: what + ", " + name,
					Expected: wanted[i], Found: found[i]})
			}
		}
	}
	slices.SortFunc(findings, func(a, b verify.Finding) int { return strings.Compare(a.What, b.What) })
	return findings
}

// sumColumns are the columns of day_sums that hold a sum, in the order of sums.columns.
var sumColumns = []string{"clicks", "uniques", "leads", "orders", "refunds", "sales", "commission", "refunded"}

func (s sums) columns() []string {
	return []string{fmt.Sprint(s.Clicks), fmt.Sprint(s.Uniques), fmt.Sprint(s.Leads), fmt.Sprint(s.Orders),
		fmt.Sprint(s.Refunds), s.Sales.String(), s.Commission.String(), s.Refunded.String()}
}

// plus adds up what can be added.
func (s sums) plus(o sums) (sum sums, err error) {
	sum = sums{Clicks: s.Clicks + o.Clicks, Uniques: s.Uniques + o.Uniques, Leads: s.Leads + o.Leads,
		Orders: s.Orders + o.Orders, Refunds: s.Refunds + o.Refunds}
	for _, amounts := range []struct {
		sum  *money.Amount
		a, b money.Amount
	}{{&sum.Sales, s.Sales, o.Sales}, {&sum.Commission, s.Commission, o.Commission},
		{&sum.Refunded, s.Refunded, o.Refunded}} {
		if *amounts.sum, err = amounts.a.Add(amounts.b); err != nil {
			return sum, err
		}
	}
	return sum, nil
}
