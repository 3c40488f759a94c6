-- +goose Up
-- The indexes of states with orders and with days find whatever this one of states alone
-- did, and each change of a state had to move a row of it, too.
DROP INDEX {wp}partner_center_commissions_status ON {wp}partner_center_commissions;
