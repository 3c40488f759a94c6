package overview_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"partnercenter/sidecar/sidecartest"
	"partnercenter/sidecar/web"
)

// The dashboard of WordPress gets the same in short, with links into wp-admin.
func TestOverviewInShort(t *testing.T) {
	w := sidecartest.NewShop(t)
	w.Pending(w.Refer("carl@mail.test", w.Anna), "50")
	var short struct {
		URL, Quiet string
		Todo       []struct {
			Text, URL string
			Money     []string
		}
		Figures []struct{ Name, Value, Before string }
	}
	w.Must(json.Unmarshal([]byte(w.Open("admin/short").Want(http.StatusOK).Text), &short))
	if len(short.Todo) != 1 || short.Todo[0].Text != "1 commission to approve" || short.Todo[0].Money[0] != "$5.00" ||
		!strings.Contains(short.Todo[0].URL, "wp-admin/admin.php") || short.Quiet != "" {
		t.Errorf("%+v", short)
	}
	if len(short.Figures) == 0 || short.Figures[0].Name != "Commission" || short.Figures[0].Value != "$5.00" {
		t.Errorf("%+v", short.Figures)
	}
	payer := w.Login(w.User("payer", web.CanPay))
	if a := w.Get("admin/short", web.Admin, payer); a.Code != http.StatusForbidden {
		t.Errorf("for whom may not see: %d", a.Code)
	}
}
