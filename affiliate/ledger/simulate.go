package ledger

import "partnercenter/affiliate"

// Scenario is what a simulation changes; blank fields stay as they were for
// each order.
type Scenario struct {
	Credit affiliate.Credit // of the global settings (S7)
}

func (w Scenario) settings(s affiliate.Settings) affiliate.Settings {
	if w.Credit != "" {
		s.Credit = w.Credit
	}
	return s
}

func (w Scenario) policy(p affiliate.Policy) affiliate.Policy { return p }
