package affiliate

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"partnercenter/affiliate/money"
	"partnercenter/db"
)

// Terms are what a product earns in a program (S23-S30), for sales placed in
// [ValidFrom, ValidTo). An edit ends these and begins new ones, so that past
// commissions never move (S30).
type Terms struct {
	ID        TermsID        `db:"id"`
	ProgramID ProgramID      `db:"program_id"`
	ProductID ProductID      `db:"product_id"`
	Kind      CommissionKind `db:"kind"`
	Level1    money.Rate     `db:"level1_ppm"` // of percentages
	Level2    money.Rate     `db:"level2_ppm"` // stored, but unused, in a 1-tier program (S15, S29)
	Flats     []Flat         `db:"-"`          // of flat rates, one for each currency, by currency
	ValidFrom time.Time      `db:"valid_from"`
	ValidTo   *time.Time     `db:"valid_to"`
}

// CommissionKind is how a commission is calculated (S28).
type CommissionKind string

// The kinds of S28.
const (
	Percent    CommissionKind = "percent"
	FlatAmount CommissionKind = "flat" // for each unit sold (D9)
)

// Flat is a flat commission in one currency; never converted (D27).
type Flat struct {
	Currency money.Currency `db:"currency"`
	Level1   money.Amount   `db:"level1"`
	Level2   money.Amount   `db:"level2"`
}

// Flat is the flat commission for a sale in cur; false when none was entered (D27).
func (t Terms) Flat(cur money.Currency) (Flat, bool) {
	i := slices.IndexFunc(t.Flats, func(f Flat) bool { return f.Currency == cur })
	if i < 0 {
		return Flat{}, false
	}
	return t.Flats[i], true
}

// Same tells whether both earn the same.
func (t Terms) Same(other Terms) bool {
	return t.Kind == other.Kind && t.Level1 == other.Level1 && t.Level2 == other.Level2 &&
		slices.Equal(t.Flats, other.Flats)
}

// validated brings the values that an admin entered into order: the half that
// belongs to the other kind is dropped.
func (t Terms) validated() (Terms, error) {
	p := Problems{}
	switch t.Kind {
	case Percent:
		t.Flats = nil
		p.Check(t.Level1.Validate() == nil, "level1", "Please enter a percentage from 0 to 100.")
		p.Check(t.Level2.Validate() == nil, "level2", "Please enter a percentage from 0 to 100.")
	case FlatAmount:
		t.Level1, t.Level2 = 0, 0
		t.Flats = slices.Clone(t.Flats)
		slices.SortFunc(t.Flats, func(a, b Flat) int { return cmp.Compare(a.Currency, b.Currency) })
		checkFlats(p, t.Flats)
	default:
		p.Add("kind", "Please choose a percentage or a flat amount.")
	}
	return t, p.Err()
}

// checkFlats expects them sorted by currency.
func checkFlats(p Problems, flats []Flat) {
	p.Check(len(flats) > 0, "flats", "Please enter an amount in at least one currency.")
	for i, f := range flats {
		_, err := money.ParseCurrency(string(f.Currency))
		p.Check(err == nil, "flats", "%.40q is no currency: use a code such as USD or EUR.", string(f.Currency))
		p.Check(i == 0 || flats[i-1].Currency != f.Currency, "flats", "%s is entered twice.", f.Currency)
		p.Check(f.Level1.Sign() >= 0 && f.Level2.Sign() >= 0, "flats", "The amounts in %s must be 0 or more.",
			f.Currency)
		p.Check(f.Level1.IsRounded(f.Currency) && f.Level2.IsRounded(f.Currency), "flats",
			"The amounts in %s have too many decimals: %d are possible.", f.Currency, f.Currency.Digits())
	}
}

// SetTerms adds the product to the program or changes what it earns there, for
// sales placed from now on (S28-S30). Of t it takes Kind, Level1, Level2 and
// Flats; the answer is the terms now in force.
func (r *Registry) SetTerms(ctx context.Context, actor Actor, program ProgramID, product ProductID, t Terms) (Terms,
	error) {
	return r.EditTerms(ctx, actor, 0, program, product, t)
}

