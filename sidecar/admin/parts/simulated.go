package parts

import (
	"cmp"
	"context"
	"slices"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/sale"
)

// Simulated is a simulation as the template "simulated" prints it.
type Simulated struct {
	sale.Simulation
	People People
	Totals []sale.SimulationRow // by currency; their partner is none
}

// SimulatedOf names the partners of a simulation, the largest changes first,
// and sums it up.
func SimulatedOf(ctx context.Context, registry *affiliate.Registry, sim sale.Simulation) (*Simulated, error) {
	s, ids := &Simulated{Simulation: sim}, []affiliate.PartnerID{}
	sums := map[money.Currency]sale.SimulationRow{}
	for _, row := range sim.Rows {
		ids = append(ids, row.PartnerID)
		sum := sums[row.Currency]
		sum.Currency = row.Currency
		for to, amount := range map[*money.Amount]money.Amount{&sum.Booked: row.Booked, &sum.Simulated: row.Simulated,
			&sum.Difference: row.Difference} {
			var err error
			if *to, err = to.Add(amount); err != nil {
				return nil, err
			}
		}
		sums[row.Currency] = sum
	}
	for _, sum := range sums {
		s.Totals = append(s.Totals, sum)
	}
	slices.SortFunc(s.Totals, func(a, b sale.SimulationRow) int { return cmp.Compare(a.Currency, b.Currency) })
	slices.SortStableFunc(s.Rows, func(a, b sale.SimulationRow) int {
		return cmp.Or(cmp.Compare(a.Currency, b.Currency), cmp.Compare(magnitude(b.Difference),
			magnitude(a.Difference)))
	})
	var err error
	s.People, err = PeopleOf(ctx, registry, ids...)
	return s, err
}

func magnitude(a money.Amount) int64 { return max(a.Units(), -a.Units()) }

// Shown are the rows that a page has room for, the largest changes first.
func (s *Simulated) Shown() []sale.SimulationRow { return s.Rows[:min(len(s.Rows), simulatedRows)] }

// Hidden is how many rows Shown leaves out.
func (s *Simulated) Hidden() int { return len(s.Rows) - len(s.Shown()) }

const simulatedRows = 100
