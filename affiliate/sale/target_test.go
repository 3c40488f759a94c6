package sale

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/reason"
)

func quantity(text string) money.Quantity {
	q, err := money.ParseQuantity(text)
	if err != nil {
		panic(err)
	}
	return q
}

func percent(level1, level2 string) affiliate.Terms {
	one, _ := money.ParsePercent(level1)
	two, _ := money.ParsePercent(level2)
	return affiliate.Terms{ID: 1, Kind: affiliate.Percent, Level1: one, Level2: two}
}

func flat(cur money.Currency, level1, level2 string) affiliate.Terms {
	return affiliate.Terms{ID: 1, Kind: affiliate.FlatAmount,
		Flats: []affiliate.Flat{{Currency: cur, Level1: usd(level1), Level2: usd(level2)}}}
}

func line(quantityText, base, refunded string) Line {
	return Line{ID: 1, Line: "1", ProductID: 3, Quantity: quantity(quantityText), Base: usd(base),
		Refunded: usd(refunded), Parts: Parts{Net: usd(base), NetRefunded: usd(refunded)}}
}

// Spec: S13 S14.2 S15 S23 S24.1 S28.1 S28.2 D8 D9.1 D25.1 D25.3 D27.1 D27.2 D48.1
func TestWhatALineEarns(t *testing.T) {
	for _, test := range []struct {
		name           string
		cur            money.Currency
		line           Line
		terms          affiliate.Terms
		level1, level2 string
		code           reason.Code // of level 1
	}{
		{"percentage", "USD", line("1", "99.99", "0"), percent("10", "5"), "10", "5", reason.Earned},
		{"half a cent rounds away from zero", "USD", line("1", "0.05", "0"), percent("10", "9"), "0.01", "0",
			reason.Earned},
		{"no minor unit", "JPY", line("1", "1005", "0"), percent("10", "1"), "101", "10", reason.Earned},
		{"three decimals", "KWD", line("1", "9.995", "0"), percent("10", "1"), "1", "0.1", reason.Earned},
		{"all of it and nothing", "USD", line("1", "7", "0"), percent("100", "0"), "7", "0", reason.Earned},
		{"rate 0", "USD", line("1", "7", "0"), percent("0", "10"), "0", "0.7", reason.RateZero},
		{"flat for each unit", "USD", line("3", "60", "0"), flat("USD", "5", "1"), "15", "3", reason.Earned},
		{"half a unit", "USD", line("0.5", "60", "0"), flat("USD", "5", "1"), "2.5", "0.5", reason.Earned},
		{"flat scales with what is left", "USD", line("3", "60", "20"), flat("USD", "5", "1"), "10", "2",
			reason.Earned},
		{"flat is rounded once", "USD", line("0.5", "10", "5"), flat("USD", "1.01", "1"), "0.25", "0.25",
			reason.Earned},
		{"partly refunded", "USD", line("1", "99.99", "33.33"), percent("10", "5"), "6.67", "3.33", reason.Earned},
		{"all refunded", "USD", line("1", "99.99", "99.99"), percent("10", "5"), "0", "0", reason.LineNetZero},
		{"more than all refunded", "USD", line("1", "10", "30"), percent("10", "5"), "0", "0", reason.LineNetZero},
		{"free line, flat", "USD", line("1", "0", "0"), flat("USD", "5", "1"), "0", "0", reason.LineNetZero},
		{"flat in no such currency", "EUR", line("1", "60", "0"), flat("USD", "5", "1"), "0", "0",
			reason.FlatNoCurrency},
		{"product in no program", "USD", line("1", "60", "0"), affiliate.Terms{}, "0", "0", reason.ProductNotInProgram},
		{"product not known", "USD", Line{ID: 1, Quantity: quantity("1"), Base: usd("5")}, affiliate.Terms{}, "0", "0",
			reason.ProductUnknown},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := Order{Currency: test.cur, Status: OrderPaid}
			d := Decision{PartnerID: 1, RecruiterID: 2, DecisionVersion: 1}
			wanted, traces, err := Targets(o, []Line{test.line}, d,
				map[affiliate.ProductID]affiliate.Terms{test.line.ProductID: test.terms})
			if err != nil || len(wanted) != 2 {
				t.Fatalf("targets are %v, %v; want two levels and no third", wanted, err)
			}
			if wanted[0].amount != usd(test.level1) || wanted[1].amount != usd(test.level2) {
				t.Errorf("earned %s and %s, want %s and %s", wanted[0].amount, wanted[1].amount, test.level1,
					test.level2)
			}
			if wanted[0].partnerID != 1 || wanted[1].partnerID != 2 {
				t.Error("the levels belong to the wrong partners")
			}
			if got := traces[0].Levels[0].Code; got != test.code {
				t.Errorf("the reason is %s, want %s", got, test.code)
			}
		})
	}
}

