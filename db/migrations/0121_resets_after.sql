-- +goose Up
-- The latest reset when this one was previewed, 0 before the first: two forms of one preview make one reset.
ALTER TABLE {wp}partner_center_resets ADD COLUMN after_id BIGINT NULL;
