package web

import (
	"fmt"
	"math"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"partnercenter/wpbridge"
)

// Brand is how the site presents itself on pages of our own.
func (v View) Brand() wpbridge.Look { return v.handover().Look }

// BrandURL is where the name of the site leads: partners to their first page,
// others to the site's.
func (v View) BrandURL() string {
	if v.Who.Partner.ID != 0 && v.HasCenter() {
		return v.URL("")
	}
	return v.handover().Home + "/"
}

// BrandStyle is the URL of the style sheet with the site's color; "" where it has
// none. The color is part of the name, so that the sheet never changes.
func (v View) BrandStyle() string {
	color, ok := parseColor(v.Brand().Color)
	if !ok {
		return ""
	}
	return v.Site.basePath() + "/assets/color-" + strings.TrimPrefix(color.String(), "#") + ".css"
}

// serveColor answers assets/color-rrggbb.css.
func (r *Request) serveColor(name string) error {
	found := colorFile.FindStringSubmatch(name)
	if found == nil {
		return errNoPage
	}
	color, _ := parseColor("#" + found[1])
	r.Header("Cache-Control", "public, max-age=31536000, immutable")
	r.Data(http.StatusOK, "text/css; charset=utf-8", []byte(colorSheet(color)))
	return nil
}

var colorFile = regexp.MustCompile(`^color-([0-9a-f]{6})\.css$`)

// The grounds of cards, which the accent is read on, and the contrast that it
// needs there: a little more than the 4.5 of WCAG 2, for tinted grounds.
var (
	lightGround = color{255, 255, 255}
	darkGround  = color{0x22, 0x27, 0x2c}
)

const enoughContrast = 5.5

// colorSheet sets the accent of pages of our own to the site's color, made darker
// on light grounds and lighter on dark ones until it can be read.
func colorSheet(site color) string {
	rules := func(c, ground color) string {
		ink := color{255, 255, 255}
		if black := (color{0x10, 0x15, 0x1a}); c.contrast(black) > c.contrast(ink) {
			ink = black
		}
		return fmt.Sprintf("--pc-accent: %s; --pc-accent-ink: %s; --pc-tint: %s;", c, ink, c.mixed(ground, .1))
	}
	light := site.until(color{}, lightGround)
	dark := site.until(color{255, 255, 255}, darkGround)
	return ".pc-standalone { " + rules(light, lightGround) +
		" }\n@media (prefers-color-scheme: dark) { .pc-standalone { " +
		rules(dark, darkGround) + " } }\n"
}

// color is a color of the screen.
type color struct{ r, g, b uint8 }

func parseColor(hex string) (c color, ok bool) {
	if len(hex) != len("#rrggbb") || hex[0] != '#' {
		return c, false
	}
	n, err := strconv.ParseUint(hex[1:], 16, 32)
	return color{uint8(n >> 16), uint8(n >> 8), uint8(n)}, err == nil
}

func (c color) String() string { return fmt.Sprintf("#%02x%02x%02x", c.r, c.g, c.b) }

// mixed has this share of c, the rest being other.
func (c color) mixed(other color, share float64) color {
	mix := func(a, b uint8) uint8 { return uint8(math.Round(float64(a)*share + float64(b)*(1-share))) }
	return color{mix(c.r, other.r), mix(c.g, other.g), mix(c.b, other.b)}
}

// until is c, mixed with as much of other as it needs to be read on the ground.
func (c color) until(other, ground color) color {
	for share := 1.0; share > 0; share -= .02 {
		if mixed := c.mixed(other, share); mixed.contrast(ground) >= enoughContrast {
			return mixed
		}
	}
	return other
}

// contrast is that of WCAG 2, from 1 to 21.
func (c color) contrast(other color) float64 {
	a, b := c.luminance(), other.luminance()
	return (max(a, b) + .05) / (min(a, b) + .05)
}

func (c color) luminance() float64 {
	linear := func(v uint8) float64 {
		s := float64(v) / 255
		if s <= .04045 {
			return s / 12.92
		}
		return math.Pow((s+.055)/1.055, 2.4)
	}
	return .2126*linear(c.r) + .7152*linear(c.g) + .0722*linear(c.b)
}
