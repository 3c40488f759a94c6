package wpplugin_test

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"net/http/httptest"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"partnercenter/clock"
	"partnercenter/wpbridge"
)

// pure runs code on the plugin's classes without WordPress, in as $in and the
// value it returns as JSON both ways.
func pure(t *testing.T, code string, in, out any) {
	t.Helper()
	given, err := json.Marshal(in)
	must(t, err)
	cmd := exec.CommandContext(t.Context(), "php", "-d", "display_errors=stderr", "-r", `
		define( 'ABSPATH', __DIR__ );
		require '../partner-center/includes/autoload.php';
		$in = json_decode( stream_get_contents( STDIN ), true );
		echo json_encode( ( static function () use ( $in ) { `+code+` } )(), JSON_THROW_ON_ERROR );`)
	cmd.Stdin = strings.NewReader(string(given))
	var stderr strings.Builder
	cmd.Stderr = &stderr
	printed, err := cmd.Output()
	if err != nil || stderr.Len() > 0 {
		t.Fatalf("php: %v\n%s", err, stderr.String())
	}
	must(t, json.Unmarshal(printed, out))
}

type vectors struct {
	KeyText string `json:"key_text"`
	Time    int64  `json:"time"`
	Vectors []struct {
		Name      string            `json:"name"`
		Method    string            `json:"method"`
		Target    string            `json:"target"`
		Nonce     string            `json:"nonce"`
		Headers   map[string]string `json:"headers"`
		Body      string            `json:"body"`
		Signature string            `json:"signature"`
	} `json:"vectors"`
}

// Both sides make the same signature of the same call.
func TestSigningVectors(t *testing.T) {
	text, err := os.ReadFile("testdata/signing.json")
	must(t, err)
	var v vectors
	must(t, json.Unmarshal(text, &v))
	var got []string
	pure(t, `
		$signer = new PartnerCenter\Signer( PartnerCenter\Key::from_text( $in['key_text'], 'wp_' ) );
		return array_map( static function ( $v ) use ( $in, $signer ) {
			return $signer->signature( $v['method'], $v['target'], (string) $in['time'], $v['nonce'], hash( 'sha256', $v['body'] ), $v['headers'] );
		}, $in['vectors'] );`, json.RawMessage(text), &got)
	key, err := wpbridge.ParsePairingKey(v.KeyText, "wp_")
	must(t, err)
	verifier := wpbridge.NewSigner(key, clock.NewFake(time.Unix(v.Time, 0)).Now,
		func(context.Context, string, time.Time) (bool, error) {
			return false, nil
		})
	for i, vector := range v.Vectors {
		if got[i] != vector.Signature {
			t.Errorf("%s: the plugin signs %s, want %s", vector.Name, got[i], vector.Signature)
		}
		req := httptest.NewRequest(vector.Method, vector.Target, nil)
		for name, value := range vector.Headers {
			req.Header.Set(name, value)
		}
		req.Header.Set("PC-Time", strconv.FormatInt(v.Time, 10))
		req.Header.Set("PC-Nonce", vector.Nonce)
		req.Header.Set("PC-Signature", vector.Signature)
		if err := verifier.Verify(req, []byte(vector.Body)); err != nil {
			t.Errorf("%s: the sidecar: %v", vector.Name, err)
		}
	}
}

// What PHP seals, Go opens, and the derived keys are the same.
func TestKeysAreTheSameOnBothSides(t *testing.T) {
	const given = "another secret that is long enough for all"
	key, err := wpbridge.ParsePairingKey(given, "wp_")
	must(t, err)
	var got struct {
		Calls, Heartbeat, Opened, Damaged, Foreign string
	}
	pure(t, `
		$key = PartnerCenter\Key::from_text( $in, 'wp_' );
		$box = $key->seal( 'text é' );
		return array(
			'calls' => bin2hex( $key->calls() ), 'heartbeat' => bin2hex( $key->heartbeat() ),
			'opened' => $key->open( $box ), 'damaged' => $key->open( 'AAAA' . substr( $box, 4 ) ) . $key->open( '' ) . $key->open( '%' ),
			'foreign' => PartnerCenter\Key::from_text( $in . 'x', 'wp_' )->open( $box ),
		);`, given, &got)
	calls, heartbeat := key.Derive("partner-center calls v1"), key.Derive("partner-center heartbeat v1")
	want := got
	want.Calls, want.Heartbeat = hex.EncodeToString(calls[:]), hex.EncodeToString(heartbeat[:])
	want.Opened, want.Damaged, want.Foreign = "text é", "", ""
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-Go +PHP:\n%s", diff)
	}
}

