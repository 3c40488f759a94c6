// Package settings holds the page of the global settings.
package settings

import (
	"embed"

	"partnercenter/affiliate"
	"partnercenter/sidecar/admin/parts"
)

// Pages are the handlers of this area.
type Pages struct {
	Registry *affiliate.Registry
}

//go:embed *.html
var files embed.FS

var pages = parts.Pages(files)
