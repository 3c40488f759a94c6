package wpbridge

import (
	"net/url"
	"strings"
	"testing"
	"time"
)

// Spec: S115
func TestCookiesOfEachVersion(t *testing.T) {
	forEachVersion(t, func(t *testing.T, v vectors) {
		for _, u := range v.Users {
			for scheme, raw := range map[string]string{"auth": u.Auth, "secure_auth": u.SecureAuth,
				"logged_in": u.Encoded} {
				c, err := ParseAuthCookie(raw)
				if err != nil || c.Username != u.Login || c.Token != u.Token || c.Expires.Unix() != u.Expiration {
					t.Fatalf("%s: %+v, %v", u.Login, c, err)
				}
				if !c.Signed(v.Salts[scheme], u.Pass, v.Version) {
					t.Errorf("%s cookie of %s refused", scheme, u.Login)
				}
				if c.Signed(v.Salts["nonce"], u.Pass, v.Version) {
					t.Errorf("%s cookie of %s accepted with another salt", scheme, u.Login)
				}
			}
		}
	})
}

// Spec: S115
func TestCookieForgery(t *testing.T) {
	v := readVectors(t, "wp-7.1.4.json")
	alice, bob := v.Users[0], v.Users[1]
	genuine := alice.LoggedIn
	for name, forged := range map[string]string{
		"other user":     strings.Replace(genuine, "alice", "admin", 1),
		"longer life":    strings.Replace(genuine, "2000000000", "2100000000", 1),
		"leading zero":   strings.Replace(genuine, "2000000000", "02000000000", 1),
		"other session":  strings.Replace(genuine, "T0ken2", "T0ken9", 1),
		"empty mac":      genuine[:len(genuine)-64],
		"upper-case mac": genuine[:len(genuine)-64] + strings.ToUpper(genuine[len(genuine)-64:]),
	} {
		c, err := ParseAuthCookie(url.PathEscape(forged))
		if err == nil && c.Signed(v.Salts["logged_in"], alice.Pass, v.Version) {
			t.Errorf("%s: accepted", name)
		}
	}
	c := must(ParseAuthCookie(alice.Encoded))
	if c.Signed(v.Salts["logged_in"], bob.Pass, v.Version) {
		t.Error("accepted after the password changed")
	}
}

func TestCookieMalformed(t *testing.T) {
	for _, raw := range []string{"", "a|1|t", "a|1|t|m|x", "a|x|t|m", "|1|t|m", "a|1||m", "a%ZZ|1|t|m",
		"a|99999999999999999999|t|m", strings.Repeat("a", 5000) + "|1|t|m"} {
		if c, err := ParseAuthCookie(raw); err == nil {
			t.Errorf("%.20q parsed as %+v", raw, c)
		}
	}
}

// Spec: S115
func TestCookieExpiry(t *testing.T) {
	c := must(ParseAuthCookie("alice|2000000000|t|m"))
	at := time.Unix(2000000000, 0)
	if c.Expired(at) || c.Expired(at.Add(999*time.Millisecond)) {
		t.Error("expired within its last second")
	}
	if !c.Expired(at.Add(time.Second)) {
		t.Error("still valid a second later")
	}
}

// Spec: S115
func TestPasswordFragment(t *testing.T) {
	for _, c := range []struct{ hash, before68, from68 string }{
		{"$P$BA34E1r9IefERoqkiXyQ2jJIEAIpTA/", "1r9I", "1r9I"},
		{"$2y$08$oGU.h.TrYE6XNt2hb2x2ou.h/rTtKI8VGeYeHl9sKfXn8WudRKJ8i", "GU.h", "GU.h"},
		{"$wp$2y$10$bCc.HwdBTAV97p9pqqtnAeLuHes/xP2qjCQAD2O.Volb/nrSFvgQ.", "0$bC", "vgQ."},
		{"74d22f7c666150d2364e43dfcc00f395", "6661", "f395"},
		{"*", "", "*"},
		{"12345678ab", "ab", "78ab"},
	} {
		if got := passwordFragment(c.hash, "6.7.2"); got != c.before68 {
			t.Errorf("6.7: %s → %q, want %q", c.hash, got, c.before68)
		}
		if got := passwordFragment(c.hash, "6.8"); got != c.from68 {
			t.Errorf("6.8: %s → %q, want %q", c.hash, got, c.from68)
		}
	}
}

