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
;

/* verify.Verify: journals are as they were written */
SELECT 'JOURNAL_SEAL' AS code, CONCAT('journal ', j.id) AS what, COALESCE(HEX(j.seal), 'a seal') AS expected,
	HEX({seal}) AS found
FROM {wp}partner_center_journals j WHERE NOT (j.seal <=> {seal});

/* verify.Verify: what hangs on an order hangs on one that is there */
SELECT 'ORDER' AS code, CONCAT('order ', x.order_id) AS what, 'an order' AS expected, 'none' AS found
FROM (SELECT order_id FROM {wp}partner_center_commissions UNION SELECT order_id FROM {wp}partner_center_decisions
	UNION SELECT order_id FROM {wp}partner_center_order_lines UNION SELECT order_id FROM {wp}partner_center_order_states) x
LEFT JOIN {wp}partner_center_orders o ON o.id = x.order_id WHERE o.id IS NULL;

/* verify.Verify: an order is of the latest version that was applied, and of a day about the time it was placed at */
SELECT 'ORDER_VERSION' AS code, CONCAT('order ', o.id) AS what, CONCAT('version ', COALESCE(s.version, 'none'), ' of about ', o.placed_at) AS expected,
	CONCAT('version ', o.version, ' of ', o.day) AS found
FROM {wp}partner_center_orders o
LEFT JOIN (SELECT order_id, MAX(version) AS version FROM {wp}partner_center_order_states WHERE outcome = 'applied' GROUP BY order_id) s
	ON s.order_id = o.id
WHERE NOT (o.version <=> s.version) OR ABS(DATEDIFF(o.day, o.placed_at)) > 1;

/* verify.Verify: a commission is of a line of its order */
SELECT 'COMMISSION_LINE' AS code, CONCAT('commission ', c.id) AS what, CONCAT('a line of order ', c.order_id) AS expected,
	COALESCE(CONCAT('one of order ', l.order_id), 'none') AS found
FROM {wp}partner_center_commissions c LEFT JOIN {wp}partner_center_order_lines l ON l.id = c.line_id
WHERE NOT (l.order_id <=> c.order_id);

/* verify.Verify: a commission with money is of its line's product */
SELECT 'COMMISSION_PRODUCT' AS code, CONCAT('commission ', c.id) AS what, CONCAT('product ', COALESCE(l.product_id, 'none')) AS expected,
	CONCAT('product ', c.product_id) AS found
FROM {wp}partner_center_commissions c JOIN {wp}partner_center_order_lines l ON l.id = c.line_id
WHERE (c.amount <> 0 AND NOT (l.product_id <=> c.product_id))
	OR NOT EXISTS (SELECT 1 FROM {wp}partner_center_products p WHERE p.id = c.product_id);

/* verify.Verify: a commission is of the time and day of its first journal, but what a re-run moved: that is as old as its sale */
SELECT 'COMMISSION_TIME' AS code, CONCAT('commission ', c.id) AS what, CONCAT(j.occurred_at, ', day ', j.day) AS expected,
	CONCAT(c.occurred_at, ', day ', c.day) AS found
FROM {wp}partner_center_commissions c LEFT JOIN {wp}partner_center_journals j ON j.commission_id = c.id AND j.seq = 1
WHERE ABS(DATEDIFF(c.day, c.occurred_at)) > 1
	OR (COALESCE(j.reason, '') <> 'RUN_AGAIN' AND NOT (j.occurred_at <=> c.occurred_at AND j.day <=> c.day));

/* verify.Verify: a commission waits, and is approved by itself, as its order's only decision says */
SELECT 'COMMISSION_TIME' AS code, CONCAT('commission ', c.id) AS what,
	CONCAT(d.hold_days, ' days after ', c.occurred_at, ', then ', d.auto) AS expected,
	CONCAT(COALESCE(c.not_before, 'no hold'), ', approved ', COALESCE(c.approve_at, 'by a person')) AS found
