package track

import (
	"context"
	"net/http"
	"time"

	"partnercenter/sidecar/web"
)

// gif is a transparent picture of one pixel.
var gif = []byte("GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\x00\x00\x00!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;")

// How often one address may report a sale, and how long its picture may wait.
const (
	saleBurst  = 30
	saleEvery  = 5 * time.Second
	pixelLimit = 3 * time.Second
)

// Pixel takes the report of a sale from a cart's confirmation page (S124-S126).
// The buyer's page gets its picture whatever becomes of the report: what is
// wrong with it is for the admin, who finds it among the latest calls.
func (p *Pages) Pixel(r *web.Request) error {
	if r.Site.Handover().Switches.Tracking && p.salesLimit.Allow(r.ClientIP(), p.Now()) {
		ctx, cancel := context.WithTimeout(r.Ctx(), pixelLimit)
		defer cancel()
		key, err := p.Box.Receive(ctx, r.Context.Request.URL.RawQuery, r.Click(p.Now()), r.GetHeader("Referer"))
		if err != nil {
			r.Site.Log.Info("a report of the pixel was refused", "key", key.ID, "why", err)
		}
	}
	r.Data(http.StatusOK, "image/gif", gif)
	return nil
}
