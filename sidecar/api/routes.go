package api

import (
	"partnercenter/affiliate/apikey"
	"partnercenter/sidecar/web"
)

// How much a body may have, in bytes.
const (
	small = 16 << 10
	large = 512 << 10 // an order of thousands of lines
)

var listQuery = []parameter{afterParameter, limitParameter}

// with is a list's parameters behind some of its own.
func with(own ...parameter) []parameter { return append(own, listQuery...) }

// operations is every operation of the API, below api/v1.
var operations = []operation{
	get("/ping", "ping", "Tell whom the key belongs to, and the time.", "", ping),

	post("/orders", "takeOrder", "Report an order's full state.", apikey.WriteOrders, large, takeOrder,
		parameter{"dry_run", "1: tell what would happen, and change nothing.", "boolean"}),
	get("/orders", "listOrders", "List orders, newest first.", apikey.ReadOrders, listOrders, orderQuery...),
	get("/orders/:id", "getOrder", "Show an order with its credit and commissions.", apikey.ReadOrders, oneOrder),
	post("/refunds", "takeRefund", "Report all refunds of an order so far, added up.", apikey.WriteOrders, large,
		takeRefund),

	post("/leads", "takeLead", "Report an opt-in form that a visitor has sent.", apikey.WriteLeads, small, takeLead),
	get("/contacts", "listContacts", "List contacts, newest first.", apikey.ReadContacts, listContacts,
		with(emailParameter)...), get("/contacts/:id", "getContact", "Show a contact.", apikey.ReadContacts,
		oneContact),
	post("/contacts", "saveContact", "Make a contact, or fill in what is not known of them.", apikey.WriteContacts,
		small, saveContact),

	get("/partners", "listPartners", "List partners, newest first.", apikey.ReadPartners, listPartners,
		with(stateParameter, parameter{"code", "Only the partner with this code.", "string"})...),
	get("/partners/:id", "getPartner", "Show a partner and what they are owed.", apikey.ReadPartners, onePartner),
	post("/partners", "addPartner", "Make somebody a partner.", apikey.WritePartners, small, addPartner),
	post("/partners/:id/approve", "approvePartner", "Approve an application.", apikey.WritePartners, small,
		approvePartner), post("/partners/:id/reject", "rejectPartner", "Turn an application down.",
		apikey.WritePartners, small, rejectPartner),
	get("/memberships", "listMemberships", "List who belonged to which program when.", apikey.ReadPartners,
		listMemberships, with(partnerParameter)...), post("/memberships", "movePartner",
		"Move a partner to another program.", apikey.WritePartners, small, movePartner),

	get("/commissions", "listCommissions", "List commissions, newest first.", apikey.ReadCommissions, listCommissions,
		with(commissionStatus, partnerParameter, orderParameter)...),
	get("/commissions/:id", "getCommission", "Show a commission.", apikey.ReadCommissions, oneCommission),
	post("/commissions/approve", "approveCommissions", "Approve pending commissions.", apikey.WriteCommissions, large,
		approveCommissions), post("/commissions/cancel", "cancelCommissions",
		"Cancel commissions; partners read the reason.", apikey.WriteCommissions, large, cancelCommissions),

	get("/payouts", "listPayouts", "List payouts, newest first.", apikey.ReadPayouts, listPayouts,
		with(parameter{"state", "Only payouts in this state.", "string"})...),
	get("/payouts/:id", "getPayout", "Show a payout with each partner's payment.", apikey.ReadPayouts, onePayout),

	get("/reports", "listReports", "List the reports.", apikey.ReadReports, listReports),
	get("/reports/:name", "getReport", "Show a report.", apikey.ReadReports, oneReport,
		append([]parameter{partnerParameter}, reportQuery...)...),

	get("/me", "getMe", "Show yourself and what you are owed.", own, me),
	get("/me/links", "listMyLinks", "List your links.", own, myLinks),
	get("/me/reports", "listMyReports", "List your reports.", own, myReports),
	get("/me/reports/:name", "getMyReport", "Show one of your reports.", own, myReport, reportQuery...),
}

// prefix stands before all paths of operations.
const prefix = "/api/v1"

// Routes are the routes of the API for the product's route table.
func (a *API) Routes() []web.Route {
	routes := []web.Route{{Method: "GET", Path: "/api/openapi.json", Access: web.Public, Handler: a.Document}}
	for _, op := range operations {
		routes = append(routes, web.Route{Method: op.method, Path: prefix + op.path, Access: web.ByKey,
			Handler: a.handler(op), Open: true, MaxBody: op.maxBody})
	}
	return routes
}
