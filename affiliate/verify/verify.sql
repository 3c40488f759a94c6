/* verify.Verify: each journal has two entries or more, and they sum to zero */
SELECT 'JOURNAL' AS code, CONCAT('journal ', j.id) AS what, '0.0000' AS expected,
	COALESCE(CAST(SUM(e.amount) AS CHAR), 'no entries') AS found
FROM {wp}partner_center_journals j LEFT JOIN {wp}partner_center_entries e ON e.journal_id = j.id
GROUP BY j.id
HAVING SUM(e.amount) <> 0 OR COUNT(e.amount) < 2;

/* verify.Verify: balances are what the entries sum to */
SELECT 'BALANCE' AS code, CONCAT('partner ', partner_id, ', ', currency, ', ', account) AS what,
	CAST(SUM(entered) AS CHAR) AS expected, CAST(SUM(kept) AS CHAR) AS found
FROM (
	SELECT j.partner_id, j.currency, e.account, SUM(e.amount) AS entered, 0 AS kept
	FROM {wp}partner_center_journals j JOIN {wp}partner_center_entries e ON e.journal_id = j.id GROUP BY j.partner_id, j.currency, e.account
	UNION ALL SELECT partner_id, currency, 'expense', 0, expense FROM {wp}partner_center_balances
	UNION ALL SELECT partner_id, currency, 'pending', 0, pending FROM {wp}partner_center_balances
	UNION ALL SELECT partner_id, currency, 'payable', 0, payable FROM {wp}partner_center_balances
	UNION ALL SELECT partner_id, currency, 'in_payout', 0, in_payout FROM {wp}partner_center_balances
	UNION ALL SELECT partner_id, currency, 'paid', 0, paid FROM {wp}partner_center_balances
) AS amounts
GROUP BY partner_id, currency, account
HAVING SUM(entered) <> SUM(kept);

/* verify.Verify: a journal is for the partner and currency of its commission or manual entry, of which it has one */
SELECT 'JOURNAL_OWNER' AS code, CONCAT('journal ', j.id) AS what,
	COALESCE(CONCAT('partner ', COALESCE(c.partner_id, m.partner_id), ', ', COALESCE(c.currency, m.currency)), 'a commission or manual entry') AS expected,
	CONCAT('partner ', j.partner_id, ', ', j.currency) AS found
FROM {wp}partner_center_journals j
LEFT JOIN {wp}partner_center_commissions c ON c.id = j.commission_id
LEFT JOIN {wp}partner_center_manuals m ON m.id = j.manual_id
WHERE (j.commission_id IS NULL) = (j.manual_id IS NULL)
	OR COALESCE(c.partner_id, m.partner_id, 0) <> j.partner_id OR COALESCE(c.currency, m.currency, '') <> j.currency;

/* verify.Verify: a counter entry is the opposite of what it undoes */
SELECT 'MANUAL_UNDO' AS code, CONCAT('manual entry ', m.id) AS what,
	COALESCE(CONCAT('partner ', u.partner_id, ', ', -u.amount, ' ', u.currency), 'an entry to undo') AS expected,
	CONCAT('partner ', m.partner_id, ', ', m.amount, ' ', m.currency) AS found
FROM {wp}partner_center_manuals m LEFT JOIN {wp}partner_center_manuals u ON u.id = m.undoes_id
WHERE m.kind = 'counter' AND (u.id IS NULL OR u.partner_id <> m.partner_id OR u.currency <> m.currency OR u.amount <> -m.amount);

/* verify.Verify: a payout line is the sum of its items */
SELECT 'PAYOUT' AS code, CONCAT('payout line ', l.id) AS what,
	COALESCE(CAST(SUM(i.amount) AS CHAR), 'no items') AS expected, CAST(l.amount AS CHAR) AS found
FROM {wp}partner_center_payout_lines l LEFT JOIN {wp}partner_center_payout_items i ON i.line_id = l.id
GROUP BY l.id, l.amount
HAVING COALESCE(SUM(i.amount), 0) <> l.amount;

/* verify.Verify: a payment is positive, in its batch's currency, and no further than its batch */
SELECT 'PAYOUT_STATE' AS code, CONCAT('payout line ', l.id) AS what,
	COALESCE(CONCAT('a payment of payout ', p.id, ', ', p.state, ', ', p.currency), 'a payout') AS expected,
	CONCAT(l.state, ', ', l.amount, ' ', l.currency) AS found
FROM {wp}partner_center_payout_lines l LEFT JOIN {wp}partner_center_payouts p ON p.id = l.payout_id
WHERE p.id IS NULL OR p.currency <> l.currency OR l.amount <= 0 OR (l.state = 'settled' AND l.settled_at IS NULL)
	OR NOT CASE p.state
		WHEN 'draft' THEN l.state IN ('draft', 'closed')
		WHEN 'filing' THEN l.state IN ('draft', 'filed', 'closed')
		WHEN 'filed' THEN l.state IN ('filed', 'closed')
		WHEN 'sent' THEN l.state IN ('sent', 'settled', 'returned', 'closed')
		WHEN 'settled' THEN l.state IN ('settled', 'returned', 'closed')
		ELSE l.state = 'closed' END;

/* verify.Verify: what is on in_payout or paid is there by a payment, or was there at the opening */
SELECT 'PAYOUT_JOURNAL' AS code, CONCAT('journal ', j.id) AS what, 'a payment' AS expected, CONCAT(j.kind, ', payment ', COALESCE(j.payout_line_id, 'none')) AS found
FROM {wp}partner_center_journals j LEFT JOIN {wp}partner_center_payout_lines l ON l.id = j.payout_line_id
WHERE l.id IS NULL AND (j.payout_line_id IS NOT NULL OR j.kind IN ('payout', 'settle', 'release', 'return'));

/* verify.Verify: an item is of a payment */
SELECT 'PAYOUT_ITEM' AS code, CONCAT('payout line ', i.line_id) AS what, 'a payment' AS expected, 'none' AS found
FROM {wp}partner_center_payout_items i LEFT JOIN {wp}partner_center_payout_lines l ON l.id = i.line_id
WHERE l.id IS NULL;

/* verify.Verify: every order has a decision */
SELECT 'DECISION' AS code, CONCAT('order ', o.id) AS what, 'a decision' AS expected, 'none' AS found
FROM {wp}partner_center_orders o LEFT JOIN {wp}partner_center_decisions d ON d.order_id = o.id
WHERE d.id IS NULL AND o.version > 0;

/* verify.Verify: the roll-up of visits is their number */
SELECT 'VISIT_DAYS' AS code, CONCAT('partner ', partner_id, ', ', day) AS what,
	CONCAT(SUM(clicks), ' clicks, ', SUM(uniques), ' unique') AS expected,
	CONCAT(SUM(kept_clicks), ' clicks, ', SUM(kept_uniques), ' unique') AS found
FROM (
	SELECT partner_id, day, COUNT(*) AS clicks, SUM(is_unique) AS uniques, 0 AS kept_clicks, 0 AS kept_uniques
	FROM {wp}partner_center_visits GROUP BY partner_id, day
	UNION ALL SELECT partner_id, day, 0, 0, clicks, uniques FROM {wp}partner_center_visit_days
) AS counted
GROUP BY partner_id, day
HAVING SUM(clicks) <> SUM(kept_clicks) OR SUM(uniques) <> SUM(kept_uniques)
