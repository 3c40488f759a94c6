package wpplugin_test

import (
	"bytes"
	"image"
	"image/png"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// An image of a promo tool is uploaded by WordPress' own rules, from the page of
// the tool and back to it, with what was typed there; what is no image is refused.
//
// Spec: S50.1
func TestImagesAreUploadedFromThePromoToolsPage(t *testing.T) {
	onEach(t, func(t *testing.T, s *site) {
		s.set(t, `['tracking' => true]`)
		const back = "admin/programs/5/tools/new?kind=banner"
		s.sidecar.embeds(`<p>&lt;div data-pc-upload="x"&gt;</p><div data-pc-upload="` + back + `"></div>`)
		s.addUser(t, "setter", "editor") // who may upload files
		s.addUser(t, "clerk", "subscriber")
		s.php(t, `foreach (['setter', 'clerk'] as $who) { $user = get_user_by('login', $who);
			$user->add_cap('partner_center_view'); $user->add_cap('partner_center_settings'); }`)
		page := "/wp-admin/admin.php?page=partner-center&pc=" + url.QueryEscape(back)
		form := s.get(t, page, s.login(t, "setter")...).doc(t).Find("form[enctype]")
		if form.Length() != 1 {
			t.Fatal("no form for the file")
		}
		fields := formFields(form)
		fields.Set("keep", "name=Spring+%26+sun&target_url=https%3A%2F%2Fshop.test%2F&evil=1")
		var picture bytes.Buffer
		must(t, png.Encode(&picture, image.NewGray(image.Rect(0, 0, 30, 20))))

		sent := s.upload(t, "setter", fields, "sun.png", picture.Bytes())
		to, err := url.Parse(sent.Header.Get("Location"))
		must(t, err)
		pc, err := url.Parse(to.Query().Get("pc"))
		must(t, err)
		if q := pc.Query(); sent.Status != http.StatusFound || pc.Path != "admin/programs/5/tools/new" ||
			q.Get("kind") != "banner" || q.Get("name") != "Spring & sun" || q.Has("evil") || q.Get("image") == "" {
			t.Errorf("%d %s", sent.Status, to)
		}
		if made := s.php(t, `$m = wp_get_attachment_metadata((int) $args[0]);
			echo get_post($args[0])->post_title, ' ', $m['width'], 'x', $m['height'];`,
			pc.Query().Get("image")); made != "sun 30x20" {
			t.Errorf("WordPress has %q", made)
		}

		sent = s.upload(t, "setter", fields, "sun.txt", []byte("no image"))
		to, err = url.Parse(sent.Header.Get("Location"))
		must(t, err)
		if sent.Status != http.StatusFound || strings.Contains(to.Query().Get("pc"), "image=") {
			t.Errorf("no image: %d %s", sent.Status, to)
		}
		if text := s.get(t, page, s.login(t, "setter")...).doc(t).Find(".notice-error").Text(); !strings.Contains(text,
			"not allowed") {
			t.Errorf("it says %q", text)
		}

		if n := s.get(t, page, s.login(t, "clerk")...).doc(t).Find("form[enctype]").Length(); n != 0 {
			t.Error("who may not upload files has the form")
		}
		for who, change := range map[string]func(url.Values){
			"clerk":  func(url.Values) {},
			"setter": func(f url.Values) { f.Set("_wpnonce", "1234567890") },
		} {
			refused := url.Values{}
			for name := range fields {
				refused.Set(name, fields.Get(name))
			}
			change(refused)
			if a := s.upload(t, who, refused, "sun.png", picture.Bytes()); a.Status != http.StatusForbidden {
				t.Errorf("%s: %d", who, a.Status)
			}
		}
	})
}

// upload sends the form with a file, as a user.
func (s *site) upload(t *testing.T, user string, fields url.Values, name string, content []byte) answer {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for field := range fields {
		if field != "image" {
			must(t, form.WriteField(field, fields.Get(field)))
		}
	}
	file, err := form.CreateFormFile("image", name)
	must(t, err)
	_, err = file.Write(content)
	must(t, err)
	must(t, form.Close())
	header := http.Header{"Content-Type": {form.FormDataContentType()}}
	return s.do(t, request{method: http.MethodPost, path: "/wp-admin/admin-post.php", body: body.String(),
		header:  header,
		cookies: s.login(t, user)})
}
