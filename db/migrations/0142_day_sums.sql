-- +goose Up
-- The figures of a partner by day and month, by promo tool and by SubID, so that
-- reports do not read each visit and sale: part is d for all, t by tool, s by SubID
-- (source); span is d for a day, m for a month, which begins on start. shown is 1
-- for what partners see whose program hides pending commissions. currency is '' for
-- clicks and leads. Strangers choose SubIDs: the smallest of a day or month are
-- one row, whose source is *.
CREATE TABLE {wp}partner_center_day_sums (
  partner_id BIGINT NOT NULL,
  part CHAR(1) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  shown TINYINT NOT NULL,
  span CHAR(1) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  start DATE NOT NULL,
  source VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  clicks BIGINT NOT NULL DEFAULT 0,
  uniques BIGINT NOT NULL DEFAULT 0,
  leads BIGINT NOT NULL DEFAULT 0,
  orders BIGINT NOT NULL DEFAULT 0,
  refunds BIGINT NOT NULL DEFAULT 0,
  sales DECIMAL(19,4) NOT NULL DEFAULT 0,
  commission DECIMAL(19,4) NOT NULL DEFAULT 0,
  refunded DECIMAL(19,4) NOT NULL DEFAULT 0,
  PRIMARY KEY (partner_id, part, shown, span, start, source, currency)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