FROM {wp}partner_center_commissions c
JOIN {wp}partner_center_decisions d ON d.order_id = c.order_id AND d.decision_version = 1
WHERE NOT EXISTS (SELECT 1 FROM {wp}partner_center_decisions n WHERE n.order_id = c.order_id AND n.decision_version > 1)
	AND (NOT (c.not_before <=> CASE WHEN d.auto = 'decide' THEN CAST('9999-12-31' AS DATETIME(6))
			WHEN d.hold_days > 0 THEN c.occurred_at + INTERVAL d.hold_days DAY END)
		OR (c.approve_at IS NOT NULL AND NOT (d.auto = 'approve' AND c.approve_at = c.occurred_at + INTERVAL d.hold_days DAY))
		OR (c.approve_at IS NULL AND d.auto = 'approve'
			AND NOT EXISTS (SELECT 1 FROM {wp}partner_center_journals u WHERE u.commission_id = c.id AND u.kind = 'unapprove')));

/* verify.Verify: a canceled commission knows what the others of its line and level had */
SELECT 'COMMISSION' AS code, CONCAT('commission ', c.id, ', granted') AS what,
	CAST(COALESCE(SUM(e.amount), 0) AS CHAR) AS expected, CAST(c.granted AS CHAR) AS found
FROM {wp}partner_center_commissions c
JOIN {wp}partner_center_journals k ON k.commission_id = c.id AND k.kind = 'cancel'
LEFT JOIN {wp}partner_center_commissions s ON s.line_id = c.line_id AND s.level = c.level AND s.id <> c.id
LEFT JOIN {wp}partner_center_journals j ON j.commission_id = s.id AND j.id < k.id
LEFT JOIN {wp}partner_center_entries e ON e.journal_id = j.id AND e.account <> 'expense'
GROUP BY c.id, c.granted HAVING COALESCE(SUM(e.amount), 0) <> c.granted;

/* verify.Verify: a decision credits in a membership of its partner, whose recruiter earns on level 2 */
SELECT 'DECISION_MEMBERSHIP' AS code, CONCAT('decision ', d.id) AS what,
	COALESCE(CONCAT('partner ', m.partner_id, ', program ', m.program_id, ', recruiter ', COALESCE(m.recruiter_id, 'none')), 'a membership') AS expected,
	CONCAT('partner ', d.partner_id, ', program ', COALESCE(d.program_id, 'none'), ', recruiter ', COALESCE(d.recruiter_id, 'none')) AS found
FROM {wp}partner_center_decisions d LEFT JOIN {wp}partner_center_memberships m ON m.id = d.membership_id
WHERE d.partner_id IS NOT NULL AND NOT (m.partner_id <=> d.partner_id AND m.program_id <=> d.program_id
	AND (d.recruiter_id IS NULL OR m.recruiter_id <=> d.recruiter_id));

/* verify.Verify: a payment is of the partner of its journals, and settled and returned when they say */
SELECT 'PAYOUT_LINE' AS code, CONCAT('payout line ', l.id) AS what,
	CONCAT_WS(', ', 'partner', j.least, j.most, 'settled', j.settled_at, j.settled_day, 'back', j.back_at, j.back_day) AS expected,
	CONCAT_WS(', ', 'partner', l.partner_id, l.state, l.settled_at, l.day, 'back', l.returned_at, l.returned_day) AS found
FROM {wp}partner_center_payout_lines l LEFT JOIN (
	SELECT payout_line_id, MIN(partner_id) AS least, MAX(partner_id) AS most,
		MAX(IF(kind = 'settle', recorded_at, NULL)) AS settled_at, MAX(IF(kind = 'settle', day, NULL)) AS settled_day,
		MAX(IF(kind IN ('return', 'release'), recorded_at, NULL)) AS back_at, MAX(IF(kind IN ('return', 'release'), day, NULL)) AS back_day
	FROM {wp}partner_center_journals WHERE payout_line_id IS NOT NULL GROUP BY payout_line_id) j ON j.payout_line_id = l.id
WHERE COALESCE(j.least, l.partner_id) <> l.partner_id OR COALESCE(j.most, l.partner_id) <> l.partner_id
	OR NOT (l.settled_at <=> j.settled_at AND l.day <=> j.settled_day)
	OR NOT (l.returned_at <=> IF(l.state = 'returned', j.back_at, NULL) AND l.returned_day <=> IF(l.state = 'returned', j.back_day, NULL));

/* verify.Verify: a payment pays its partner, in its currency */
SELECT 'PAYOUT_ITEM' AS code, CONCAT('payout line ', l.id) AS what, CONCAT('partner ', l.partner_id, ', ', l.currency) AS expected,
	COALESCE(CONCAT('partner ', COALESCE(c.partner_id, m.partner_id), ', ', COALESCE(c.currency, m.currency)), 'nothing') AS found
