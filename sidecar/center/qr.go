package center

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"strings"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/qr"
)

// qrCode is a text as a square of dark and light modules.
type qrCode struct{ code barcode.Barcode }

// newQR is the code of a text, which can be read where a seventh of it is
// damaged. Links are far below the some 2,300 bytes that find room.
func newQR(text string) (qrCode, error) {
	code, err := qr.Encode(text, qr.M, qr.Auto)
	return qrCode{code}, err
}

// quiet is the margin that readers need, in modules.
const quiet = 4

// Size is the length of a side with its margins, in modules.
func (q qrCode) Size() int { return q.code.Bounds().Dx() + 2*quiet }

func (q qrCode) dark(x, y int) bool { return q.code.At(x, y) == color.Black }

// Path draws the dark modules, each a square of 1, for an SVG of Size.
func (q qrCode) Path() string {
	var path strings.Builder
	n := q.code.Bounds().Dx()
	for y := range n {
		for x := 0; x < n; x++ {
			from := x
			for x < n && q.dark(x, y) {
				x++
			}
			if x > from {
				fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", from+quiet, y+quiet, x-from, x-from)
			}
		}
	}
	return path.String()
}

// SVG is the code as a file that prints at any size.
func (q qrCode) SVG() []byte {
	return fmt.Appendf(nil, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="1024" height="1024" `+
		`shape-rendering="crispEdges"><path fill="#fff" d="M0 0h%dv%dH0z"/><path d="%s"/></svg>`+"\n",
		q.Size(), q.Size(), q.Size(), q.Size(), q.Path())
}

// leastPixels is how wide a PNG is at least: enough for a poster.
const leastPixels = 1000

// PNG is the code as an image of whole pixels for each module.
func (q qrCode) PNG() ([]byte, error) {
	scale := (leastPixels + q.Size() - 1) / q.Size()
	img := image.NewPaletted(image.Rect(0, 0, q.Size()*scale, q.Size()*scale), color.Palette{color.White, color.Black})
	for y := range img.Rect.Dy() {
		for x := range img.Rect.Dx() {
			mx, my := x/scale-quiet, y/scale-quiet
			if image.Pt(mx, my).In(q.code.Bounds()) && q.dark(mx, my) {
				img.SetColorIndex(x, y, 1)
			}
		}
	}
	var out bytes.Buffer
	err := png.Encode(&out, img)
	return out.Bytes(), err
}
