package wordpress

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// Shop is an unpacked, built plugin that sells. None comes with the test bed:
// a variable of the environment names the folder of one.
type Shop struct {
	Name      string // of its folder and main file: "woocommerce"
	Dir       string
	Version   string
	WordPress string // the oldest it runs on
}

// The variables that name folders of shops.
const (
	WooCommerceDir = "WOOCOMMERCE_DIR"
	EDDDir         = "EDD_DIR"
)

// WooCommerce is the shop that WOOCOMMERCE_DIR names; false when it names none.
func WooCommerce() (Shop, bool, error) { return shopFrom(WooCommerceDir, "woocommerce") }

// EDD is the Easy Digital Downloads that EDD_DIR names; false when it names none.
func EDD() (Shop, bool, error) { return shopFrom(EDDDir, "easy-digital-downloads") }

var pluginHeader = regexp.MustCompile(`(?m)^[ \t/*#]*(Version|Requires at least):\s*(\S+)`)

func shopFrom(variable, name string) (Shop, bool, error) {
	dir := os.Getenv(variable)
	if dir == "" {
		return Shop{}, false, nil
	}
	text, err := os.ReadFile(filepath.Join(dir, name+".php"))
	if err != nil {
		return Shop{}, false, fmt.Errorf("%s: %w", variable, err)
	}
	s := Shop{Name: name, Dir: dir}
	for _, header := range pluginHeader.FindAllStringSubmatch(string(text), -1) {
		if header[1] == "Version" {
			s.Version = cmp.Or(s.Version, header[2])
		} else {
			s.WordPress = cmp.Or(s.WordPress, header[2])
		}
	}
	return s, true, nil
}

// RunsOn tells whether the shop takes a release of WordPress.
func (s Shop) RunsOn(release string) bool {
	has, needs := strings.Split(release, "."), strings.Split(s.WordPress, ".")
	for i, part := range needs {
		need, _ := strconv.Atoi(part)
		have := 0
		if i < len(has) {
			have, _ = strconv.Atoi(has[i])
		}
		if have != need {
			return have > need
		}
	}
	return true
}

// OpenShop installs a shop, as its first steps would: pages, US dollars, no
// taxes, payment on delivery, orders of guests and of accounts. Its files are
// not copied: they must stay while the site does.
func (s *Site) OpenShop(ctx context.Context, shop Shop) error {
	if err := s.LinkPlugin(shop.Name, shop.Dir); err != nil {
		return err
	}
	if err := s.addMultibyte(); err != nil {
		return err
	}
	if err := s.Activate(ctx, shop.Name+"/"+shop.Name+".php"); err != nil {
		return err
	}
	// In a process of its own, in which the shop is loaded from the start.
	if _, err := s.PHP(ctx, map[string]string{"woocommerce": openWooCommerce,
		"easy-digital-downloads": openEDD}[shop.Name]); err != nil {
		return err
	}
	// What a shop said while its tables were not there yet is not worth knowing.
	err := os.Truncate(s.DebugLog(), 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// multibyte stands in for what shops use of PHP's extension mbstring, which a
// machine with WordPress alone need not have. It knows ASCII, as our tests do.
const multibyte = `<?php
if ( ! function_exists( 'mb_strtolower' ) ) {
	function mb_strtolower( $text ) { return strtolower( $text ); }
	function mb_strtoupper( $text ) { return strtoupper( $text ); }
	function mb_strpos( $text, $part, $from = 0 ) { return strpos( $text, $part, $from ); }
	function mb_convert_case( $text, $mode ) { return ucwords( strtolower( $text ) ); }
	function mb_convert_encoding( $text ) { return $text; }
	function mb_detect_encoding() { return 'UTF-8'; }
}
`

func (s *Site) addMultibyte() error {
	dir := filepath.Join(s.Root, "wp-content", "mu-plugins")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "multibyte.php"), []byte(multibyte), 0o644)
}

const openWooCommerce = `
	WC_Install::install();
	WC_Install::create_pages();
	foreach ( array(
		'woocommerce_custom_orders_table_enabled' => 'yes', 'woocommerce_coming_soon' => 'no',
		'woocommerce_allow_tracking' => 'no', 'woocommerce_show_marketplace_suggestions' => 'no',
		'woocommerce_task_list_hidden' => 'yes', 'woocommerce_currency' => 'USD', 'woocommerce_calc_taxes' => 'no',
		'woocommerce_default_country' => 'US:CA', 'woocommerce_enable_guest_checkout' => 'yes',
		'woocommerce_enable_signup_and_login_from_checkout' => 'yes',
		'woocommerce_enable_checkout_login_reminder' => 'yes',
		'woocommerce_registration_generate_password' => 'no',
		'woocommerce_cod_settings' => array( 'enabled' => 'yes', 'title' => 'Cash on delivery' ),
		'woocommerce_bacs_settings' => array( 'enabled' => 'yes', 'title' => 'Bank transfer' ),
		'woocommerce_onboarding_profile' => array( 'skipped' => true ),
		'woocommerce_email_improvements_existing_store_enabled' => 'no',
	) as $name => $value ) {
		update_option( $name, $value );
	}
	delete_transient( '_wc_activation_redirect' );
	flush_rewrite_rules( false );`

const openEDD = `
	foreach ( EDD()->components as $component ) {
		foreach ( array( 'table', 'meta' ) as $kind ) {
			$table = $component->get_interface( $kind );
			if ( $table && ! $table->exists() ) {
				$table->install();
			}
		}
	}
	edd_run_install();
	delete_transient( 'edd_onboarding_redirect' );
	update_option( 'edd_onboarding_prevent_redirect', 1 );
	foreach ( array(
		'currency' => 'USD', 'test_mode' => '1', 'gateways' => array( 'manual' => '1' ), 'default_gateway' => 'manual',
		'refundability' => 'refundable', 'refund_window' => '0', 'item_quantities' => '1',
		'show_register_form' => 'both',
	) as $name => $value ) {
		edd_update_option( $name, $value );
	}
	flush_rewrite_rules( false );`
