-- +goose Up
-- The amounts of journals by account; those of one journal sum to zero (D19).
CREATE TABLE {wp}partner_center_entries (
  journal_id BIGINT NOT NULL,
  account VARCHAR(9) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  amount DECIMAL(19,4) NOT NULL,
  PRIMARY KEY (journal_id, account),
  CONSTRAINT {wp}partner_center_entries_journal FOREIGN KEY (journal_id) REFERENCES {wp}partner_center_journals (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
