// Command plugin-zip packs the WordPress plugin for upload:
//
//	plugin-zip dist/partner-center.zip
package main

import (
	"archive/zip"
	"fmt"
	"io/fs"
	"os"

	wpplugin "partnercenter/wp-plugin"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: plugin-zip FILE")
		os.Exit(2)
	}
	if err := pack(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "plugin-zip:", err)
		os.Exit(1)
	}
}

// pack writes the plugin's folder, without time stamps, so that the same
// sources give the same bytes.
func pack(name string) error {
	out, err := os.Create(name)
	if err != nil {
		return err
	}
	archive := zip.NewWriter(out)
	err = fs.WalkDir(wpplugin.Files, wpplugin.Name, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := wpplugin.Files.ReadFile(path)
		if err != nil {
			return err
		}
		file, err := archive.Create(path)
		if err == nil {
			_, err = file.Write(content)
		}
		return err
	})
	if err != nil {
		return err
	}
	if err := archive.Close(); err != nil {
		return err
	}
	return out.Close()
}
