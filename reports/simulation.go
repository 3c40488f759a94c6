package reports

import (
	"iter"
	"slices"

	"partnercenter/affiliate"
	"partnercenter/affiliate/ledger"
)

// SimulationNote is what a reader of a simulation must know (D40).
const SimulationNote = "Nothing was changed. The lifetime of cookies was fixed in each cookie at its click: " +
	"a longer one cannot be simulated for the past."

// Simulation is the table of what a scenario would have changed, by partner and
// currency (B8); name is what a partner is called.
func Simulation(s ledger.Simulation, name func(affiliate.PartnerID) string) *Table {
	return &Table{
		Name: "simulation", Title: "Simulation", Note: SimulationNote,
		Columns: []Column{
			{Key: "partner", Name: "Partner", Kind: KindText},
			{Key: "booked", Name: "Booked", Kind: KindMoney, Help: "What the commissions of these orders come to now, both levels."},
			{Key: "simulated", Name: "Simulated", Kind: KindMoney, Help: "What they would come to in the scenario."},
			{Key: "difference", Name: "Difference", Kind: KindMoney},
		},
		Rows: simulationRows(s.Rows, name),
	}
}

func simulationRows(rows []ledger.SimulationRow, name func(affiliate.PartnerID) string) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		for r := range slices.Values(rows) {
			cells := []Cell{Text(name(r.PartnerID)), Money(r.Booked, r.Currency), Money(r.Simulated, r.Currency), Money(r.Difference, r.Currency)}
			if !yield(Row{Ref: Ref{Kind: RefPartner, ID: int64(r.PartnerID)}, Cells: cells}, nil) {
				return
			}
		}
	}
}
