package wpbridge

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// attachment stores a post of the media library with its meta.
func (s *site) attachment(id int64, title, mime, date, file, details, alt string) {
	s.Helper()
	s.exec(`INSERT INTO {wp}posts (ID, post_title, post_mime_type, post_date, post_type, post_status, guid)
		VALUES (?, ?, ?, ?, 'attachment', 'inherit', ?)`, id, title, mime, date, "https://guid.test/"+title)
	for key, value := range map[string]string{
		"_wp_attached_file": file, "_wp_attachment_metadata": details, "_wp_attachment_image_alt": alt,
	} {
		if value != "" {
			s.exec(`INSERT INTO {wp}postmeta (post_id, meta_key, meta_value) VALUES (?, ?, ?)`, id, key, value)
		}
	}
}

func newMedia(t *testing.T) (*site, *Media) {
	s := newDatabase(t)
	s.attachment(11, "Banner", "image/png", "2026-01-01 10:00:00", "2026/01/banner büro.png",
		`a:3:{s:5:"width";i:728;s:6:"height";i:90;s:4:"file";s:1:"x";}`, "Our banner")
	s.attachment(12, "Logo 100%", "image/svg+xml", "2026-01-03 10:00:00", "logo.svg", "", "")
	s.attachment(13, "Offloaded", "image/jpeg", "2026-01-02 10:00:00", "s3://bucket/x.jpg", "", "")
	s.attachment(14, "Price list", "application/pdf", "2026-01-04 10:00:00", "prices.pdf", "", "")
	s.attachment(15, "Thrown away", "image/png", "2026-01-05 10:00:00", "gone.png", "", "")
	s.exec(`UPDATE {wp}posts SET post_status = 'trash' WHERE ID = 15`)
	return s, NewMedia(s.Handle, "https://s.test/wp-content/uploads")
}

func TestImageByID(t *testing.T) {
	s, m := newMedia(t)
	s.exec(`INSERT INTO {wp}postmeta (post_id, meta_key, meta_value)
		VALUES (11, '_wp_attachment_image_alt', 'a second one')`)
	got, err := m.ByID(t.Context(), 11)
	want := Image{ID: 11, URL: "https://s.test/wp-content/uploads/2026/01/banner%20b%C3%BCro.png", MIME: "image/png",
		Title: "Banner", Alt: "Our banner", Width: 728, Height: 90}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	if got, err := m.ByID(t.Context(), 13); err != nil || got.URL != "https://guid.test/Offloaded" || got.Width != 0 {
		t.Errorf("offloaded: %+v, %v", got, err)
	}
	for _, id := range []int64{14, 15, 99} {
		if img, err := m.ByID(t.Context(), id); !errors.Is(err, ErrNoImage) {
			t.Errorf("%d: %+v, %v", id, img, err)
		}
	}
}

func TestNewestImages(t *testing.T) {
	_, m := newMedia(t)
	for _, c := range []struct {
		limit  int
		search string
		want   []int64
	}{
		{10, "", []int64{12, 13, 11}}, {2, "", []int64{12, 13}}, {10, "BANNER", []int64{11}},
		{10, "100%", []int64{12}}, {10, "_ogo", nil}, {10, "büro.png", []int64{11}}, {10, `\`, nil},
	} {
		images, err := m.Newest(t.Context(), c.limit, c.search)
		var got []int64
		for _, image := range images {
			got = append(got, image.ID)
		}
		if diff := cmp.Diff(c.want, got); err != nil || diff != "" {
			t.Errorf("%q: %v %s", c.search, err, diff)
		}
	}
}
