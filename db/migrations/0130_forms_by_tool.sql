-- +goose Up
-- What each promo tool brought: leads by tool and day.
CREATE INDEX {wp}partner_center_forms_tool ON {wp}partner_center_touchpoints (lead_tool_id, day);
