-- +goose Up
-- Where a batch stands (B16), what it takes (cutoff_at, NULL: everything) and how
-- its PayPal file is written, which stays as it was when the file was made.
ALTER TABLE {wp}pc_payouts
  ADD COLUMN state VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'settled',
  ADD COLUMN cutoff_at DATETIME(6) NULL,
  ADD COLUMN format VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  ADD COLUMN decimal_comma TINYINT NOT NULL DEFAULT 0,
  ADD COLUMN filed_at DATETIME(6) NULL,
  ADD COLUMN filed_by VARCHAR(190) NOT NULL DEFAULT '',
  ADD COLUMN sent_at DATETIME(6) NULL,
  ADD COLUMN form_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
  ADD UNIQUE KEY {wp}pc_payouts_form (form_id),
  ADD KEY {wp}pc_payouts_state (state, id);
