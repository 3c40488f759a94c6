package track

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"

	"partnercenter/affiliate/tracking"
	"partnercenter/sidecar/web"
	wpplugin "partnercenter/wp-plugin"
)

var scriptTag, lightboxTag = tagOf(wpplugin.Script), tagOf(tracking.LightboxScript)

func tagOf(script []byte) string {
	sum := sha256.Sum256(script)
	return `"` + hex.EncodeToString(sum[:8]) + `"`
}

// Script serves the tracking script under the one name that pages out there
// hold (S45, S62). A new release is taken over within the hour.
func (p *Pages) Script(r *web.Request) error { return serve(r, wpplugin.Script, scriptTag) }

// Lightbox serves the script that partners' pages load where a policy allows them
// none of their own (S51).
func (p *Pages) Lightbox(r *web.Request) error { return serve(r, tracking.LightboxScript, lightboxTag) }

func serve(r *web.Request, script []byte, tag string) error {
	r.Header("Cache-Control", "public, max-age=3600")
	r.Header("ETag", tag)
	if r.GetHeader("If-None-Match") == tag {
		r.Status(http.StatusNotModified)
		return nil
	}
	r.Data(http.StatusOK, "text/javascript; charset=utf-8", script)
	return nil
}
