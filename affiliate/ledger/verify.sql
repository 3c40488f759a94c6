/* ledger.Verify: each journal has two entries or more, and they sum to zero */
SELECT 'JOURNAL' AS code, CONCAT('journal ', j.id) AS what, '0.0000' AS expected,
	COALESCE(CAST(SUM(e.amount) AS CHAR), 'no entries') AS found
FROM {wp}pc_journals j LEFT JOIN {wp}pc_entries e ON e.journal_id = j.id
GROUP BY j.id
HAVING SUM(e.amount) <> 0 OR COUNT(e.amount) < 2;

/* ledger.Verify: balances are what the entries sum to */
SELECT 'BALANCE' AS code, CONCAT('partner ', partner_id, ', ', currency, ', ', account) AS what,
	CAST(SUM(entered) AS CHAR) AS expected, CAST(SUM(kept) AS CHAR) AS found
FROM (
	SELECT j.partner_id, j.currency, e.account, e.amount AS entered, 0 AS kept
	FROM {wp}pc_journals j JOIN {wp}pc_entries e ON e.journal_id = j.id
	UNION ALL SELECT partner_id, currency, 'expense', 0, expense FROM {wp}pc_balances
	UNION ALL SELECT partner_id, currency, 'pending', 0, pending FROM {wp}pc_balances
	UNION ALL SELECT partner_id, currency, 'payable', 0, payable FROM {wp}pc_balances
	UNION ALL SELECT partner_id, currency, 'in_payout', 0, in_payout FROM {wp}pc_balances
	UNION ALL SELECT partner_id, currency, 'paid', 0, paid FROM {wp}pc_balances
) AS amounts
GROUP BY partner_id, currency, account
HAVING SUM(entered) <> SUM(kept);

/* ledger.Verify: a journal is for the partner and currency of its commission */
SELECT 'JOURNAL_OWNER' AS code, CONCAT('journal ', j.id) AS what,
	COALESCE(CONCAT('partner ', c.partner_id, ', ', c.currency), 'a commission') AS expected,
	CONCAT('partner ', j.partner_id, ', ', j.currency) AS found
FROM {wp}pc_journals j LEFT JOIN {wp}pc_commissions c ON c.id = j.commission_id
WHERE j.commission_id IS NOT NULL AND (c.id IS NULL OR c.partner_id <> j.partner_id OR c.currency <> j.currency);

/* ledger.Verify: a payout line is the sum of its items */
SELECT 'PAYOUT' AS code, CONCAT('payout line ', l.id) AS what,
	COALESCE(CAST(SUM(i.amount) AS CHAR), 'no items') AS expected, CAST(l.amount AS CHAR) AS found
FROM {wp}pc_payout_lines l LEFT JOIN {wp}pc_payout_items i ON i.line_id = l.id
GROUP BY l.id, l.amount
HAVING COALESCE(SUM(i.amount), 0) <> l.amount;

/* ledger.Verify: an item of a settled line is what its journals brought to paid, and the other way round */
SELECT 'PAYOUT_ITEM' AS code, CONCAT('payout line ', line_id, ', commission ', commission_id) AS what,
	CAST(SUM(posted) AS CHAR) AS expected, CAST(SUM(listed) AS CHAR) AS found
FROM (
	SELECT j.payout_line_id AS line_id, j.commission_id, e.amount AS posted, 0 AS listed
	FROM {wp}pc_journals j JOIN {wp}pc_entries e ON e.journal_id = j.id AND e.account = 'paid'
	WHERE j.payout_line_id IS NOT NULL
	UNION ALL
	SELECT i.line_id, i.commission_id, 0, i.amount
	FROM {wp}pc_payout_items i JOIN {wp}pc_payout_lines l ON l.id = i.line_id AND l.state = 'settled'
) AS items
GROUP BY line_id, commission_id
HAVING SUM(posted) <> SUM(listed);

/* ledger.Verify: every order has a decision */
SELECT 'DECISION' AS code, CONCAT('order ', o.id) AS what, 'a decision' AS expected, 'none' AS found
FROM {wp}pc_orders o LEFT JOIN {wp}pc_decisions d ON d.order_id = o.id
WHERE d.id IS NULL AND o.version > 0;

/* ledger.Verify: the roll-up of visits is their number */
SELECT 'VISIT_DAYS' AS code, CONCAT('partner ', partner_id, ', ', day) AS what,
	CONCAT(SUM(clicks), ' clicks, ', SUM(uniques), ' unique') AS expected,
	CONCAT(SUM(kept_clicks), ' clicks, ', SUM(kept_uniques), ' unique') AS found
FROM (
	SELECT partner_id, day, 1 AS clicks, is_unique AS uniques, 0 AS kept_clicks, 0 AS kept_uniques FROM {wp}pc_visits
	UNION ALL SELECT partner_id, day, 0, 0, clicks, uniques FROM {wp}pc_visit_days
) AS counted
GROUP BY partner_id, day
HAVING SUM(clicks) <> SUM(kept_clicks) OR SUM(uniques) <> SUM(kept_uniques)