// Spec: D26.2 B2
func TestTraceShowsTheReckoning(t *testing.T) {
	for _, test := range []struct {
		line  Line
		terms affiliate.Terms
		want  string
	}{
		{line("1", "99.99", "0"), percent("7.5", "0"), "99.99 × 7.5 % = 7.49925"},
		{line("2", "100", "50"), flat("USD", "5", "0"), "2 × 5 × 50 / 100"},
	} {
		_, traces, err := Targets(Order{Currency: "USD"}, []Line{test.line}, Decision{PartnerID: 1},
			map[affiliate.ProductID]affiliate.Terms{3: test.terms})
		if err != nil {
			t.Fatal(err)
		}
		if got := traces[0].Levels[0].Formula; got != test.want {
			t.Errorf("calculated %q, want %q", got, test.want)
		}
	}
}

// Spec: S18 D15.2
func TestOnlyPaidOrdersEarn(t *testing.T) {
	for status, want := range map[OrderStatus]string{OrderPaid: "1", OrderUnpaid: "0", OrderFailed: "0",
		OrderVoid: "0"} {
		wanted, traces, err := Targets(Order{Currency: "USD", Status: status}, []Line{line("1", "10", "0")},
			Decision{PartnerID: 1},
			map[affiliate.ProductID]affiliate.Terms{3: percent("10", "0")})
		if err != nil || wanted[0].amount != usd(want) {
			t.Errorf("%s earns %v, %v; want %s", status, wanted, err, want)
		}
		if traces[0].Levels[0].Amount != usd("1") {
			t.Errorf("%s does not show what it would earn", status)
		}
	}
}

// Spec: S24, D16
func TestNobodyCreditedEarnsNothing(t *testing.T) {
	wanted, traces, err := Targets(Order{Currency: "USD", Status: OrderPaid}, []Line{line("1", "10", "0")}, Decision{},
		map[affiliate.ProductID]affiliate.Terms{3: percent("10", "5")})
	if err != nil || len(wanted) != 0 || len(traces) != 1 || len(traces[0].Levels) != 0 {
		t.Errorf("targets %v, traces %v, %v", wanted, traces, err)
	}
}

// Any partition of refunds that ends at the whole line ends at zero, and a
// larger refund never earns more.
//
// Spec: D11.2 D25
func TestRefundsInPartsEndAtZero(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		base := rapid.Int64Range(1, 1_000_000).Draw(t, "cents")
		amount := func(cents int64) money.Amount {
			a, err := money.MulDiv(usd("1"), money.MustParse(quantity(itoa(cents)).String()), usd("100"), "USD")
			if err != nil {
				t.Fatal(err)
			}
			return a
		}
		terms := rapid.SampledFrom([]affiliate.Terms{percent("33.3333", "7"), flat("USD", "4.99", "0.01")}).Draw(t,
			"terms")
		last := usd("922337203685477")
		for refunded := int64(0); ; refunded += rapid.Int64Range(1, base-refunded).Draw(t, "refund") {
			l := Line{ID: 1, ProductID: 3, Quantity: quantity("3"), Base: amount(base), Refunded: amount(refunded),
				Parts: Parts{Net: amount(base)}}
			e, _, err := earnLine(l, Decision{PartnerID: 1}, terms, "USD")
			if err != nil || e[0].Amount.Cmp(last) > 0 || e[0].Amount.Sign() < 0 {
				t.Fatalf("after a refund of %d of %d: %v, %v; before it %s", refunded, base, e, err, last)
			}
			last = e[0].Amount
			if refunded == base {
				break
			}
		}
		if !last.IsZero() {
			t.Fatalf("%s is left of a line refunded in full", last)
		}
	})
}

