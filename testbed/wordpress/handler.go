package wordpress

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// maxBody bounds request bodies of unknown length, in bytes: they are held in
// memory, since php -S understands no chunked bodies.
const maxBody = 64 << 20

// Handler answers as the site's web server: plain files from the document
// root, everything else from PHP. Host, cookies, redirects and streamed answers
// pass unchanged, and PHP sees the visitor's address as REMOTE_ADDR.
func (s *Site) Handler() http.Handler {
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.Out.Host = r.In.Host
			keepForwarded(r)
			if client, _, err := net.SplitHostPort(r.In.RemoteAddr); err == nil {
				r.Out.Header.Set("X-Testbed-Client", client) // for router.php
			}
		},
		Transport: roundTripper(func(r *http.Request) (*http.Response, error) { return s.pool.Load().RoundTrip(r) }),
		ModifyResponse: func(r *http.Response) error {
			r.Header.Del("Host") // php -S sends one
			return nil
		},
		FlushInterval: -1,
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, err error) {
			http.Error(w, "PHP did not answer: "+err.Error(), http.StatusBadGateway)
		},
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.serveFile(w, r) {
			return
		}
		if s.pool.Load() == nil {
			http.Error(w, "the site is not being served", http.StatusServiceUnavailable)
			return
		}
		if err := measureBody(w, r); err != nil {
			http.Error(w, err.Error(), http.StatusRequestEntityTooLarge)
			return
		}
		proxy.ServeHTTP(w, r)
	})
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// keepForwarded passes on what a proxy further out said about the visitor; a
// web server leaves its judgement to the application.
func keepForwarded(r *httputil.ProxyRequest) {
	for _, name := range []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto"} {
		if values := r.In.Header.Values(name); len(values) > 0 {
			r.Out.Header[name] = values
		}
	}
}

func measureBody(w http.ResponseWriter, r *http.Request) error {
	if r.ContentLength >= 0 {
		return nil
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		return fmt.Errorf("read request: %w", err)
	}
	r.Body, r.ContentLength, r.TransferEncoding = io.NopCloser(bytes.NewReader(body)), int64(len(body)), nil
	return nil
}

// serveFile answers a request for a file that is to be sent as it is: below the
// document root, no PHP in any spelling, nothing hidden. It returns false for
// all others.
func (s *Site) serveFile(w http.ResponseWriter, r *http.Request) bool {
	name := path.Clean("/" + r.URL.Path)
	extension := strings.ToLower(path.Ext(name))
	if r.Method != http.MethodGet && r.Method != http.MethodHead ||
		extension == "" || strings.HasPrefix(extension, ".ph") ||
		strings.Contains(name, "/.") || strings.Contains(path.Base(name), "wp-config") {
		return false
	}
	file, err := os.Open(filepath.Join(s.Root, filepath.FromSlash(name)))
	if err != nil {
		return false
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return false
	}
	http.ServeContent(w, r, name, info.ModTime(), file)
	return true
}
