package inbox

import (
	"context"
	"strconv"

	"partnercenter/affiliate/coupon"
	"partnercenter/db"
)

// coupon is a partner's coupon that somebody deleted in the shop. external_id is
// ours, which the shop's coupon bears.
func (d *Drainer) coupon(ctx context.Context, tx *db.Tx, f fact) error {
	var in struct {
		Gone bool `json:"gone"`
	}
	if err := f.read(1, &in); err != nil {
		return err
	}
	id, err := strconv.ParseInt(f.ExternalID, 10, 64)
	if err != nil || id <= 0 || !in.Gone {
		d.log.Info("a coupon's report that says nothing is excluded", "fact", f.ID)
		return nil
	}
	return coupon.Gone(ctx, tx, coupon.Shop(f.Source), coupon.ID(id), d.now())
}
