// Package mailsink is a real mail server for tests: it keeps what it is sent, and
// can refuse like one.
package mailsink

import (
	"crypto/tls"
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// Sink is the server.
type Sink struct {
	Host string
	Port int

	mu      sync.Mutex
	mails   []Mail
	refuse  map[string]error // by recipient; "" is everybody
	user    string
	pass    string
	server  *smtp.Server
	address string
}

// Mail is one that arrived.
type Mail struct {
	From, To string
	Header   mail.Header
	Subject  string // decoded
	Text     string
	HTML     string
}

// New starts a server on this machine, which ends with the test.
func New(t testing.TB) *Sink {
	t.Helper()
	s := &Sink{refuse: map[string]error{}}
	s.listen(t, "127.0.0.1:0")
	t.Cleanup(s.Stop)
	return s
}

func (s *Sink) listen(t testing.TB, address string) {
	t.Helper()
	listener, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	at := listener.Addr().(*net.TCPAddr)
	s.Host, s.Port, s.address = "127.0.0.1", at.Port, listener.Addr().String()
	s.server = smtp.NewServer(backend{s})
	s.server.Domain, s.server.AllowInsecureAuth, s.server.MaxMessageBytes = "sink.test", true, 20<<20
	s.server.ReadTimeout, s.server.WriteTimeout = 10*time.Second, 10*time.Second
	go s.server.Serve(listener)
}

// Stop ends the server: nothing answers at its address any more.
func (s *Sink) Stop() { s.server.Close() }

// Restart has it answer at the same address again.
func (s *Sink) Restart(t testing.TB) { s.listen(t, s.address) }

// WithTLS has it offer STARTTLS with a certificate.
func (s *Sink) WithTLS(c tls.Certificate) {
	s.server.TLSConfig = &tls.Config{Certificates: []tls.Certificate{c}}
}

// Refuse has it turn mails to an address down, "" to everybody; nil takes them again.
func (s *Sink) Refuse(to string, code int, why string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.refuse, to)
	if code != 0 {
		s.refuse[to] = &smtp.SMTPError{Code: code, EnhancedCode: smtp.NoEnhancedCode, Message: why}
	}
}

// Mails are those that arrived, the first first.
func (s *Sink) Mails() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Mail{}, s.mails...)
}

type backend struct{ *Sink }

// NewSession greets a client.
func (b backend) NewSession(*smtp.Conn) (smtp.Session, error) { return &session{sink: b.Sink}, nil }

type session struct {
	sink     *Sink
	from, to string
}

// AuthMechanisms are those that it takes.
func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }

// Auth takes any password.
func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, pass string) error {
		s.sink.mu.Lock()
		defer s.sink.mu.Unlock()
		s.sink.user, s.sink.pass = user, pass
		return nil
	}), nil
}

// Login is who authenticated last.
func (s *Sink) Login() (user, pass string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.user, s.pass
}

// Mail is the envelope's sender.
func (s *session) Mail(from string, _ *smtp.MailOptions) error { s.from = from; return nil }

// Rcpt is its recipient.
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.sink.mu.Lock()
	defer s.sink.mu.Unlock()
	s.to = to
	if err := s.sink.refuse[to]; err != nil {
		return err
	}
	return s.sink.refuse[""]
}

// Data is the mail.
func (s *session) Data(r io.Reader) error {
	m, err := read(r)
	if err != nil {
		return err
	}
	m.From, m.To = s.from, s.to
	s.sink.mu.Lock()
	defer s.sink.mu.Unlock()
	s.sink.mails = append(s.sink.mails, m)
	return nil
}

// Reset and Logout forget the envelope.
func (s *session) Reset()        { s.from, s.to = "", "" }
func (s *session) Logout() error { return nil }

func read(r io.Reader) (m Mail, err error) {
	message, err := mail.ReadMessage(r)
	if err != nil {
		return m, err
	}
	m.Header = message.Header
	if m.Subject, err = new(mime.WordDecoder).DecodeHeader(message.Header.Get("Subject")); err != nil {
		return m, err
	}
	kind, params, err := mime.ParseMediaType(message.Header.Get("Content-Type"))
	if err != nil {
		return m, err
	}
	if !strings.HasPrefix(kind, "multipart/") {
		err = m.take(kind, message.Header.Get("Content-Transfer-Encoding"), message.Body)
		return m, err
	}
	parts := multipart.NewReader(message.Body, params["boundary"])
	for {
		part, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			return m, nil
		}
		if err != nil {
			return m, err
		}
		kind, _, err := mime.ParseMediaType(part.Header.Get("Content-Type"))
		if err != nil {
			return m, err
		}
		if err := m.take(kind, part.Header.Get("Content-Transfer-Encoding"), part); err != nil {
			return m, err
		}
	}
}

func (m *Mail) take(kind, encoding string, body io.Reader) error {
	switch strings.ToLower(encoding) {
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	}
	text, err := io.ReadAll(body)
	if kind == "text/html" {
		m.HTML = string(text)
	} else {
		m.Text = strings.ReplaceAll(string(text), "\r\n", "\n")
	}
	return err
}
