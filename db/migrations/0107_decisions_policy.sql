-- +goose Up
-- The version of the program's policy that an order was judged by, what becomes
-- of its commissions by themselves (approve, decide: a person must), and for how
-- many days they wait (S76, S133).
ALTER TABLE {wp}pc_decisions
  ADD COLUMN policy_version INT NOT NULL DEFAULT 0,
  ADD COLUMN auto VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  ADD COLUMN hold_days SMALLINT NOT NULL DEFAULT 0;
