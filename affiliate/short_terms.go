package affiliate

import (
	"context"
	"maps"
	"slices"

	"partnercenter/affiliate/money"
	"partnercenter/locale"
)

// ShortTerms are what a program pays in the fewest words; RuleCard says it
// whole. An empty Text is nothing to say.
type ShortTerms struct {
	Earn   locale.Text // "8% to 12% of each sale, by product"
	For    locale.Text // how long a customer earns
	Level2 locale.Text // what the partners one recruited earn one
	Hold   locale.Text // how long a commission waits
	Paid   locale.Text // when and from which amount on
}

// shortProducts bounds how many products are looked at for the range of rates.
const shortProducts = 200

// ShortTerms are those of a program as it is now.
func (r *Registry) ShortTerms(ctx context.Context, p Program) (ShortTerms, error) {
	policy, err := r.Policy(ctx, p.ID)
	if err != nil {
		return ShortTerms{}, err
	}
	settings, err := r.Settings(ctx)
	if err != nil {
		return ShortTerms{}, err
	}
	products, err := r.ProgramProducts(ctx, p.ID, "", Page{Limit: shortProducts})
	if err != nil {
		return ShortTerms{}, err
	}
	terms := []Terms{}
	for _, product := range products {
		terms = append(terms, product.Terms)
	}
	short := ShortTerms{Earn: earnInShort(terms), For: policy.creditInShort(), Hold: policy.holdInShort(),
		Paid: settings.paidInShort()}
	if p.Tiers == 2 {
		short.Level2 = level2InShort(terms)
	}
	return short, nil
}

// rates are the percentages of some terms, without those of 0.
func rates(terms []Terms, of func(Terms) money.Rate) (found []money.Rate) {
	for _, t := range terms {
		if rate := of(t); t.Kind == Percent && rate > 0 {
			found = append(found, rate)
		}
	}
	return found
}

func earnInShort(terms []Terms) locale.Text {
	percent := rates(terms, func(t Terms) money.Rate { return t.Level1 })
	flat := slices.ContainsFunc(terms, func(t Terms) bool { return t.Kind == FlatAmount })
	switch {
	case len(percent) == 0 && flat:
		return flatInShort(terms)
	case len(percent) == 0:
		return locale.Text{}
	case flat && slices.Min(percent) == slices.Max(percent):
		return locale.T("%s%% of a sale, or a flat amount, by product", slices.Min(percent))
	case flat:
		return locale.T("%s%% to %s%% of a sale, or a flat amount, by product", slices.Min(percent),
			slices.Max(percent))
	case slices.Min(percent) == slices.Max(percent):
		return locale.T("%s%% of each sale", slices.Min(percent))
	}
	return locale.T("%s%% to %s%% of each sale, by product", slices.Min(percent), slices.Max(percent))
}

// flatInShort is for programs with flat amounts only: the one there is, or that
// there are some.
func flatInShort(terms []Terms) locale.Text {
	first := terms[0].Flats
	for _, t := range terms {
		if !slices.Equal(t.Flats, first) {
			return locale.T("A flat amount for each sale, by product")
		}
	}
	if len(first) != 1 {
		return locale.T("A flat amount for each sale")
	}
	return locale.T("%s for each sale", money.Text(first[0].Level1, first[0].Currency))
}

func level2InShort(terms []Terms) locale.Text {
	percent := rates(terms, func(t Terms) money.Rate { return t.Level2 })
	flat := slices.ContainsFunc(terms, func(t Terms) bool {
		return slices.ContainsFunc(t.Flats, func(f Flat) bool { return f.Level2.Sign() > 0 })
	})
	switch {
	case len(percent) == 0 && flat:
		return locale.T("A flat amount when a partner you recruited sells")
	case len(percent) == 0:
		return locale.Text{}
	case flat && slices.Min(percent) == slices.Max(percent):
		return locale.T("%s%% of sales by partners you recruited, or a flat amount, by product", slices.Min(percent))
	case flat:
		return locale.T("%s%% to %s%% of sales by partners you recruited, or a flat amount, by product",
			slices.Min(percent), slices.Max(percent))
	case slices.Min(percent) == slices.Max(percent):
		return locale.T("%s%% of sales by partners you recruited", slices.Min(percent))
	}
	return locale.T("%s%% to %s%% of sales by partners you recruited", slices.Min(percent), slices.Max(percent))
}

func (p Policy) creditInShort() locale.Text {
	credit := locale.T("Every order by a customer you referred")
	switch {
	case p.NewOnly:
		credit = locale.T("The first order by a customer you referred")
	case p.Credit == StoredForDays:
		credit = locale.N("%d day after a customer's last click or form",
			"%d days after a customer's last click or form",
			p.CreditDays)
	case p.Credit == LiveClick && p.CreditDays > 0:
		credit = locale.N("%d day after a click", "%d days after a click", p.CreditDays)
	case p.Credit == LiveClick:
		credit = locale.T("Orders that follow a click")
	}
	if p.RenewalLimit > 0 {
		return locale.N("%[2]s, and the first %[1]d renewal", "%[2]s, and the first %[1]d renewals", p.RenewalLimit,
			credit)
	}
	return credit
}

func (p Policy) holdInShort() locale.Text {
	switch {
	case p.Hold > 0 && p.Approve:
		return locale.N("%d day, then approved automatically", "%d days, then approved automatically", p.Hold)
	case p.Hold > 0:
		return locale.N("%d day, then reviewed", "%d days, then reviewed", p.Hold)
	case p.Approve:
		return locale.T("None: commissions are approved at once")
	}
	return locale.T("Until we've reviewed the sale")
}

func (s Settings) paidInShort() locale.Text {
	from := []locale.Text{}
	for _, cur := range slices.Sorted(maps.Keys(s.Thresholds)) {
		if s.Thresholds[cur].Sign() > 0 {
			from = append(from, money.Text(s.Thresholds[cur], cur))
		}
	}
	least := locale.T("Every approved commission, however small")
	if len(from) > 0 {
		least = from[0]
		for _, amount := range from[1:] {
			least = locale.T("%s or %s", least, amount)
		}
		least = locale.T("From %s of approved commissions", least)
	}
	if s.PayDay == 0 {
		return least
	}
	return locale.T("Around day %d of each month. %s", s.PayDay, least)
}
