-- +goose Up
-- Every action of an admin: who did what to which object and why, written in the
-- transaction of the action itself. How the object looked before and after stands in
-- audit_values under the digest, which is NULL when there is nothing to say.
CREATE TABLE {wp}partner_center_audit (
  id BIGINT NOT NULL AUTO_INCREMENT,
  at DATETIME(6) NOT NULL,
  actor VARCHAR(190) NOT NULL,
  action VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  object VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  object_id BIGINT NULL,
  digest BINARY(32) NULL,
  reason VARCHAR(255) NOT NULL DEFAULT '',
  PRIMARY KEY (id),
  KEY {wp}partner_center_audit_object (object, object_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
