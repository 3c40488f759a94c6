package api_test

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"partnercenter/affiliate/apikey"
	"partnercenter/sidecar/web"
)

// BenchmarkOrders measures signed orders of new buyers at 20 a second through
// the whole HTTP stack, database and caller on the same machine. Run it with
// -benchtime=400x for figures.
func BenchmarkOrders(b *testing.B) {
	s := newShop(b)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	server := &http.Server{Handler: s.Server.Handler()}
	go server.Serve(listener)
	defer server.Close()
	target, click := "/api/v1/orders", s.Click(s.Anna).Value
	took := []time.Duration{}
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	b.ResetTimer()
	for i := range b.N {
		<-tick.C
		s.Clock.Advance(50 * time.Millisecond)
		body := strings.NewReplacer("o-1", fmt.Sprint("o-", i), "buyer@", fmt.Sprintf("buyer%d@", i)).Replace(s.order(1,
			"0", click))
		req, _ := http.NewRequest(http.MethodPost, "http://"+listener.Addr().String()+web.DefaultBasePath+target,
			bytes.NewReader([]byte(body)))
		req.Header.Set("Authorization", apikey.Sign(s.world.key.Public, s.world.secret,
			apikey.Call{Method: http.MethodPost, Target: target, Body: []byte(body)}, s.Clock.Now()))
		began := time.Now()
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			b.Fatal(err)
		}
		resp.Body.Close()
		took = append(took, time.Since(began))
		if resp.StatusCode != http.StatusOK {
			b.Fatal(resp.Status)
		}
	}
	b.StopTimer()
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
}
