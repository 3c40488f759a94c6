-- +goose Up
-- Contacts whose record was deleted stay as tombstones, because orders and the
-- ledger name them (S102); their address is free again.
ALTER TABLE {wp}pc_contacts ADD COLUMN deleted_at DATETIME(6) NULL;
