package inbox_test

import (
	"net/http"
	"testing"
	"time"

	"partnercenter/affiliate/reason"
	"partnercenter/affiliate/tracking"
	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

// A form that WordPress reports late, and that happened before orders which are
// known already, moves those that nobody has acted on, and puts the rest on
// review.
//
// Spec: D18.2 D18.3
func TestALateFormMovesOrders(t *testing.T) {
	w := newWorld(t)
	program := w.Program("Silver")
	early, late := w.Partner(program.ID, "early"), w.Partner(program.ID, "late")
	link, product := w.Tool(program.ID, tracking.StandardLink, sidecartest.Home+"/order"), w.Product(program.ID)
	click := func(code string) string {
		w.Settle()
		return w.Get("go/"+link.Code+"?p="+code, web.Standalone).Want(http.StatusFound).Cookie(web.ClickCookie).Value
	}
	form := func(id, cookie string, at time.Time) {
		w.form(id, "eve@mail.test")
		w.Exec(`UPDATE {wp}partner_center_inbox SET click = ?, occurred_at = ? WHERE external_id = ?`, cookie, at, id)
		w.drain()
		if n := w.waiting(); n != 0 {
			t.Fatalf("%d facts were not taken in", n)
		}
	}
	form("first", click(early.Code), w.Clock.Now())
	w.Clock.Advance(time.Hour)
	cookie, clicked := click(late.Code), w.Clock.Now()
	w.Clock.Advance(time.Hour)
	pending, approved := w.Order("1", product, "eve@mail.test", w.Clock.Now()),
		w.Order("2", product, "eve@mail.test", w.Clock.Now())
	w.Approve(approved)
	w.WantCredited(pending.OrderID, early, "")
	form("second", cookie, clicked.Add(time.Minute))
	w.WantCredited(pending.OrderID, late, "")
	w.WantCredited(approved.OrderID, early, reason.ReviewLateFact)
}
