package tracking

import (
	"context"
	"slices"

	"partnercenter/affiliate"
	"partnercenter/db"
)

// ToolNames are the names of promo tools, archived ones included, read at once;
// tools that are gone have none. ids may repeat and be 0.
func (t *Tracker) ToolNames(ctx context.Context, ids ...affiliate.ToolID) (map[affiliate.ToolID]string, error) {
	names := map[affiliate.ToolID]string{}
	ids = slices.DeleteFunc(slices.Clone(ids), func(id affiliate.ToolID) bool { return id == 0 })
	if len(ids) == 0 {
		return names, nil
	}
	query, args, err := db.In(`/* tracking.ToolNames */
		SELECT id, name FROM {wp}partner_center_tools WHERE id IN (?)`, ids)
	if err != nil {
		return nil, err
	}
	found := []struct {
		ID   affiliate.ToolID `db:"id"`
		Name string           `db:"name"`
	}{}
	err = t.db.Select(ctx, &found, query, args...)
	for _, tool := range found {
		names[tool.ID] = tool.Name
	}
	return names, err
}