// EditTerms is SetTerms of whoever has seen certain terms: a Conflict when others
// hold by now. 0 is whoever has seen none.
func (r *Registry) EditTerms(ctx context.Context, actor Actor, seen TermsID, program ProgramID, product ProductID,
	t Terms) (Terms, error) {
	t, err := t.validated()
	if err != nil {
		return Terms{}, err
	}
	t.ID, t.ProgramID, t.ProductID = seen, program, product
	err = r.db.Tx(ctx, func(tx *db.Tx) error {
		t, err = setTerms(ctx, tx, actor, r.now(), t)
		return err
	})
	return t, err
}

// AddNewProduct makes an own product and puts it into the program: both or
// none (S27).
func (r *Registry) AddNewProduct(ctx context.Context, actor Actor, program ProgramID, p Product, t Terms) (Product,
	error) {
	t, err := t.validated()
	if err != nil {
		return Product{}, err
	}
	if p, err = newProduct(p, r.now()); err != nil {
		return Product{}, err
	}
	made := p
	err = r.db.Tx(ctx, func(tx *db.Tx) error {
		if made, err = createProduct(ctx, tx, actor, p); err != nil {
			return err
		}
		t.ID, t.ProgramID, t.ProductID = 0, program, made.ID
		_, err := setTerms(ctx, tx, actor, r.now(), t)
		return err
	})
	return made, err
}

// setTerms puts validated terms in force from now on; their ID is that of the terms
// seen, as of EditTerms.
func setTerms(ctx context.Context, q db.Queryer, actor Actor, now time.Time, t Terms) (Terms, error) {
	t.ValidTo = nil
	switch p, err := LoadProduct(ctx, q, t.ProductID); {
	case err != nil:
		return t, err
	case p.ArchivedAt != nil:
		return t, Conflict("%s is archived: bring it back first.", p.Name)
	}
	before, from, err := lockTerms(ctx, q, t.ProgramID, t.ProductID, now)
	if err != nil {
		return t, err
	}
	if before != nil && before.Same(t) {
		return *before, nil
	}
	if t.ID != 0 && (before == nil || before.ID != t.ID) {
		return t, Conflict("Someone else changed what this product earns while you were editing. " +
			"Review it and save again.")
	}
	t.ValidFrom = from
	return t, replaceTerms(ctx, q, actor, before, &t)
}

// RemoveTerms takes the product out of the program: sales placed from now on
// earn nothing there (S23, S30). Removing twice changes nothing.
func (r *Registry) RemoveTerms(ctx context.Context, actor Actor, program ProgramID, product ProductID) error {
	return r.db.Tx(ctx, func(tx *db.Tx) error { return removeTerms(ctx, tx, actor, program, product, r.now()) })
}

func removeTerms(ctx context.Context, q db.Queryer, actor Actor, program ProgramID, product ProductID,
	at time.Time) error {
	before, end, err := lockTerms(ctx, q, program, product, at)
	if err != nil || before == nil {
		return err
	}
	if err := endTerms(ctx, q, before.ID, end); err != nil {
		return err
	}
	return termsChanged(ctx, q, end, AuditEntry{Actor: actor, Action: "remove product"}, before, nil)
}

// lockTerms returns the terms in force, nil without, and the time from which
// a change takes effect. That is at, but always after the last change: two
// within a microsecond, or by clocks that differ, still follow one another.
func lockTerms(ctx context.Context, q db.Queryer, program ProgramID, product ProductID, at time.Time) (*Terms,
	time.Time, error) {
	if _, err := lockProgram(ctx, q, program); err != nil {
		return nil, at, err
	}
	last := []Terms{}
	err := q.Select(ctx, &last, `/* affiliate.lockTerms */
		SELECT `+termsColumns+` FROM {wp}partner_center_terms t WHERE program_id = ? AND product_id = ?
		ORDER BY valid_from DESC LIMIT 1`, program, product)
	if err != nil || len(last) == 0 {
		return nil, at, err
	}
	free := last[0].ValidFrom.Add(time.Microsecond)
	if last[0].ValidTo != nil {
		free = *last[0].ValidTo
	}
	if at.Before(free) {
		at = free
	}
	if last[0].ValidTo != nil {
		return nil, at, nil
	}
	return &last[0], at, loadFlats(ctx, q, last)
}

