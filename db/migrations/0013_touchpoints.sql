-- +goose Up
-- Every opt-in, order and sign-up form of a contact, with the click it carried
-- (touch_…) and the partner who got the lead (lead_…, S35). The touch history:
-- nothing of it depends on the settings but the expiry fixed in the cookie; the
-- lead goes by the credit rule that held when the form was submitted. origin is
-- who reported the form.
CREATE TABLE {wp}partner_center_touchpoints (
  id BIGINT NOT NULL AUTO_INCREMENT,
  contact_id BIGINT NOT NULL,
  kind VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  source VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  external_id VARCHAR(190) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  origin VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  page VARCHAR(255) NOT NULL DEFAULT '',
  occurred_at DATETIME(6) NOT NULL,
  day DATE NOT NULL,
  recorded_at DATETIME(6) NOT NULL,
  created_contact TINYINT NOT NULL DEFAULT 0,
  cookie VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  touch_partner_id BIGINT NULL,
  touch_tool_id BIGINT NULL,
  touch_subid VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  touch_visit_id BIGINT NULL,
  touched_at DATETIME(6) NULL,
  lead_partner_id BIGINT NULL,
  lead_tool_id BIGINT NULL,
  lead_subid VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  PRIMARY KEY (id),
  UNIQUE KEY {wp}partner_center_forms_fact (source, kind, external_id),
  KEY {wp}partner_center_forms_contact (contact_id, occurred_at, id),
  KEY {wp}partner_center_forms_lead (lead_partner_id, day, lead_tool_id, lead_subid)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
