package task

import (
	"context"

	"partnercenter/affiliate"
	"partnercenter/db"
)

// ErasePerson removes all files that tasks have made, which may name the person on
// any row and can be made again, and ends the making of further ones; their tasks
// forget what they were asked for. So do those that have ended and were asked for
// something by an address of the person (D37).
func ErasePerson(ctx context.Context, q db.Queryer, t affiliate.Traces) error {
	_, err := q.Exec(ctx, `/* task.ErasePerson */ UPDATE {wp}partner_center_tasks
		SET params = '{}', state = IF(state = 'running', 'stopped', state) WHERE kind = ?`, FileKind)
	if err != nil {
		return err
	}
	_, err = q.Exec(ctx, `/* task.ErasePerson */ DELETE FROM {wp}partner_center_task_files`)
	if err != nil {
		return err
	}
	params, args := t.Addressed("CONVERT(params USING utf8mb4)")
	_, err = q.Exec(ctx, `/* task.ErasePerson */ UPDATE {wp}partner_center_tasks SET params = '{}'
		WHERE state <> 'running' AND `+params, args...)
	return err
}