// formLogins were made by wp-login.php itself: cookie as the browser got it.
var formLogins = []struct {
	vectors, siteURL, pass, name, value, verifier string
}{
	{"wp-6.1.9.json", "http://127.0.0.1:8061", "$P$BA34E1r9IefERoqkiXyQ2jJIEAIpTA/",
		"wordpress_logged_in_844ec09f7521f4aad2e92db138c9be59",
		"admin%7C1796390182%7CzuyxXfy24iZ9gfvvsHHDVdqaEeNQlaKdGPgcDWKM1Hn%7Cfb40a8ad652b6c55251d510a6c6a8de2e5d15ba998a7812934de46f486647a4e",
		"f6ad14eefa0e7cdb005bb1fc36e253becebc383943d18c89bfd1b25ca815fe28"},
	{"wp-6.8.12.json", "http://127.0.0.1:8068", "$wp$2y$10$XJ/FtOEnCRe1TsILeW.xQupix9itBr1fRG2PRCmvNMlgUN1nRHCay",
		"wordpress_logged_in_b0c271aacdeba64e5dad32fae3d97848",
		"admin%7C1796390182%7C7nsDO5cUsMl9ffCDB0eLm7krcadFNalQtHuWqrgWiuD%7Cde1fc1602057a150378c0e10f5b9b113d7b204f5323f030bece21cfe39faeae8",
		"a05aec39ae0ee0b3a5ee0f054ed6ee3bd1692eae1e8e123282d2e5937563ff4e"},
	{"wp-7.1.4.json", "http://127.0.0.1:8071", "$wp$2y$10$bCc.HwdBTAV97p9pqqtnAeLuHes/xP2qjCQAD2O.Volb/nrSFvgQ.",
		"wordpress_logged_in_473c880099f4ebba446c4a65430d8811",
		"admin%7C1796390182%7C10Yb7H29pDqjlEiCaM0rvv72eCvYqFgsa8awxWVO4CQ%7C6b7dfb3b3fffb518249115cea70f91a7290fec1f6131de8a10312c1c36290c2a",
		"65132b03a3defa32b74b4a1459c5d5bb3f373bdafd934d3ad6f2499bc18ffc12"},
}

// Spec: S115
func TestCookiesOfRealFormLogins(t *testing.T) {
	for _, l := range formLogins {
		v := readVectors(t, l.vectors)
		if name := LoggedInCookieName(CookieHash(l.siteURL, false)); name != l.name {
			t.Errorf("cookie name %s, want %s", name, l.name)
		}
		c := must(ParseAuthCookie(l.value))
		if c.Username != "admin" || !c.Signed(v.Salts["logged_in"], l.pass, v.Version) {
			t.Errorf("%s: cookie of %q refused", l.vectors, c.Username)
		}
	}
}

func TestCookieHash(t *testing.T) {
	forEachVersion(t, func(t *testing.T, v vectors) {
		if got := CookieHash(v.SiteURL+"/", false); got != v.CookieHash {
			t.Errorf("single site: %s, want %s", got, v.CookieHash)
		}
	})
	if got := CookieHash("http://ms.example.test/", true); got != "37688ce9326dfe0c2e262b9787cc2957" {
		t.Errorf("network: %s", got)
	}
}

func FuzzParseAuthCookie(f *testing.F) {
	f.Add(formLogins[0].value)
	f.Add("a|1|t|m")
	f.Add("%7C%7C%7C")
	f.Fuzz(func(t *testing.T, raw string) {
		c, err := ParseAuthCookie(raw)
		if err == nil && c.Signed("salt", "$P$B12345678", "6.1") {
			t.Errorf("%q is signed by chance", raw)
		}
	})
}
