-- +goose Up
-- Partners' coupons that an order used when it was first decided on: later states add
-- none and take none away (D16). used_at is when the code came into the basket.
CREATE TABLE {wp}partner_center_order_coupons (
  order_id BIGINT NOT NULL,
  coupon_id BIGINT NOT NULL,
  used_at DATETIME(6) NOT NULL,
  PRIMARY KEY (order_id, coupon_id),
  KEY {wp}partner_center_order_coupons_coupon (coupon_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