func TestOnlyOurCookiesAreForwarded(t *testing.T) {
	var got []string
	pure(t, `return array_map( static function ( $header ) {
		return PartnerCenter\Browser_Request::our_cookies( $header, 'wordpress_logged_in_abc' );
	}, $in );`, []string{
		"wordpress_logged_in_abc=a%7Cb; wordpress_sec_abc=secret; pc_click=1; PHPSESSID=x",
		"wordpress_logged_in_abcd=other; xpc_click=1;pc_click_2=a=b ;  pc_visitor=",
		"", "pc_", "; ;",
	}, &got)
	want := []string{"wordpress_logged_in_abc=a%7Cb; pc_click=1", "pc_click_2=a=b; pc_visitor=", "", "pc_", ""}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestWhatIsBelowTheBasePath(t *testing.T) {
	cases := []struct {
		URI  string  `json:"uri"`
		Base string  `json:"base"`
		Home string  `json:"home"`
		Want *string `json:"-"`
	}{
		{"/partner-center", "/partner-center", "/", new("")},
		{"/partner-center?x", "/partner-center", "/", new("?x")},
		{"/partner-center/a%2Fb?x=%20&y", "/partner-center", "/", new("/a%2Fb?x=%20&y")},
		{"http://host/partner-center/a", "/partner-center", "/", new("/a")},
		{"//partner-center/a", "/partner-center", "/", nil},
		{"/partner-centers/a", "/partner-center", "/", nil},
		{"/Partner-Center/a", "/partner-center", "/", nil},
		{"/blog/partner-center/a", "/blog/partner-center", "/blog/", new("/a")},
		{"/partner-center/a", "/blog/partner-center", "/blog/", nil},
		{"/blog/?partner-center=a&b=1&b=2", "/blog/partner-center", "/blog/", new("/a?b=1&b=2")},
		{"/?partner-center=a", "/blog/partner-center", "/blog/", nil},
		{"/?partner-center=/t.js", "/pc", "/", new("/t.js")},
		{"/?x=1&partner%2Dcenter=go/t%3Fp%3D1", "/pc", "/", new("/go/t?p=1&x=1")},
		{"/post/?partner-center=a", "/pc", "/", nil},
		{"", "/pc", "/", nil},
	}
	var got []*string
	pure(t, `return array_map( static function ( $case ) {
		return PartnerCenter\Pass_Through::rest( new PartnerCenter\Browser_Request( array( 'REQUEST_URI' => $case['uri'] ) ), $case['base'], $case['home'] );
	}, $in );`, cases, &got)
	for i, tc := range cases {
		if diff := cmp.Diff(tc.Want, got[i]); diff != "" {
			t.Errorf("%s below %s (-want +got):\n%s", tc.URI, tc.Base, diff)
		}
	}
}

// Nothing a visitor sends can leave the sidecar's prefix or the request line.
func TestTargets(t *testing.T) {
	cases := map[string]string{
		"":                         "/partner-center/",
		"/":                        "/partner-center/",
		"earnings?from=2026-01-01": "/partner-center/earnings?from=2026-01-01",
		"///x//y/":                 "/partner-center/x//y/",
		"../../metrics":            "/partner-center/metrics",
		"a/./b/../c":               "/partner-center/a/b/c",
		"%2e%2E/x":                 "/partner-center/x",
		"x?y=../..":                "/partner-center/x?y=../..",
		"a b\r\nHost: evil":        "/partner-center/a%20b%0D%0AHost:%20evil",
		"é#x?a=#":                  "/partner-center/%C3%A9%23x?a=%23",
		"a%20b?c=%zz":              "/partner-center/a%20b?c=%zz",
	}
	got := map[string]string{}
	pure(t, `$out = array(); foreach ( array_keys( $in ) as $rest ) { $out[ $rest ] = PartnerCenter\Client::target( $rest ); } return $out;`, cases, &got)
	if diff := cmp.Diff(cases, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
