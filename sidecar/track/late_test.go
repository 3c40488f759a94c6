package track_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"partnercenter/affiliate/reason"
)

// The script's report of a form may come after an order of the same visitor,
// which the cart placed after it: the order is decided by both.
//
// Spec: D18.2 D18.3
func TestALateReportMovesOrders(t *testing.T) {
	w := newWorld(t)
	product := w.Product(w.program.ID)
	b := w.browser()
	report := func(id string) {
		b.report("t/lead", url.Values{"id": {id}, "email": {"eve@mail.test"}}.Encode()).Want(http.StatusNoContent)
	}
	w.Settle()
	b.click(w.anna)
	report("the-first-form")
	w.Clock.Advance(time.Hour)
	b.click(w.bert)
	w.Clock.Advance(time.Minute)
	placed := w.Clock.Now().Add(time.Second)
	pending, approved := w.Order("1", product, "eve@mail.test", placed), w.Order("2", product, "eve@mail.test", placed)
	w.Approve(approved)
	w.WantCredited(pending.OrderID, w.anna, "")
	report("the-second-form")
	w.WantCredited(pending.OrderID, w.bert, "")
	w.WantCredited(approved.OrderID, w.anna, reason.ReviewLateFact)
}
