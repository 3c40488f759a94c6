// Package admin holds the pages of the site's admins, shown inside wp-admin.
// Each page's template stands beside its handler.
package admin

import (
	"embed"

	"partnercenter/affiliate"
	"partnercenter/sidecar/web"
)

// Pages are the handlers of the admin pages.
type Pages struct {
	Registry *affiliate.Registry
}

//go:embed *.html
var files embed.FS

var pages = web.ParsePages(files)
