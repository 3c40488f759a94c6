// Package settings holds the pages of the global settings and of the connections to
// other programs.
package settings

import (
	"embed"

	"partnercenter/affiliate"
	"partnercenter/affiliate/apikey"
	"partnercenter/affiliate/pixel"
	"partnercenter/affiliate/webhooks"
	"partnercenter/sidecar/admin/parts"
)

// Pages are the handlers of this area.
type Pages struct {
	Registry *affiliate.Registry
	Keys     *apikey.Keys
	Sales    *pixel.Box
	Webhooks *webhooks.Outbox
}

//go:embed *.html
var files embed.FS

var pages = parts.Pages(files)
