package task

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"partnercenter/affiliate"
	"partnercenter/db"
)

const (
	// pieceBytes is how much of a file is in one row: below what any server takes
	// in one statement.
	pieceBytes = 512 << 10
	// FileTime is for how long a file that a task made is kept.
	FileTime = 24 * time.Hour
)

// KeepFile keeps what t has made, instead of what it may have begun to keep before.
// It is t's own work that calls it; when it was stopped meanwhile, nothing more is kept.
func (s *Service) KeepFile(ctx context.Context, t Task, file io.Reader) error {
	piece := make([]byte, pieceBytes)
	for number := 0; ; number++ {
		n, err := io.ReadFull(file, piece)
		last := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
		if err != nil && !last {
			return fmt.Errorf("the file of task %s: %w", t.ID, err)
		}
		if err := s.keepPiece(ctx, t.ID, number, piece[:n]); err != nil || last {
			return err
		}
	}
}

// keepPiece keeps a piece of a file while the task is still ours to work on.
func (s *Service) keepPiece(ctx context.Context, id ID, number int, piece []byte) error {
	return s.db.Tx(ctx, func(tx *db.Tx) error {
		var ours bool
		err := tx.Get(ctx, &ours, `/* task.keepPiece */ SELECT state = 'running' AND holder = ?
			FROM {wp}partner_center_tasks WHERE id = ? FOR UPDATE`, s.holder, id)
		if err == nil && !ours {
			return context.Canceled
		}
		if err == nil && number == 0 {
			err = dropFile(ctx, tx, id)
		}
		if err != nil || len(piece) == 0 {
			return err
		}
		_, err = tx.Exec(ctx, `/* task.keepPiece */ INSERT INTO {wp}partner_center_task_files (task_id, number, bytes)
			VALUES (?, ?, ?)`, id, number, piece)
		return err
	})
}

// DropFile removes what a task has made.
func (s *Service) DropFile(ctx context.Context, id ID) error { return dropFile(ctx, s.db, id) }

func dropFile(ctx context.Context, q db.Queryer, id ID) error {
	_, err := q.Exec(ctx, `/* task.dropFile */ DELETE FROM {wp}partner_center_task_files WHERE task_id = ?`, id)
	return err
}

// FileSize is how many bytes the file of a task has; 0 where it has none, or none
// any more.
func (s *Service) FileSize(ctx context.Context, t Task) (n int64, err error) {
	if t.State != Done || t.EndedAt == nil || !s.now().Before(t.EndedAt.Add(FileTime)) {
		return 0, nil
	}
	err = s.db.Get(ctx, &n, `/* task.FileSize */ SELECT COALESCE(SUM(LENGTH(bytes)), 0)
		FROM {wp}partner_center_task_files WHERE task_id = ?`, t.ID)
	return n, err
}

// WriteFile writes the file of a task, which has size bytes. An error after the
// first byte leaves one that is cut off.
func (s *Service) WriteFile(ctx context.Context, id ID, size int64, w io.Writer) error {
	for number := 0; size > 0; number++ {
		var piece []byte
		err := s.db.Get(ctx, &piece, `/* task.WriteFile */ SELECT bytes FROM {wp}partner_center_task_files
			WHERE task_id = ? AND number = ?`, id, number)
		if db.NoRows(err) {
			return affiliate.Missing("This file is no longer kept.")
		}
		if err == nil {
			_, err = w.Write(piece)
		}
		if err != nil {
			return err
		}
		size -= int64(len(piece))
	}
	return nil
}

// Prune removes files that were kept for long enough, and what was begun of others.
func (s *Service) Prune(ctx context.Context) error {
	_, err := s.db.Exec(ctx, `/* task.Prune */ DELETE f FROM {wp}partner_center_task_files f
		JOIN {wp}partner_center_tasks t ON t.id = f.task_id
		WHERE t.state <> 'running' AND (t.state <> 'done' OR t.ended_at <= ?)`, s.now().Add(-FileTime))
	return err
}

// Running are the tasks of a kind that an actor has begun and that have not ended.
func (s *Service) Running(ctx context.Context, kind string, actor affiliate.Actor) ([]Task, error) {
	tasks := []Task{}
	return tasks, s.db.Select(ctx, &tasks, `/* task.Running */ SELECT `+columns+` FROM {wp}partner_center_tasks
		WHERE state = 'running' AND kind = ? AND actor = ? ORDER BY id`, kind, actor)
}

// FilesOf are the tasks of a kind and actor whose files are kept, the newest first.
func (s *Service) FilesOf(ctx context.Context, kind string, actor affiliate.Actor) ([]ID, error) {
	ids := []ID{}
	return ids, s.db.Select(ctx, &ids, `/* task.FilesOf */ SELECT t.id FROM {wp}partner_center_tasks t
		WHERE t.kind = ? AND t.actor = ? AND t.state = 'done' AND t.ended_at > ? AND EXISTS (
			SELECT 1 FROM {wp}partner_center_task_files f WHERE f.task_id = t.id) ORDER BY t.id DESC`,
		kind, actor, s.now().Add(-FileTime))
}
