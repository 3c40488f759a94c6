<?php
/**
 * The demo's own shop, where no other one is installed: one page to order,
 * refund and void by hand. It reports its orders as any cart does, by
 * partner_center_order(); see docs/carts.md.
 */

defined( 'ABSPATH' ) || exit;

/** Orders by id, the latest first. */
function harbour_orders(): array {
	return get_option( 'harbour_orders', array() );
}

/** Keeps an order and reports it as it stands. */
function harbour_keep( array $order ): void {
	update_option( 'harbour_orders', array( $order['id'] => $order ) + harbour_orders(), false );
	$order['lines'][0] += array( 'name' => get_option( 'harbour_products' )[ $order['lines'][0]['product'] ][0] );
	do_action( 'partner_center_order', $order );
}

/** What the page's forms ask for; then the page again, so that a reload repeats nothing. */
function harbour_act(): void {
	$do = sanitize_key( wp_unslash( $_POST['harbour'] ?? '' ) );
	if ( '' === $do || ! wp_verify_nonce( sanitize_key( wp_unslash( $_POST['harbour_nonce'] ?? '' ) ), 'harbour' ) ) {
		return;
	}
	if ( 'buy' === $do ) {
		harbour_buy();
	} else {
		harbour_change( $do, sanitize_key( wp_unslash( $_POST['order'] ?? '' ) ) );
	}
	wp_safe_redirect( get_permalink() );
	exit;
}

/** An order, paid at once. The click is that of this request. */
function harbour_buy(): void {
	$products = get_option( 'harbour_products', array() );
	$product  = sanitize_key( wp_unslash( $_POST['product'] ?? '' ) );
	$email    = sanitize_email( wp_unslash( $_POST['email'] ?? '' ) );
	if ( ! isset( $products[ $product ] ) || ! is_email( $email ) ) {
		return;
	}
	$price = $products[ $product ][1];
	harbour_keep(
		array(
			'source'    => 'harbour',
			'id'        => uniqid(),
			'status'    => 'paid',
			'currency'  => 'USD',
			'lines'     => array( array( 'product' => $product, 'total' => $price ) ),
			'total'     => $price,
			'buyer'     => array( 'email' => $email,
				'first_name' => sanitize_text_field( wp_unslash( $_POST['first_name'] ?? '' ) ) ),
			'placed_at' => gmdate( 'Y-m-d\TH:i:s\Z' ),
			'paid_at'   => gmdate( 'Y-m-d\TH:i:s\Z' ),
			'click'     => partner_center_click(),
		)
	);
}

/** A refund of all, or an order that never was. */
function harbour_change( string $do, string $id ): void {
	$order = harbour_orders()[ $id ] ?? null;
	if ( null === $order ) {
		return;
	}
	if ( 'refund' === $do ) {
		$order['refunds'] = array( array( 'amount' => $order['total'] ) );
	} elseif ( 'void' === $do ) {
		$order['status'] = 'void';
	}
	harbour_keep( $order );
}
add_action( 'template_redirect', 'harbour_act' );

/** The page. */
function harbour_page(): string {
	$form = '<form method="post">' . wp_nonce_field( 'harbour', 'harbour_nonce', true, false );
	$html = $form . '<input type="hidden" name="harbour" value="buy"><p><label>What<br><select name="product">';
	foreach ( get_option( 'harbour_products', array() ) as $id => list( $name, $price ) ) {
		$html .= sprintf( '<option value="%s">%s, %s USD</option>', esc_attr( $id ), esc_html( $name ),
			esc_html( $price ) );
	}
	$html .= '</select></label></p><p><label>First name<br><input name="first_name"></label></p>
		<p><label>E-mail<br><input type="email" name="email" required></label></p><p><button>Order and pay</button></p></form>';
	if ( array() === harbour_orders() ) {
		return $html;
	}
	$html .= '<table class="harbour-orders"><tr><th>Order</th><th>Customer</th><th>USD</th><th>Status</th><th></th></tr>';
	foreach ( array_slice( harbour_orders(), 0, 20 ) as $order ) {
		$html .= sprintf( '<tr><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td>', esc_html( $order['id'] ),
			esc_html( $order['buyer']['email'] ), esc_html( $order['total'] ), esc_html( isset( $order['refunds'] )
				? 'refunded' : $order['status'] ) );
		foreach ( array( 'refund', 'void' ) as $do ) {
			$html .= $form
				. sprintf( '<input type="hidden" name="order" value="%s"><button name="harbour" value="%s">%s</button></form>', esc_attr( $order['id'] ), $do, ucfirst( $do ) );
		}
		$html .= '</td></tr>';
	}
	return $html . '</table>';
}
add_shortcode( 'harbour_shop', 'harbour_page' );