const termsColumns = `t.id, t.program_id, t.product_id, t.kind, t.level1_ppm, t.level2_ppm, t.valid_from, t.valid_to`

func replaceTerms(ctx context.Context, q db.Queryer, actor Actor, before, t *Terms) error {
	if before != nil {
		if err := endTerms(ctx, q, before.ID, t.ValidFrom); err != nil {
			return err
		}
	}
	res, err := q.Exec(ctx, `/* affiliate.SetTerms */
		INSERT INTO {wp}partner_center_terms (program_id, product_id, kind, level1_ppm, level2_ppm, valid_from)
		VALUES (?, ?, ?, ?, ?, ?)`,
		t.ProgramID, t.ProductID, t.Kind, t.Level1, t.Level2, t.ValidFrom)
	if err != nil {
		return err
	}
	id, err := res.LastInsertId()
	if err != nil {
		return err
	}
	t.ID = TermsID(id)
	for _, f := range t.Flats {
		_, err := q.Exec(ctx, `/* affiliate.SetTerms */
			INSERT INTO {wp}partner_center_term_flats (term_id, currency, level1, level2) VALUES (?, ?, ?, ?)`, t.ID,
			f.Currency, f.Level1, f.Level2)
		if err != nil {
			return err
		}
	}
	return termsChanged(ctx, q, t.ValidFrom, AuditEntry{Actor: actor, Action: "set product"}, before, t)
}

func endTerms(ctx context.Context, q db.Queryer, id TermsID, at time.Time) error {
	_, err := q.Exec(ctx, `/* affiliate.endTerms */
		UPDATE {wp}partner_center_terms SET valid_to = ?, current = NULL WHERE id = ?`, at, id)
	return err
}

// termsChanged notes the change under the program, whose page shows it; nil
// stands for no terms.
func termsChanged(ctx context.Context, q db.Queryer, at time.Time, entry AuditEntry, before, after *Terms) error {
	entry.Object = "program"
	if before != nil {
		entry.ObjectID, entry.Before = int64(before.ProgramID), *before
	}
	if after != nil {
		entry.ObjectID, entry.After = int64(after.ProgramID), *after
	}
	return Audit(ctx, q, at, entry)
}

// TermsAt are the terms of products in a program for a sale placed at that
// time; products that were not in the program then are not in the map (S23). A
// variation that was not in it earns as its product.
func TermsAt(ctx context.Context, q db.Queryer, program ProgramID, products []ProductID,
	at time.Time) (map[ProductID]Terms, error) {
	const inForce = "t.valid_from <= ? AND (t.valid_to IS NULL OR t.valid_to > ?)"
	of, err := termsOf(ctx, q, program, products, inForce, at, at)
	if err != nil || len(of) == len(products) {
		return of, err
	}
	parents, err := parentsOf(ctx, q, slices.DeleteFunc(slices.Clone(products), func(p ProductID) bool {
		_, found := of[p]
		return found
	}))
	if err != nil || len(parents) == 0 {
		return of, err
	}
	inherited, err := termsOf(ctx, q, program, slices.Sorted(maps.Values(parents)), inForce, at, at)
	for variation, product := range parents {
		if t, found := inherited[product]; found {
			of[variation] = t
		}
	}
	return of, err
}

// TermsByID are terms by their ids, whether or not they are in force: those
// that a decision holds on to (S30).
func TermsByID(ctx context.Context, q db.Queryer, ids []TermsID) (map[TermsID]Terms, error) {
	byID := map[TermsID]Terms{}
	if len(ids) == 0 {
		return byID, nil
	}
	terms, err := selectTerms(ctx, q, `/* affiliate.TermsByID */`, "t.id IN (?)", ids)
	for _, t := range terms {
		byID[t.ID] = t
	}
	return byID, err
}

// termsOf are the terms of products in a program for which the condition
// holds: at most one each.
func termsOf(ctx context.Context, q db.Queryer, program ProgramID, products []ProductID, where string,
	args ...any) (map[ProductID]Terms, error) {
	of := map[ProductID]Terms{}
	if len(products) == 0 {
		return of, nil
	}
	terms, err := selectTerms(ctx, q, `/* affiliate.termsOf */`, "t.program_id = ? AND t.product_id IN (?) AND "+where,
		append([]any{program, products}, args...)...)
	for _, t := range terms {
		of[t.ProductID] = t
	}
	return of, err
}

