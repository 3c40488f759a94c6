package wpbridge

import (
	"fmt"
	"strings"
	"testing"
)

// saltsConfig is a wp-config.php with the keys of a real site; changed
// replaces values, "-" leaves one out.
func saltsConfig(t *testing.T, changed map[string]string) Config {
	t.Helper()
	var b strings.Builder
	b.WriteString("<?php $table_prefix = 'shop_';\n")
	for _, name := range ikmNames {
		value := "'" + readVectors(t, "wp-7.1.4.json").Keys[name] + "'"
		if v, ok := changed[name]; ok {
			value = v
		}
		if value != "-" {
			fmt.Fprintf(&b, "define('%s', %s);\n", name, value)
		}
	}
	if v, ok := changed["PARTNER_CENTER_KEY"]; ok {
		fmt.Fprintf(&b, "define('PARTNER_CENTER_KEY', %s);\n", v)
	}
	return must(ReadConfig(newSite(t, b.String())))
}

// PHP derives the same key, as the plugin does.
func TestPairingKeyIsTheOneOfPHP(t *testing.T) {
	c := saltsConfig(t, nil)
	key := must(c.PairingKey())
	want := php(t, `require $argv[1]; $ikm = '';
		foreach (['AUTH', 'SECURE_AUTH', 'LOGGED_IN', 'NONCE'] as $n) { $ikm .= constant($n.'_KEY') . constant($n.'_SALT'); }
		echo bin2hex(hash_hkdf('sha256', $ikm, 32, 'partner-center pairing v1', $table_prefix));`, c.File)
	if got := fmt.Sprintf("%x", key[:]); got != want {
		t.Errorf("key %s, PHP derives %s", got, want)
	}
}

func TestPairingKeyIsOfOneSite(t *testing.T) {
	config := saltsConfig(t, nil)
	key := must(config.PairingKey())
	if key != must(config.PairingKeyOf("shop_")) || key == must(config.PairingKeyOf("shop_2_")) {
		t.Error("blogs of a network do not each have their key")
	}
	if key != must(saltsConfig(t, map[string]string{"PARTNER_CENTER_KEY": "''"}).PairingKey()) {
		t.Error("an empty constant counts as a key")
	}
	other := must(saltsConfig(t, map[string]string{"NONCE_SALT": "'another'"}).PairingKey())
	if key == other {
		t.Error("another salt gives the same key")
	}
}

func TestPairingKeyNeedsEightSecrets(t *testing.T) {
	for name, value := range map[string]string{
		"missing": "-", "placeholder": "'put your unique phrase here'", "empty": "''", "unreadable": "getenv('SALT')",
	} {
		_, err := saltsConfig(t, map[string]string{"LOGGED_IN_SALT": value}).PairingKey()
		if err == nil || !strings.Contains(err.Error(), "LOGGED_IN_SALT") ||
			!strings.Contains(err.Error(), "PARTNER_CENTER_KEY") {
			t.Errorf("%s: error %v does not name the constant and the remedy", name, err)
		}
	}
}

func TestPairingKeyGivenAsText(t *testing.T) {
	text := "a key of at least 32 characters, é"
	c := saltsConfig(t, map[string]string{"PARTNER_CENTER_KEY": "'" + text + "'"})
	key := must(c.PairingKey())
	if want := php(t, `echo bin2hex(hash_hkdf('sha256', $argv[1], 32, 'partner-center given v1', 'shop_'));`,
		text); fmt.Sprintf("%x", key[:]) != want {
		t.Errorf("key %x, PHP makes %s", key[:], want)
	}
	if _, err := ParsePairingKey(strings.Repeat("x", 31), "wp_"); err == nil {
		t.Error("31 characters accepted")
	}
}

func TestPairingKeyStaysOutOfLogs(t *testing.T) {
	key := must(ParsePairingKey(strings.Repeat("secret", 6), "wp_"))
	for _, format := range []string{"%v", "%s", "%+v", "%#v", "%x"} {
		if out := fmt.Sprintf(format, key); strings.Contains(out, fmt.Sprintf("%x", key[:4])) ||
			strings.Contains(out, fmt.Sprint(key[0], " ", key[1])) {
			t.Errorf("%s prints %s", format, out)
		}
	}
}
