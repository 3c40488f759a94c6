-- +goose Up
-- One click, or one network on one day, by which forms named contacts (D41). ref is
-- the visit's id, or a keyed hash of network and day. over_at is set once they are
-- more distinct addresses than the limit: forms from then on are to be checked, and
-- of a click all of them. refold counts up when contacts have to be folded anew.
CREATE TABLE {wp}partner_center_claims (
  id BIGINT NOT NULL AUTO_INCREMENT,
  kind VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  ref VARBINARY(40) NOT NULL,
  partner_id BIGINT NULL,
  made_at DATETIME(6) NOT NULL,
  over_at DATETIME(6) NULL,
  verdict VARCHAR(9) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  decided_at DATETIME(6) NULL,
  actor VARCHAR(190) NOT NULL DEFAULT '',
  reason VARCHAR(255) NOT NULL DEFAULT '',
  refold INT NOT NULL DEFAULT 0,
  PRIMARY KEY (id),
  UNIQUE KEY {wp}partner_center_claims_ref (kind, ref),
  KEY {wp}partner_center_claims_over (verdict, over_at),
  KEY {wp}partner_center_claims_refold (refold)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
