package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/affiliate/sale"
)

// simulated is a result with a partner whose name a spreadsheet would evaluate.
func simulated() (sale.Simulation, func(affiliate.PartnerID) string) {
	s := sale.Simulation{Orders: 3, Changed: 1, Kept: 1, Rows: []sale.SimulationRow{
		{PartnerID: 7, Currency: "JPY", Booked: money.MustParse("1000"), Simulated: money.MustParse("0"),
			Difference: money.MustParse("-1000")}}}
	return s, func(affiliate.PartnerID) string { return "=Eve" }
}

// Spec: D40.2 B8.1
func TestSimulationIsPrintedAsTableCSVAndJSON(t *testing.T) {
	s, name := simulated()
	for format, wants := range map[string][]string{
		"table": {"=Eve", "-1000", "JPY", "3 orders; 1 would be credited otherwise; 1 more", "cookie lifetime"},
		"csv":   {"'=Eve,", "-1000", "JPY", "Difference", "cookie lifetime"},
		"json":  {`"difference": "-1000"`, `"currency": "JPY"`, `"changed": 1`},
	} {
		var out, notes bytes.Buffer
		if err := writeSimulation(&out, &notes, format, s, name); err != nil {
			t.Fatal(err)
		}
		for _, want := range wants {
			if !strings.Contains(out.String()+notes.String(), want) {
				t.Errorf("%s: no %q in\n%s%s", format, want, out.String(), notes.String())
			}
		}
		if format == "json" && !json.Valid(out.Bytes()) {
			t.Errorf("no JSON:\n%s", out.String())
		}
	}
}

// Spec: B8
func TestSimulateReadsItsFlags(t *testing.T) {
	yes := true
	c := simulateCmd{From: "2026-01-01", To: "2026-02-01", Credit: "first", CreditRule: "live", CreditDays: 3,
		SelfReferral: "deny", NewCustomers: &yes, NoRules: true}
	from, to, err := c.days()
	if err != nil || !from.Equal(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)) ||
		!to.Equal(time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("%s to %s, %v", from, to, err)
	}
	what := c.scenario()
	if what.Credit != affiliate.FirstReferrer || what.Rule != affiliate.LiveClick || what.Days != 3 ||
		what.SelfReferral != affiliate.DenySelf ||
		!*what.NewOnly || what.Rules == nil || what.Windows != nil {
		t.Errorf("%+v", what)
	}
	for _, days := range [][2]string{{"2026-02-01", "2026-02-01"}, {"yesterday", "2026-02-01"}, {"2026-02-01", ""}} {
		if _, _, err := (simulateCmd{From: days[0], To: days[1]}).days(); err == nil {
			t.Errorf("%v is no range", days)
		}
	}
}
