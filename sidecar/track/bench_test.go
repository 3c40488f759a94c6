package track_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"sync/atomic"
	"testing"
)

// BenchmarkClicks measures durable clicks of fresh visitors through the whole
// HTTP stack, database and load generator on the same machine.
func BenchmarkClicks(b *testing.B) {
	for _, connections := range []int{1, 64} {
		b.Run(fmt.Sprintf("connections=%d", connections), func(b *testing.B) { clicks(b, connections) })
	}
}

func clicks(b *testing.B, connections int) {
	w := newWorld(b)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	server := &http.Server{Handler: w.Server.Handler()}
	go server.Serve(listener)
	defer server.Close()
	transport := &http.Transport{MaxIdleConnsPerHost: connections}
	defer transport.CloseIdleConnections()
	link := "http://" + listener.Addr().String() + "/partner-center/go/" + w.tool.Code + "?p=" + w.anna.Code
	var visitors atomic.Int64
	click := func() error {
		req, _ := http.NewRequest(http.MethodGet, link, nil)
		n := visitors.Add(1)
		req.Header.Set("X-Forwarded-For", fmt.Sprintf("10.%d.%d.%d", n>>16&255, n>>8&255, n&255)) // many networks
		req.Header.Set("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
		res, err := transport.RoundTrip(req)
		if err != nil {
			return err
		}
		defer res.Body.Close()
		io.Copy(io.Discard, res.Body)
		if res.StatusCode != http.StatusFound || len(res.Header["Set-Cookie"]) != 2 {
			return fmt.Errorf("answered %s", res.Status)
		}
		return nil
	}
	b.ResetTimer()
	work, done := make(chan struct{}), make(chan error, connections)
	for range connections {
		go func() {
			var err error
			for range work {
				if e := click(); e != nil {
					err = e
				}
			}
			done <- err
		}()
	}
	for range b.N {
		work <- struct{}{}
	}
	close(work)
	for range connections {
		if err := <-done; err != nil {
			b.Error(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "clicks/s")
	b.StopTimer()
	if n := w.visits(w.anna); n != b.N {
		b.Errorf("%d of %d clicks are stored", n, b.N)
	}
}
