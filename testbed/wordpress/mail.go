package wordpress

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Mail is a message the site has sent.
type Mail struct {
	From    string   // address alone
	To      []string // addresses alone
	Subject string
	Text    string // the text/plain part
	HTML    string // the text/html part
	Header  mail.Header
}

// Mails returns all messages sent so far, oldest first.
func (s *Site) Mails() ([]Mail, error) {
	paths, err := filepath.Glob(filepath.Join(s.mailDir(), "*.eml")) // sorted, so by time
	if err != nil {
		return nil, err
	}
	mails := make([]Mail, 0, len(paths))
	for _, path := range paths {
		m, err := readMail(path)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		mails = append(mails, m)
	}
	return mails, nil
}

// ClearMails forgets all messages sent so far.
func (s *Site) ClearMails() error {
	paths, err := filepath.Glob(filepath.Join(s.mailDir(), "*.eml"))
	for _, path := range paths {
		err = errors.Join(err, os.Remove(path))
	}
	return err
}

// WaitMail returns the oldest message that matches, waiting for it until ctx
// ends; the error then lists what was sent instead.
func (s *Site) WaitMail(ctx context.Context, match func(Mail) bool) (Mail, error) {
	for {
		mails, err := s.Mails()
		if err != nil {
			return Mail{}, err
		}
		var seen []string
		for _, m := range mails {
			if match(m) {
				return m, nil
			}
			seen = append(seen, fmt.Sprintf("%q to %s", m.Subject, strings.Join(m.To, ", ")))
		}
		select {
		case <-ctx.Done():
			return Mail{}, fmt.Errorf("no such mail: %w; sent: %s", ctx.Err(), strings.Join(seen, "; "))
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func readMail(path string) (Mail, error) {
	file, err := os.Open(path)
	if err != nil {
		return Mail{}, err
	}
	defer file.Close()
	message, err := mail.ReadMessage(file)
	if err != nil {
		return Mail{}, err
	}
	m := Mail{Header: message.Header}
	if m.Subject, err = new(mime.WordDecoder).DecodeHeader(message.Header.Get("Subject")); err != nil {
		return m, err
	}
	if from, err := mail.ParseAddress(message.Header.Get("From")); err == nil {
		m.From = from.Address
	}
	to, err := message.Header.AddressList("To")
	if err != nil && !errors.Is(err, mail.ErrHeaderNotPresent) {
		return m, err
	}
	for _, address := range to {
		m.To = append(m.To, address.Address)
	}
	return m, m.addPart(message.Header.Get("Content-Type"), message.Header.Get("Content-Transfer-Encoding"),
		message.Body)
}

// addPart reads a body into Text or HTML, and a multipart's parts each. The
// first part of a kind counts; attachments are passed over.
func (m *Mail) addPart(contentType, encoding string, body io.Reader) error {
	kind, parameters, err := mime.ParseMediaType(contentType)
	if err != nil {
		kind = "text/plain" // what a message without a type is
	}
	if strings.HasPrefix(kind, "multipart/") {
		return m.addParts(multipart.NewReader(body, parameters["boundary"]))
	}
	var target *string
	switch kind {
	case "text/plain":
		target = &m.Text
	case "text/html":
		target = &m.HTML
	}
	if target == nil || *target != "" {
		return nil
	}
	text, err := io.ReadAll(decode(encoding, body))
	*target = strings.ReplaceAll(string(text), "\r\n", "\n")
	return err
}

func (m *Mail) addParts(parts *multipart.Reader) error {
	for {
		part, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := m.addPart(part.Header.Get("Content-Type"), part.Header.Get("Content-Transfer-Encoding"),
			part); err != nil {
			return err
		}
	}
}

func decode(encoding string, body io.Reader) io.Reader {
	switch strings.ToLower(encoding) {
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, body)
	case "quoted-printable":
		return quotedprintable.NewReader(body)
	}
	return body
}
