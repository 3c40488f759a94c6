-- +goose Up
-- What is left of visits that no form can name any more: their numbers by tool and
-- SubID. The numbers of days stand in visit_days, and stay there.
CREATE TABLE {wp}partner_center_visit_sums (
  partner_id INT NOT NULL,
  day DATE NOT NULL,
  tool_id INT NOT NULL,
  subid VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  clicks INT NOT NULL,
  uniques INT NOT NULL,
  PRIMARY KEY (partner_id, day, tool_id, subid)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
