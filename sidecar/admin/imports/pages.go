// Package imports shows what would become of the lines of a file of partners or
// contacts, takes the file in, and shows what became of them.
package imports

import (
	"embed"

	"partnercenter/affiliate"
	"partnercenter/affiliate/imports"
	"partnercenter/affiliate/task"
	"partnercenter/sidecar/admin/parts"
)

// Pages are the handlers of this area.
type Pages struct {
	Registry *affiliate.Registry
	Imports  *imports.Service
	Tasks    *task.Service
}

//go:embed *.html
var files embed.FS

var pages = parts.Pages(files)
