package wpbridge

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"strings"

	"partnercenter/db"
)

// ErrNoImage says that the media library has no such image.
var ErrNoImage = errors.New("the media library has no such image")

// Image is a picture of the media library.
type Image struct {
	ID            int64 // of the attachment
	URL           string
	MIME          string // image/…
	Title         string
	Alt           string
	Width, Height int // pixels; 0 when WordPress did not measure it
}

// Media reads the media library of a site.
type Media struct {
	q          db.Queryer
	uploadsURL string
}

// NewMedia returns the library. uploadsURL is Site.UploadsURL.
func NewMedia(q db.Queryer, uploadsURL string) *Media { return &Media{q, uploadsURL} }

type imageRow struct {
	ID                                    int64
	Title, GUID, MIME, File, Alt, Details string
}

const imageColumns = `p.ID AS id, p.post_title AS title, p.guid AS guid, p.post_mime_type AS mime,
	COALESCE((SELECT meta_value FROM {wp}postmeta WHERE post_id = p.ID AND meta_key = '_wp_attached_file'
	ORDER BY meta_id LIMIT 1), '') AS file, COALESCE((SELECT meta_value FROM {wp}postmeta WHERE post_id = p.ID
	AND meta_key = '_wp_attachment_image_alt' ORDER BY meta_id LIMIT 1), '') AS alt,
	COALESCE((SELECT meta_value FROM {wp}postmeta WHERE post_id = p.ID AND meta_key = '_wp_attachment_metadata'
	ORDER BY meta_id LIMIT 1), '') AS details
	FROM {wp}posts p
	WHERE p.post_type = 'attachment' AND p.post_status = 'inherit' AND p.post_mime_type LIKE 'image/%'`

// ByID returns an image, or ErrNoImage.
func (m *Media) ByID(ctx context.Context, id int64) (Image, error) {
	var row imageRow
	err := m.q.Get(ctx, &row, `/* wpbridge.Media.ByID */ SELECT `+imageColumns+` AND p.ID = ?`, id)
	if errors.Is(err, sql.ErrNoRows) {
		return Image{}, ErrNoImage
	}
	return m.image(row), err
}

// Newest lists up to limit images, newest first. search, when not empty, must
// occur in the title or the file's name.
func (m *Media) Newest(ctx context.Context, limit int, search string) ([]Image, error) {
	query, args := `/* wpbridge.Media.Newest */ SELECT `+imageColumns, []any{}
	if search != "" {
		pattern := "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(search) + "%"
		query += ` AND (p.post_title LIKE ? OR EXISTS (SELECT 1 FROM {wp}postmeta f
			WHERE f.post_id = p.ID AND f.meta_key = '_wp_attached_file' AND f.meta_value LIKE ?))`
		args = append(args, pattern, pattern)
	}
	var rows []imageRow
	err := m.q.Select(ctx, &rows, query+` ORDER BY p.post_date DESC, p.ID DESC LIMIT ?`, append(args, limit)...)
	images := make([]Image, len(rows))
	for i, row := range rows {
		images[i] = m.image(row)
	}
	return images, err
}

func (m *Media) image(row imageRow) Image {
	details, _ := unserializeArray(row.Details) // absent for SVG and the like
	width, _ := details.get("width").(int64)
	height, _ := details.get("height").(int64)
	return Image{
		ID: row.ID, URL: m.url(row), MIME: row.MIME, Title: row.Title, Alt: row.Alt,
		Width: int(width), Height: int(height),
	}
}

// url joins the file with the uploads address. Files outside (absolute paths,
// other hosts) have theirs in the guid, as in wp_get_attachment_url.
func (m *Media) url(row imageRow) string {
	if row.File == "" || strings.HasPrefix(row.File, "/") || strings.Contains(row.File, "://") {
		return row.GUID
	}
	return m.uploadsURL + "/" + (&url.URL{Path: row.File}).EscapedPath()
}
