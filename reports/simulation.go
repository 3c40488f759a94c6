package reports

import (
	"partnercenter/affiliate"
	sales "partnercenter/affiliate/sale"
	"partnercenter/locale"
)

// SimulationNote is what a reader of a simulation must know (D40).
var SimulationNote = locale.T("Nothing was changed. Each click's cookie lifetime was set when it was clicked, so " +
	"a longer one can't be simulated for the past.")

// Simulation is the table of what a scenario would have changed, by partner and
// currency (B8); name is what a partner is called.
func Simulation(s sales.Simulation, name func(affiliate.PartnerID) string) *Table {
	fs := fields[sales.SimulationRow]{
		{Column: Column{Key: "partner", Name: locale.T("Partner"), Kind: KindText},
			Value: func(r *sales.SimulationRow) Cell { return Text(name(r.PartnerID)) }},
		{Column: Column{Key: "booked", Name: locale.T("Booked"), Kind: KindMoney,
			Help: locale.T("Current commissions of these orders, both levels.")},
			Value: func(r *sales.SimulationRow) Cell { return Money(r.Booked, r.Currency) }},
		{Column: Column{Key: "simulated", Name: locale.T("Simulated"), Kind: KindMoney,
			Help: locale.T("Commissions under the other rules.")},
			Value: func(r *sales.SimulationRow) Cell { return Money(r.Simulated, r.Currency) }},
		{Column: Column{Key: "difference", Name: locale.T("Difference"), Kind: KindMoney},
			Value: func(r *sales.SimulationRow) Cell { return Money(r.Difference, r.Currency) }},
	}
	rows := make([]Row, len(s.Rows))
	for i, r := range s.Rows {
		rows[i] = Row{Ref: Ref{Kind: RefPartner, ID: int64(r.PartnerID)}, Cells: fs.cells(&r)}
	}
	return &Table{Name: "simulation", Title: locale.T("Simulation"), Note: SimulationNote, Columns: fs.columns(),
		Rows: all(rows)}
}