FROM {wp}partner_center_payout_items i JOIN {wp}partner_center_payout_lines l ON l.id = i.line_id
LEFT JOIN {wp}partner_center_commissions c ON c.id = i.commission_id
LEFT JOIN {wp}partner_center_manuals m ON m.id = i.manual_id
WHERE NOT (COALESCE(c.partner_id, m.partner_id) <=> l.partner_id AND COALESCE(c.currency, m.currency) <=> l.currency);

/* verify.Verify: an entry by hand is in the audit, as it was entered */
SELECT 'MANUAL_AUDIT' AS code, CONCAT('manual entry ', m.id) AS what,
	COALESCE(CONCAT_WS(', ', a.at, a.actor, a.reason, v.after_json), CONCAT('an audit of enter ', m.kind)) AS expected,
	CONCAT_WS(', ', m.created_at, m.actor, m.reason, m.partner_id, m.amount, m.currency) AS found
FROM {wp}partner_center_manuals m
LEFT JOIN {wp}partner_center_audit a ON a.object = 'manual' AND a.object_id = m.id AND a.action = CONCAT('enter ', m.kind)
LEFT JOIN {wp}partner_center_audit_values v ON v.digest = a.digest
LEFT JOIN {wp}partner_center_journals j ON j.manual_id = m.id AND j.seq = 1
WHERE a.id IS NULL OR a.at <> m.created_at OR a.actor <> m.actor OR a.reason <> m.reason
	OR NOT (j.occurred_at <=> m.occurred_at AND j.day <=> m.day)
	OR (v.after_json IS NOT NULL AND NOT (
		CAST(JSON_UNQUOTE(JSON_EXTRACT(v.after_json, '$.Amount')) AS DECIMAL(19,4)) <=> m.amount
		AND JSON_UNQUOTE(JSON_EXTRACT(v.after_json, '$.PartnerID')) <=> CAST(m.partner_id AS CHAR)
		AND JSON_UNQUOTE(JSON_EXTRACT(v.after_json, '$.Currency')) <=> CAST(m.currency AS CHAR)));

/* verify.Verify: the partners that anything names are there */
SELECT 'PARTNER' AS code, CONCAT('partner ', x.partner_id) AS what, 'a partner' AS expected, 'none' AS found
FROM (SELECT partner_id FROM {wp}partner_center_balances UNION SELECT partner_id FROM {wp}partner_center_commissions
	UNION SELECT partner_id FROM {wp}partner_center_decisions WHERE partner_id IS NOT NULL
	UNION SELECT recruiter_id FROM {wp}partner_center_decisions WHERE recruiter_id IS NOT NULL
	UNION SELECT partner_id FROM {wp}partner_center_payout_lines UNION SELECT partner_id FROM {wp}partner_center_manuals
	UNION SELECT partner_id FROM {wp}partner_center_memberships UNION SELECT partner_id FROM {wp}partner_center_partner_states
	UNION SELECT recruiter_id FROM {wp}partner_center_memberships WHERE recruiter_id IS NOT NULL
	UNION SELECT first_partner_id FROM {wp}partner_center_contacts WHERE first_partner_id IS NOT NULL
	UNION SELECT last_partner_id FROM {wp}partner_center_contacts WHERE last_partner_id IS NOT NULL) x
LEFT JOIN {wp}partner_center_partners p ON p.id = x.partner_id WHERE p.id IS NULL;

/* verify.Verify: the contacts that anything names are there */
SELECT 'CONTACT' AS code, CONCAT('contact ', x.contact_id) AS what, 'a contact' AS expected, 'none' AS found
FROM (SELECT contact_id FROM {wp}partner_center_orders WHERE contact_id IS NOT NULL
	UNION SELECT contact_id FROM {wp}partner_center_partners UNION SELECT contact_id FROM {wp}partner_center_touchpoints) x
LEFT JOIN {wp}partner_center_contacts k ON k.id = x.contact_id WHERE k.id IS NULL;

