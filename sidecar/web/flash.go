package web

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"

	"partnercenter/affiliate"
	"partnercenter/locale"
)

// Flash is the sentence that confirms what a form did, shown on the page the
// person is sent to. Undo, when set, is a form's path that takes it back.
type Flash struct {
	Text locale.Text
	Undo string
}

// sealedFlash is a Flash on its way through the browser, in a cookie and in the
// language of whoever sent the form.
type sealedFlash struct {
	Text string `json:"t"`
	Undo string `json:"u,omitempty"`
	Who  int64  `json:"w"` // the user it is for: a browser may change hands
}

const flashCookie = "pc_flash"

// flashSealer signs flashes, so that no other host of the domain can put words
// into our mouth.
type flashSealer [32]byte

func (k flashSealer) seal(f sealedFlash) string {
	text, _ := json.Marshal(f)
	return encode(text) + "." + encode(k.mac(text))
}

func (k flashSealer) open(value string) *sealedFlash {
	text, mac, _ := strings.Cut(value, ".")
	raw, err := base64.RawURLEncoding.DecodeString(text)
	given, macErr := base64.RawURLEncoding.DecodeString(mac)
	if err != nil || macErr != nil || !hmac.Equal(given, k.mac(raw)) {
		return nil
	}
	var f sealedFlash
	if json.Unmarshal(raw, &f) != nil {
		return nil
	}
	return &f
}

func (k flashSealer) mac(text []byte) []byte {
	h := hmac.New(sha256.New, k[:])
	h.Write(text)
	return h.Sum(nil)
}

func encode(raw []byte) string { return base64.RawURLEncoding.EncodeToString(raw) }

// Done sends the person to a page of ours after a form was carried out, with a
// sentence that says what happened.
func (r *Request) Done(flash Flash, path string, query ...string) error {
	sealed := sealedFlash{affiliate.Cut(r.Say(flash.Text), 1000), flash.Undo, r.Who.User.ID}
	r.setCookie(flashCookie, flashSealer(r.Site.FlashKey()).seal(sealed), 60)
	r.Redirect(http.StatusSeeOther, r.Surface.URL(path, query...))
	return nil
}

// takeFlash reads the waiting confirmation and removes it.
func (r *Request) takeFlash() *sealedFlash {
	value, err := r.Context.Request.Cookie(flashCookie)
	if err != nil || value.Value == "" {
		return nil
	}
	r.setCookie(flashCookie, "", -1)
	flash := flashSealer(r.Site.FlashKey()).open(value.Value)
	if flash == nil || flash.Who != r.Who.User.ID {
		return nil
	}
	return flash
}

func (r *Request) setCookie(name, value string, seconds int) {
	http.SetCookie(r.Writer, &http.Cookie{Name: name, Value: value, Path: "/", MaxAge: seconds,
		HttpOnly: true, Secure: r.Secure(), SameSite: http.SameSiteLaxMode})
}
