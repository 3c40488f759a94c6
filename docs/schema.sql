-- The tables of a site whose prefix is wp_, as the migrations make them on MariaDB.
-- Written by `go test ./docs -update`; the comments stand in db/migrations.
-- All tables: ENGINE=InnoDB, utf8mb4, COLLATE utf8mb4_unicode_ci where a column names no other.


-- Programs: what can be sold and what it earns
-- --------------------------------------------

-- Every saved version of the global settings; the highest is in force (S3, S10).
-- Older ones stay, because decisions name the version they were made under.
CREATE TABLE wp_partner_center_settings (
  version int NOT NULL AUTO_INCREMENT,
  data mediumtext NOT NULL,
  saved_at datetime(6) NOT NULL,
  actor varchar(190) NOT NULL,
  PRIMARY KEY (version)
);

-- Partner programs (S11-S17), and what their partners are shown and told (S18-S20).
-- code is the public name in sign-up links.
-- confirm_first: every sign-up waits until its mailbox has confirmed (D42).
CREATE TABLE wp_partner_center_programs (
  id bigint NOT NULL AUTO_INCREMENT,
  code varchar(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  name varchar(190) NOT NULL,
  tiers tinyint NOT NULL,
  visibility varchar(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  signup varchar(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  show_pending tinyint NOT NULL DEFAULT 1,
  welcome_tool_id bigint DEFAULT NULL,
  created_at datetime(6) NOT NULL,
  updated_at datetime(6) NOT NULL,
  archived_at datetime(6) DEFAULT NULL,
  show_declined tinyint NOT NULL DEFAULT 0,
  show_history tinyint NOT NULL DEFAULT 0,
  notify_earned tinyint NOT NULL DEFAULT 0,
  confirm_first tinyint NOT NULL DEFAULT 0,
  no_subids tinyint NOT NULL DEFAULT 0,
  PRIMARY KEY (id),
  UNIQUE KEY wp_partner_center_programs_code (code)
);

-- Every saved version of a program's policy, the rules by which its sales earn;
-- an order is judged by the one in force when it was placed (S129-S133, S148).
CREATE TABLE wp_partner_center_policies (
  program_id bigint NOT NULL,
  version int NOT NULL,
  data mediumtext NOT NULL,
  saved_at datetime(6) NOT NULL,
  actor varchar(190) NOT NULL,
  PRIMARY KEY (program_id,version),
  KEY wp_partner_center_policies_saved (program_id,saved_at)
);

-- What can be sold: own products, and those of carts under their source and id.
CREATE TABLE wp_partner_center_products (
  id bigint NOT NULL AUTO_INCREMENT,
  source varchar(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  external_id varchar(190) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  parent_id bigint DEFAULT NULL,
  name varchar(190) NOT NULL,
  price decimal(19,4) DEFAULT NULL,
  currency char(3) CHARACTER SET ascii COLLATE ascii_bin DEFAULT NULL,
  created_at datetime(6) NOT NULL,
  archived_at datetime(6) DEFAULT NULL,
  gone_at datetime(6) DEFAULT NULL,
  former_name varchar(190) NOT NULL DEFAULT '',
  renamed_at datetime(6) DEFAULT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY wp_partner_center_products_external (source,external_id),
  KEY wp_partner_center_products_name (name)
);

-- What a product earns in a program, by validity: an edit ends one row and begins
-- another, so that earlier sales keep their terms (S28-S30). current is 1 on the
-- row in force and NULL on past ones, which makes it unique. Rates in parts per million.
CREATE TABLE wp_partner_center_terms (
  id bigint NOT NULL AUTO_INCREMENT,
  program_id bigint NOT NULL,
  product_id bigint NOT NULL,
  kind varchar(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  level1_ppm int NOT NULL DEFAULT 0,
  level2_ppm int NOT NULL DEFAULT 0,
  valid_from datetime(6) NOT NULL,
  valid_to datetime(6) DEFAULT NULL,
  current tinyint DEFAULT 1,
  PRIMARY KEY (id),
  UNIQUE KEY wp_partner_center_terms_from (program_id,product_id,valid_from),
  UNIQUE KEY wp_partner_center_terms_current (program_id,product_id,current),
  KEY wp_partner_center_terms_product (product_id)
);

-- Flat commissions of terms, one currency each; never converted (D27).
CREATE TABLE wp_partner_center_term_flats (
  term_id bigint NOT NULL,
  currency char(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  level1 decimal(19,4) NOT NULL,
  level2 decimal(19,4) NOT NULL,
  PRIMARY KEY (term_id,currency)
);


-- People: who is known, and who promotes
-- --------------------------------------

-- People known by e-mail (case-folded). The first and last referrer are the result
-- of folding the contact's touchpoints in the order in which they happened (S64-S70).
-- Deleted contacts keep their row, because orders and the books name it (S102);
-- their address is free again.
-- …_proof says how it is known that the contact came by the referrer (D41).
CREATE TABLE wp_partner_center_contacts (
  id bigint NOT NULL AUTO_INCREMENT,
  email varchar(190) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  first_name varchar(100) NOT NULL DEFAULT '',
  last_name varchar(100) NOT NULL DEFAULT '',
  company varchar(190) NOT NULL DEFAULT '',
  listed_as varchar(201) NOT NULL DEFAULT '',
  origin varchar(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  wp_user_id bigint DEFAULT NULL,
  created_at datetime(6) NOT NULL,
  updated_at datetime(6) NOT NULL,
  first_partner_id bigint DEFAULT NULL,
  first_tool_id bigint DEFAULT NULL,
  first_subid varchar(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  first_visit_id bigint DEFAULT NULL,
  first_at datetime(6) DEFAULT NULL,
  first_proof varchar(9) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  last_partner_id bigint DEFAULT NULL,
  last_tool_id bigint DEFAULT NULL,
  last_subid varchar(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  last_visit_id bigint DEFAULT NULL,
  last_at datetime(6) DEFAULT NULL,
  last_proof varchar(9) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  deleted_at datetime(6) DEFAULT NULL,
  first_page varchar(160) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  last_page varchar(160) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  PRIMARY KEY (id),
  UNIQUE KEY wp_partner_center_contacts_email (email),
  KEY wp_partner_center_contacts_user (wp_user_id),
  KEY wp_partner_center_contacts_first (first_partner_id),
  KEY wp_partner_center_contacts_last (last_partner_id),
  KEY wp_partner_center_contacts_first_name (first_name,last_name),
  KEY wp_partner_center_contacts_last_name (last_name,first_name),
  KEY wp_partner_center_contacts_company (company),
  KEY wp_partner_center_contacts_listed (listed_as),
  KEY wp_partner_center_contacts_created (created_at),
  KEY wp_partner_center_contacts_origin (origin,deleted_at)
);

-- Fields of contacts that the site has added to those that every contact has (S32).
-- choices: one in each line, of the kind choice. in_profile: partners see it in
-- their profile and change it there; on_signup: the sign-up form asks for it.
CREATE TABLE wp_partner_center_contact_fields (
  id bigint NOT NULL AUTO_INCREMENT,
  name varchar(60) NOT NULL,
  kind varchar(6) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  choices text NOT NULL,
  in_profile tinyint NOT NULL,
  on_signup tinyint NOT NULL,
  required tinyint NOT NULL,
  position int NOT NULL,
  created_at datetime(6) NOT NULL,
  updated_at datetime(6) NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY wp_partner_center_contact_fields_name (name)
);

-- What contacts have in the site's own fields (S32); a blank has no row. Numbers
-- are written like 12.5, dates like 2026-01-31, yes or no as these words.
CREATE TABLE wp_partner_center_contact_values (
  contact_id bigint NOT NULL,
  field_id bigint NOT NULL,
  value varchar(500) NOT NULL,
  PRIMARY KEY (contact_id,field_id),
  KEY wp_partner_center_contact_values_field (field_id,contact_id)
);

-- Contacts who promote. code is the public name in links; payee and address are
-- whom a check is made out to, and where it goes (S136).
-- payment_unconfirmed: the PayPal address came by a form that was not logged in,
-- and nobody is paid by it (D42). claimed_at: since when the partner has used the account.
-- address_limit: how many addresses one click or network may name, 0 for the settings' (D41).
CREATE TABLE wp_partner_center_partners (
  id bigint NOT NULL AUTO_INCREMENT,
  code varchar(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  contact_id bigint NOT NULL,
  listed_as varchar(201) NOT NULL DEFAULT '',
  listed_at datetime(6) NOT NULL DEFAULT '2000-01-01 00:00:00.000000',
  wp_user_id bigint DEFAULT NULL,
  state varchar(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  payment_method varchar(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  paypal_email varchar(190) NOT NULL DEFAULT '',
  created_at datetime(6) NOT NULL,
  updated_at datetime(6) NOT NULL,
  payee varchar(190) NOT NULL DEFAULT '',
  address varchar(500) NOT NULL DEFAULT '',
  payment_unconfirmed tinyint NOT NULL DEFAULT 0,
  claimed_at datetime(6) DEFAULT NULL,
  address_limit int NOT NULL DEFAULT 0,
  subids varchar(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  PRIMARY KEY (id),
  UNIQUE KEY wp_partner_center_partners_code (code),
  UNIQUE KEY wp_partner_center_partners_contact (contact_id),
  UNIQUE KEY wp_partner_center_partners_user (wp_user_id),
  KEY wp_partner_center_partners_listed (listed_as),
  KEY wp_partner_center_partners_since (listed_at)
);

-- Every change of a partner's state, so that whether they could earn is answered
-- for the time of the sale, not of its processing (S141). state holds from
-- changed_at until the next row; id settles changes at the same instant.
CREATE TABLE wp_partner_center_partner_states (
  id bigint NOT NULL AUTO_INCREMENT,
  partner_id bigint NOT NULL,
  state varchar(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  changed_at datetime(6) NOT NULL,
  PRIMARY KEY (id),
  KEY wp_partner_center_partner_states_partner (partner_id,changed_at,id,state)
);

-- Which partner was in which program when, and who recruited them there (D2, D5).
-- active is 1 on the running one and NULL on ended ones, which makes it unique.
-- signup_at survives moves between programs (S39, S98). recruiter_from is NULL
-- until the partner has logged in, when a form made them one: only sales from then
-- on earn on level 2 (D42).
CREATE TABLE wp_partner_center_memberships (
  id bigint NOT NULL AUTO_INCREMENT,
  partner_id bigint NOT NULL,
  program_id bigint NOT NULL,
  recruiter_id bigint DEFAULT NULL,
  signup_at datetime(6) NOT NULL,
  started_at datetime(6) NOT NULL,
  ended_at datetime(6) DEFAULT NULL,
  active tinyint DEFAULT 1,
  recruiter_from datetime(6) DEFAULT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY wp_partner_center_memberships_active (partner_id,active),
  KEY wp_partner_center_memberships_program (program_id,active),
  KEY wp_partner_center_memberships_recruiter (recruiter_id)
);

-- Changed PayPal addresses that wait for confirmation from both mailboxes (S145).
-- waiting is 1 on the one that waits and NULL on those that are over, which makes
-- it unique. Of the tokens only hashes are kept.
CREATE TABLE wp_partner_center_paypal_changes (
  id bigint NOT NULL AUTO_INCREMENT,
  partner_id bigint NOT NULL,
  waiting tinyint DEFAULT 1,
  old_email varchar(190) NOT NULL,
  new_email varchar(190) NOT NULL,
  old_token binary(32) NOT NULL,
  new_token binary(32) NOT NULL,
  old_confirmed_at datetime(6) DEFAULT NULL,
  new_confirmed_at datetime(6) DEFAULT NULL,
  asked_at datetime(6) NOT NULL,
  expires_at datetime(6) NOT NULL,
  done_at datetime(6) DEFAULT NULL,
  outcome varchar(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  PRIMARY KEY (id),
  UNIQUE KEY wp_partner_center_paypal_changes_waiting (partner_id,waiting),
  KEY wp_partner_center_paypal_changes_old (old_token),
  KEY wp_partner_center_paypal_changes_new (new_token)
);

-- Which mails a partner wants beside those that they need. Without a row: all.
CREATE TABLE wp_partner_center_partner_mails (
  partner_id bigint NOT NULL,
  per_sale tinyint NOT NULL,
  per_payment tinyint NOT NULL,
  monthly tinyint NOT NULL,
  updated_at datetime(6) NOT NULL,
  PRIMARY KEY (partner_id)
);

-- What admins note about a partner, for themselves.
CREATE TABLE wp_partner_center_partner_notes (
  id bigint NOT NULL AUTO_INCREMENT,
  partner_id bigint NOT NULL,
  form_id varchar(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  written_at datetime(6) NOT NULL,
  actor varchar(190) NOT NULL,
  note text NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY wp_partner_center_partner_notes_form (form_id),
  KEY wp_partner_center_partner_notes_partner (partner_id,id)
);

-- Sign-up forms that take effect only once their mailbox has confirmed, or the
-- account's owner after a log-in (D42). waiting is NULL on those that are over.
-- Of the mailed token only the hash is kept.
CREATE TABLE wp_partner_center_applications (
  id bigint NOT NULL AUTO_INCREMENT,
  form_id varchar(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  program_id bigint NOT NULL,
  email varchar(190) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  first_name varchar(100) NOT NULL DEFAULT '',
  last_name varchar(100) NOT NULL DEFAULT '',
  company varchar(190) NOT NULL DEFAULT '',
  payment_method varchar(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  paypal_email varchar(190) NOT NULL DEFAULT '',
  click varchar(512) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  visitor varchar(120) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  page varchar(255) NOT NULL DEFAULT '',
  token binary(32) NOT NULL,
  waiting tinyint DEFAULT 1,
  applied_at datetime(6) NOT NULL,
  expires_at datetime(6) NOT NULL,
  done_at datetime(6) DEFAULT NULL,
  outcome varchar(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  PRIMARY KEY (id),
  UNIQUE KEY wp_partner_center_applications_form (form_id),
  UNIQUE KEY wp_partner_center_applications_token (token),
  KEY wp_partner_center_applications_email (email,waiting,applied_at)
);

-- What the sign-up form of a program asks beyond name and address: company, site,
-- promotion, or an own field of contacts (own_12). ask is no, optional or required;
-- without a row the first three are not asked, and own fields as they say themselves.
CREATE TABLE wp_partner_center_signup_fields (
  program_id bigint NOT NULL,
  field varchar(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  ask varchar(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (program_id,field)
);

-- What sign-up forms answered, one row for each question; form_id is that of the
-- application or of the contact's form. partner_id is NULL while the form waits for
-- its mailbox. The version of the terms that was ticked is the answer to "terms".
CREATE TABLE wp_partner_center_signup_answers (
  id bigint NOT NULL AUTO_INCREMENT,
  form_id varchar(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  partner_id bigint DEFAULT NULL,
  field varchar(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  answer text NOT NULL,
  sent_at datetime(6) NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY wp_partner_center_signup_answers_form (form_id,field),
  KEY wp_partner_center_signup_answers_partner (partner_id,sent_at)
);

-- The terms of a program, each version as it was published; the highest counts. An
-- empty text: the program has none from then on. applies_from is a day of the site.
CREATE TABLE wp_partner_center_signup_terms (
  id bigint NOT NULL AUTO_INCREMENT,
  program_id bigint NOT NULL,
  version int NOT NULL,
  body mediumtext NOT NULL,
  applies_from date NOT NULL,
  published_at datetime(6) NOT NULL,
  actor varchar(190) NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY wp_partner_center_signup_terms_version (program_id,version)
);

-- Who accepted which version of a program's terms: with the sign-up form, or later
-- in the center.
CREATE TABLE wp_partner_center_signup_accepted (
  id bigint NOT NULL AUTO_INCREMENT,
  partner_id bigint NOT NULL,
  terms_id bigint NOT NULL,
  way varchar(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  accepted_at datetime(6) NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY wp_partner_center_signup_accepted_once (partner_id,terms_id),
  KEY wp_partner_center_signup_accepted_terms (terms_id)
);

-- How many sign-up forms came in ten minutes from a network, or had us write to an
-- address: who is a hash of what and whose, slot the time in units of ten minutes.
-- Pruned after a month.
CREATE TABLE wp_partner_center_signup_tries (
  who binary(16) NOT NULL,
  slot int NOT NULL,
  times int NOT NULL,
  PRIMARY KEY (who,slot),
  KEY wp_partner_center_signup_tries_slot (slot)
);

-- Browsers in which a contact was seen logged in (D41), as touchpoints.browser.
CREATE TABLE wp_partner_center_contact_browsers (
  contact_id bigint NOT NULL,
  browser varbinary(16) NOT NULL,
  seen_at datetime(6) NOT NULL,
  PRIMARY KEY (contact_id,browser)
);


-- Tracking: promo tools, clicks, and who brought whom
-- ---------------------------------------------------

-- Promo tools (S42-S54). code is the public name in links. image_id is an
-- attachment of the media library.
CREATE TABLE wp_partner_center_tools (
  id bigint NOT NULL AUTO_INCREMENT,
  code varchar(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  program_id bigint NOT NULL,
  kind varchar(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  name varchar(190) NOT NULL,
  target_url varchar(2000) NOT NULL,
  group_id bigint DEFAULT NULL,
  campaign varchar(100) NOT NULL DEFAULT '',
  ad varchar(100) NOT NULL DEFAULT '',
  image_id bigint DEFAULT NULL,
  subject varchar(255) NOT NULL DEFAULT '',
  body_html mediumtext DEFAULT NULL,
  body_text mediumtext DEFAULT NULL,
  created_at datetime(6) NOT NULL,
  updated_at datetime(6) NOT NULL,
  archived_at datetime(6) DEFAULT NULL,
  page_checked_at datetime(6) DEFAULT NULL,
  page_lacks_script tinyint NOT NULL DEFAULT 0,
  PRIMARY KEY (id),
  UNIQUE KEY wp_partner_center_tools_code (code),
  KEY wp_partner_center_tools_program (program_id)
);

-- The managed list of product groups of promo tools (S46).
CREATE TABLE wp_partner_center_tool_groups (
  id bigint NOT NULL AUTO_INCREMENT,
  name varchar(100) NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY wp_partner_center_tool_groups_name (name)
);

-- Counted clicks, one row each. The id is made before the INSERT and holds the
-- time in ms, so that retries are idempotent and (partner, day, id) is in order.
-- day is the site's day when the click came and is never recomputed.
CREATE TABLE wp_partner_center_visits (
  id bigint NOT NULL,
  partner_id int NOT NULL,
  tool_id int NOT NULL,
  subid varchar(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  visitor binary(16) NOT NULL,
  day date NOT NULL,
  is_unique tinyint NOT NULL,
  page varchar(160) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  PRIMARY KEY (id),
  KEY wp_partner_center_visits_partner (partner_id,day,id,is_unique,tool_id,subid)
);

-- Who was counted as a unique visit of which partner today (D3); pruned after two days.
CREATE TABLE wp_partner_center_visit_seen (
  seen binary(16) NOT NULL,
  visit_id bigint NOT NULL,
  day date NOT NULL,
  PRIMARY KEY (seen),
  KEY wp_partner_center_visit_seen_day (day)
);

-- Clicks by partner and day, one row for each sidecar that counted, summed when read.
CREATE TABLE wp_partner_center_visit_days (
  partner_id int NOT NULL,
  day date NOT NULL,
  instance smallint NOT NULL,
  clicks int NOT NULL,
  uniques int NOT NULL,
  PRIMARY KEY (partner_id,day,instance),
  KEY wp_partner_center_visit_days_day (day,partner_id,clicks,uniques)
);

-- What is left of visits that no form can name any more: their numbers by tool and
-- SubID. The numbers of days stand in visit_days, and stay there.
CREATE TABLE wp_partner_center_visit_sums (
  partner_id int NOT NULL,
  day date NOT NULL,
  tool_id int NOT NULL,
  subid varchar(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  clicks int NOT NULL,
  uniques int NOT NULL,
  PRIMARY KEY (partner_id,day,tool_id,subid)
);

-- What is left of old visits by the page where they arrived, as visit_sums by SubID.
CREATE TABLE wp_partner_center_visit_pages (
  partner_id int NOT NULL,
  day date NOT NULL,
  tool_id int NOT NULL,
  page varchar(160) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  clicks int NOT NULL,
  uniques int NOT NULL,
  PRIMARY KEY (partner_id,day,tool_id,page)
);

-- Clicks that were redirected but not counted, as counters with their reason (D30).
CREATE TABLE wp_partner_center_click_rejects (
  day date NOT NULL,
  tool_id bigint NOT NULL,
  reason varchar(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  instance smallint NOT NULL,
  clicks int NOT NULL,
  PRIMARY KEY (day,tool_id,reason,instance)
);

-- The latest click of each partner on a link of their own, which never counts: by
-- it they see that the link works (S63). It names no visitor.
CREATE TABLE wp_partner_center_own_clicks (
  partner_id int NOT NULL,
  tool_id int NOT NULL,
  clicked_at datetime(6) NOT NULL,
  PRIMARY KEY (partner_id)
);

-- How often somebody did something in a minute that PHP answers: who is a keyed
-- hash of what and whose network, or by which click. Two rows, whose names end in
-- 1 and 2 behind zeros, count the forms and clicks that were too many. Pruned after
-- an hour. The plugin creates the same table.
CREATE TABLE wp_partner_center_floods (
  who binary(16) NOT NULL,
  minute int NOT NULL,
  times int NOT NULL,
  PRIMARY KEY (who,minute),
  KEY wp_partner_center_floods_minute (minute)
);

-- Every opt-in, order and sign-up form of a contact, with the click it carried
-- (touch_…) and the partner who got the lead (lead_…, S35). The touch history:
-- nothing of it depends on the settings but the expiry fixed in the cookie; the
-- lead goes by the credit rule that held when the form was submitted. origin is
-- who reported the form. browser is a keyed hash of pc_visitor and contact, so that
-- nobody can be followed from one contact to another; logged_in, confirmed and the
-- claims it belongs to are its proof (D41). check_partner_id is whose lead it would
-- be if it were not to be checked.
CREATE TABLE wp_partner_center_touchpoints (
  id bigint NOT NULL AUTO_INCREMENT,
  contact_id bigint NOT NULL,
  kind varchar(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  source varchar(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  external_id varchar(190) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  origin varchar(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  page varchar(255) NOT NULL DEFAULT '',
  occurred_at datetime(6) NOT NULL,
  day date NOT NULL,
  recorded_at datetime(6) NOT NULL,
  created_contact tinyint NOT NULL DEFAULT 0,
  cookie varchar(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  touch_partner_id bigint DEFAULT NULL,
  touch_tool_id bigint DEFAULT NULL,
  touch_subid varchar(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  touch_visit_id bigint DEFAULT NULL,
  touched_at datetime(6) DEFAULT NULL,
  lead_partner_id bigint DEFAULT NULL,
  lead_tool_id bigint DEFAULT NULL,
  lead_subid varchar(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  browser varbinary(16) NOT NULL DEFAULT '',
  logged_in tinyint NOT NULL DEFAULT 0,
  confirmed tinyint NOT NULL DEFAULT 0,
  click_claim_id bigint DEFAULT NULL,
  network_claim_id bigint DEFAULT NULL,
  check_partner_id bigint DEFAULT NULL,
  touch_page varchar(160) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  lead_page varchar(160) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  PRIMARY KEY (id),
  UNIQUE KEY wp_partner_center_forms_fact (source,kind,external_id),
  KEY wp_partner_center_forms_contact (contact_id,occurred_at,id),
  KEY wp_partner_center_forms_lead (lead_partner_id,day,lead_tool_id,lead_subid),
  KEY wp_partner_center_forms_click (click_claim_id,contact_id),
  KEY wp_partner_center_forms_network (network_claim_id,contact_id,occurred_at),
  KEY wp_partner_center_forms_check (check_partner_id),
  KEY wp_partner_center_forms_tool (lead_tool_id,day),
  KEY wp_partner_center_forms_day (day,lead_partner_id,lead_tool_id,lead_subid)
);

-- One click, or one network on one day, by which forms named contacts (D41). ref is
-- the visit's id, or a keyed hash of network and day. over_at is set once they are
-- more distinct addresses than the limit: forms from then on are to be checked, and
-- of a click all of them. refold counts up when contacts have to be folded anew.
CREATE TABLE wp_partner_center_claims (
  id bigint NOT NULL AUTO_INCREMENT,
  kind varchar(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  ref varbinary(40) NOT NULL,
  partner_id bigint DEFAULT NULL,
  made_at datetime(6) NOT NULL,
  over_at datetime(6) DEFAULT NULL,
  verdict varchar(9) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  decided_at datetime(6) DEFAULT NULL,
  actor varchar(190) NOT NULL DEFAULT '',
  reason varchar(255) NOT NULL DEFAULT '',
  refold int NOT NULL DEFAULT 0,
  PRIMARY KEY (id),
  UNIQUE KEY wp_partner_center_claims_ref (kind,ref),
  KEY wp_partner_center_claims_over (verdict,over_at),
  KEY wp_partner_center_claims_refold (refold)
);

-- Tokens pct= that were turned into a click's cookie, by their visit: each works
-- once (D35). Pruned a day later, long after they have expired.
CREATE TABLE wp_partner_center_click_tokens (
  visit_id bigint NOT NULL,
  used_at datetime(6) NOT NULL,
  PRIMARY KEY (visit_id),
  KEY wp_partner_center_click_tokens_used (used_at)
);

-- Resets of referral right: from made_at on, until undone_at, only later clicks
-- let a referrer of the contacts earn. No referrer is deleted (S130, S132).
CREATE TABLE wp_partner_center_resets (
  id bigint NOT NULL AUTO_INCREMENT,
  made_at datetime(6) NOT NULL,
  actor varchar(190) NOT NULL,
  reason varchar(255) NOT NULL,
  contacts int NOT NULL,
  undone_at datetime(6) DEFAULT NULL,
  undone_by varchar(190) NOT NULL DEFAULT '',
  after_id bigint DEFAULT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY wp_partner_center_resets_after (after_id)
);

-- The contacts of each reset, as they were listed when it was made.
CREATE TABLE wp_partner_center_reset_contacts (
  contact_id bigint NOT NULL,
  reset_id bigint NOT NULL,
  PRIMARY KEY (contact_id,reset_id),
  KEY wp_partner_center_reset_contacts_reset (reset_id)
);


-- Coupons: codes of the shop that are partners'
-- ---------------------------------------------

-- What a program's coupons give (B17): each of its partners gets a code in the shop,
-- made by the pattern and kept as the template says. revision counts its changes.
-- amount is a percentage (kind percent) or an amount in the shop's currency (fixed);
-- minimum is the least that a basket must cost, 0 for any.
CREATE TABLE wp_partner_center_coupon_templates (
  program_id bigint NOT NULL,
  revision int NOT NULL,
  active tinyint NOT NULL,
  shop varchar(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  pattern varchar(64) NOT NULL,
  kind varchar(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  amount decimal(19,4) NOT NULL,
  minimum decimal(19,4) NOT NULL,
  currency char(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  expires_on date DEFAULT NULL,
  once tinyint NOT NULL,
  alone tinyint NOT NULL,
  partners_choose tinyint NOT NULL,
  updated_at datetime(6) NOT NULL,
  PRIMARY KEY (program_id)
);

-- Coupon codes that belong to partners (B17), each from starts_at until ends_at; in a
-- shop a code is one partner's at a time (active: 1, NULL once it has ended). Those that
-- were made by a template (made) are kept in the shop as it says; of them a partner has
-- one at a time (main: 1, else NULL). Others are the shop's own, assigned by an admin.
-- code is in capitals, as people may type it either way.
-- pushed_* is what the shop is known to have: by which program's template and revision,
-- and whether the code works (pushed_on: 0, 1; 2 not known, NULL never there). problem
-- and error say why the shop did not take it; next_at is when it is tried again.
CREATE TABLE wp_partner_center_coupons (
  id bigint NOT NULL AUTO_INCREMENT,
  partner_id bigint NOT NULL,
  shop varchar(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  code varchar(190) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  made tinyint NOT NULL,
  main tinyint DEFAULT NULL,
  active tinyint DEFAULT NULL,
  starts_at datetime(6) NOT NULL,
  ends_at datetime(6) DEFAULT NULL,
  pushed_program bigint DEFAULT NULL,
  pushed_revision int NOT NULL DEFAULT 0,
  pushed_on tinyint DEFAULT NULL,
  problem varchar(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  error varchar(255) NOT NULL DEFAULT '',
  attempts int NOT NULL DEFAULT 0,
  next_at datetime(6) NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY wp_partner_center_coupons_code (shop,code,active),
  UNIQUE KEY wp_partner_center_coupons_main (partner_id,shop,main),
  KEY wp_partner_center_coupons_named (code)
);


-- Sales: orders and what was decided on them
-- ------------------------------------------

-- Orders as they stand: the state of the highest version seen (B3, D17).
-- status is unpaid, paid, failed or void (D15, S18). contact_id is NULL when the
-- order names no usable e-mail. review names why an admin must look. The orders of
-- a range of time are found by placed_at.
CREATE TABLE wp_partner_center_orders (
  id bigint NOT NULL AUTO_INCREMENT,
  source varchar(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  external_id varchar(190) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  number varchar(64) NOT NULL,
  version bigint NOT NULL,
  status varchar(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  currency char(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  total decimal(19,4) NOT NULL,
  contact_id bigint DEFAULT NULL,
  subscription_id varchar(190) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT NULL,
  placed_at datetime(6) NOT NULL,
  day date NOT NULL,
  paid_at datetime(6) DEFAULT NULL,
  visit_id bigint DEFAULT NULL,
  note varchar(500) NOT NULL DEFAULT '',
  review varchar(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  created_at datetime(6) NOT NULL,
  updated_at datetime(6) NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY wp_partner_center_orders_external (source,external_id),
  KEY wp_partner_center_orders_contact (contact_id,placed_at),
  KEY wp_partner_center_orders_subscription (subscription_id),
  KEY wp_partner_center_orders_review (review),
  KEY wp_partner_center_orders_placed (placed_at,id),
  KEY wp_partner_center_orders_day (day,id),
  KEY wp_partner_center_orders_number (number),
  KEY wp_partner_center_orders_status (status,day,id)
);

-- Every state of an order that was received, as received, with what became of it.
CREATE TABLE wp_partner_center_order_states (
  order_id bigint NOT NULL,
  version bigint NOT NULL,
  received_at datetime(6) NOT NULL,
  outcome varchar(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  payload mediumtext NOT NULL,
  PRIMARY KEY (order_id,version)
);

-- Who an order's state says placed and paid it: names, e-mails, the click cookie, the
-- note, as JSON. Apart from the state, so that a person can be cut out of orders
-- without touching what the books follow from (D37).
CREATE TABLE wp_partner_center_order_persons (
  order_id bigint NOT NULL,
  version bigint NOT NULL,
  person mediumtext NOT NULL,
  PRIMARY KEY (order_id,version)
);

-- Lines of orders as they stand, of what they consist as their source says: net is
-- after discounts, without tax and shipping; shipping is the line's share of the
-- order's; of each part what was given back. base and refunded are the sums of those
-- parts that the program of the order's decision takes percentages of (D8); spread is
-- the line's share of refunds that named no line (D25).
CREATE TABLE wp_partner_center_order_lines (
  id bigint NOT NULL AUTO_INCREMENT,
  order_id bigint NOT NULL,
  line varchar(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  product_id bigint DEFAULT NULL,
  name varchar(190) NOT NULL,
  quantity decimal(19,4) NOT NULL,
  base decimal(19,4) NOT NULL,
  refunded decimal(19,4) NOT NULL DEFAULT 0.0000,
  spread decimal(19,4) NOT NULL DEFAULT 0.0000,
  net decimal(19,4) NOT NULL DEFAULT 0.0000,
  net_refunded decimal(19,4) NOT NULL DEFAULT 0.0000,
  discount decimal(19,4) NOT NULL DEFAULT 0.0000,
  discount_refunded decimal(19,4) NOT NULL DEFAULT 0.0000,
  tax decimal(19,4) NOT NULL DEFAULT 0.0000,
  tax_refunded decimal(19,4) NOT NULL DEFAULT 0.0000,
  shipping decimal(19,4) NOT NULL DEFAULT 0.0000,
  shipping_refunded decimal(19,4) NOT NULL DEFAULT 0.0000,
  PRIMARY KEY (id),
  UNIQUE KEY wp_partner_center_order_lines_line (order_id,line),
  KEY wp_partner_center_order_lines_product (product_id)
);

-- Partners' coupons that an order used when it was first decided on: later states add
-- none and take none away (D16). used_at is when the code came into the basket.
CREATE TABLE wp_partner_center_order_coupons (
  order_id bigint NOT NULL,
  coupon_id bigint NOT NULL,
  used_at datetime(6) NOT NULL,
  PRIMARY KEY (order_id,coupon_id),
  KEY wp_partner_center_order_coupons_coupon (coupon_id)
);

-- Subscriptions and instalment plans, by the id that their payments share. The
-- row is locked by whatever decides on one of the payments, so that those which
-- come at once see the decision they follow (D23).
CREATE TABLE wp_partner_center_subscriptions (
  source varchar(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  external_id varchar(190) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  PRIMARY KEY (source,external_id)
);

-- Who is credited for an order and why, decided once for each decision version; a
-- re-run begins the next (D16, D24). trace is the whole reasoning (B2).
-- What the program's policy said then is kept: its version, what becomes of the
-- commissions by themselves (auto: approve, or decide: an admin must) and for how
-- many days they wait (S76, S133), whether flat commissions count for each unit ('')
-- or once for each line (flat_per, D9), and what percentages are taken of beside lines
-- after discounts (base: discount, tax, shipping, joined by commas, D8).
-- locked_terms holds, as JSON, which terms each product of the order earns by, 0 for
-- none; later states keep to them. leads_renewals tells that the later payments of the
-- order's subscription follow this decision, follows_id which one this decision
-- followed (D23). choice is how an admin had it re-decided, '' when no admin did (D24).
-- unproven tells that the credited referrer was not proven then (D41).
CREATE TABLE wp_partner_center_decisions (
  id bigint NOT NULL AUTO_INCREMENT,
  order_id bigint NOT NULL,
  decision_version smallint NOT NULL,
  reason varchar(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  via varchar(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  partner_id bigint DEFAULT NULL,
  recruiter_id bigint DEFAULT NULL,
  program_id bigint DEFAULT NULL,
  membership_id bigint DEFAULT NULL,
  tool_id bigint DEFAULT NULL,
  subid varchar(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  settings_version int NOT NULL,
  decided_at datetime(6) NOT NULL,
  actor varchar(190) NOT NULL,
  trace mediumtext NOT NULL,
  policy_version int NOT NULL DEFAULT 0,
  auto varchar(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  hold_days smallint NOT NULL DEFAULT 0,
  flat_per varchar(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  locked_terms mediumtext DEFAULT NULL,
  leads_renewals tinyint NOT NULL DEFAULT 1,
  follows_id bigint DEFAULT NULL,
  choice varchar(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  unproven tinyint NOT NULL DEFAULT 0,
  base varchar(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  page varchar(160) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  PRIMARY KEY (id),
  UNIQUE KEY wp_partner_center_decisions_version (order_id,decision_version),
  KEY wp_partner_center_decisions_partner (partner_id)
);

-- Sales that partners miss (B13): what they know of one, which order it may be, and
-- what they were answered. number, email and note are theirs and can be emptied.
CREATE TABLE wp_partner_center_missing_sales (
  id bigint NOT NULL AUTO_INCREMENT,
  partner_id bigint NOT NULL,
  number varchar(190) NOT NULL DEFAULT '',
  email varchar(190) NOT NULL DEFAULT '',
  day date NOT NULL,
  note varchar(1000) NOT NULL DEFAULT '',
  order_id bigint DEFAULT NULL,
  asked_at datetime(6) NOT NULL,
  answer varchar(1000) NOT NULL DEFAULT '',
  actor varchar(190) NOT NULL DEFAULT '',
  answered_at datetime(6) DEFAULT NULL,
  PRIMARY KEY (id),
  KEY wp_partner_center_missing_sales_partner (partner_id,asked_at),
  KEY wp_partner_center_missing_sales_open (answered_at,id)
);


-- Books: who is owed what
-- -----------------------

-- One commission for each order line and level. A re-run starts a decision version, an
-- upward change after approval adds a sequence (D22).
-- amount, status, stage, granted and the four amounts are views of the journals, kept in the
-- same transaction and proven by verify. stage is the status it would have if nothing had
-- been taken back; granted, up to which it may rise again without a new approval;
-- pending, payable (negative: a clawback not yet settled), in_payout and paid tell where
-- its money is.
-- not_before is until when it is on hold (S76), approve_at when it is approved by itself,
-- NULL for never (S133). base is what it is calculated on; up to granted_base, the base
-- on which it was approved, it may rise again. Bases of a line and level may be summed (S37).
-- paid_base is what was left of the line's base when the commission went into the
-- payout that stands, clawback what refunds took back since: both for # Refunds and
-- Total Refunds (S40, S41).
CREATE TABLE wp_partner_center_commissions (
  id bigint NOT NULL AUTO_INCREMENT,
  order_id bigint NOT NULL,
  line_id bigint NOT NULL,
  level tinyint NOT NULL,
  decision_version smallint NOT NULL,
  sequence smallint NOT NULL,
  partner_id bigint NOT NULL,
  program_id bigint NOT NULL,
  product_id bigint NOT NULL,
  tool_id bigint DEFAULT NULL,
  subid varchar(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  currency char(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  base decimal(19,4) NOT NULL,
  amount decimal(19,4) NOT NULL,
  status varchar(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  reason varchar(255) NOT NULL DEFAULT '',
  occurred_at datetime(6) NOT NULL,
  day date NOT NULL,
  not_before datetime(6) DEFAULT NULL,
  journals int NOT NULL DEFAULT 0,
  updated_at datetime(6) NOT NULL,
  stage varchar(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  granted decimal(19,4) NOT NULL,
  pending decimal(19,4) NOT NULL,
  payable decimal(19,4) NOT NULL,
  in_payout decimal(19,4) NOT NULL,
  paid decimal(19,4) NOT NULL,
  approve_at datetime(6) DEFAULT NULL,
  granted_base decimal(19,4) NOT NULL DEFAULT 0.0000,
  paid_base decimal(19,4) DEFAULT NULL,
  clawback decimal(19,4) NOT NULL DEFAULT 0.0000,
  page varchar(160) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  PRIMARY KEY (id),
  UNIQUE KEY wp_partner_center_commissions_key (line_id,level,decision_version,sequence),
  KEY wp_partner_center_commissions_order (order_id),
  KEY wp_partner_center_commissions_partner (partner_id,day,id),
  KEY wp_partner_center_commissions_due (partner_id,currency,payable),
  KEY wp_partner_center_commissions_approve (status,approve_at),
  KEY wp_partner_center_commissions_stage (partner_id,status,currency,amount),
  KEY wp_partner_center_commissions_orders (status,order_id,id),
  KEY wp_partner_center_commissions_day (day,id),
  KEY wp_partner_center_commissions_tool (tool_id,day),
  KEY wp_partner_center_commissions_listed (status,day,id,currency,amount,base,not_before,occurred_at,order_id,partner_id,program_id,tool_id,product_id),
  KEY wp_partner_center_commissions_amount (amount,id),
  KEY wp_partner_center_commissions_base (base,id)
);

-- Money that no order gives: adjustments, write-offs, opening balances, and the
-- counter entries that undo them (S140). amount is signed, for the partner; the
-- views of the journals are those of commissions. form_id tells a form sent twice.
CREATE TABLE wp_partner_center_manuals (
  id bigint NOT NULL AUTO_INCREMENT,
  partner_id bigint NOT NULL,
  currency char(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  kind varchar(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  amount decimal(19,4) NOT NULL,
  reason varchar(255) NOT NULL,
  undoes_id bigint DEFAULT NULL,
  form_id varchar(64) CHARACTER SET ascii COLLATE ascii_bin DEFAULT NULL,
  occurred_at datetime(6) NOT NULL,
  day date NOT NULL,
  actor varchar(190) NOT NULL,
  created_at datetime(6) NOT NULL,
  updated_at datetime(6) NOT NULL,
  journals int NOT NULL DEFAULT 0,
  status varchar(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  stage varchar(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  pending decimal(19,4) NOT NULL,
  payable decimal(19,4) NOT NULL,
  in_payout decimal(19,4) NOT NULL,
  paid decimal(19,4) NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY wp_partner_center_manuals_undone (undoes_id),
  UNIQUE KEY wp_partner_center_manuals_form (form_id),
  KEY wp_partner_center_manuals_due (partner_id,currency,payable),
  KEY wp_partner_center_manuals_day (day,id)
);

-- Every change of money, never altered afterwards: one partner, one currency, one
-- cause. A journal is of a commission or of a manual entry; seq counts those of each,
-- given under its lock. seal is the SHA-256 of what the row said when it was written.
CREATE TABLE wp_partner_center_journals (
  id bigint NOT NULL AUTO_INCREMENT,
  partner_id bigint NOT NULL,
  currency char(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  commission_id bigint DEFAULT NULL,
  manual_id bigint DEFAULT NULL,
  seq int DEFAULT NULL,
  kind varchar(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  payout_line_id bigint DEFAULT NULL,
  related_id bigint DEFAULT NULL,
  occurred_at datetime(6) NOT NULL,
  day date NOT NULL,
  recorded_at datetime(6) NOT NULL,
  actor varchar(190) NOT NULL,
  reason varchar(255) NOT NULL DEFAULT '',
  seal binary(32) DEFAULT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY wp_partner_center_journals_seq (commission_id,seq),
  UNIQUE KEY wp_partner_center_journals_manual (manual_id,seq),
  KEY wp_partner_center_journals_partner (partner_id,currency,id),
  KEY wp_partner_center_journals_kind (partner_id,kind,day,id),
  KEY wp_partner_center_journals_day (day,id),
  KEY wp_partner_center_journals_payout (payout_line_id),
  KEY wp_partner_center_journals_recorded (recorded_at)
);

-- The amounts of journals by account; those of one journal sum to zero (D19).
CREATE TABLE wp_partner_center_entries (
  journal_id bigint NOT NULL,
  account varchar(9) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  amount decimal(19,4) NOT NULL,
  PRIMARY KEY (journal_id,account),
  CONSTRAINT wp_partner_center_entries_journal FOREIGN KEY (journal_id) REFERENCES wp_partner_center_journals (id)
);

-- What the entries of a partner and currency sum to, by account; kept in the same
-- transaction as the entries and proven by verify.
CREATE TABLE wp_partner_center_balances (
  partner_id bigint NOT NULL,
  currency char(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  expense decimal(19,4) NOT NULL DEFAULT 0.0000,
  pending decimal(19,4) NOT NULL DEFAULT 0.0000,
  payable decimal(19,4) NOT NULL DEFAULT 0.0000,
  in_payout decimal(19,4) NOT NULL DEFAULT 0.0000,
  paid decimal(19,4) NOT NULL DEFAULT 0.0000,
  PRIMARY KEY (partner_id,currency),
  KEY wp_partner_center_balances_due (currency,payable)
);


-- Reports: sums that are kept of what is above
-- --------------------------------------------

-- Up to which day of a month (not included) the sums of a partner in day_sums are
-- what the rows that they were made of say. Whoever changes a row of an earlier day
-- takes `until` back to that day in the same transaction; `whole` is 1 while the whole
-- month is right.
CREATE TABLE wp_partner_center_rolls (
  partner_id bigint NOT NULL,
  month date NOT NULL,
  until date NOT NULL,
  whole tinyint NOT NULL DEFAULT 0,
  PRIMARY KEY (partner_id,month),
  KEY wp_partner_center_rolls_work (whole,until)
);

-- The figures of a partner by day and month, by promo tool and by SubID, so that
-- reports do not read each visit and sale: part is d for all, t by tool, s by SubID
-- (source); span is d for a day, m for a month, which begins on start. shown is 1
-- for what partners see whose program hides pending commissions. currency is '' for
-- clicks and leads. Strangers choose SubIDs: the smallest of a day or month are
-- one row, whose source is *.
CREATE TABLE wp_partner_center_day_sums (
  partner_id bigint NOT NULL,
  part char(1) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  shown tinyint NOT NULL,
  span char(1) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  start date NOT NULL,
  source varchar(160) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  currency char(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  clicks bigint NOT NULL DEFAULT 0,
  uniques bigint NOT NULL DEFAULT 0,
  leads bigint NOT NULL DEFAULT 0,
  orders bigint NOT NULL DEFAULT 0,
  refunds bigint NOT NULL DEFAULT 0,
  sales decimal(19,4) NOT NULL DEFAULT 0.0000,
  commission decimal(19,4) NOT NULL DEFAULT 0.0000,
  refunded decimal(19,4) NOT NULL DEFAULT 0.0000,
  PRIMARY KEY (partner_id,part,shown,span,start,source,currency)
);


-- Payouts
-- -------

-- Payout batches, one currency each: where a batch stands (B16), what it takes
-- (cutoff_at, NULL: everything) and how its PayPal file is written, which stays as it
-- was when the file was made. form_id tells a form sent twice.
CREATE TABLE wp_partner_center_payouts (
  id bigint NOT NULL AUTO_INCREMENT,
  code varchar(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  currency char(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  created_at datetime(6) NOT NULL,
  actor varchar(190) NOT NULL,
  note varchar(255) NOT NULL DEFAULT '',
  state varchar(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'settled',
  cutoff_at datetime(6) DEFAULT NULL,
  format varchar(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  decimal_comma tinyint NOT NULL DEFAULT 0,
  filed_at datetime(6) DEFAULT NULL,
  filed_by varchar(190) NOT NULL DEFAULT '',
  sent_at datetime(6) DEFAULT NULL,
  form_id varchar(64) CHARACTER SET ascii COLLATE ascii_bin DEFAULT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY wp_partner_center_payouts_code (code),
  UNIQUE KEY wp_partner_center_payouts_form (form_id),
  KEY wp_partner_center_payouts_state (state,id)
);

-- What one partner gets in a batch, with the address as it stood then: for PayPal, or
-- payee and address of a check. States are kept here, because a single payment may
-- come back (D20, D21): return_reason tells why, returned_day is the site's day of it,
-- for the totals of years. A line is never deleted: one that left its batch is closed,
-- with what it would have paid, because journals may name it. exception is why a line was paid below the threshold.
CREATE TABLE wp_partner_center_payout_lines (
  id bigint NOT NULL AUTO_INCREMENT,
  payout_id bigint NOT NULL,
  partner_id bigint NOT NULL,
  currency char(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  amount decimal(19,4) NOT NULL,
  method varchar(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  paypal_email varchar(190) NOT NULL DEFAULT '',
  state varchar(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  updated_at datetime(6) NOT NULL,
  settled_at datetime(6) DEFAULT NULL,
  day date DEFAULT NULL,
  payee varchar(190) NOT NULL DEFAULT '',
  address varchar(500) NOT NULL DEFAULT '',
  check_number varchar(40) NOT NULL DEFAULT '',
  reference varchar(100) NOT NULL DEFAULT '',
  exception varchar(255) NOT NULL DEFAULT '',
  returned_at datetime(6) DEFAULT NULL,
  return_reason varchar(255) NOT NULL DEFAULT '',
  returned_day date DEFAULT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY wp_partner_center_payout_lines_partner (payout_id,partner_id),
  KEY wp_partner_center_payout_lines_state (payout_id,state,id),
  KEY wp_partner_center_payout_lines_history (partner_id,state,settled_at),
  KEY wp_partner_center_payout_lines_day (day,id),
  KEY wp_partner_center_payout_lines_returned (returned_day),
  KEY wp_partner_center_payout_lines_paypal (paypal_email),
  KEY wp_partner_center_payout_lines_payee (payee),
  KEY wp_partner_center_payout_lines_check (check_number)
);

-- What a payout line pays, and how much of each: commissions and manual entries, of
-- which one of the two ids is 0.
CREATE TABLE wp_partner_center_payout_items (
  line_id bigint NOT NULL,
  commission_id bigint NOT NULL,
  manual_id bigint NOT NULL DEFAULT 0,
  amount decimal(19,4) NOT NULL,
  PRIMARY KEY (line_id,commission_id,manual_id),
  KEY wp_partner_center_payout_items_commission (commission_id),
  KEY wp_partner_center_payout_items_manual (manual_id)
);

-- The PayPal files of a batch: made from its lines whenever they are asked for,
-- and the same bytes as the first time, which the sum proves.
CREATE TABLE wp_partner_center_payout_files (
  payout_id bigint NOT NULL,
  part smallint NOT NULL,
  name varchar(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  line_count int NOT NULL,
  total decimal(19,4) NOT NULL,
  sha256 char(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (payout_id,part)
);


-- Log: who did what
-- -----------------

-- Every action of an admin: who did what to which object and why, written in the
-- transaction of the action itself. How the object looked before and after stands in
-- audit_values under the digest, which is NULL when there is nothing to say.
CREATE TABLE wp_partner_center_audit (
  id bigint NOT NULL AUTO_INCREMENT,
  at datetime(6) NOT NULL,
  actor varchar(190) NOT NULL,
  action varchar(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  object varchar(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  object_id bigint DEFAULT NULL,
  digest binary(32) DEFAULT NULL,
  reason varchar(255) NOT NULL DEFAULT '',
  place bigint DEFAULT NULL,
  seal binary(64) DEFAULT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY wp_partner_center_audit_place (place),
  KEY wp_partner_center_audit_object (object,object_id,id)
);

-- What audited objects looked like before and after: the part of the audit in which
-- persons may stand. Found by the digest in the audit's row, which is the SHA-256 of
-- salt and values: erasing a row here leaves the audit whole, and nobody can guess
-- from the digest what stood here (D37).
CREATE TABLE wp_partner_center_audit_values (
  digest binary(32) NOT NULL,
  salt binary(16) NOT NULL,
  before_json mediumtext DEFAULT NULL,
  after_json mediumtext DEFAULT NULL,
  origin varchar(64) CHARACTER SET ascii COLLATE ascii_bin DEFAULT NULL,
  PRIMARY KEY (digest)
);


-- WordPress: what it reports and what it is asked to do
-- -----------------------------------------------------

-- Facts of WordPress, appended by the plugin, drained by the sidecar exactly once.
-- The plugin creates the same table; whoever is installed first does. Frozen:
-- payloads carry their own version in v. click is the raw click cookie of the
-- request, judged as of occurred_at.
CREATE TABLE wp_partner_center_inbox (
  id bigint NOT NULL AUTO_INCREMENT,
  kind varchar(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  source varchar(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  external_id varchar(190) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  seq bigint NOT NULL DEFAULT 0,
  v smallint NOT NULL DEFAULT 1,
  occurred_at datetime(6) NOT NULL,
  click varchar(512) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  payload mediumtext NOT NULL,
  created_at datetime(6) NOT NULL,
  done_at datetime(6) DEFAULT NULL,
  attempts smallint NOT NULL DEFAULT 0,
  retry_at datetime(6) DEFAULT NULL,
  error varchar(500) NOT NULL DEFAULT '',
  PRIMARY KEY (id),
  UNIQUE KEY wp_partner_center_inbox_fact (source,kind,external_id,seq),
  KEY wp_partner_center_inbox_open (done_at,retry_at,id)
);

-- The number of each order's latest state, raised by the plugin before it reads
-- the order; of the states in the inbox, the highest counts. reported and digest
-- say which state was reported last. The plugin creates the same table.
CREATE TABLE wp_partner_center_order_seqs (
  source varchar(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  external_id varchar(190) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  seq bigint NOT NULL DEFAULT 0,
  reported bigint NOT NULL DEFAULT 0,
  digest char(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  PRIMARY KEY (source,external_id)
);

-- The mail outbox: written in the transaction of the event, once for each event
-- and recipient, sent by whoever holds the lease.
CREATE TABLE wp_partner_center_mails (
  id bigint NOT NULL AUTO_INCREMENT,
  event varchar(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  recipient varchar(190) NOT NULL,
  wp_user_id bigint DEFAULT NULL,
  partner_id bigint DEFAULT NULL,
  kind varchar(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  optional tinyint NOT NULL DEFAULT 0,
  subject varchar(255) NOT NULL,
  body_text mediumtext NOT NULL,
  body_html mediumtext NOT NULL,
  state varchar(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  attempts smallint NOT NULL DEFAULT 0,
  next_at datetime(6) NOT NULL,
  sent_at datetime(6) DEFAULT NULL,
  error varchar(500) NOT NULL DEFAULT '',
  created_at datetime(6) NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY wp_partner_center_mails_once (event,recipient),
  KEY wp_partner_center_mails_due (state,next_at),
  KEY wp_partner_center_mails_partner (partner_id,id),
  KEY wp_partner_center_mails_recipient (recipient,sent_at)
);

-- How mails are sent and what they look like: one row. The password of the mail
-- server is encrypted with a key of ours.
CREATE TABLE wp_partner_center_mail_settings (
  id tinyint NOT NULL,
  version int NOT NULL,
  data text NOT NULL,
  password varbinary(600) DEFAULT NULL,
  updated_at datetime(6) NOT NULL,
  PRIMARY KEY (id)
);

-- Messages that an admin has written: subject and text with merge fields. The
-- HTML is cleaned when it is saved; a plain text of "" is made of the HTML.
CREATE TABLE wp_partner_center_messages (
  id bigint NOT NULL AUTO_INCREMENT,
  name varchar(190) NOT NULL,
  occasion varchar(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  subject varchar(255) NOT NULL,
  body_html mediumtext NOT NULL,
  body_text mediumtext NOT NULL,
  created_at datetime(6) NOT NULL,
  updated_at datetime(6) NOT NULL,
  archived_at datetime(6) DEFAULT NULL,
  PRIMARY KEY (id)
);

-- Which mails a program sends, and with which text. Program 0 is the whole site:
-- mails to its admins. Without a row an occasion is as it comes; message 0 is the
-- ready-made text, in the language of each reader.
CREATE TABLE wp_partner_center_message_uses (
  program_id bigint NOT NULL,
  occasion varchar(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  is_on tinyint NOT NULL,
  message_id bigint NOT NULL DEFAULT 0,
  updated_at datetime(6) NOT NULL,
  PRIMARY KEY (program_id,occasion),
  KEY wp_partner_center_message_uses_message (message_id)
);

-- What people are to be written about: a row of ids, added in the transaction in
-- which it happens, so that a letter that cannot be written undoes nothing and is
-- not lost either. The mail itself is written from it, once for each recipient.
CREATE TABLE wp_partner_center_message_events (
  id bigint NOT NULL AUTO_INCREMENT,
  once_key varchar(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  occasion varchar(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  program_id bigint NOT NULL,
  partner_id bigint NOT NULL,
  facts text NOT NULL,
  state varchar(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  attempts smallint NOT NULL DEFAULT 0,
  next_at datetime(6) NOT NULL,
  done_at datetime(6) DEFAULT NULL,
  error varchar(500) NOT NULL DEFAULT '',
  created_at datetime(6) NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY wp_partner_center_message_events_once (once_key),
  KEY wp_partner_center_message_events_due (state,next_at),
  KEY wp_partner_center_message_events_done (done_at)
);

-- The milestones of a program: an amount of sales in a currency, or a number of
-- sales (currency '').
CREATE TABLE wp_partner_center_milestones (
  id bigint NOT NULL AUTO_INCREMENT,
  program_id bigint NOT NULL,
  currency varchar(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  amount decimal(19,4) NOT NULL,
  created_at datetime(6) NOT NULL,
  archived_at datetime(6) DEFAULT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY wp_partner_center_milestones_once (program_id,currency,amount)
);

-- Who has passed a milestone, once for ever: with a mail, or without one, when a
-- higher one was reached at once or the milestone came later.
CREATE TABLE wp_partner_center_milestone_passes (
  milestone_id bigint NOT NULL,
  contact_id bigint NOT NULL,
  partner_id bigint NOT NULL,
  mailed tinyint NOT NULL,
  passed_at datetime(6) NOT NULL,
  PRIMARY KEY (milestone_id,contact_id)
);

-- What a partner had sold in a program when it was looked at last, by currency ('':
-- the number of sales): a milestone is reached when it lies between this and what
-- they have sold now.
CREATE TABLE wp_partner_center_milestone_standings (
  partner_id bigint NOT NULL,
  program_id bigint NOT NULL,
  currency varchar(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  amount decimal(19,4) NOT NULL,
  updated_at datetime(6) NOT NULL,
  PRIMARY KEY (partner_id,program_id,currency)
);

-- What WordPress is asked to do (make a user, give a role), once for each key,
-- repeated until it has answered.
CREATE TABLE wp_partner_center_jobs (
  id bigint NOT NULL AUTO_INCREMENT,
  name varchar(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  once_key varchar(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  payload mediumtext NOT NULL,
  state varchar(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  attempts smallint NOT NULL DEFAULT 0,
  next_at datetime(6) NOT NULL,
  done_at datetime(6) DEFAULT NULL,
  error varchar(500) NOT NULL DEFAULT '',
  created_at datetime(6) NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY wp_partner_center_jobs_once (name,once_key),
  KEY wp_partner_center_jobs_due (state,next_at)
);

-- Long work that goes on by itself, part by part: kind and params say what, place
-- where the next part begins. done items were looked at, changed of them were
-- changed. holder works on it until held_until; then anybody may take it over.
-- total is how many items there are to do, as far as that is known.
CREATE TABLE wp_partner_center_tasks (
  id bigint NOT NULL AUTO_INCREMENT,
  kind varchar(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  once_key varchar(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  params mediumblob NOT NULL,
  actor varchar(100) NOT NULL,
  state varchar(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  total bigint NOT NULL,
  done bigint NOT NULL DEFAULT 0,
  changed bigint NOT NULL DEFAULT 0,
  notes varchar(2000) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '{}',
  place varchar(255) NOT NULL DEFAULT '',
  attempts int NOT NULL DEFAULT 0,
  next_at datetime(6) NOT NULL,
  holder varchar(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  held_until datetime(6) DEFAULT NULL,
  created_at datetime(6) NOT NULL,
  updated_at datetime(6) NOT NULL,
  ended_at datetime(6) DEFAULT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY wp_partner_center_tasks_once (kind,once_key),
  KEY wp_partner_center_tasks_due (state,next_at)
);

-- Files that long work made, in pieces, for whoever started it: a file is whole when
-- its task is done, and is removed a day later. They may name persons.
CREATE TABLE wp_partner_center_task_files (
  task_id bigint NOT NULL,
  number int NOT NULL,
  bytes mediumblob NOT NULL,
  PRIMARY KEY (task_id,number)
);

-- Files of partners or contacts: checked, then taken in by a task, and taken back
-- where that can be. headings are what the file calls its columns and what they
-- become, as JSON; like the cells of the lines they are emptied at the end.
CREATE TABLE wp_partner_center_imports (
  id bigint NOT NULL AUTO_INCREMENT,
  kind varchar(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  state varchar(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  program_id bigint DEFAULT NULL,
  headings text NOT NULL,
  line_count int NOT NULL,
  task_id bigint DEFAULT NULL,
  actor varchar(100) NOT NULL,
  created_at datetime(6) NOT NULL,
  updated_at datetime(6) NOT NULL,
  PRIMARY KEY (id),
  KEY wp_partner_center_imports_listed (kind,id),
  KEY wp_partner_center_imports_old (state,updated_at)
);

-- The lines of a file, by their number in it: what they say (JSON by column, emptied
-- at the end), what would become of them (plan), what became of them (result, blank
-- until then), and the sentence about it, as a packed text of the catalogue.
CREATE TABLE wp_partner_center_import_lines (
  import_id bigint NOT NULL,
  line int NOT NULL,
  cells mediumtext NOT NULL,
  plan varchar(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  result varchar(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  field varchar(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  problem varchar(2000) NOT NULL DEFAULT '',
  contact_id bigint DEFAULT NULL,
  PRIMARY KEY (import_id,line)
);

-- Where running sidecars can be reached; signed, read by the plugin.
CREATE TABLE wp_partner_center_heartbeats (
  url varchar(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  version varchar(40) NOT NULL,
  beat_at datetime(6) NOT NULL,
  signature char(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  waiting varchar(255) NOT NULL DEFAULT '',
  PRIMARY KEY (url)
);

-- Signed calls that changed something, so that none can be replayed.
CREATE TABLE wp_partner_center_nonces (
  nonce char(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  expires_at datetime(6) NOT NULL,
  PRIMARY KEY (nonce),
  KEY wp_partner_center_nonces_expiry (expires_at)
);


-- Other programs: who may call, what they reported, what they are told
-- --------------------------------------------------------------------

-- Keys of programs that call the API or place the pixel (B14, S124-S126). The
-- secret is not here: it is derived from our own key number ring_key and public_id.
-- kind: site (API) or pixel. partner_id: only this partner's sales come by it.
CREATE TABLE wp_partner_center_api_keys (
  id bigint NOT NULL AUTO_INCREMENT,
  public_id varchar(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  kind varchar(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  name varchar(100) NOT NULL,
  partner_id bigint DEFAULT NULL,
  scopes varchar(500) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  ring_key int NOT NULL,
  created_by varchar(190) NOT NULL,
  created_at datetime(6) NOT NULL,
  revoked_at datetime(6) DEFAULT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY wp_partner_center_api_keys_public (public_id)
);

-- What a call with an idempotency key was answered, so that its repeat is told
-- the same. status 0: the call is being carried out since started_at.
CREATE TABLE wp_partner_center_api_answers (
  key_id bigint NOT NULL,
  idempotency_key varchar(190) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  request binary(32) NOT NULL,
  status smallint NOT NULL,
  body mediumtext NOT NULL,
  started_at datetime(6) NOT NULL,
  PRIMARY KEY (key_id,idempotency_key),
  KEY wp_partner_center_api_answers_age (started_at)
);

-- The latest calls of the API with their outcome, for admins who connect a
-- program. key_id is NULL where the caller was not recognized.
CREATE TABLE wp_partner_center_api_calls (
  id bigint NOT NULL AUTO_INCREMENT,
  key_id bigint DEFAULT NULL,
  at datetime(6) NOT NULL,
  method varchar(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  path varchar(300) NOT NULL,
  status smallint NOT NULL,
  outcome varchar(300) NOT NULL,
  micros int NOT NULL,
  PRIMARY KEY (id),
  KEY wp_partner_center_api_calls_key (key_id,id),
  KEY wp_partner_center_api_calls_age (at)
);

-- What the pixel reported (S124-S126), as it arrived: written before its picture
-- is answered, and then made an order. state: waiting, done, refused. verified:
-- signed with a key of the site. error says why it was refused, or is tried again.
CREATE TABLE wp_partner_center_pixel_calls (
  id bigint NOT NULL AUTO_INCREMENT,
  key_id bigint NOT NULL,
  at datetime(6) NOT NULL,
  query text NOT NULL,
  click varchar(200) NOT NULL DEFAULT '',
  page varchar(255) NOT NULL DEFAULT '',
  verified tinyint NOT NULL,
  external_id varchar(190) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL DEFAULT '',
  state varchar(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  outcome varchar(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  error varchar(300) NOT NULL DEFAULT '',
  order_id bigint DEFAULT NULL,
  attempts smallint NOT NULL DEFAULT 0,
  next_at datetime(6) NOT NULL,
  PRIMARY KEY (id),
  KEY wp_partner_center_pixel_calls_due (state,next_at,id),
  KEY wp_partner_center_pixel_calls_key (key_id,id)
);

-- Addresses of other programs that are told of events: webhooks of the site, and
-- postbacks of a partner, whose URL holds placeholders. events are separated by
-- blanks. retry_at: it failed the last times, and is left alone until then.
CREATE TABLE wp_partner_center_webhooks (
  id bigint NOT NULL AUTO_INCREMENT,
  code varchar(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  kind varchar(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  name varchar(100) NOT NULL,
  partner_id bigint DEFAULT NULL,
  url varchar(2000) NOT NULL,
  events varchar(500) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  ring_key int NOT NULL,
  failures int NOT NULL DEFAULT 0,
  retry_at datetime(6) DEFAULT NULL,
  created_by varchar(190) NOT NULL,
  created_at datetime(6) NOT NULL,
  removed_at datetime(6) DEFAULT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY wp_partner_center_webhooks_code (code),
  KEY wp_partner_center_webhooks_partner (partner_id)
);

-- What is told to whom: written in the transaction of the event, once for each
-- address, delivered in the order of ids for each object.
CREATE TABLE wp_partner_center_webhook_deliveries (
  id bigint NOT NULL AUTO_INCREMENT,
  webhook_id bigint NOT NULL,
  event_key varchar(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  event varchar(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  object varchar(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  object_id bigint NOT NULL,
  facts mediumtext NOT NULL,
  state varchar(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  attempts smallint NOT NULL DEFAULT 0,
  next_at datetime(6) NOT NULL,
  status smallint NOT NULL DEFAULT 0,
  error varchar(300) NOT NULL DEFAULT '',
  created_at datetime(6) NOT NULL,
  done_at datetime(6) DEFAULT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY wp_partner_center_webhook_deliveries_once (webhook_id,event_key),
  KEY wp_partner_center_webhook_deliveries_due (state,next_at,webhook_id),
  KEY wp_partner_center_webhook_deliveries_object (webhook_id,object,object_id,state)
);


-- Running
-- -------

-- Keys of our own (click cookies, visitor hashes), encrypted with the pairing key;
-- not derived from WordPress' salts, so that shuffling those voids no commission.
-- id counts each purpose's keys from 1: of two sidecars that make the same one, the
-- primary key lets one win.
CREATE TABLE wp_partner_center_secrets (
  purpose varchar(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  id int NOT NULL,
  sealed varbinary(255) NOT NULL,
  created_at datetime(6) NOT NULL,
  PRIMARY KEY (purpose,id)
);

-- Numbers 0..511 leased to running sidecars: part of visit ids and of roll-up keys.
CREATE TABLE wp_partner_center_instances (
  id smallint NOT NULL,
  holder varchar(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  expires_at datetime(6) NOT NULL,
  PRIMARY KEY (id)
);

-- Counters that tell every sidecar when what it keeps in memory is out of date.
-- Bumped in the transaction of the change, polled each second.
CREATE TABLE wp_partner_center_versions (
  name varchar(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  version bigint NOT NULL,
  PRIMARY KEY (name)
);

-- Who may do a job alone, and until when: migrating, draining the inbox.
CREATE TABLE wp_partner_center_leases (
  name varchar(64) NOT NULL,
  holder varchar(64) NOT NULL,
  expires_at datetime(6) NOT NULL,
  PRIMARY KEY (name)
);

-- How a user has set up a list: which columns, how many rows (S31).
CREATE TABLE wp_partner_center_screens (
  user_id bigint NOT NULL,
  list varchar(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  columns_shown varchar(1000) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  per_page int NOT NULL,
  updated_at datetime(6) NOT NULL,
  PRIMARY KEY (user_id,list)
);
