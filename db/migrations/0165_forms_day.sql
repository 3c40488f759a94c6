-- +goose Up
-- The leads of some days over all partners.
CREATE INDEX {wp}partner_center_forms_day ON {wp}partner_center_touchpoints (day, lead_partner_id, lead_tool_id, lead_subid);
