package center

import (
	"slices"
	"time"

	"partnercenter/locale"
	"partnercenter/sidecar/web"
)

// guide leads a new partner to the first visitor. It stays until its steps are
// done, or something has been sold without it.
type guide struct {
	Steps []guideStep
	Done  int
	Test  time.Time // of the partner's own latest click, zero without
}

// guideStep is a step with what to do, or with what shows that it is done.
type guideStep struct {
	Name, Text locale.Text
	At         time.Time // when it was done, where that is known
	Path       string    // of the page to do it on; "" for none
	Button     locale.Text
	Done, Now  bool // Now: the next one to do
}

func (p *Pages) fillGuide(r *web.Request, page *dashboardPage) error {
	if page.hasSold() {
		return nil
	}
	first, clicked, err := p.Reports.FirstClick(r.Ctx(), r.Who.Partner.ID)
	if err != nil {
		return err
	}
	test, tested, err := p.Tracker.TestClick(r.Ctx(), r.Who.Partner.ID)
	if err != nil {
		return err
	}
	g := guide{Test: test.At, Steps: []guideStep{linkStep(page.Box), tryStep(test.At, first, tested || clicked),
		payStep(!page.NoPay), shareStep(first, clicked)}}
	for i := range g.Steps {
		if g.Steps[i].Done {
			g.Done++
		}
	}
	next := slices.IndexFunc(g.Steps, func(s guideStep) bool { return !s.Done })
	if next >= 0 {
		g.Steps[next].Now = true
		page.Guide = &g
	}
	return nil
}

func linkStep(box *linkBox) guideStep {
	if len(box.Tools) == 0 {
		return guideStep{Name: locale.T("Get your link"),
			Text: locale.T("It appears here as soon as the site's owner adds one.")}
	}
	return guideStep{Name: locale.T("Get your link"), Text: locale.T("It's ready, in the box “Your link”."), Done: true}
}

func tryStep(test, first time.Time, done bool) guideStep {
	step := guideStep{Name: locale.T("Try it"), Done: done, At: test,
		Text: locale.T("Click your link yourself: you land in the shop, and we tell you here that we saw it. " +
			"Clicks of your own don't count.")}
	if test.IsZero() {
		step.At = first
	}
	return step
}

func payStep(done bool) guideStep {
	if done {
		return guideStep{Name: locale.T("Tell us where to send your money"), Done: true,
			Text: locale.T("We know how to pay you.")}
	}
	return guideStep{Name: locale.T("Tell us where to send your money"), Path: "profile",
		Text: locale.T("It takes a minute."), Button: locale.T("Add payment details")}
}

func shareStep(first time.Time, done bool) guideStep {
	return guideStep{Name: locale.T("Share your link"), Done: done, At: first, Path: "tools",
		Text:   locale.T("In a post, in an email, on your page. We tick this off with the first visitor."),
		Button: locale.T("Pick a banner")}
}
