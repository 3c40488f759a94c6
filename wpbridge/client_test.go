package wpbridge

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"partnercenter/clock"
)

// newPlugin is a WordPress that checks signatures and then answers.
func newPlugin(t *testing.T, answer http.HandlerFunc) *Client {
	key := must(ParsePairingKey(strings.Repeat("k", 32), "wp_"))
	now := clock.NewFake(signTime)
	checker := NewSigner(key, now.Now, func(context.Context, string, time.Time) (bool, error) { return false, nil })
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if err := checker.Verify(r, body); err != nil {
			t.Errorf("the plugin refuses the call: %v", err)
		}
		r.Body = io.NopCloser(strings.NewReader(string(body)))
		answer(w, r)
	}))
	t.Cleanup(server.Close)
	return NewClient(server.URL+"/?rest_route=/", NewSigner(key, now.Now, nil))
}

func TestCallReachesThePlugin(t *testing.T) {
	c := newPlugin(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if route := r.URL.Query().Get("rest_route"); r.Method != "POST" || route != "/partner-center/v1/user" ||
			string(body) != `{"login":"é"}` {
			t.Errorf("%s %s %s", r.Method, route, body)
		}
		fmt.Fprint(w, `{"id":7}`)
	})
	var out struct{ ID int64 }
	if err := c.Call(t.Context(), "user", map[string]string{"login": "é"}, &out); err != nil || out.ID != 7 {
		t.Errorf("%+v, %v", out, err)
	}
}

func TestCallRefused(t *testing.T) {
	for _, c := range []struct {
		name   string
		status int
		body   string
		code   string
		says   string
	}{
		{"by WordPress", 409, `{"code":"existing_user_email","message":"In use.","data":{"status":409}}`,
			"existing_user_email", "In use."},
		{"by a proxy", 502, `<html>Bad Gateway</html>`, "", "Bad Gateway"},
		{"by a notice before the JSON", 200, `<br /><b>Notice</b>{"id":7}`, "", "Notice"},
		{"by an answer without end", 200, `"` + strings.Repeat("x", maxAnswer) + `"`, "", "longer"},
		{"by a redirect", 301, ``, "", "Settings → General"},
	} {
		t.Run(c.name, func(t *testing.T) {
			client := newPlugin(t, func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Location", "/elsewhere")
				w.WriteHeader(c.status)
				fmt.Fprint(w, c.body)
			})
			var out map[string]any
			err := client.Call(t.Context(), "user", nil, &out)
			var refused *RefusedError
			if !errors.As(err, &refused) || refused.Code != c.code || refused.Status != c.status ||
				!strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestCallUnreachable(t *testing.T) {
	server := httptest.NewServer(nil)
	server.Close() // nobody listens there now
	c := NewClient(server.URL+"/?rest_route=/", NewSigner(PairingKey{}, clock.System, nil))
	err := c.Call(t.Context(), "user", nil, nil)
	var unreachable *UnreachableError
	if !errors.As(err, &unreachable) || !strings.Contains(err.Error(), server.URL) {
		t.Errorf("got %v", err)
	}
}