func itoa(n int64) string { return affiliate.PartnerID(n).String() }

// Spec: D26.3
func TestOrderStatesAreValidated(t *testing.T) {
	good := func() OrderState {
		return OrderState{Source: "shop", ExternalID: "1", Version: 1, At: noon, PlacedAt: noon, Status: OrderPaid,
			Currency: "USD",
			Buyer:    Buyer{Email: "b@example.com"}, Total: usd("30"),
			Lines: []LineState{{Line: "1", Product: ProductRef{ID: 3}, Quantity: quantity("1"), Base: usd("10")},
				{Line: "2", Product: ProductRef{ID: 4}, Quantity: quantity("2"), Base: usd("20")}}}
	}
	if err := good().validate(); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		change func(*OrderState)
		field  string
	}{
		"no source":          {func(s *OrderState) { s.Source = "" }, "source"},
		"no id":              {func(s *OrderState) { s.ExternalID = "" }, "external_id"},
		"no version":         {func(s *OrderState) { s.Version = 0 }, "version"},
		"no time":            {func(s *OrderState) { s.PlacedAt = time.Time{} }, "placed_at"},
		"unknown status":     {func(s *OrderState) { s.Status = "processing" }, "status"},
		"unknown currency":   {func(s *OrderState) { s.Currency = "XYZ" }, "currency"},
		"negative quantity":  {func(s *OrderState) { s.Lines[0].Quantity = quantity("-1") }, "lines"},
		"negative base":      {func(s *OrderState) { s.Lines[0].Base = usd("-1") }, "lines"},
		"negative refund":    {func(s *OrderState) { s.Lines[0].Refunded = usd("-1") }, "lines"},
		"line twice":         {func(s *OrderState) { s.Lines[1].Line = "1" }, "lines"},
		"line without an id": {func(s *OrderState) { s.Lines[1].Line = "" }, "lines"},
		"id too long":        {func(s *OrderState) { s.ExternalID = strings.Repeat("x", 191) }, "external_id"},
	} {
		s := good()
		test.change(&s)
		err, ok := s.validate().(*affiliate.Error)
		if !ok || err.Fields[test.field].IsZero() {
			t.Errorf("%s: %v; want a sentence for %s", name, s.validate(), test.field)
		}
	}
	for name, test := range map[string]struct {
		change func(*OrderState)
		want   reason.Code
	}{
		"all well":             {func(s *OrderState) {}, ""},
		"a cent for each line": {func(s *OrderState) { s.Total = usd("30.02") }, ""},
		"tax, shipping, gift": {func(s *OrderState) {
			s.Tax, s.Shipping, s.Fees, s.Total = usd("3"), usd("5"),
				usd("-8"), usd("30")
		}, ""},
		"total off":              {func(s *OrderState) { s.Total = usd("31") }, reason.ReviewTotal},
		"total off, no decimals": {func(s *OrderState) { s.Currency, s.Total = "JPY", usd("34") }, reason.ReviewTotal},
		"line without product":   {func(s *OrderState) { s.Lines[0].Product = ProductRef{} }, reason.ReviewNoProduct},
		"refund above the line":  {func(s *OrderState) { s.Lines[0].Refunded = usd("10.01") }, reason.ReviewRefund},
		"no buyer":               {func(s *OrderState) { s.Buyer.Email = "" }, reason.ReviewBuyer},
		"what is no e-mail":      {func(s *OrderState) { s.Buyer.Email = "nobody" }, reason.ReviewBuyer},
	} {
		s := good()
		test.change(&s)
		if got, err := s.review(); got != test.want || err != nil {
			t.Errorf("%s: review %q, %v; want %q", name, got, err, test.want)
		}
	}
}
