package api

// requiredFields are what must be there of a type that comes in.
var requiredFields = map[string][]string{
	"OrderState": {"external_id", "version", "status", "currency", "lines", "total", "buyer"},
	"LineState":  {"line", "product", "quantity", "base"},
	"Buyer":      {"email"},
	"refund":     {"external_id", "version"},
	"refundLine": {"line", "refunded"},
	"lead":       {"id", "email"},
	"person":     {"email"},
	"newPartner": {"program", "email"},
	"move":       {"partner_id", "program"},
	"picks":      {"commissions"},
	"pick":       {"id"},
}

// described says what types and fields mean, where their names do not.
var described = map[string]string{
	"OrderState": "An order as it stands now, all of it. Send it as often as you like, in any " +
		"order: the highest version counts.",
	"OrderState.source":      "Your system, in at most 32 characters. Default: api.",
	"OrderState.external_id": "The order's id in your system.",
	"OrderState.number":      "What people call it. Default: its id.",
	"OrderState.version":     "Grows with each state of the order, from 1: a counter, or a time in milliseconds.",
	"OrderState.at":          "When it came into this state. Default: now.",
	"OrderState.status":      "unpaid, paid, failed or void. Only paid orders earn.",
	"OrderState.lines":       "Every line, without tax and shipping.",
	"OrderState.tax":         "Of the whole order, of lines and shipping.",
	"OrderState.fees":        "Negative for gift cards.",
	"OrderState.total":       "What the order cost, before refunds: lines, tax, shipping and fees.",
	"OrderState.click": "The visitor's click: the cookie pc_click, or what the tracking script keeps on " +
		"your pages.",
	"OrderState.payer":           "The address of whoever paid, where it is another.",
	"OrderState.subscription_id": "What the payments of a subscription or instalment plan share.",
	"OrderState.unverified":      "Set it where you cannot vouch for the sale: a person decides on its commission.",
	"OrderState.renewal":         "A later payment of the subscription.",
	"LineState.line":             "The line's id in its order.",
	"LineState.base":             "For the whole quantity, after discounts, without tax and shipping.",
	"LineState.refunded":         "The part of base that was given back so far.",
	"LineState.discount":         "Taken off base already.",
	"ProductRef":                 "A product by our id, or by the id that your system gave it.",
	"OrderRefund":                "What was given back beside the refunds that lines name, added up.",
	"OrderRefund.amount":         "Names neither line nor tax nor shipping: it is spread over all of them.",
	"refund":                     "All refunds of an order so far. They take the place of those that are known.",
	"refund.version":             "As of the order: above that of its latest state.",
	"lead.id":                    "The form's id in your system: the same one counts once.",
	"lead.click": "The visitor's click: the cookie pc_click, or what the tracking script keeps on " +
		"your pages.",
	"lead.at":                   "When it was sent. Default: now.",
	"takenLead.known":           "It was reported before.",
	"takenLead.click":           "What the click was worth: none, valid, expired, forged, unknown or inactive.",
	"takenLead.partner_id":      "Who got the lead.",
	"newPartner.program":        "The code of a program.",
	"newPartner.payment_method": "paypal or check.",
	"commission.version":        "Name it to act on the commission only as you have read it.",
	"commission.not_before":     "It is on hold until then.",
	"commission.clawback":       "What was taken back after payment.",
	"picks.reason":              "Why. Partners read it.",
	"pick.version":              "Without it, the commission is taken as it is now.",
	"orderResult.outcome": "applied, repeated (the same state again), stale (a later one is known), or " +
		"differs (another state of a known version: on review).",
	"orderResult.review": "Why a person must look at the order.",
	"balance.owed":       "Approved and not paid yet, what is in a payout included.",
	"row.currency":       "Of the row's money.",
}
