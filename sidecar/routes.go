package sidecar

import (
	"net/http"

	"partnercenter/sidecar/admin"
	"partnercenter/sidecar/center"
	"partnercenter/sidecar/track"
	"partnercenter/sidecar/web"
)

// areas are the handlers of the product.
type areas struct {
	center *center.Pages
	admin  *admin.Pages
	track  *track.Pages
	ops    *ops
}

// routes is every route of the product, below the base path.
func (a areas) routes() []web.Route {
	const get, head, post = http.MethodGet, http.MethodHead, http.MethodPost
	return []web.Route{
		// What every page needs, and what operators ask.
		{Method: get, Path: "/assets/:name", Access: web.Public, Handler: web.ServeAsset},
		{Method: get, Path: "/healthz", Access: web.Public, Handler: a.ops.health},
		{Method: get, Path: "/readyz", Access: web.Public, Handler: a.ops.ready},

		// Links, the tracking script and what it reports.
		{Method: get, Path: "/go/*link", Access: web.Public, Handler: a.track.Link},
		{Method: head, Path: "/go/*link", Access: web.Public, Handler: a.track.Link},
		{Method: get, Path: "/t.js", Access: web.Public, Handler: a.track.Script},
		{Method: get, Path: "/t/click", Access: web.Public, Handler: a.track.Click}, // as an image
		{Method: post, Path: "/t/click", Access: web.Public, Handler: a.track.Click, Open: true},
		{Method: post, Path: "/t/lead", Access: web.Public, Handler: a.track.Lead, Open: true},

		// The partner center.
		{Method: get, Path: "/", Access: web.Partner, Handler: a.center.Dashboard},
		{Method: get, Path: "/earnings", Access: web.Partner, Handler: a.center.Earnings},
		{Method: get, Path: "/earnings/:name", Access: web.Partner, Handler: a.center.Earnings}, // …/commissions, .csv, .xlsx
		{Method: get, Path: "/reports", Access: web.Partner, Handler: a.center.Figures},
		{Method: get, Path: "/reports/:name", Access: web.Partner, Handler: a.center.Figures},
		{Method: get, Path: "/tools", Access: web.Partner, Handler: a.center.Tools},
		{Method: get, Path: "/profile", Access: web.Partner, Handler: a.center.Profile},
		{Method: post, Path: "/profile", Access: web.Partner, Handler: a.center.SaveProfile},
		{Method: get, Path: "/signup/:program", Access: web.Visitor, Handler: a.center.Signup},
		{Method: post, Path: "/signup/:program", Access: web.Visitor, Handler: a.center.Apply},

		// The admin's half, inside wp-admin.
		{Method: get, Path: "/admin", Access: web.MayView, Handler: a.admin.Overview},
		{Method: get, Path: "/admin/settings", Access: web.MaySettings, Handler: a.admin.Settings},
		{Method: post, Path: "/admin/settings", Access: web.MaySettings, Handler: a.admin.SaveSettings},

		{Method: get, Path: "/admin/programs", Access: web.MayView, Handler: a.admin.Programs},
		{Method: get, Path: "/admin/programs/new", Access: web.MaySettings, Handler: a.admin.NewProgram},
		{Method: post, Path: "/admin/programs", Access: web.MaySettings, Handler: a.admin.CreateProgram},
		{Method: get, Path: "/admin/programs/:program", Access: web.MaySettings, Handler: a.admin.Program},
		{Method: post, Path: "/admin/programs/:program", Access: web.MaySettings, Handler: a.admin.SaveProgram},
		{Method: post, Path: "/admin/programs/:program/archive", Access: web.MaySettings, Handler: a.admin.ArchiveProgram},
		{Method: post, Path: "/admin/programs/:program/unarchive", Access: web.MaySettings, Handler: a.admin.UnarchiveProgram},
		{Method: get, Path: "/admin/programs/:program/signup", Access: web.MaySettings, Handler: a.admin.ProgramSignup},
		{Method: get, Path: "/admin/programs/:program/products", Access: web.MaySettings, Handler: a.admin.Products},
		{Method: post, Path: "/admin/programs/:program/products", Access: web.MaySettings, Handler: a.admin.AddProduct},
		{Method: get, Path: "/admin/programs/:program/products/:product", Access: web.MaySettings, Handler: a.admin.Terms},
		{Method: post, Path: "/admin/programs/:program/products/:product", Access: web.MaySettings, Handler: a.admin.SaveTerms},
		{Method: post, Path: "/admin/programs/:program/products/:product/remove", Access: web.MaySettings, Handler: a.admin.RemoveProduct},
		{Method: get, Path: "/admin/programs/:program/tools", Access: web.MaySettings, Handler: a.admin.Tools},
		{Method: get, Path: "/admin/programs/:program/tools/new", Access: web.MaySettings, Handler: a.admin.NewTool},
		{Method: post, Path: "/admin/programs/:program/tools", Access: web.MaySettings, Handler: a.admin.CreateTool},
		{Method: get, Path: "/admin/programs/:program/tools/:tool", Access: web.MaySettings, Handler: a.admin.Tool},
		{Method: post, Path: "/admin/programs/:program/tools/:tool", Access: web.MaySettings, Handler: a.admin.SaveTool},
		{Method: post, Path: "/admin/programs/:program/tools/:tool/archive", Access: web.MaySettings, Handler: a.admin.ArchiveTool},
		{Method: post, Path: "/admin/programs/:program/tools/:tool/unarchive", Access: web.MaySettings, Handler: a.admin.UnarchiveTool},
	}
}
