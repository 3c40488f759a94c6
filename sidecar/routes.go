package sidecar

import (
	"net/http"

	"partnercenter/sidecar/web"
)

// routes is every route of the product, below the base path.
func (a areas) routes() []web.Route {
	const get, head, post = http.MethodGet, http.MethodHead, http.MethodPost
	routes := []web.Route{
		// What every page needs, and what operators ask.
		{Method: get, Path: "/assets/:name", Access: web.Public, Handler: web.ServeAsset},
		{Method: get, Path: "/healthz", Access: web.Public, Handler: a.ops.health},
		// the plugin's own call
		{Method: post, Path: "/handover", Access: web.Public, Handler: a.ops.handover, Open: true},
		{Method: get, Path: "/readyz", Access: web.Public, Handler: a.ops.ready},

		// Links, the tracking script and what it reports.
		{Method: get, Path: "/go/*link", Access: web.Public, Handler: a.track.Link},
		{Method: head, Path: "/go/*link", Access: web.Public, Handler: a.track.Link},
		{Method: get, Path: "/t.js", Access: web.Public, Handler: a.track.Script},
		{Method: get, Path: "/px.gif", Access: web.Public, Handler: a.track.Pixel},
		{Method: get, Path: "/t/click", Access: web.Public, Handler: a.track.Click}, // as an image
		{Method: post, Path: "/t/click", Access: web.Public, Handler: a.track.Click, Open: true},
		{Method: post, Path: "/t/lead", Access: web.Public, Handler: a.track.Lead, Open: true},

		{Method: post, Path: "/password", Access: web.Person, Handler: web.TakePassword}, // before what moves money

		// The partner center.
		{Method: get, Path: "/", Access: web.Partner, Handler: a.center.Dashboard},
		{Method: get, Path: "/earnings", Access: web.Partner, Handler: a.center.Earnings},
		// …/commissions, .csv, .xlsx
		{Method: get, Path: "/earnings/:name", Access: web.Partner, Handler: a.center.Earnings},
		{Method: get, Path: "/earnings/commissions/:id", Access: web.Partner, Handler: a.center.Why},
		{Method: get, Path: "/reports", Access: web.Partner, Handler: a.center.Figures},
		{Method: get, Path: "/reports/:name", Access: web.Partner, Handler: a.center.Figures},
		{Method: get, Path: "/tools", Access: web.Partner, Handler: a.center.Tools},
		{Method: post, Path: "/tools/coupon", Access: web.Partner, Handler: a.center.ChooseCoupon},
		{Method: get, Path: "/profile", Access: web.Partner, Handler: a.center.Profile},
		{Method: post, Path: "/profile", Access: web.Partner, Password: true, Handler: a.center.SaveProfile},
		{Method: get, Path: "/confirm-paypal", Access: web.Visitor, Handler: a.center.ConfirmPayPal}, // from a mail
		{Method: post, Path: "/confirm-paypal", Access: web.Visitor, Handler: a.center.PayPalConfirmed},
		{Method: get, Path: "/confirm-signup", Access: web.Visitor, Handler: a.center.ConfirmSignup}, // from a mail
		{Method: post, Path: "/confirm-signup", Access: web.Visitor, Handler: a.center.SignupConfirmed},
		{Method: get, Path: "/signup/:program", Access: web.Visitor, Handler: a.center.Signup},
		{Method: post, Path: "/signup/:program", Access: web.Visitor, Handler: a.center.Apply},
		{Method: post, Path: "/signup/:program/confirm", Access: web.Person, Handler: a.center.ConfirmOwnSignup},

		// The admin's half, inside wp-admin.
		{Method: get, Path: "/admin", Access: web.MayView, Handler: a.overview.Overview},
		{Method: get, Path: "/admin/settings", Access: web.MaySettings, Handler: a.settings.Settings},
		{Method: post, Path: "/admin/settings", Access: web.MaySettings, Handler: a.settings.SaveSettings},
		{Method: get, Path: "/admin/settings/connections", Access: web.MaySettings, Handler: a.settings.Connections},
		{Method: post, Path: "/admin/settings/connections/keys", Access: web.MaySettings,
			Handler: a.settings.CreateKey},
		{Method: post, Path: "/admin/settings/connections/keys/:key/revoke", Access: web.MaySettings,
			Handler: a.settings.RevokeKey},
		{Method: post, Path: "/admin/settings/connections/webhooks", Access: web.MaySettings,
			Handler: a.settings.CreateWebhook},
		{Method: post, Path: "/admin/settings/connections/webhooks/:webhook/test", Access: web.MaySettings,
			Handler: a.settings.TestWebhook},
		{Method: post, Path: "/admin/settings/connections/webhooks/:webhook/remove", Access: web.MaySettings,
			Handler: a.settings.RemoveWebhook},
		{Method: post, Path: "/admin/settings/connections/deliveries/:delivery/again", Access: web.MaySettings,
			Handler: a.settings.DeliverAgain},

		{Method: get, Path: "/admin/programs", Access: web.MayView, Handler: a.programs.Programs},
		{Method: get, Path: "/admin/programs/new", Access: web.MaySettings, Handler: a.programs.NewProgram},
		{Method: post, Path: "/admin/programs", Access: web.MaySettings, Handler: a.programs.CreateProgram},
		{Method: get, Path: "/admin/programs/:program", Access: web.MaySettings, Handler: a.programs.Program},
		{Method: post, Path: "/admin/programs/:program", Access: web.MaySettings, Handler: a.programs.SaveProgram},
		{Method: post, Path: "/admin/programs/:program/archive", Access: web.MaySettings,
			Handler: a.programs.ArchiveProgram},
		{Method: post, Path: "/admin/programs/:program/unarchive", Access: web.MaySettings,
			Handler: a.programs.UnarchiveProgram},
		{Method: get, Path: "/admin/programs/:program/signup", Access: web.MaySettings,
			Handler: a.programs.ProgramSignup},
		{Method: get, Path: "/admin/programs/:program/rules", Access: web.MaySettings, Handler: a.programs.Rules},
		{Method: post, Path: "/admin/programs/:program/rules", Access: web.MaySettings, Handler: a.programs.SaveRules},
		{Method: get, Path: "/admin/programs/:program/products", Access: web.MaySettings, Handler: a.programs.Products},
		{Method: post, Path: "/admin/programs/:program/products", Access: web.MaySettings,
			Handler: a.programs.AddProduct},
		{Method: get, Path: "/admin/programs/:program/products/:product", Access: web.MaySettings,
			Handler: a.programs.Terms},
		{Method: post, Path: "/admin/programs/:program/products/:product", Access: web.MaySettings,
			Handler: a.programs.SaveTerms},
		{Method: post, Path: "/admin/programs/:program/products/:product/remove", Access: web.MaySettings,
			Handler: a.programs.RemoveProduct},
		{Method: get, Path: "/admin/programs/:program/tools", Access: web.MaySettings, Handler: a.programs.Tools},
		{Method: get, Path: "/admin/programs/:program/tools/new", Access: web.MaySettings, Handler: a.programs.NewTool},
		{Method: post, Path: "/admin/programs/:program/tools", Access: web.MaySettings, Handler: a.programs.CreateTool},
		{Method: get, Path: "/admin/programs/:program/tools/:tool", Access: web.MaySettings, Handler: a.programs.Tool},
		{Method: post, Path: "/admin/programs/:program/tools/:tool", Access: web.MaySettings,
			Handler: a.programs.SaveTool},
		{Method: post, Path: "/admin/programs/:program/tools/:tool/check", Access: web.MaySettings,
			Handler: a.programs.CheckTool},
		{Method: post, Path: "/admin/programs/:program/tools/:tool/archive", Access: web.MaySettings,
			Handler: a.programs.ArchiveTool},
		{Method: post, Path: "/admin/programs/:program/tools/:tool/unarchive", Access: web.MaySettings,
			Handler: a.programs.UnarchiveTool},

		{Method: get, Path: "/admin/programs/:program/coupons", Access: web.MaySettings, Handler: a.programs.Coupons},
		{Method: post, Path: "/admin/programs/:program/coupons", Access: web.MaySettings,
			Handler: a.programs.SaveCoupons},
		{Method: post, Path: "/admin/programs/:program/coupons/assign", Access: web.MaySettings,
			Handler: a.programs.AssignCoupon},
		{Method: post, Path: "/admin/programs/:program/coupons/code", Access: web.MaySettings,
			Handler: a.programs.ChangeCode},
		{Method: post, Path: "/admin/programs/:program/coupons/:coupon/release", Access: web.MaySettings,
			Handler: a.programs.ReleaseCoupon},
		{Method: post, Path: "/admin/programs/:program/coupons/:coupon/again", Access: web.MaySettings,
			Handler: a.programs.RetryCoupon},

		{Method: get, Path: "/admin/partners", Access: web.MayView, Handler: a.partners.Partners},
		{Method: get, Path: "/admin/partners/new", Access: web.MayApprove, Handler: a.partners.NewPartner},
		{Method: post, Path: "/admin/partners", Access: web.MayApprove, Handler: a.partners.AddPartner},
		{Method: get, Path: "/admin/partners/:partner", Access: web.MayView, Handler: a.partners.Partner},
		{Method: post, Path: "/admin/partners/:partner/approve", Access: web.MayApprove,
			Handler: a.partners.ApprovePartner},
		{Method: post, Path: "/admin/partners/:partner/reject", Access: web.MayApprove,
			Handler: a.partners.RejectPartner},
		{Method: post, Path: "/admin/partners/:partner/addresses", Access: web.MayApprove,
			Handler: a.partners.LimitAddresses},
		{Method: post, Path: "/admin/partners/:partner/account/remake", Access: web.MayApprove,
			Handler: a.partners.RemakeAccount},
		{Method: post, Path: "/admin/partners/:partner/account", Access: web.MayApprove,
			Handler: a.partners.RetryAccount},

		{Method: get, Path: "/admin/contacts", Access: web.MayView, Handler: a.contacts.Contacts},
		{Method: get, Path: "/admin/contacts/checks", Access: web.MayView, Handler: a.contacts.Checks},
		{Method: get, Path: "/admin/contacts/checks/:group", Access: web.MayView, Handler: a.contacts.Check},
		{Method: post, Path: "/admin/contacts/checks/:group", Access: web.MayApprove, Handler: a.contacts.DecideCheck},
		{Method: get, Path: "/admin/contacts/resets", Access: web.MayView, Handler: a.contacts.Resets},
		{Method: post, Path: "/admin/contacts/resets", Access: web.MayApprove, Handler: a.contacts.ResetReferrals},
		{Method: post, Path: "/admin/contacts/resets/:reset/undo", Access: web.MayApprove,
			Handler: a.contacts.UndoReset},
		{Method: get, Path: "/admin/contacts/:contact", Access: web.MayView, Handler: a.contacts.Contact},
		{Method: get, Path: "/admin/contacts/:contact/history", Access: web.MayView,
			Handler: a.contacts.ContactHistory},
		{Method: get, Path: "/admin/contacts/:contact/orders", Access: web.MayView, Handler: a.contacts.ContactOrders},
		{Method: get, Path: "/admin/contacts/:contact/log", Access: web.MayApprove, Handler: a.contacts.NewTransaction},
		{Method: post, Path: "/admin/contacts/:contact/log", Access: web.MayApprove,
			Handler: a.contacts.LogTransaction},

		{Method: get, Path: "/admin/commissions", Access: web.MayView, Handler: a.commissions.Pending},
		{Method: post, Path: "/admin/commissions/approve", Access: web.MayApprove,
			Handler: a.commissions.ApproveCommissions},
		{Method: post, Path: "/admin/commissions/unapprove", Access: web.MayApprove,
			Handler: a.commissions.UnapproveCommissions},
		{Method: post, Path: "/admin/commissions/cancel", Access: web.MayApprove,
			Handler: a.commissions.CancelCommissions},
		{Method: get, Path: "/admin/payments", Access: web.MayView, Handler: a.payments.DuePayments},
		{Method: get, Path: "/admin/payments/due/:partner", Access: web.MayView, Handler: a.payments.DuePartner},
		{Method: get, Path: "/admin/payments/pay", Access: web.MayPay, Handler: a.payments.AskPay},
		{Method: post, Path: "/admin/payments/pay", Access: web.MayPay, Password: true,
			Handler: a.payments.PayPartner},
		{Method: get, Path: "/admin/payments/made", Access: web.MayView, Handler: a.payments.Payments},
		{Method: get, Path: "/admin/payments/made/:payment", Access: web.MayView, Handler: a.payments.Payment},
		{Method: post, Path: "/admin/payments/made/:payment/return", Access: web.MayPay, Password: true,
			Handler: a.payments.ReturnPayment},
		{Method: post, Path: "/admin/payments/made/:payment/undo", Access: web.MayPay, Password: true,
			Handler: a.payments.UndoPayment},
		{Method: get, Path: "/admin/payments/booked", Access: web.MayView, Handler: a.payments.Booked},
		{Method: get, Path: "/admin/payments/years", Access: web.MayView, Handler: a.payments.Years},
		{Method: get, Path: "/admin/payments/paypal", Access: web.MayPay, Handler: a.payments.PayPal},
		{Method: get, Path: "/admin/payments/paypal/file", Access: web.MayPay, Password: true,
			Handler: a.payments.PayPalFile},
		{Method: get, Path: "/admin/commissions/history", Access: web.MayView, Handler: a.commissions.History},
		// for the cart's own screen
		{Method: get, Path: "/admin/commissions/of-cart", Access: web.MayView, Handler: a.commissions.OrderBox},
		{Method: get, Path: "/admin/commissions/:commission", Access: web.MayView, Handler: a.commissions.Commission},
		{Method: get, Path: "/admin/commissions/orders/:order", Access: web.MayView, Handler: a.commissions.Order},
		{Method: get, Path: "/admin/commissions/orders/:order/trace.json", Access: web.MayView,
			Handler: a.commissions.OrderTrace},
		{Method: post, Path: "/admin/commissions/orders/:order/reviewed", Access: web.MayApprove,
			Handler: a.commissions.ReviewedOrder},
		{Method: post, Path: "/admin/commissions/orders/:order/credit-proven", Access: web.MayApprove,
			Handler: a.commissions.CreditProven},
		{Method: post, Path: "/admin/commissions/orders/:order/reinstate", Access: web.MayApprove,
			Handler: a.commissions.Reinstate},
		{Method: post, Path: "/admin/commissions/orders/:order/release", Access: web.MayApprove,
			Handler: a.commissions.ReleaseOrder},

		{Method: get, Path: "/admin/simulator", Access: web.MayView, Handler: a.simulator.Simulator},
		// simulation.csv, simulation.xlsx
		{Method: get, Path: "/admin/simulator/:file", Access: web.MayView, Handler: a.simulator.File},
		{Method: post, Path: "/admin/mails/:mail/again", Access: web.MayApprove, Handler: a.overview.SendAgain},
		// pending.csv, due.xlsx, …
		{Method: get, Path: "/admin/reports/:file", Access: web.MayView, Handler: a.files.AdminReport},
	}
	return append(routes, a.api.Routes()...) // api/routes.go: what other programs call
}
