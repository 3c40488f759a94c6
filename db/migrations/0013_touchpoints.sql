-- +goose Up
-- Every opt-in, order and sign-up form of a contact, with the click it carried
-- (touch_…) and the partner who got the lead (lead_…, S35). The touch history:
-- nothing of it depends on the settings but the expiry fixed in the cookie; the
-- lead goes by the credit rule that held when the form was submitted. origin is
-- who reported the form. browser is a keyed hash of pc_visitor and contact, so that
-- nobody can be followed from one contact to another; logged_in, confirmed and the
-- claims it belongs to are its proof (D41). check_partner_id is whose lead it would
-- be if it were not to be checked.
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
  browser VARBINARY(16) NOT NULL DEFAULT '',
  logged_in TINYINT NOT NULL DEFAULT 0,
  confirmed TINYINT NOT NULL DEFAULT 0,
  click_claim_id BIGINT NULL,
  network_claim_id BIGINT NULL,
  check_partner_id BIGINT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY {wp}partner_center_forms_fact (source, kind, external_id),
  KEY {wp}partner_center_forms_contact (contact_id, occurred_at, id),
  KEY {wp}partner_center_forms_lead (lead_partner_id, day, lead_tool_id, lead_subid),
  KEY {wp}partner_center_forms_click (click_claim_id, contact_id),
  KEY {wp}partner_center_forms_network (network_claim_id, contact_id, occurred_at),
  KEY {wp}partner_center_forms_check (check_partner_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
