package reports

import (
	"partnercenter/affiliate"
	sales "partnercenter/affiliate/sale"
)

// SimulationNote is what a reader of a simulation must know (D40).
const SimulationNote = "Nothing was changed. The lifetime of cookies was fixed in each cookie at its click: " +
	"a longer one cannot be simulated for the past."

// Simulation is the table of what a scenario would have changed, by partner and
// currency (B8); name is what a partner is called.
func Simulation(s sales.Simulation, name func(affiliate.PartnerID) string) *Table {
	fs := fields[sales.SimulationRow]{
		{Column: Column{Key: "partner", Name: "Partner", Kind: KindText},
			Value: func(r *sales.SimulationRow) Cell { return Text(name(r.PartnerID)) }},
		{Column: Column{Key: "booked", Name: "Booked", Kind: KindMoney,
			Help: "What the commissions of these orders come to now, both levels."},
			Value: func(r *sales.SimulationRow) Cell { return Money(r.Booked, r.Currency) }},
		{Column: Column{Key: "simulated", Name: "Simulated", Kind: KindMoney,
			Help: "What they would come to in the scenario."},
			Value: func(r *sales.SimulationRow) Cell { return Money(r.Simulated, r.Currency) }},
		{Column: Column{Key: "difference", Name: "Difference", Kind: KindMoney},
			Value: func(r *sales.SimulationRow) Cell { return Money(r.Difference, r.Currency) }},
	}
	rows := make([]Row, len(s.Rows))
	for i, r := range s.Rows {
		rows[i] = Row{Ref: Ref{Kind: RefPartner, ID: int64(r.PartnerID)}, Cells: fs.cells(&r)}
	}
	return &Table{Name: "simulation", Title: "Simulation", Note: SimulationNote, Columns: fs.columns(), Rows: all(rows)}
}
