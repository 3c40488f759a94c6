-- +goose Up
-- Every change of a partner's state, so that whether they could earn is answered
-- for the time of the sale, not of its processing (S141). state holds from
-- changed_at until the next row; id settles changes at the same instant.
CREATE TABLE {wp}partner_center_partner_states (
  id BIGINT NOT NULL AUTO_INCREMENT,
  partner_id BIGINT NOT NULL,
  state VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  changed_at DATETIME(6) NOT NULL,
  PRIMARY KEY (id),
  KEY {wp}partner_center_partner_states_partner (partner_id, changed_at, id, state)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
