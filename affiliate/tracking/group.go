package tracking

import (
	"context"
	"unicode/utf8"

	"partnercenter/affiliate"
	"partnercenter/db"
)

// Group is a product group of promo tools: one of a small managed list (S46).
type Group struct {
	ID   GroupID `db:"id"`
	Name string  `db:"name"`
}

// GroupID is the row of a product group.
type GroupID = affiliate.ID[Group]

// Groups lists the product groups by name.
func (t *Tracker) Groups(ctx context.Context) ([]Group, error) {
	groups := []Group{}
	err := t.db.Select(ctx, &groups,
		`/* tracking.Groups */ SELECT id, name FROM {wp}partner_center_tool_groups ORDER BY name`)
	return groups, err
}

// EnsureGroup finds the group of this name or makes it. Names that differ in
// letter case only are the same.
func (t *Tracker) EnsureGroup(ctx context.Context, actor affiliate.Actor, name string) (Group, error) {
	name, err := groupName(name)
	if err != nil {
		return Group{}, err
	}
	var g Group
	err = t.db.Tx(ctx, func(tx *db.Tx) error {
		res, err := tx.Exec(ctx,
			`/* tracking.EnsureGroup */ INSERT INTO {wp}partner_center_tool_groups (name) VALUES (?)`, name)
		if db.Duplicate(err) {
			return tx.Get(ctx, &g,
				`/* tracking.EnsureGroup */ SELECT id, name FROM {wp}partner_center_tool_groups WHERE name = ?`, name)
		}
		if err != nil {
			return err
		}
		id, err := res.LastInsertId()
		if err != nil {
			return err
		}
		g = Group{ID: GroupID(id), Name: name}
		return affiliate.Audit(ctx, tx, t.now(), affiliate.AuditEntry{Actor: actor, Action: "create",
			Object: "tool group", ObjectID: id, After: g})
	})
	return g, err
}

// RenameGroup gives a group another name; a taken one is an Error.
func (t *Tracker) RenameGroup(ctx context.Context, actor affiliate.Actor, id GroupID, name string) (Group, error) {
	name, err := groupName(name)
	if err != nil {
		return Group{}, err
	}
	g := Group{ID: id, Name: name}
	err = t.db.Tx(ctx, func(tx *db.Tx) error {
		var before Group
		err := tx.Get(ctx, &before,
			`/* tracking.RenameGroup */ SELECT id, name FROM {wp}partner_center_tool_groups WHERE id = ? FOR UPDATE`,
			id)
		if db.NoRows(err) {
			return affiliate.Missing("There is no such group.")
		}
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx,
			`/* tracking.RenameGroup */ UPDATE {wp}partner_center_tool_groups SET name = ? WHERE id = ?`, name, id)
		if db.Duplicate(err) {
			return affiliate.Invalid("name", "There is a group of this name already.")
		}
		if err != nil {
			return err
		}
		return affiliate.Audit(ctx, tx, t.now(), affiliate.AuditEntry{Actor: actor, Action: "rename",
			Object: "tool group", ObjectID: int64(id), Before: before, After: g})
	})
	return g, err
}

func groupName(name string) (string, error) {
	name = affiliate.Line(name)
	p := affiliate.Problems{}
	p.Check(name != "", "name", "Please enter a name.")
	p.Check(utf8.RuneCountInString(name) <= maxLabel, "name", "Please use at most %d characters.", maxLabel)
	return name, p.Err()
}
