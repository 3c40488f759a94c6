package signup

import (
	"context"

	"partnercenter/affiliate"
	"partnercenter/affiliate/messages"
)

// AccountJob is what WordPress was asked for by the partner's present
// membership; Missing when there is none, as of an applicant.
func (d *Service) AccountJob(ctx context.Context, id affiliate.PartnerID) (messages.Job, error) {
	m, running, err := affiliate.RunningMembership(ctx, d.db, id)
	if err == nil && !running {
		err = affiliate.Missing("This partner is in no program.")
	}
	if err != nil {
		return messages.Job{}, err
	}
	return d.jobs.Latest(ctx, messages.MakeUser, event("member", m))
}
