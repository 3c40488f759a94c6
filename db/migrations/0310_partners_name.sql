-- +goose Up
-- The name that the list of partners shows, and stands by: first and last name, else the
-- address. It is that of their contact, kept here for the index.
ALTER TABLE {wp}partner_center_partners
  ADD COLUMN listed_as VARCHAR(201) NOT NULL DEFAULT '' AFTER contact_id;
