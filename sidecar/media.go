package sidecar

import (
	"context"

	"partnercenter/wpbridge"
)

// Media is the media library of the paired site.
func (p *pairing) Media(ctx context.Context) (*wpbridge.Media, error) {
	handover, err := p.Handover()
	if err != nil {
		return nil, err
	}
	site, err := wpbridge.NewOptions(p.DB, handover.Blog()).ReadSite(ctx, nil)
	if err != nil {
		return nil, err
	}
	return wpbridge.NewMedia(p.DB, site.UploadsURL), nil
}
