package tracking

import "context"

// IsTarget tells whether a promo tool leads to this host: only pages there have
// something to report from another site (S62).
func (t *Tracker) IsTarget(ctx context.Context, host string) (bool, error) {
	targets := []string{}
	err := t.db.Select(ctx, &targets,
		`/* tracking.IsTarget */ SELECT DISTINCT target_url FROM {wp}partner_center_tools`)
	for _, target := range targets {
		if sameHost(target, host) {
			return true, err
		}
	}
	return false, err
}
