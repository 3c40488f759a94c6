// Package wpplugin carries the WordPress plugin inside the program, so that
// the demo, the tests and the release archive all use the same files.
package wpplugin

import (
	"embed"
	"io/fs"
)

// Files holds the folder partner-center as WordPress expects it below
// wp-content/plugins.
//
//go:embed all:partner-center
var Files embed.FS

// Name is the plugin's folder; WordPress knows the plugin as Main.
const (
	Name = "partner-center"
	Main = Name + "/partner-center.php"
)

// FS returns the content of the plugin's folder.
func FS() fs.FS {
	sub, err := fs.Sub(Files, Name)
	if err != nil {
		panic(err) // only for an invalid path
	}
	return sub
}

// Script is the tracking script: the sidecar serves it, and the plugin itself
// while no sidecar answers.
//
//go:embed partner-center/js/t.js
var Script []byte
