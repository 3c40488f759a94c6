// Package center holds the partner's pages, shown stand-alone or inside the
// site's theme. Each page's template stands beside its handler.
package center

import (
	"embed"

	"partnercenter/affiliate"
	"partnercenter/sidecar/web"
)

// Pages are the handlers of the partner's pages.
type Pages struct {
	Registry *affiliate.Registry
}

//go:embed *.html
var files embed.FS

var pages = web.ParsePages(files)
