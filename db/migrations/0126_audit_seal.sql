-- +goose Up
-- What proves the place: the SHA-256 of the row, then the one that chains it to the row
-- before. Persons can be cut out of the row without breaking either.
ALTER TABLE {wp}partner_center_audit ADD COLUMN seal BINARY(64) NULL;