// selectTerms are the terms for which the condition holds, flats included;
// slices among args are written out as lists.
func selectTerms(ctx context.Context, q db.Queryer, comment, where string, args ...any) ([]Terms, error) {
	query, args, err := db.In(comment+` SELECT `+termsColumns+` FROM {wp}partner_center_terms t WHERE `+where, args...)
	if err != nil {
		return nil, err
	}
	terms := []Terms{}
	if err := q.Select(ctx, &terms, query, args...); err != nil {
		return nil, err
	}
	return terms, loadFlats(ctx, q, terms)
}

// loadFlats fills in the flats of those terms that have some.
func loadFlats(ctx context.Context, q db.Queryer, terms []Terms) error {
	index := map[TermsID]int{}
	ids := []TermsID{}
	for i, t := range terms {
		if t.Kind == FlatAmount {
			index[t.ID], ids = i, append(ids, t.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	query, args, err := db.In(`/* affiliate.loadFlats */
		SELECT term_id, currency, level1, level2 FROM {wp}partner_center_term_flats WHERE term_id IN (?)
		ORDER BY term_id, currency`, ids)
	if err != nil {
		return err
	}
	flats := []struct {
		TermsID TermsID `db:"term_id"`
		Flat
	}{}
	err = q.Select(ctx, &flats, query, args...)
	for _, f := range flats {
		t := &terms[index[f.TermsID]]
		t.Flats = append(t.Flats, f.Flat)
	}
	return err
}

// ProgramProduct is a product with what it earns in a program now.
type ProgramProduct struct {
	Product
	Terms Terms
}

// ProgramProducts lists the products of a program whose name contains search,
// by name.
func (r *Registry) ProgramProducts(ctx context.Context, program ProgramID, search string, page Page) ([]ProgramProduct,
	error) {
	listed := []ProgramProduct{}
	products := []Product{}
	err := r.db.Select(ctx, &products, `/* affiliate.ProgramProducts */
		SELECT `+productColumns+` FROM {wp}partner_center_products p
		JOIN {wp}partner_center_terms t ON t.product_id = p.id AND t.program_id = ? AND t.current = 1
		WHERE p.name LIKE ? ORDER BY p.name, p.id LIMIT ? OFFSET ?`, program, contains(search), page.Limit, page.Offset)
	if err != nil || len(products) == 0 {
		return listed, err
	}
	ids := []ProductID{}
	for _, p := range products {
		ids = append(ids, p.ID)
	}
	terms, err := termsOf(ctx, r.db, program, ids, "t.current = 1")
	for _, p := range products {
		listed = append(listed, ProgramProduct{p, terms[p.ID]})
	}
	return listed, err
}

// ProductTerms are what a product earns now in each program that has it, by the
// program's name.
func (r *Registry) ProductTerms(ctx context.Context, product ProductID) ([]ProductInProgram, error) {
	programs, err := r.Programs(ctx)
	if err != nil {
		return nil, err
	}
	terms, err := selectTerms(ctx, r.db, `/* affiliate.ProductTerms */`, "t.product_id = ? AND t.current = 1", product)
	earns := []ProductInProgram{}
	for _, p := range programs {
		for _, t := range terms {
			if t.ProgramID == p.ID {
				earns = append(earns, ProductInProgram{p, t})
			}
		}
	}
	return earns, err
}

// ProductInProgram is a program with what a product earns in it.
type ProductInProgram struct {
	Program Program
	Terms   Terms
}

// ProgramProduct is one product of a program; Missing when it earns nothing there now.
func (r *Registry) ProgramProduct(ctx context.Context, program ProgramID, product ProductID) (ProgramProduct, error) {
	p, err := LoadProduct(ctx, r.db, product)
	if err != nil {
		return ProgramProduct{}, err
	}
	terms, err := termsOf(ctx, r.db, program, []ProductID{product}, "t.current = 1")
	if err != nil {
		return ProgramProduct{}, err
	}
	t, ok := terms[product]
	if !ok {
		return ProgramProduct{}, Missing("This product is not in the program.")
	}
	return ProgramProduct{p, t}, nil
}
