-- +goose Up
-- What refunds took back after payment, of the time before it was counted.
UPDATE {wp}pc_commissions c JOIN (
  SELECT j.commission_id, SUM(e.amount) AS taken
  FROM {wp}pc_journals j
  JOIN {wp}pc_entries e ON e.journal_id = j.id AND e.account = 'expense'
  JOIN {wp}pc_journals p ON p.commission_id = j.commission_id AND p.kind = 'payout' AND p.seq < j.seq
  WHERE j.kind IN ('refund', 'restore')
    AND NOT EXISTS (SELECT 1 FROM {wp}pc_journals a WHERE a.commission_id = p.commission_id AND a.kind = 'payout' AND a.seq < p.seq)
  GROUP BY j.commission_id
) r ON r.commission_id = c.id
SET c.clawed = GREATEST(r.taken, 0) WHERE c.stage IN ('in_payout', 'paid');
