package wordpress

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"regexp"
	"sync"
	"time"

	"partnercenter/testbed/proc"
)

// pool is a few `php -S` processes. Such a process serves one request at a
// time and queues others blindly, so each request is handed to an idle one. It
// is a RoundTripper: the proxy's way to PHP.
type pool struct {
	site      *Site
	idle      chan *worker
	transport *http.Transport
	running   context.Context // ends with Stop
	stop      context.CancelFunc
	ended     sync.WaitGroup
}

// worker is one running php.
type worker struct {
	process  *proc.Process
	address  string
	released chan struct{} // holds a message when its request is over
}

// Serve starts n php processes; Handler then answers. Requests beyond n wait.
// n must be at least 2: WordPress calls itself, and calls programs that call
// back. A process that dies is started again; all end with Stop or with the
// calling process.
func (s *Site) Serve(ctx context.Context, n int) error {
	if n < 2 {
		return errors.New("a site needs at least 2 php processes, since its pages call each other")
	}
	running, stop := context.WithCancel(context.Background())
	p := &pool{
		site: s, idle: make(chan *worker), running: running, stop: stop,
		// php -S closes the connection after each answer.
		transport: &http.Transport{DisableKeepAlives: true, DisableCompression: true},
	}
	started := make(chan error, n)
	for range n {
		p.ended.Go(func() { p.keep(started) })
	}
	for range n {
		select {
		case err := <-started:
			if err != nil {
				p.close()
				return err
			}
		case <-ctx.Done():
			p.close()
			return ctx.Err()
		}
	}
	s.pool.Store(p)
	return nil
}

// Stop ends the php processes, and the requests they are at. The site can be
// served again.
func (s *Site) Stop() {
	if p := s.pool.Swap(nil); p != nil {
		p.close()
	}
}

func (p *pool) close() {
	p.stop()
	p.ended.Wait()
}

// keep has one php running until the pool stops; started hears of the first
// start.
func (p *pool) keep(started chan<- error) {
	w, err := p.site.startWorker(p.running)
	started <- err
	for err == nil {
		p.lend(w)
		w.process.Kill()
		w, err = p.restart()
	}
}

// lend offers an idle worker, one request after the other, until it dies.
func (p *pool) lend(w *worker) {
	for {
		select {
		case p.idle <- w:
			select {
			case <-w.released:
			case <-p.running.Done():
				return
			}
		case <-w.process.Done():
			return
		case <-p.running.Done():
			return
		}
	}
}

// restart starts a worker, however often that takes, unless the pool stops.
func (p *pool) restart() (*worker, error) {
	for p.running.Err() == nil {
		if w, err := p.site.startWorker(p.running); err == nil {
			return w, nil
		}
		select {
		case <-time.After(time.Second):
		case <-p.running.Done():
		}
	}
	return nil, p.running.Err()
}

// startLimit bounds the start of one php, which takes 30 ms on a quiet machine.
const startLimit = 20 * time.Second

// startWorker starts php on a port of the kernel's choice and reads it from the
// line php prints when it listens.
func (s *Site) startWorker(ctx context.Context) (*worker, error) {
	cmd, err := s.php(
		"-d", "max_execution_time=60", "-d", "display_errors=0",
		"-S", "127.0.0.1:0", "-t", s.Root, s.tool("router.php"))
	if err != nil {
		return nil, err
	}
	output, writer, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	cmd.Stdout, cmd.Stderr = writer, writer
	process, err := proc.Start(cmd)
	writer.Close()
	if err != nil {
		output.Close()
		return nil, err
	}
	address, err := listening(ctx, output)
	if err != nil {
		process.Kill()
		output.Close()
		return nil, err
	}
	return &worker{process: process, address: address, released: make(chan struct{}, 1)}, nil
}

var listeningLine = regexp.MustCompile(`Development Server \(http://(127\.0\.0\.1:\d+)\) started`)

// listening returns the address php says it listens on. The rest of its output
// names each request and is thrown away; errors go to the debug log.
func listening(ctx context.Context, output *os.File) (string, error) {
	limit, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	defer context.AfterFunc(limit, func() { output.SetReadDeadline(time.Now()) })()
	reader := bufio.NewReader(output)
	var seen string
	for {
		line, err := reader.ReadString('\n')
		seen += line
		if found := listeningLine.FindStringSubmatch(line); found != nil {
			go func() {
				defer output.Close()
				io.Copy(io.Discard, reader)
			}()
			return found[1], nil
		}
		if err != nil {
			return "", fmt.Errorf("php -S did not start: %w\n%s", err, seen)
		}
	}
}

// RoundTrip sends a request to an idle php, waiting for one as long as the
// request's context lives. One that died a moment ago is passed over.
func (p *pool) RoundTrip(request *http.Request) (*http.Response, error) {
	for {
		var w *worker
		select {
		case w = <-p.idle:
		case <-request.Context().Done():
			return nil, request.Context().Err()
		case <-p.running.Done():
			return nil, errors.New("the site was stopped")
		}
		out := request.Clone(request.Context())
		out.URL.Scheme, out.URL.Host = "http", w.address
		response, err := p.transport.RoundTrip(out)
		if err == nil {
			response.Body = &lentBody{ReadCloser: response.Body, worker: w}
			return response, nil
		}
		w.released <- struct{}{}
		if !neverArrived(err) {
			return nil, err
		}
	}
}

// neverArrived says that no connection came about, so the request may be sent
// to another process.
func neverArrived(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "dial"
}

// lentBody gives the worker back when the answer has been read.
type lentBody struct {
	io.ReadCloser
	worker *worker
	once   sync.Once
}

func (b *lentBody) Close() error {
	err := b.ReadCloser.Close()
	b.once.Do(func() { b.worker.released <- struct{}{} })
	return err
}
