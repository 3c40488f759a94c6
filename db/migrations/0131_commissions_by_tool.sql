-- +goose Up
-- What each promo tool brought: commissions by tool and day.
CREATE INDEX {wp}partner_center_commissions_tool ON {wp}partner_center_commissions (tool_id, day);
