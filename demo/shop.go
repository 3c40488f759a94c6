package demo

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"partnercenter/affiliate"
	"partnercenter/affiliate/money"
	"partnercenter/db"
)

// ownShop is a page to order, refund and void by hand, for a demo without a
// WooCommerce. What is done there walks the way of every cart.
//
//go:embed shop.php
var ownShop []byte

// openShop installs the given shop, or the demo's own one.
func (d *Demo) openShop(ctx context.Context) error {
	if d.options.Shop.Name != "" {
		return d.Site.OpenShop(ctx, d.options.Shop)
	}
	if d.options.Bare {
		return nil
	}
	dir := filepath.Join(d.Site.Root, "wp-content", "mu-plugins")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "harbour-shop.php"), ownShop, 0o644)
}

// shelves puts products into the shop, [name, price] each, and prints their ids.
const shelves = `
$ids = array();
foreach ( json_decode( $args[0], true ) as $n => list( $name, $price ) ) {
	if ( class_exists( 'WC_Product_Simple' ) ) {
		$product = new WC_Product_Simple();
		$product->set_name( $name );
		$product->set_regular_price( $price );
		$ids[] = (string) $product->save();
	} else {
		$ids[] = 'p' . ( $n + 1 );
		update_option( 'harbour_products', get_option( 'harbour_products', array() )
			+ array( 'p' . ( $n + 1 ) => array( $name, $price ) ) );
	}
}
echo wp_json_encode( $ids );`

// stockShelves makes the products of the catalogue in the shop; programs know
// them as the shop's.
func (e *example) stockShelves(ctx context.Context) error {
	wares := [][]string{}
	for _, w := range catalogue {
		wares = append(wares, []string{w.name, w.price})
	}
	input, err := json.Marshal(wares)
	if err != nil {
		return err
	}
	output, err := e.demo.Site.PHP(ctx, shelves, string(input))
	if err != nil {
		return err
	}
	ids := []string{}
	if err := json.Unmarshal([]byte(output), &ids); err != nil {
		return fmt.Errorf("%w in %s", err, output)
	}
	return e.db.Tx(ctx, func(tx *db.Tx) error {
		e.products = nil // the transaction may run again
		for i, w := range catalogue {
			price, currency := w.amount(), money.Currency("USD")
			p := affiliate.Product{Source: e.cart(), ExternalID: ids[i], Name: w.name, Price: &price,
				Currency: &currency}
			var err error
			if p.ID, err = affiliate.KeepProduct(ctx, tx, e.clock.Now(), p); err != nil {
				return err
			}
			e.products = append(e.products, stock{Product: p, price: price})
		}
		return nil
	})
}
