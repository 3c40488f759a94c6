-- +goose Up
-- pins holds, as JSON, which terms each product of the order earns by: 0 for none;
-- later states keep to them. pinning tells that the later payments of the order's
-- subscription follow this decision, pin_id which one this decision followed
-- (D23). choice is how an admin had it decided anew, '' when no admin did (D24).
ALTER TABLE {wp}pc_decisions
  ADD COLUMN pins MEDIUMTEXT NULL,
  ADD COLUMN pinning TINYINT NOT NULL DEFAULT 1,
  ADD COLUMN pin_id BIGINT NULL,
  ADD COLUMN choice VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '';
