-- +goose Up
-- Every change of money, never altered afterwards: one partner, one currency, one
-- cause. A journal is of a commission or of a manual entry; seq counts those of each,
-- given under its lock. seal is the SHA-256 of what the row said when it was written.
CREATE TABLE {wp}partner_center_journals (
  id BIGINT NOT NULL AUTO_INCREMENT,
  partner_id BIGINT NOT NULL,
  currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  commission_id BIGINT NULL,
  manual_id BIGINT NULL,
  seq INT NULL,
  kind VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  payout_line_id BIGINT NULL,
  related_id BIGINT NULL,
  occurred_at DATETIME(6) NOT NULL,
  day DATE NOT NULL,
  recorded_at DATETIME(6) NOT NULL,
  actor VARCHAR(190) NOT NULL,
  reason VARCHAR(255) NOT NULL DEFAULT '',
  PRIMARY KEY (id),
  UNIQUE KEY {wp}partner_center_journals_seq (commission_id, seq),
  KEY {wp}partner_center_journals_partner (partner_id, currency, id),
  KEY {wp}partner_center_journals_kind (partner_id, kind, day, id),
  KEY {wp}partner_center_journals_day (day, id),
  KEY {wp}partner_center_journals_payout (payout_line_id),
  UNIQUE KEY {wp}partner_center_journals_manual (manual_id, seq)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