/* verify.Verify: a partner is in the state that they came into last, and in a program as that says */
SELECT 'PARTNER_STATE' AS code, CONCAT('partner ', p.id) AS what,
	CONCAT(COALESCE((SELECT s.state FROM {wp}partner_center_partner_states s WHERE s.partner_id = p.id ORDER BY s.changed_at DESC, s.id DESC LIMIT 1), 'a state'),
		IF(p.state IN ('removed', 'rejected'), ', in no program', ', in a program')) AS expected,
	CONCAT(p.state, ', in ', (SELECT COUNT(*) FROM {wp}partner_center_memberships m WHERE m.partner_id = p.id AND m.ended_at IS NULL), ' programs') AS found
FROM {wp}partner_center_partners p
WHERE NOT (p.state <=> (SELECT s.state FROM {wp}partner_center_partner_states s WHERE s.partner_id = p.id ORDER BY s.changed_at DESC, s.id DESC LIMIT 1))
	OR (p.state NOT IN ('removed', 'rejected')) <> (SELECT COUNT(*) FROM {wp}partner_center_memberships m WHERE m.partner_id = p.id AND m.ended_at IS NULL);

/* verify.Verify: a membership begins and ends with a state of its partner, or by a move that is in the audit */
SELECT 'MEMBERSHIP' AS code, CONCAT('membership ', m.id) AS what, 'a change of state or a move then' AS expected,
	CONCAT_WS(', ', 'partner', m.partner_id, 'program', m.program_id, m.started_at, m.ended_at, m.active) AS found
FROM {wp}partner_center_memberships m LEFT JOIN {wp}partner_center_programs g ON g.id = m.program_id
WHERE g.id IS NULL OR (m.ended_at IS NULL) <> (m.active <=> 1) OR m.signup_at > m.started_at OR m.ended_at < m.started_at
	OR NOT (EXISTS (SELECT 1 FROM {wp}partner_center_partner_states s WHERE s.partner_id = m.partner_id AND s.changed_at = m.started_at)
		OR EXISTS (SELECT 1 FROM {wp}partner_center_audit a LEFT JOIN {wp}partner_center_audit_values v ON v.digest = a.digest
			WHERE a.object = 'partner' AND a.object_id = m.partner_id AND a.at = m.started_at AND a.action IN ('move', 'set recruiter')
				AND (v.after_json IS NULL OR (JSON_UNQUOTE(JSON_EXTRACT(v.after_json, '$.ProgramID')) <=> CAST(m.program_id AS CHAR)
					AND JSON_UNQUOTE(JSON_EXTRACT(v.after_json, '$.RecruiterID')) <=> CAST(COALESCE(m.recruiter_id, 0) AS CHAR)))))
	OR (m.ended_at IS NOT NULL AND NOT (
		EXISTS (SELECT 1 FROM {wp}partner_center_partner_states s WHERE s.partner_id = m.partner_id AND s.changed_at = m.ended_at)
		OR EXISTS (SELECT 1 FROM {wp}partner_center_memberships n WHERE n.partner_id = m.partner_id AND n.started_at = m.ended_at AND n.id <> m.id)));

/* verify.Verify: a coupon that an order used was a partner's when the order was placed */
SELECT 'ORDER_COUPON' AS code, CONCAT('order ', u.order_id, ', coupon ', u.coupon_id) AS what,
	'a partner''s coupon of the order''s shop' AS expected,
	COALESCE(CONCAT(c.code, ' of partner ', c.partner_id, ' in ', c.shop), 'none') AS found
FROM {wp}partner_center_order_coupons u
LEFT JOIN {wp}partner_center_orders o ON o.id = u.order_id
LEFT JOIN {wp}partner_center_coupons c ON c.id = u.coupon_id
WHERE o.id IS NULL OR c.id IS NULL OR c.starts_at > o.placed_at OR c.ends_at <= o.placed_at OR u.used_at > o.placed_at
	OR c.shop NOT IN (o.source, 'any');

/* verify.Verify: who is credited by a coupon owns one that the order used */
SELECT 'DECISION_COUPON' AS code, CONCAT('order ', d.order_id, ', decision ', d.decision_version) AS what,
	CONCAT('a coupon of partner ', d.partner_id) AS expected, 'none' AS found
FROM {wp}partner_center_decisions d
WHERE d.via = 'coupon' AND NOT EXISTS (
	SELECT 1 FROM {wp}partner_center_order_coupons u JOIN {wp}partner_center_coupons c ON c.id = u.coupon_id
	WHERE u.order_id = d.order_id AND c.partner_id = d.partner_id);
