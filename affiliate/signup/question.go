package signup

import (
	"context"
	"maps"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"partnercenter/affiliate"
	"partnercenter/db"
)

// Question is something that the sign-up form of a program can ask beyond name and
// address.
type Question struct {
	Field string                  // Company, Website, Promotion, or the FormName of Own
	Own   *affiliate.ContactField // one of the site's own fields; nil for those that every site has
	Ask   Ask
}

// The questions that every site has.
const (
	Company   = "company"
	Website   = "site"
	Promotion = "promotion"
)

// Ask is whether a form asks a question.
type Ask string

// The choices.
const (
	AskNot      Ask = "no"
	AskOptional Ask = "optional"
	AskRequired Ask = "required"
)

// Asks are all choices, as forms offer them.
var Asks = []Ask{AskNot, AskOptional, AskRequired}

// How long answers may be, in characters.
const (
	maxSite      = 255
	maxPromotion = 2000
)

// Questions are all that a program's form could ask, with its choice; own fields
// only where they are meant for sign-up forms.
func (d *Service) Questions(ctx context.Context, program affiliate.ProgramID) ([]Question, error) {
	return loadQuestions(ctx, d.db, program)
}

func loadQuestions(ctx context.Context, q db.Queryer, program affiliate.ProgramID) ([]Question, error) {
	rows := []struct {
		Field string `db:"field"`
		Ask   Ask    `db:"ask"`
	}{}
	err := q.Select(ctx, &rows, `/* signup.Questions */ SELECT field, ask FROM {wp}partner_center_signup_fields
		WHERE program_id = ?`, program)
	if err != nil {
		return nil, err
	}
	all := []Question{{Field: Company, Ask: AskNot}, {Field: Website, Ask: AskNot}, {Field: Promotion, Ask: AskNot}}
	own, err := affiliate.LoadContactFields(ctx, q)
	for _, f := range own {
		if f.OnSignup {
			ask := AskOptional
			if f.Required {
				ask = AskRequired
			}
			all = append(all, Question{Field: f.FormName(), Own: &f, Ask: ask})
		}
	}
	for i := range all {
		for _, row := range rows {
			if row.Field == all[i].Field {
				all[i].Ask = row.Ask
			}
		}
	}
	return all, err
}

// Asked are those of questions that the form asks.
func Asked(all []Question) []Question {
	return slices.DeleteFunc(slices.Clone(all), func(q Question) bool { return q.Ask == AskNot })
}

// SaveQuestions chooses what a program's form asks, by field; a field that is not
// named stays as it was.
//
// Errors: KindInvalid by the field; KindNotFound for an unknown program.
func (d *Service) SaveQuestions(ctx context.Context, actor affiliate.Actor, program affiliate.ProgramID,
	chosen map[string]Ask) error {
	return d.db.Tx(ctx, func(tx *db.Tx) error {
		if _, err := affiliate.LoadProgram(ctx, tx, program); err != nil {
			return err
		}
		all, err := loadQuestions(ctx, tx, program)
		if err != nil {
			return err
		}
		problems, before, after := affiliate.Problems{}, map[string]Ask{}, map[string]Ask{}
		for _, q := range all {
			ask, named := chosen[q.Field]
			problems.Check(!named || slices.Contains(Asks, ask), q.Field, "Please choose one from the list.")
			if named && ask != q.Ask {
				before[q.Field], after[q.Field] = q.Ask, ask
			}
		}
		if err := problems.Err(); err != nil || len(after) == 0 {
			return err
		}
		for field, ask := range after {
			_, err := tx.Exec(ctx, `/* signup.SaveQuestions */
				INSERT INTO {wp}partner_center_signup_fields (program_id, field, ask) VALUES (?, ?, ?)
				ON DUPLICATE KEY UPDATE ask = VALUES(ask)`, program, field, ask)
			if err != nil {
				return err
			}
		}
		return affiliate.Audit(ctx, tx, d.now(), affiliate.AuditEntry{Actor: actor, Action: "edit form",
			Object: "program", ObjectID: int64(program), Before: before, After: after})
	})
}

// answers are what a form answered, checked.
type answers struct {
	texts  map[string]string     // by Field, of Website and Promotion
	own    affiliate.FieldValues // of the site's own fields
	fields []affiliate.ContactField
}

// checkAnswers brings what was answered into its stored form; the company is the person's.
func (a Application) checkAnswers(p affiliate.Problems, asked []Question) (answers, string) {
	is, company := answers{texts: map[string]string{}}, ""
	for _, q := range asked {
		if q.Own != nil {
			f := *q.Own
			f.Required = q.Ask == AskRequired
			is.fields = append(is.fields, f)
			continue
		}
		text := strings.TrimSpace(a.Answers[q.Field])
		p.Check(q.Ask != AskRequired || text != "", q.Field, "Please fill in this field.")
		switch q.Field {
		case Company:
			company = text
			p.Check(!affiliate.HasAddress(text), Company, "Please enter the name without a web address.")
		case Website:
			is.texts[Website] = checkSite(p, text)
		case Promotion:
			is.texts[Promotion] = checkPromotion(p, text)
		}
	}
	is.own = affiliate.CheckFieldValues(p, is.fields, a.Own, true)
	maps.DeleteFunc(is.own, func(_ affiliate.FieldID, value string) bool { return value == "" }) // blank is no answer
	return is, company
}

// checkSite is the address of a site as a browser takes it.
func checkSite(p affiliate.Problems, text string) string {
	if text == "" {
		return ""
	}
	if !strings.Contains(text, "://") {
		text = "https://" + text
	}
	u, err := url.Parse(text)
	ok := err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.User == nil &&
		strings.Contains(strings.Trim(u.Hostname(), "."), ".") && text == affiliate.Line(text)
	p.Check(ok, Website, "Please enter the address of a site, such as example.com.")
	p.Check(utf8.RuneCountInString(text) <= maxSite, Website, "Please use at most %d characters.", maxSite)
	return text
}

func checkPromotion(p affiliate.Problems, text string) string {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	p.Check(utf8.RuneCountInString(text) <= maxPromotion, Promotion, "Please use at most %d characters.", maxPromotion)
	p.Check(utf8.ValidString(text) && !strings.ContainsRune(text, 0), Promotion,
		"Please remove the characters that aren't text.")
	return text
}
