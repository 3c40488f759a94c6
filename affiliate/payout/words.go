package payout

import "partnercenter/locale"

// batchIs and paymentIs say in what state a batch or a payment is, to whoever
// wanted to do what that state does not allow. Settled is "paid" to people.
var batchIs = map[PayoutState]locale.Text{
	Draft: locale.T("This batch is still a draft."), Filing: locale.T("The file of this batch is being made."),
	Filed: locale.T("The file of this batch is ready."), Sent: locale.T("This batch was sent already."),
	Settled: locale.T("This batch is paid."), Discarded: locale.T("This batch was discarded."),
}

var paymentIs = map[PayoutState]locale.Text{
	Draft:     locale.T("This payment is still in a draft."),
	Filing:    locale.T("The file with this payment is being made."),
	Filed:     locale.T("This payment isn't sent yet."),
	Returned:  locale.T("This payment came back already."),
	Discarded: locale.T("This payment was taken out of its batch."),
}
