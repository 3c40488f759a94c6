-- +goose Up
-- Keys of programs that call the API or place the pixel (B14, S124-S126). The
-- secret is not here: it is derived from our own key number ring_key and public_id.
-- kind: site (API) or pixel. partner_id: only this partner's sales come by it.
CREATE TABLE {wp}partner_center_api_keys (
  id BIGINT NOT NULL AUTO_INCREMENT,
  public_id VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  kind VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  name VARCHAR(100) NOT NULL,
  partner_id BIGINT NULL,
  scopes VARCHAR(500) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  ring_key INT NOT NULL,
  created_by VARCHAR(190) NOT NULL,
  created_at DATETIME(6) NOT NULL,
  revoked_at DATETIME(6) NULL,
  PRIMARY KEY (id),
  UNIQUE KEY {wp}partner_center_api_keys_public (public_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
