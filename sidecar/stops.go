package sidecar

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"strings"

	"partnercenter/affiliate"
	"partnercenter/affiliate/messages"
	"partnercenter/db"
	"partnercenter/keyring"
)

// stops are the links by which partners ask for no more mails of a kind. They need
// no log-in and no row: a link says whose it is, and is signed with a key of ours.
type stops struct {
	keys *keyring.Ring
	site func() messages.Site
}

const stopPurpose = "mail-stop"

// url is the link in a mail.
func (s stops) url(ctx context.Context, m messages.Mail) (string, error) {
	key, err := s.keys.Newest(ctx, stopPurpose)
	if err != nil {
		return "", err
	}
	about, _ := messages.Of(messages.Occasion(m.Kind))
	text := fmt.Sprintf("%d.%d.%s", key.ID, m.PartnerID, about.Choice)
	return strings.TrimRight(s.site().Links.Base, "/") + "/mails/stop?t=" +
		url.QueryEscape(text+"."+stopSign(key, text)), nil
}

func stopSign(key keyring.Key, text string) string {
	mac := hmac.New(sha256.New, key.Secret[:])
	mac.Write([]byte(text))
	return hex.EncodeToString(mac.Sum(nil)[:16])
}

// read is whose link it is, and about which mails.
func (s stops) read(ctx context.Context, q db.Queryer, token string) (affiliate.PartnerID, messages.Choice, error) {
	wrong := affiliate.Missing(
		"This link isn't complete. Open it from the email again, or change which emails you get in " +
			"your profile.")
	parts := strings.Split(token, ".")
	if len(parts) != 4 {
		return 0, "", wrong
	}
	var keyID int
	var partner affiliate.PartnerID
	if _, err := fmt.Sscanf(parts[0]+" "+parts[1], "%d %d", &keyID, &partner); err != nil {
		return 0, "", wrong
	}
	key, known, err := s.keys.ByID(ctx, q, stopPurpose, keyID)
	if err != nil {
		return 0, "", err
	}
	text := strings.Join(parts[:3], ".")
	if !known || !hmac.Equal([]byte(parts[3]), []byte(stopSign(key, text))) {
		return 0, "", wrong
	}
	return partner, messages.Choice(parts[2]), nil
}

// stopOf reads a link for the page that it leads to.
func (s *Server) stopOf(ctx context.Context, token string) (affiliate.PartnerID, messages.Choice, error) {
	return s.domain.stops.read(ctx, s.DB, token)
}
