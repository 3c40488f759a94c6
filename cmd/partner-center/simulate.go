package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"text/tabwriter"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/sale"
	"partnercenter/clock"
	"partnercenter/db"
	"partnercenter/reports"
)

type simulateCmd struct {
	siteFlags
	From         string              `required:"" placeholder:"YYYY-MM-DD" help:"First day of the orders, by UTC."`
	To           string              `required:"" placeholder:"YYYY-MM-DD" help:"Day after the last one."`
	Program      affiliate.ProgramID `placeholder:"ID" help:"Id of the program whose rules are changed; all of them when not given."`
	Credit       string              `enum:",first,last" default:"" placeholder:"WHICH" help:"Which referrer earns: first or last."`
	Coupons      string              `enum:",click,coupon,newest" default:"" placeholder:"WHAT" help:"What wins between a click and another partner's coupon: click, coupon or newest."`
	CreditRule   string              `enum:",stored,stored_days,live" default:"" placeholder:"RULE" help:"What a referrer needs to get credit: stored, stored_days or live."`
	CreditDays   int                 `placeholder:"N" help:"Days of stored_days and live; 0 with live is a click of the order's own."`
	SelfReferral string              `enum:",allow,hold,deny" default:"" placeholder:"POLICY" help:"Partners who buy themselves: allow, hold or deny."`
	NewCustomers *bool               `help:"Credit new customers only." negatable:""`
	NoPromotions bool                `help:"Without the programs' promotions."`
	NoRules      bool                `help:"Without the programs' automatic rules."`
	Format       string              `enum:"table,csv,json" default:"table" help:"table, csv or json."`
}

// Run prints what other settings would have paid, and changes nothing.
func (c simulateCmd) Run(ctx context.Context) error {
	from, to, err := c.days()
	if err != nil {
		return err
	}
	h, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer h.Close()
	s, err := sale.Simulate(ctx, h, from, to, c.scenario())
	if err != nil {
		return err
	}
	name, err := partnerNames(ctx, h, s)
	if err != nil {
		return err
	}
	return writeSimulation(os.Stdout, os.Stderr, c.Format, s, name)
}

func (c simulateCmd) days() (from, to time.Time, err error) {
	first, err := affiliate.ParseDay(c.From)
	if err != nil {
		return from, to, fmt.Errorf("--from: %w", err)
	}
	end, err := affiliate.ParseDay(c.To)
	if err != nil {
		return from, to, fmt.Errorf("--to: %w", err)
	}
	if !first.Before(end) {
		return from, to, fmt.Errorf("--to must be after --from")
	}
	return first.Start(time.UTC), end.Start(time.UTC), nil
}

func (c simulateCmd) scenario() sale.Scenario {
	what := sale.Scenario{Credit: affiliate.Credit(c.Credit), Coupons: affiliate.CouponPriority(c.Coupons),
		ProgramID: c.Program,
		Rule:      affiliate.CreditRule(c.CreditRule), Days: c.CreditDays,
		SelfReferral: affiliate.SelfReferral(c.SelfReferral), NewOnly: c.NewCustomers}
	if c.NoPromotions {
		what.Windows = &[]affiliate.Window{}
	}
	if c.NoRules {
		what.Rules = &[]affiliate.AutoRule{}
	}
	return what
}

// partnerNames tells what the partners of a simulation are called.
func partnerNames(ctx context.Context, h *db.Handle, s sale.Simulation) (func(affiliate.PartnerID) string, error) {
	ids := []affiliate.PartnerID{}
	for _, row := range s.Rows {
		ids = append(ids, row.PartnerID)
	}
	contacts, err := affiliate.NewRegistry(h, clock.System).PartnerContacts(ctx, ids)
	return func(id affiliate.PartnerID) string {
		if c, known := contacts[id]; known {
			return c.Name()
		}
		return "Partner " + id.String()
	}, err
}

// writeSimulation writes the result to out; what is no data goes to notes, so
// that files hold data only.
func writeSimulation(out, notes io.Writer, format string, s sale.Simulation,
	name func(affiliate.PartnerID) string) error {
	switch format {
	case "json":
		e := json.NewEncoder(out)
		e.SetIndent("", "  ")
		return e.Encode(s)
	case "csv":
		fmt.Fprintln(notes, reports.SimulationNote)
		return reports.WriteCSV(out, reports.Simulation(s, name), reports.CSVOptions{})
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "Partner\tBooked\tSimulated\tDifference\tCurrency\t")
	for _, r := range s.Rows {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t\n", name(r.PartnerID), money.Decimal(r.Booked, r.Currency),
			money.Decimal(r.Simulated, r.Currency),
			money.Decimal(r.Difference, r.Currency), r.Currency)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out,
		"\n%d orders; %d would be credited otherwise; %d more would, but stay as they are, because an admin decided "+
			"or facts have changed since.\n%s\n",
		s.Orders, s.Changed, s.Kept, reports.SimulationNote)
	return err
}
