// Package simulator holds the admin's page that replays the past under other
// settings (B8).
package simulator

import (
	"context"
	"embed"
	"time"

	"partnercenter/affiliate"
	"partnercenter/affiliate/sale"
	"partnercenter/sidecar/admin/parts"
)

// Pages are the handlers of this area.
type Pages struct {
	Registry *affiliate.Registry
	// Simulate is sale.Simulate.
	Simulate func(ctx context.Context, from, to time.Time, what sale.Scenario) (sale.Simulation, error)
}

//go:embed *.html
var files embed.FS

var pages = parts.Pages(files)
