-- +goose Up
-- Who is credited for an order and why, decided once for each decision version; a
-- re-run begins the next (D16, D24). trace is the whole reasoning (B2).
-- What the program's policy said then is kept: its version, what becomes of the
-- commissions by themselves (auto: approve, or decide: an admin must) and for how
-- many days they wait (S76, S133), whether flat commissions count for each unit ('')
-- or once for each line (flat_per, D9), and what percentages are taken of beside lines
-- after discounts (base: discount, tax, shipping, joined by commas, D8).
-- locked_terms holds, as JSON, which terms each product of the order earns by, 0 for
-- none; later states keep to them. leads_renewals tells that the later payments of the
-- order's subscription follow this decision, follows_id which one this decision
-- followed (D23). choice is how an admin had it re-decided, '' when no admin did (D24).
-- unproven tells that the credited referrer was not proven then (D41).
CREATE TABLE {wp}partner_center_decisions (
  id BIGINT NOT NULL AUTO_INCREMENT,
  order_id BIGINT NOT NULL,
  decision_version SMALLINT NOT NULL,
  reason VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  via VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  partner_id BIGINT NULL,
  recruiter_id BIGINT NULL,
  program_id BIGINT NULL,
  membership_id BIGINT NULL,
  tool_id BIGINT NULL,
  subid VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  settings_version INT NOT NULL,
  decided_at DATETIME(6) NOT NULL,
  actor VARCHAR(190) NOT NULL,
  trace MEDIUMTEXT NOT NULL,
  policy_version INT NOT NULL DEFAULT 0,
  auto VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  hold_days SMALLINT NOT NULL DEFAULT 0,
  flat_per VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  locked_terms MEDIUMTEXT NULL,
  leads_renewals TINYINT NOT NULL DEFAULT 1,
  follows_id BIGINT NULL,
  choice VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  unproven TINYINT NOT NULL DEFAULT 0,
  base VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  PRIMARY KEY (id),
  UNIQUE KEY {wp}partner_center_decisions_version (order_id, decision_version),
  KEY {wp}partner_center_decisions_partner (partner_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
