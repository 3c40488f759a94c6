-- +goose Up
-- The name that lists show of a contact, and stand by: first and last name, else the
-- company, else the address. No generated column: backups that write all columns would
-- fail at it.
ALTER TABLE {wp}partner_center_contacts
  ADD COLUMN listed_as VARCHAR(201) NOT NULL DEFAULT '' AFTER company;
