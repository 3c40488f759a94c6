package sidecar

import (
	"context"
)

// approveDue approves what rules approve by themselves.
func (s *Server) approveDue(ctx context.Context) error {
	_, err := s.domain.ledger.ApproveDue(ctx)
	return err
}
