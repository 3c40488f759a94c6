// Package tasks shows long work: what runs, how far it is, what became of it.
package tasks

import (
	"embed"

	"partnercenter/affiliate/task"
	"partnercenter/sidecar/admin/parts"
)

//go:embed *.html parts/*.html
var files embed.FS

var pages = parts.Pages(files)

// Pages are the pages of this area.
type Pages struct {
	Tasks *task.Service
}
