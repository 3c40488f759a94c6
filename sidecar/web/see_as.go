package web

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"partnercenter/affiliate"
	"partnercenter/locale"
	"partnercenter/wpbridge"
)

// asCookie says as which partner an admin looks at the center, until when.
const asCookie = "pc_as"

// asTime is for how long an admin looks as a partner at most.
const asTime = time.Hour

// SeeAs shows the center from now on as a partner sees it, to the admin who asks,
// in this login alone, and to be looked at only. Both ends are audited.
func (r *Request) SeeAs(id affiliate.PartnerID) error {
	h := r.Site.Handover()
	if !r.HasCenter() {
		return affiliate.Conflict("The partner center is switched off. Switch it on in the settings of the plugin.")
	}
	if err := r.recordSeeing("see center as", id); err != nil {
		return err
	}
	until := r.Site.Now().Add(asTime).Unix()
	value := fmt.Sprintf("%d.%d.%s", id, until, r.asMAC(id, until))
	r.setCookie(asCookie, value, int(asTime/time.Second))
	there := Surface{Standalone, r.Site.basePath()}
	if h.PageURL != "" {
		there = Surface{Theme, h.PageURL}
	}
	r.Redirect(http.StatusSeeOther, there.URL(""))
	return nil
}

// StopSeeing leaves the center and goes back to the partner's page, wherever it is
// asked from, and however often.
func StopSeeing(r *Request) error {
	id := r.seenPartner()
	r.setCookie(asCookie, "", -1)
	there := Surface{Admin, r.Site.Handover().AdminURL + "admin.php?page=partner-center"}
	page := "admin/partners"
	if id != 0 {
		page += "/" + id.String()
		if err := r.recordSeeing("leave center of", id); err != nil {
			return err
		}
	}
	r.Redirect(http.StatusSeeOther, there.URL(page))
	return nil
}

func (r *Request) recordSeeing(action string, id affiliate.PartnerID) error {
	return r.Site.Registry.Record(r.Ctx(), affiliate.AuditEntry{Actor: r.Who.Actor(), Action: action,
		Object: "partner", ObjectID: int64(id)})
}

// lookAs puts the partner in the place of an admin who looks as them: what is shown
// is what the partner would be shown, and nothing can be changed.
func (r *Request) lookAs() error {
	id := r.seenPartner()
	if id == 0 || !r.Who.User.Can(CanView) {
		return nil
	}
	partner, err := r.Site.Registry.Partner(r.Ctx(), id)
	if err != nil {
		return err
	}
	contact, err := r.Site.Registry.Contact(r.Ctx(), partner.ContactID)
	if err != nil {
		return err
	}
	user := wpbridge.User{DisplayName: contact.Name(), Email: contact.Email}
	if partner.WPUserID != 0 {
		account, err := r.Site.User(r.Ctx(), int64(partner.WPUserID))
		if err == nil {
			user = account
		} else if !errors.Is(err, wpbridge.ErrNoUser) {
			return err
		}
	}
	admin := r.Who.User
	r.Who = Identity{User: user, Partner: partner, Behind: &admin, Seen: cmp.Or(contact.Name(), contact.Email)}
	if !r.isGet() {
		return affiliate.Forbidden("You're looking at the partner center as %s, so nothing can be changed here.",
			r.Who.Seen)
	}
	return nil
}

// seenPartner is as whom the admin looks; 0 for as themselves.
func (r *Request) seenPartner() affiliate.PartnerID {
	cookie, err := r.Context.Request.Cookie(asCookie)
	if err != nil {
		return 0
	}
	parts := strings.SplitN(cookie.Value, ".", 3)
	if len(parts) != 3 {
		return 0
	}
	id, idErr := affiliate.ParseID[affiliate.Partner](parts[0])
	until, err := strconv.ParseInt(parts[1], 10, 64)
	if idErr != nil || err != nil || r.Site.Now().Unix() >= until ||
		!hmac.Equal([]byte(parts[2]), []byte(r.asMAC(id, until))) {
		return 0
	}
	return id
}

// asMAC binds the look to the admin and to this very login, as ownerMAC does.
func (r *Request) asMAC(id affiliate.PartnerID, until int64) string {
	key := r.Site.OwnerKey()
	mac := hmac.New(sha256.New, key[:])
	fmt.Fprintf(mac, "%s\n%d\n%s", asCookie, id, r.ownerMAC(until))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// SeenAs says as whom an admin looks at the page; none for everybody else.
func (v View) SeenAs() locale.Text {
	if v.Who.Behind == nil {
		return locale.Text{}
	}
	return locale.T("You're looking at the partner center as %s. You can look at everything they see, and change "+
		"nothing.",
		v.Who.Seen)
}
