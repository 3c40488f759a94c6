-- +goose Up
-- What audited objects looked like before and after: the part of the audit in which
-- persons may stand. Found by the digest in the audit's row, which is the SHA-256 of
-- salt and values: erasing a row here leaves the audit whole, and nobody can guess
-- from the digest what stood here (D37).
CREATE TABLE {wp}partner_center_audit_values (
  digest BINARY(32) NOT NULL,
  salt BINARY(16) NOT NULL,
  before_json MEDIUMTEXT NULL,
  after_json MEDIUMTEXT NULL,
  PRIMARY KEY (digest)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
