// Package activity holds the record of what was done, by whom and from where
// (B12), and the proof that nobody has altered it.
package activity

import (
	"embed"

	"partnercenter/affiliate"
	"partnercenter/affiliate/sale"
	"partnercenter/sidecar/admin/parts"
)

// Pages are the handlers of this area.
type Pages struct {
	Registry *affiliate.Registry
	Sales    *sale.Service
}

//go:embed *.html
var files embed.FS

var pages = parts.Pages(files)
