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

// CountedGroup is a group with the number of tools in it, archived ones included.
type CountedGroup struct {
	Group
	Tools int64 `db:"tools"`
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

// CountedGroups lists the product groups by name, each with its number of tools.
func (t *Tracker) CountedGroups(ctx context.Context) ([]CountedGroup, error) {
	groups := []CountedGroup{}
	err := t.db.Select(ctx, &groups, `/* tracking.CountedGroups */
		SELECT g.id, g.name, (SELECT COUNT(*) FROM {wp}partner_center_tools o WHERE o.group_id = g.id) AS tools
		FROM {wp}partner_center_tool_groups g ORDER BY g.name`)
	return groups, err
}

// EmptyGroup takes all tools out of a group; they stay as they are otherwise.
// Emptying an empty one changes nothing.
func (t *Tracker) EmptyGroup(ctx context.Context, actor affiliate.Actor, id GroupID) (CountedGroup, error) {
	return t.leaveGroup(ctx, actor, id, "empty", func(*db.Tx) error { return nil })
}

// DeleteGroup takes all tools out of a group and deletes it. It is Missing when
// somebody was quicker.
func (t *Tracker) DeleteGroup(ctx context.Context, actor affiliate.Actor, id GroupID) (CountedGroup, error) {
	return t.leaveGroup(ctx, actor, id, "delete", func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `/* tracking.DeleteGroup */ DELETE FROM {wp}partner_center_tool_groups WHERE id = ?`, id)
		return err
	})
}

// groupLeft is what the audit keeps of a group that was emptied or deleted.
type groupLeft struct {
	Group
	Tools []affiliate.ToolID
}

// leaveGroup takes the tools out of a group, then does the rest; it answers how
// the group was.
func (t *Tracker) leaveGroup(ctx context.Context, actor affiliate.Actor, id GroupID, action string,
	then func(*db.Tx) error) (CountedGroup, error) {
	var was groupLeft
	err := t.db.Tx(ctx, func(tx *db.Tx) (err error) {
		if was.Group, err = lockGroup(ctx, tx, id); err != nil {
			return err
		}
		was.Tools = nil
		err = tx.Select(ctx, &was.Tools, `/* tracking.leaveGroup */
			SELECT id FROM {wp}partner_center_tools WHERE group_id = ? ORDER BY id FOR UPDATE`, id)
		if err != nil {
			return err
		}
		at := t.now()
		_, err = tx.Exec(ctx, `/* tracking.leaveGroup */
			UPDATE {wp}partner_center_tools SET group_id = NULL, updated_at = ? WHERE group_id = ?`, at, id)
		if err != nil {
			return err
		}
		if err := then(tx); err != nil || action == "empty" && len(was.Tools) == 0 {
			return err
		}
		entry := affiliate.AuditEntry{Actor: actor, Action: action, Object: "tool group", ObjectID: int64(id),
			Before: was}
		if err := affiliate.Audit(ctx, tx, at, entry); err != nil {
			return err
		}
		return affiliate.Changed(ctx, tx, "tools")
	})
	return CountedGroup{was.Group, int64(len(was.Tools))}, err
}

func lockGroup(ctx context.Context, q db.Queryer, id GroupID) (g Group, err error) {
	err = q.Get(ctx, &g, `/* tracking.lockGroup */
		SELECT id, name FROM {wp}partner_center_tool_groups WHERE id = ? FOR UPDATE`, id)
	if db.NoRows(err) {
		err = affiliate.Missing("There is no such group.")
	}
	return g, err
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
		before, err := lockGroup(ctx, tx, id)
		if err != nil || before == g {
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
