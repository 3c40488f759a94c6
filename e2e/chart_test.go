package e2e

import (
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
)

// told is what the chart says above its plot, and of which bar.
const told = `JSON.stringify([...document.querySelectorAll(".pc-plot :is(a, g[tabindex])")].flatMap((bar, i) => {
	const tip = bar.querySelector(".pc-plot-tip"), box = tip.getBoundingClientRect();
	return getComputedStyle(tip).opacity !== "1" ? [] : [i, tip.textContent === bar.getAttribute("aria-label"),
		/20[0-9][0-9].*[0-9]/.test(tip.textContent), box.left >= 0 && box.right <= innerWidth];
}))`

// bar is where a bar of the chart stands in the window.
func (v *visitor) bar(i int) (x, y float64) {
	v.t.Helper()
	at := ask[[]float64](v, fmt.Sprintf(`(() => {
		const bar = document.querySelectorAll(".pc-plot :is(a, g[tabindex])")[%d];
		bar.scrollIntoView({block: "center"});
		const box = bar.querySelector("rect").getBoundingClientRect();
		return [box.left + box.width / 2, box.top + box.height / 2];
	})()`, i))
	return at[0], at[1]
}

// Every bar of a chart tells its days and value, in sight: to a mouse above it, to the
// keyboard, and to a finger, which does not leave the page by that.
func TestBarsTellTheirValues(t *testing.T) {
	everywhere(t, func(t *testing.T, r release) {
		v := example(t, r).loggedIn("mia", "partner")
		touch := func(kind string, points ...*input.TouchPoint) {
			if points == nil {
				points = []*input.TouchPoint{}
			}
			v.do(kind, call(input.DispatchTouchEvent,
				input.DispatchTouchEventParams{Type: input.DispatchTouchEventType(kind),
					TouchPoints: points}))
		}
		says := func(how string, i int) {
			want := fmt.Sprintf("[%d,true,true,true]", i)
			soon(t, fmt.Sprintf("bar %d is read by %s", i, how), func() bool { return ask[string](v, told) == want })
		}
		for _, address := range []string{ownURL(""), themeURL(""), ownURL("reports"),
			ownURL("reports/tools?range=90d")} {
			v.wide(1280)
			v.open(address)
			n := ask[int](v, `document.querySelectorAll(".pc-plot :is(a, g[tabindex])").length`)
			if n < 5 {
				t.Fatalf("%s has %d bars", address, n)
			}
			for i := range n {
				ask[bool](v,
					fmt.Sprintf(`document.querySelectorAll(".pc-plot :is(a, g[tabindex])")[%d].focus(), true`, i))
				if got, want := ask[string](v, told), fmt.Sprintf("[%d,true,true,true]", i); got != want {
					t.Fatalf("%s: bar %d with the focus: %s", address, i, got)
				}
			}
			x, y := v.bar(0) // a finger that has slid on from there leaves its hover behind
			v.do("move the mouse", call(input.DispatchMouseEvent, input.DispatchMouseEventParams{
				Type: "mouseMoved", X: x, Y: y}))
			soon(t, "the first bar is hovered", func() bool {
				return ask[bool](v, `document.querySelector(".pc-plot :is(a, g[tabindex])").matches(":hover")`)
			})
			says("its focus, and no other by what hovers, on "+address, n-1)
			ask[bool](v, `document.activeElement.blur(), true`)
			for _, i := range []int{0, n / 2, n - 1} {
				x, y := v.bar(i)
				v.do("move the mouse", call(input.DispatchMouseEvent, input.DispatchMouseEventParams{
					Type: "mouseMoved", X: x, Y: y}))
				says("a mouse on "+address, i)
			}
			v.do("move it away", call(input.DispatchMouseEvent, input.DispatchMouseEventParams{Type: "mouseMoved", X: 1,
				Y: 1}))
			v.wide(375)
			v.do("have fingers", call(emulation.SetTouchEmulationEnabled,
				emulation.SetTouchEmulationEnabledParams{Enabled: true}))
			v.open(address)
			before := v.at()
			for _, i := range []int{n - 1, 0, n / 2} {
				x, y := v.bar(i)
				touch("touchStart", &input.TouchPoint{X: x, Y: y})
				touch("touchEnd")
				says("a finger on "+address, i)
			}
			if at := v.at(); at != before {
				t.Fatalf("%s: reading a bar led to %s", address, at)
			}
			v.do("have none", call(emulation.SetTouchEmulationEnabled, emulation.SetTouchEmulationEnabledParams{}))
		}
	})
}
