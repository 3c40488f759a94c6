package wpplugin_test

import (
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Eighty clicks and more while the sidecar is stopped and started again, by PHP
// and by a web server: each leads to its target and is counted.
//
// Spec: D43.1 D43.2 B18.1 B18.3
func TestRestartLosesNoClick(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		path := binary(t)
		p := s.newProgram(t, s.URL+"/order")
		place, err := net.Listen("tcp4", "127.0.0.1:0")
		must(t, err)
		sidecar := place.Addr().String()
		place.Close()
		running := s.serve(t, path, "--listen", sidecar)
		running.until(t, "msg=ready")
		s.set(t, `['tracking' => true, 'sidecar_url' => 'http://`+sidecar+`']`)
		ways := []string{strings.TrimPrefix(s.URL, "http://"),
			s.behind(t, "nginx", strings.NewReplacer("127.0.0.1:8377", sidecar))}

		clicks, answered := 0, map[string]int{} // by the first letter of the cookie: p of PHP, else the sidecar's
		click := func() {
			clicks++
			a := at(t, ways[clicks%2], request{path: "/partner-center/go/" + p.tool.Code + "?p=" + p.partner.Code +
				"&sid=" + strconv.Itoa(clicks), header: http.Header{"User-Agent": {"Mozilla/5.0 Firefox/150.0"}}})
			if a.Status != http.StatusFound || a.Header.Get("Location") != p.tool.TargetURL || len(cookies(a)) != 2 {
				t.Fatalf("click %d: %d to %q, %v", clicks, a.Status, a.Header.Get("Location"), cookies(a))
			}
			answered[cookies(a)[0].Value[:1]]++
		}
		for clicks < 20 {
			click()
		}
		ended := make(chan error, 1)
		go func() { ended <- running.Stop(t.Context()) }()
		for len(ended) == 0 || clicks < 60 {
			click()
		}
		must(t, <-ended)
		running = s.serve(t, path, "--listen", sidecar)
		running.until(t, "msg=ready")
		for before := clicks; clicks < before+20 || clicks < 80; {
			click()
		}
		if answered["p"] == 0 || answered["1"] < 20 {
			t.Errorf("answered by PHP and sidecar: %v", answered)
		}
		counted := 0
		for end := time.Now().Add(20 * time.Second); counted < clicks && time.Now().Before(end); {
			time.Sleep(100 * time.Millisecond)
			must(t, s.db.Get(t.Context(), &counted, `SELECT COUNT(*) FROM {wp}partner_center_visits`))
		}
		if counted != clicks {
			t.Errorf("%d clicks, %d counted", clicks, counted)
		}
	})
}
