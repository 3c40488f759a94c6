package reports

import (
	"iter"
	"slices"

	"partnercenter/affiliate"
	sales "partnercenter/affiliate/sale"
	"partnercenter/locale"
)

// SimulationNote is what a reader of a simulation must know (D40).
var SimulationNote = locale.T("Nothing was changed. Each click's cookie lifetime was set when it was clicked, so a longer one can't be simulated for the past.")

// Simulation is the table of what a scenario would have changed, by partner and
// currency (B8); name is what a partner is called.
func Simulation(s sales.Simulation, name func(affiliate.PartnerID) string) *Table {
	return &Table{
		Name: "simulation", Title: locale.T("Simulation"), Note: SimulationNote,
		Columns: []Column{
			{Key: "partner", Name: locale.T("Partner"), Kind: KindText},
			{Key: "booked", Name: locale.T("Booked"), Kind: KindMoney, Help: locale.T("Current commissions of these orders, both levels.")},
			{Key: "simulated", Name: locale.T("Simulated"), Kind: KindMoney, Help: locale.T("Commissions under the other rules.")},
			{Key: "difference", Name: locale.T("Difference"), Kind: KindMoney},
		},
		Rows: simulationRows(s.Rows, name),
	}
}

func simulationRows(rows []sales.SimulationRow, name func(affiliate.PartnerID) string) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		for r := range slices.Values(rows) {
			cells := []Cell{Text(name(r.PartnerID)), Money(r.Booked, r.Currency), Money(r.Simulated, r.Currency), Money(r.Difference, r.Currency)}
			if !yield(Row{Ref: Ref{Kind: RefPartner, ID: int64(r.PartnerID)}, Cells: cells}, nil) {
				return
			}
		}
	}
}
