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
		{Method: get, Path: "/earnings/commissions/:id", Access: web.Partner, Handler: a.center.Why},
		{Method: get, Path: "/reports", Access: web.Partner, Handler: a.center.Figures},
		{Method: get, Path: "/reports/:name", Access: web.Partner, Handler: a.center.Figures},
		{Method: get, Path: "/tools", Access: web.Partner, Handler: a.center.Tools},
		{Method: get, Path: "/profile", Access: web.Partner, Handler: a.center.Profile},
		{Method: post, Path: "/profile", Access: web.Partner, Handler: a.center.SaveProfile},
		{Method: get, Path: "/confirm-paypal", Access: web.Visitor, Handler: a.center.ConfirmPayPal}, // from a mail
		{Method: post, Path: "/confirm-paypal", Access: web.Visitor, Handler: a.center.PayPalConfirmed},
		{Method: get, Path: "/confirm-signup", Access: web.Visitor, Handler: a.center.ConfirmSignup}, // from a mail
		{Method: post, Path: "/confirm-signup", Access: web.Visitor, Handler: a.center.SignupConfirmed},
		{Method: get, Path: "/signup/:program", Access: web.Visitor, Handler: a.center.Signup},
		{Method: post, Path: "/signup/:program", Access: web.Visitor, Handler: a.center.Apply},
		{Method: post, Path: "/signup/:program/confirm", Access: web.Person, Handler: a.center.ConfirmOwnSignup},

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
		{Method: post, Path: "/admin/programs/:program/tools/:tool/check", Access: web.MaySettings, Handler: a.admin.CheckTool},
		{Method: post, Path: "/admin/programs/:program/tools/:tool/archive", Access: web.MaySettings, Handler: a.admin.ArchiveTool},
		{Method: post, Path: "/admin/programs/:program/tools/:tool/unarchive", Access: web.MaySettings, Handler: a.admin.UnarchiveTool},

		{Method: get, Path: "/admin/partners", Access: web.MayView, Handler: a.admin.Partners},
		{Method: get, Path: "/admin/partners/new", Access: web.MayApprove, Handler: a.admin.NewPartner},
		{Method: post, Path: "/admin/partners", Access: web.MayApprove, Handler: a.admin.AddPartner},
		{Method: get, Path: "/admin/partners/:partner", Access: web.MayView, Handler: a.admin.Partner},
		{Method: post, Path: "/admin/partners/:partner/approve", Access: web.MayApprove, Handler: a.admin.ApprovePartner},
		{Method: post, Path: "/admin/partners/:partner/reject", Access: web.MayApprove, Handler: a.admin.RejectPartner},
		{Method: post, Path: "/admin/partners/:partner/account", Access: web.MayApprove, Handler: a.admin.RetryAccount},

		{Method: get, Path: "/admin/contacts", Access: web.MayView, Handler: a.admin.Contacts},
		{Method: get, Path: "/admin/contacts/:contact", Access: web.MayView, Handler: a.admin.Contact},
		{Method: get, Path: "/admin/contacts/:contact/history", Access: web.MayView, Handler: a.admin.ContactHistory},
		{Method: get, Path: "/admin/contacts/:contact/orders", Access: web.MayView, Handler: a.admin.ContactOrders},
		{Method: get, Path: "/admin/contacts/:contact/log", Access: web.MayApprove, Handler: a.admin.NewTransaction},
		{Method: post, Path: "/admin/contacts/:contact/log", Access: web.MayApprove, Handler: a.admin.LogTransaction},

		{Method: get, Path: "/admin/commissions", Access: web.MayView, Handler: a.admin.Pending},
		{Method: post, Path: "/admin/commissions/approve", Access: web.MayApprove, Handler: a.admin.ApproveCommissions},
		{Method: post, Path: "/admin/commissions/unapprove", Access: web.MayApprove, Handler: a.admin.UnapproveCommissions},
		{Method: post, Path: "/admin/commissions/cancel", Access: web.MayApprove, Handler: a.admin.CancelCommissions},
		{Method: get, Path: "/admin/commissions/due", Access: web.MayView, Handler: a.admin.DuePayments},
		{Method: get, Path: "/admin/commissions/due/:partner", Access: web.MayView, Handler: a.admin.DuePartner},
		{Method: post, Path: "/admin/commissions/pay", Access: web.MayPay, Handler: a.admin.PayPartner},
		{Method: get, Path: "/admin/commissions/paypal", Access: web.MayPay, Handler: a.admin.PayPal},
		{Method: get, Path: "/admin/commissions/paypal/file", Access: web.MayPay, Handler: a.admin.PayPalFile},
		{Method: get, Path: "/admin/commissions/history", Access: web.MayView, Handler: a.admin.History},
		{Method: get, Path: "/admin/commissions/:commission", Access: web.MayView, Handler: a.admin.Commission},
		{Method: get, Path: "/admin/commissions/orders/:order", Access: web.MayView, Handler: a.admin.Order},
		{Method: get, Path: "/admin/commissions/orders/:order/trace.json", Access: web.MayView, Handler: a.admin.OrderTrace},
		{Method: post, Path: "/admin/commissions/orders/:order/reviewed", Access: web.MayApprove, Handler: a.admin.ReviewedOrder},

		{Method: post, Path: "/admin/mails/:mail/again", Access: web.MayApprove, Handler: a.admin.SendAgain},
		{Method: get, Path: "/admin/reports/:file", Access: web.MayView, Handler: a.admin.Download}, // pending.csv, due.xlsx, …
	}
}
