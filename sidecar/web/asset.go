package web

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"mime"
	"net/http"
	"path"
	"strings"
)

//go:embed assets/*
var assetFiles embed.FS

// assets are files by the name they are served under, which holds their hash:
// they can be cached for ever, and a new release is seen at once.
var assets, hashed = func() (map[string][]byte, map[string]string) {
	byName, names := map[string][]byte{}, map[string]string{}
	entries, err := assetFiles.ReadDir("assets")
	if err != nil {
		panic(err)
	}
	for _, entry := range entries {
		content, err := assetFiles.ReadFile("assets/" + entry.Name())
		if err != nil {
			panic(err)
		}
		sum := sha256.Sum256(content)
		extension := path.Ext(entry.Name())
		name := strings.TrimSuffix(entry.Name(), extension) + "." + hex.EncodeToString(sum[:5]) + extension
		byName[name], names[entry.Name()] = content, name
	}
	return byName, names
}()

// Asset is the URL of a file of ours, reachable on every surface.
func (r *Request) Asset(name string) string {
	return r.Site.basePath() + "/assets/" + hashed[name]
}

// ServeAsset answers GET assets/:name.
func ServeAsset(r *Request) error {
	content, ok := assets[r.Param("name")]
	if !ok {
		return r.serveColor(r.Param("name"))
	}
	r.Header("Cache-Control", "public, max-age=31536000, immutable")
	r.Data(http.StatusOK, mime.TypeByExtension(path.Ext(r.Param("name"))), content)
	return nil
}
