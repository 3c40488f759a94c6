package demo

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/png"
)

// furnishing makes pages, images and accounts as an editor would; it prints
// the ids of images and users.
const furnishing = `
kses_remove_filters(); // as for an administrator, who may write forms
$page = function ( $slug, $title, $html ) {
	wp_insert_post( array( 'post_type' => 'page', 'post_status' => 'publish', 'post_name' => $slug,
		'post_title' => $title, 'post_content' => $html ) );
};
list( $pages, $images, $users ) = json_decode( $args[0], true );
foreach ( $pages as $p ) { $page( $p[0], $p[1], $p[2] ); }
$made = array( 'images' => array(), 'users' => array() );
foreach ( $images as $i ) {
	$file = wp_upload_bits( $i['file'], null, base64_decode( $i['png'] ) );
	$id = wp_insert_attachment( array( 'post_mime_type' => 'image/png', 'post_title' => $i['title'],
		'post_status' => 'inherit' ), $file['file'] );
	update_post_meta( $id, '_wp_attachment_image_alt', $i['title'] );
	wp_update_attachment_metadata( $id, array( 'width' => $i['width'], 'height' => $i['height'],
		'file' => _wp_relative_upload_path( $file['file'] ), 'sizes' => array(), 'image_meta' => array() ) );
	$made['images'][] = $id;
}
foreach ( $users as $u ) {
	$made['users'][] = wp_insert_user( array( 'user_login' => $u[0], 'user_email' => $u[1], 'first_name' => $u[2],
		'last_name' => $u[3], 'display_name' => $u[2], 'user_pass' => 'partner', 'role' => 'partner' ) );
}
echo wp_json_encode( $made );`

// optIn is a form of the kind every site has; the mark makes it a lead.
const optIn = `<!-- wp:html --><form data-partner-center="lead" method="get" action="../thank-you/">
<p><label>First name<br><input type="text" name="first_name"></label></p>
<p><label>E-mail<br><input type="email" name="email" required></label></p>
<p><button type="submit">Send me the letter</button></p></form><!-- /wp:html -->`

func (e *example) furnishSite(ctx context.Context) error {
	users := [][]string{}
	for _, p := range cast {
		users = append(users, []string{p.login, p.login + "@example.test", p.first, p.last})
	}
	pages := [][]string{
		{"coffee-letter", "The coffee letter", "<p>One letter a month: what is in the roaster and how to brew it.</p>" +
			optIn},
		{"thank-you", "Thank you", "<p>Thank you. The next letter is yours.</p>"},
	}
	if e.demo.options.Shop.Name == "" { // another shop has a page of this name
		pages = append(pages,
			[]string{"shop", "Shop",
				"<p>Beans, brewers and courses, roasted at the harbour.</p><!-- wp:shortcode -->[harbour_shop]<!-- " +
					"/wp:shortcode -->"})
	}
	input, err := json.Marshal([]any{pages, []any{
		picture("harbour-banner.png", "Coffee from the harbour", 728, 90),
		picture("letter.png", "The coffee letter", 480, 320),
	}, users})
	if err != nil {
		return err
	}
	output, err := e.demo.Site.PHP(ctx, furnishing, string(input))
	if err != nil {
		return err
	}
	var made struct {
		Images []int64 `json:"images"`
		Users  []int64 `json:"users"`
	}
	if err := json.Unmarshal([]byte(output), &made); err != nil {
		return fmt.Errorf("%w in %s", err, output)
	}
	e.demo.images = made.Images
	for i, id := range made.Users {
		p := &promoter{role: cast[i], user: id}
		p.joined = e.joining(p)
		e.partners = append(e.partners, p)
	}
	return nil
}

// picture draws a calm sea under a low sun, as a PNG for the media library.
func picture(file, title string, width, height int) map[string]any {
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	sunX, sunY, radius := width*3/4, height*2/5, height/4
	for y := range height {
		for x := range width {
			img.Set(x, y, seaAt(x, y, height, (x-sunX)*(x-sunX)+(y-sunY)*(y-sunY) < radius*radius))
		}
	}
	var out bytes.Buffer
	png.Encode(&out, img) // cannot fail into memory
	return map[string]any{"file": file, "title": title, "width": width, "height": height,
		"png": base64.StdEncoding.EncodeToString(out.Bytes())}
}

func seaAt(x, y, height int, sun bool) color.RGBA {
	horizon := height * 11 / 20
	switch {
	case y > horizon:
		shade := uint8(70 * (y - horizon) / (height - horizon))
		if (x/7+y/3)%9 == 0 {
			shade /= 2 // a wave
		}
		return color.RGBA{20, 90 - shade/2, 140 - shade, 255}
	case sun:
		return color.RGBA{255, 214, 120, 255}
	}
	return color.RGBA{uint8(250 - 60*(horizon-y)/horizon), uint8(205 - 20*(horizon-y)/horizon),
		uint8(170 + 50*(horizon-y)/horizon), 255}
}
