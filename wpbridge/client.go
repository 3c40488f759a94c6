package wpbridge

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"
)

const (
	// callTimeout leaves room for a mail server that takes its time: a mail
	// given up on may be sent all the same, and then goes out twice.
	callTimeout = 60 * time.Second
	maxAnswer   = 1 << 20 // bytes
)

// UnreachableError says that WordPress did not answer at all. The call may or
// may not have been carried out.
type UnreachableError struct {
	URL string
	Err error
}

// Error names the address and what to check.
func (e *UnreachableError) Error() string {
	return fmt.Sprintf("WordPress does not answer at %s: %v; check that the site is up and that this machine can "+
		"reach it", e.URL, e.Err)
}

func (e *UnreachableError) Unwrap() error { return e.Err }

// RefusedError says that WordPress answered, but not with a result.
type RefusedError struct {
	Call    string // name of the call
	Status  int    // HTTP
	Code    string // WordPress' error code; "" when the answer was not WordPress'
	Message string // for people
}

// Error gives WordPress' code and message.
func (e *RefusedError) Error() string {
	if e.Code == "" {
		return fmt.Sprintf("the call %q got no usable answer from WordPress (HTTP %d): %s", e.Call, e.Status, e.Message)
	}
	return fmt.Sprintf("WordPress refused the call %q (HTTP %d, %s): %s", e.Call, e.Status, e.Code, e.Message)
}

// Client calls the plugin inside WordPress.
type Client struct {
	restURL string
	signer  *Signer
	http    *http.Client
}

// NewClient returns a client. restURL is Handover.RESTURL, to which the route
// is appended.
func NewClient(restURL string, signer *Signer) *Client {
	return &Client{restURL, signer, &http.Client{
		Timeout: callTimeout,
		// A redirect would turn the call into a GET and void the signature.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Call asks the plugin to do name: in is sent as JSON, the answer decoded
// into out (nil = not wanted). It answers *UnreachableError or *RefusedError.
func (c *Client) Call(ctx context.Context, name string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	address := c.restURL + "partner-center/v1/" + name
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json")
	c.signer.Sign(req, body)
	res, err := c.http.Do(req)
	if err != nil {
		return &UnreachableError{address, err}
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	if err != nil {
		return &UnreachableError{address, err}
	}
	return decodeAnswer(name, res, answer, out)
}

func decodeAnswer(name string, res *http.Response, answer []byte, out any) error {
	refused := func(code, format string, args ...any) error {
		return &RefusedError{name, res.StatusCode, code, fmt.Sprintf(format, args...)}
	}
	switch {
	case len(answer) > maxAnswer:
		return refused("", "the answer is longer than %d bytes", maxAnswer)
	case res.StatusCode >= 300 && res.StatusCode < 400:
		return refused("", "it redirects to %s; correct the site's address under Settings → General in WordPress",
			res.Header.Get("Location"))
	case res.StatusCode >= 400:
		var problem struct{ Code, Message string }
		if json.Unmarshal(answer, &problem) != nil || problem.Code == "" {
			return refused("", "%.200s", answer)
		}
		return refused(problem.Code, "%s", problem.Message)
	case out == nil:
		return nil
	}
	if err := json.Unmarshal(answer, out); err != nil {
		return refused("", "not the JSON that was expected (%v): %.200s", err, answer)
	}
	return nil
}
