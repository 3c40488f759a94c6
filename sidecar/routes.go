package sidecar

import (
	"net/http"

	"partnercenter/sidecar/admin"
	"partnercenter/sidecar/center"
	"partnercenter/sidecar/web"
)

// areas are the handlers of the product.
type areas struct {
	center *center.Pages
	admin  *admin.Pages
	ops    *ops
}

// routes is every route of the product, below the base path.
func (a areas) routes() []web.Route {
	const get, post = http.MethodGet, http.MethodPost
	return []web.Route{
		// What every page needs, and what operators ask.
		{Method: get, Path: "/assets/:name", Access: web.Public, Handler: web.ServeAsset},
		{Method: get, Path: "/healthz", Access: web.Public, Handler: a.ops.health},
		{Method: get, Path: "/readyz", Access: web.Public, Handler: a.ops.ready},

		// The partner center.
		{Method: get, Path: "/", Access: web.Partner, Handler: a.center.Dashboard},

		// The admin's half, inside wp-admin.
		{Method: get, Path: "/admin", Access: web.MayView, Handler: a.admin.Overview},
		{Method: get, Path: "/admin/settings", Access: web.MaySettings, Handler: a.admin.Settings},
		{Method: post, Path: "/admin/settings", Access: web.MaySettings, Handler: a.admin.SaveSettings},
	}
}
