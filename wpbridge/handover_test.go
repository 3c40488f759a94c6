package wpbridge

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"partnercenter/db"
)

const handoverJSON = `{"v":1,"made_at":1795180748,"plugin_version":"1.0.0","wp_version":"6.8.12",
"salts":{"logged_in":"ls","nonce":"ns"},"logged_in_cookie":"wordpress_logged_in_abc","cookie_path":"/","cookie_domain":"",
"home":"https://example.test","siteurl":"https://example.test","prefix":"shop_","base_prefix":"shop_","blog_id":1,
"multisite":false,"users_table":"shop_users","usermeta_table":"shop_usermeta","timezone":"+05:30","currency":"USD",
"locale":"en_US","core_auth_replaced":false,"page_url":"https://example.test/partners/",
"admin_url":"https://example.test/wp-admin/","rest_url":"https://example.test/?rest_route=/",
"switches":{"tracking":true,"center":false},"redirect_to":"https://example.test/partners/",
"public_url":"https://example.test/partner-center"}`

// seal encrypts as the plugin does, in PHP.
func seal(t testing.TB, document string, key PairingKey) string {
	t.Helper()
	return php(t, `$nonce = random_bytes(SODIUM_CRYPTO_SECRETBOX_NONCEBYTES);
		echo base64_encode($nonce . sodium_crypto_secretbox($argv[1], $nonce, hex2bin($argv[2])));`,
		document, fmt.Sprintf("%x", key[:]))
}

func TestOpenHandoverSealedByPHP(t *testing.T) {
	key := must(ParsePairingKey(strings.Repeat("k", 32), "wp_"))
	h, err := OpenHandover(seal(t, handoverJSON, key), key)
	if err != nil {
		t.Fatal(err)
	}
	if h.Salts.LoggedIn != "ls" || h.Prefix != "shop_" || !h.Switches.Tracking || h.Switches.Center ||
		h.WPVersion != "6.8.12" {
		t.Errorf("%+v", h)
	}
	if want := (db.Tables{Prefix: "shop_", Base: "shop_", Users: "shop_users",
		Usermeta: "shop_usermeta"}); h.Tables() != want {
		t.Errorf("tables %+v", h.Tables())
	}
	if !h.MadeAt().Equal(time.Unix(1795180748, 0)) {
		t.Errorf("made at %v", h.MadeAt())
	}
	if _, offset := signTime.In(must(h.Location())).Zone(); offset != 19800 {
		t.Errorf("offset %d, want five and a half hours", offset)
	}
}

func TestHandoverWithAnotherKey(t *testing.T) {
	key := must(ParsePairingKey(strings.Repeat("k", 32), "wp_"))
	sealed := seal(t, handoverJSON, key)
	for name, open := range map[string]func() error{
		"another key": func() error { _, err := OpenHandover(sealed, PairingKey{1}); return err },
		"not base64":  func() error { _, err := OpenHandover("!", key); return err },
		"too short":   func() error { _, err := OpenHandover("AAAA", key); return err },
		"cut off":     func() error { _, err := OpenHandover(sealed[:len(sealed)-8], key); return err },
	} {
		if err := open(); !errors.Is(err, ErrHandoverKey) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestHandoverOfOtherReleases(t *testing.T) {
	for document, want := range map[string]string{
		`{"v":2,"salts":"of another type"}`: "update the sidecar",
		`{"v":0}`:                           "update the plugin",
		`{}`:                                "update the plugin",
		`[]`:                                "not readable",
	} {
		if _, err := parseHandover([]byte(document)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v does not say %q", document, err, want)
		}
	}
}

func TestHandoverNamesTheBadField(t *testing.T) {
	for field, edit := range map[string][2]string{
		"salts.logged_in": {`"logged_in":"ls"`, `"logged_in":""`},
		"prefix":          {`"prefix":"shop_"`, "\"prefix\":\"a`b\""},
		"users_table":     {`"users_table":"shop_users"`, `"users_table":"x.y"`},
		"rest_url":        {`https://example.test/?rest_route=/`, `javascript:alert(1)`},
		"home":            {`"home":"https://example.test"`, `"home":"/relative"`},
		"timezone":        {`+05:30`, `Nowhere/City`},
		"blog_id":         {`"blog_id":1`, `"blog_id":0`},
		"currency":        {`USD`, ``},
	} {
		document := strings.Replace(handoverJSON, edit[0], edit[1], 1)
		if _, err := parseHandover([]byte(document)); err == nil || !strings.Contains(err.Error(), " "+field+" (") {
			t.Errorf("%s: error %v", field, err)
		}
	}
}
