-- +goose Up
-- Whom a check is made out to, and where it goes (S136).
ALTER TABLE {wp}pc_partners
  ADD COLUMN payee VARCHAR(190) NOT NULL DEFAULT '',
  ADD COLUMN address VARCHAR(500) NOT NULL DEFAULT '';
