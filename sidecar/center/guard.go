package center

import (
	"context"
	"time"

	"partnercenter/limit"
	"partnercenter/locale"
	"partnercenter/sidecar/web"
)

// Guard asks whether a sign-up form may be taken: WordPress' plugins, a captcha say,
// have a word in it. why is what to tell the visitor, "" for nothing in particular.
type Guard func(ctx context.Context, form GuardedForm) (ok bool, why string, err error)

// GuardedForm is a form as it was sent.
type GuardedForm struct {
	Program string              `json:"program"` // its code
	Fields  map[string][]string `json:"fields"`
	IP      string              `json:"ip"` // of the visitor
}

// guarded is the page on which plugins can put their part of the form, for a visitor
// who has come to the form's own address; "" when they are there, or nobody guards.
func (p *Pages) guarded(r *web.Request) string {
	h := r.Site.Handover()
	if r.Surface.Kind != web.Standalone || !h.SignupGuarded || !r.HasCenter() || h.PageURL == "" {
		return ""
	}
	return web.Surface{Kind: web.Theme, Base: h.PageURL}.URL("signup/"+r.Param("program"),
		web.Flat(r.Context.Request.URL.Query())...)
}

// letThrough is what is wrong with a form: by our own rules, then by WordPress'
// plugins where they have a rule. While WordPress doesn't answer nothing passes that
// it should have looked at.
func (p *Pages) letThrough(r *web.Request, form *web.Form) error {
	if err := form.Err(); err != nil || !r.Site.Handover().SignupGuarded {
		return err
	}
	ok, why, err := p.Guard(r.Ctx(), GuardedForm{Program: r.Param("program"), Fields: r.Context.Request.PostForm,
		IP: r.ClientIP()})
	switch {
	case err != nil:
		r.Site.Log.Warn("a sign-up form could not be checked", "err", err)
		form.Problems.Add("", "We couldn't check your form right now. Please send it again in a moment.")
	case !ok && why != "":
		form.Problems.Say("", locale.Data(why))
	case !ok:
		form.Problems.Add("", "Your form wasn't accepted. Please check it and send it again.")
	}
	return form.Err()
}

// mayWrite is what is wrong with a form that has us write to an address somebody
// typed; only forms that are right count for the limit.
func (p *Pages) mayWrite(r *web.Request, form *web.Form) error {
	settings, err := p.Registry.Settings(r.Ctx())
	if err != nil {
		return err
	}
	pace := limit.Per(time.Hour, settings.Limits.Signups)
	if form.Err() == nil && !p.Letters.AllowKey(limit.Network(r.ClientIP()), pace, r.Site.Now()) {
		form.Problems.Add("", "We received many forms from your network. Please try again in a few minutes.")
	}
	return form.Err()
}
