package verify_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
	"partnercenter/affiliate/sale"
	"partnercenter/affiliate/shoptest"
	"partnercenter/affiliate/verify"
)

// busy is a site on which everything happened that money can stand for: flat
// commissions and percentages of every base, two levels, refunds before and
// after payment, growth, a cancellation, a re-run, entries by hand, and payments
// filed, settled and returned.
func busy(t *testing.T) *site {
	s := newSite(t)
	r := s.Partner("recruiter")
	p, other := s.ByPayPal(s.Partner("pia", r)), s.Partner("other", r)
	flat := s.Product("Flat")
	s.Terms(s.Program, flat, affiliate.Terms{Kind: affiliate.FlatAmount,
		Flats: []affiliate.Flat{{Currency: "USD", Level1: shoptest.USD("1.01"), Level2: shoptest.USD("0.5")}}})
	s.Policy(func(p *affiliate.Policy) { p.Base, p.Hold = affiliate.Base{BeforeDiscount: true, WithTax: true}, 3 })
	s.Clock.Advance(time.Hour)
	order := func(email string) (sale.OrderState, sale.Result) {
		o := s.Sale(email, s.Click(p))
		o.Lines[0].Discount, o.Lines[0].Tax = shoptest.USD("10"), shoptest.USD("20")
		o.Lines = append(o.Lines, s.Line("2", flat, "60"))
		o.Lines[1].Quantity = shoptest.Quantity("2.5")
		o.Tax, o.Shipping, o.Total = shoptest.USD("20"), shoptest.USD("7"), shoptest.USD("187")
		return o, s.Place(o)
	}
	next := func() { s.Clock.Advance(time.Hour) }
	o, placed := order("bob@example.com") // paid, grown, partly refunded
	next()
	shoptest.Must(s.ApproveEarly(t.Context(), shoptest.Anna, shoptest.Picks(placed.Commissions...), "in time"))(s)
	owed := shoptest.Must(s.Balances(t.Context(), p.ID))(s)[0].Payable
	line := shoptest.Must(s.PayPartner(t.Context(), shoptest.Anna, p.ID, "USD", owed))(s)
	next()
	o = shoptest.Next(o, func(o *sale.OrderState) { o.Lines[0].Base, o.Total = shoptest.USD("150"), shoptest.USD("237") })
	s.Place(o)
	next()
	s.Place(shoptest.Next(o, func(o *sale.OrderState) {
		o.Lines[0].Refunded, o.Refund.Amount = shoptest.USD("90"), shoptest.USD("11")
	}))
	next()
	_, placed = order("cy@example.com") // canceled in part, then credited to another
	shoptest.Must(s.Cancel(t.Context(), shoptest.Anna, shoptest.Picks(placed.Commissions[0]), "a mistake"))(s)
	next()
	_, moved := order("dee@example.com")
	next()
	shoptest.Must(s.Rerun(t.Context(), shoptest.Anna, []sale.RerunPick{{OrderID: moved.OrderID}},
		sale.Rerun{Choice: sale.AnyPartner, PartnerID: other.ID, Reason: "asked"}))(s)
	next()
	shoptest.Must(s.ReturnPayment(t.Context(), shoptest.Anna, line.ID, "Account closed"))(s)
	next()
	shoptest.Must(s.Adjust(t.Context(), shoptest.Anna, shoptest.EntryOf(p, "500", "Bonus")))(s)
	shoptest.Must(s.Open(t.Context(), shoptest.Anna, shoptest.EntryOf(p, "9", "Before"), ledger.Pending))(s)
	s.FileBatch(s.Draft())
	next()
	_, last := order("eve@example.com")
	s.ApproveAll(last.Commissions...)
	shoptest.Must(s.ApproveEarly(t.Context(), shoptest.Anna, shoptest.Picks(last.Commissions...), "in time"))(s)
	for _, partner := range []affiliate.Partner{p, r} {
		owed := shoptest.Must(s.Balances(t.Context(), partner.ID))(s)[0].Payable
		shoptest.Must(s.PayException(t.Context(), shoptest.Anna, partner.ID, "USD", owed, "leaves"))(s)
	}
	s.WantClean()
	return s
}

// harmless are the money columns whose change proves nothing, and why.
var harmless = map[string]string{
	"products.price": "is proposed when an admin logs a sale; nothing is calculated from it",
}

// Every amount that is stored is the result of something else that is: no column
// of money can be changed in any row without verify saying so.
//
// Spec: B1
func TestEveryMoneyColumnIsProven(t *testing.T) {
	s := busy(t)
	columns := []struct {
		Table  string `db:"t"`
		Column string `db:"c"`
		Key    string `db:"k"`
	}{}
	s.OK(s.DB.Select(t.Context(), &columns, `SELECT c.table_name AS t, c.column_name AS c,
			(SELECT GROUP_CONCAT(k.column_name ORDER BY k.ordinal_position) FROM information_schema.key_column_usage k
				WHERE k.table_schema = c.table_schema AND k.table_name = c.table_name AND k.constraint_name = 'PRIMARY') AS k
		FROM information_schema.columns c
		WHERE c.table_schema = DATABASE() AND c.data_type = 'decimal' AND c.table_name LIKE ? ORDER BY 1, 2`,
		s.DB.Text("{wp}")+`partner\_center\_%`))
	if len(columns) < 40 {
		t.Fatalf("found %d columns", len(columns))
	}
	for _, c := range columns {
		name := strings.TrimPrefix(c.Table, s.DB.Text("{wp}partner_center_")) + "." + c.Column
		if harmless[name] != "" {
			continue
		}
		rows := []string{}
		s.OK(s.DB.Select(t.Context(), &rows, fmt.Sprintf(`SELECT CONCAT_WS(',', %s) FROM %s WHERE %s IS NOT NULL`, c.Key, c.Table, c.Column)))
		if len(rows) == 0 {
			t.Errorf("%s holds nothing on the busy site", name)
		}
		for _, row := range rows {
			where := fmt.Sprintf("CONCAT_WS(',', %s) = ?", c.Key)
			s.Exec(fmt.Sprintf(`UPDATE %s SET %s = %s + 0.01 WHERE %s`, c.Table, c.Column, c.Column, where), row)
			if len(shoptest.Must(verify.Verify(t.Context(), s.DB))(s)) == 0 {
				t.Errorf("%s of row %s was changed unnoticed", name, row)
			}
			s.Exec(fmt.Sprintf(`UPDATE %s SET %s = %s - 0.01 WHERE %s`, c.Table, c.Column, c.Column, where), row)
		}
	}
	s.WantClean()
}
