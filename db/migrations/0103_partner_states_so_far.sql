-- +goose Up
-- Of partners who were there before, only the present state is known.
INSERT INTO {wp}pc_partner_states (partner_id, state, changed_at)
SELECT id, state, created_at FROM {wp}pc_partners;
