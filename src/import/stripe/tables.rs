//! The tables of Stripe's objects, as connectors write them. The lists of columns are those of
//! `tests/data/import/stripe/columns.csv`, which names their source.

use crate::import::export_table::export_row;

export_row!(
    /// A customer.
    CustomerRow of "customer.csv";
    required: id;
    optional: name, email, description, address_line_1, address_line_2, address_city, address_state,
        address_postal_code, address_country, balance, account_balance, currency, is_deleted, livemode,
        tax_exempt, tax_info_tax_id;
    unused: "_fivetran_synced", "bank_account_id", "created", "default_card_id", "delinquent",
        "invoice_prefix", "invoice_settings_default_payment_method", "invoice_settings_footer",
        "phone", "shipping_address_city", "shipping_address_country", "shipping_address_line_1",
        "shipping_address_line_2", "shipping_address_postal_code", "shipping_address_state",
        "shipping_carrier", "shipping_name", "shipping_phone", "shipping_tracking_number",
        "source_id", "tax_info_type", "tax_info_verification_status",
        "tax_info_verification_verified_name", "metadata",
);

export_row!(
    /// A subscription.
    SubscriptionRow of "subscription_history.csv", "subscription.csv";
    required: id, customer_id, status, billing_cycle_anchor;
    optional: current_period_start, current_period_end, trial_start, trial_end, cancel_at,
        cancel_at_period_end, canceled_at, ended_at, livemode, tax_percent,
        billing_threshold_amount_gte, pause_collection_behavior, pause_collection_resumes_at,
        days_until_due, _fivetran_active;
    unused: "_fivetran_synced", "application_fee_percent", "billing",
        "billing_threshold_reset_billing_cycle_anchor", "created", "default_source_id", "metadata", "quantity", "start_date", "latest_invoice_id",
        "default_payment_method_id", "pending_setup_intent_id",
);

export_row!(
    /// An item of a subscription: one price and its quantity.
    ItemRow of "subscription_item.csv";
    required: id, subscription_id, plan_id, quantity;
    optional: current_period_start, current_period_end;
    unused: "_fivetran_synced", "created", "metadata",
);

export_row!(
    /// A price.
    PriceRow of "price.csv";
    required: id, currency, product_id, unit_amount_decimal;
    optional: unit_amount, billing_scheme, recurring_interval, recurring_interval_count,
        recurring_usage_type, transform_quantity_divide_by, transform_quantity_round, livemode;
    unused: "_fivetran_synced", "active", "created", "invoice_item_id", "is_deleted", "lookup_key",
        "metadata", "nickname", "recurring_aggregate_usage", "tiers_mode", "type",
);

export_row!(
    /// A plan: what prices were before Stripe had them.
    PlanRow of "plan.csv";
    required: id, currency, product_id, amount, interval, interval_count;
    optional: billing_scheme, usage_type, transform_usage_divide_by, transform_usage_round, livemode;
    unused: "_fivetran_synced", "active", "aggregate_usage", "created", "is_deleted", "nickname",
        "tiers_mode", "trial_period_days",
);

export_row!(
    /// A product.
    ProductRow of "product.csv";
    required: id, name;
    optional: unit_label;
    unused: "_fivetran_synced", "active", "caption", "created", "description", "is_deleted",
        "livemode", "metadata", "package_dimensions_height", "package_dimensions_length",
        "package_dimensions_weight", "package_dimensions_width", "shippable",
        "statement_descriptor", "type", "updated", "url", "fivetran_synced", "attributes",
        "deactivate_on", "images",
);

export_row!(
    /// A coupon.
    CouponRow of "coupon.csv";
    required: id, duration;
    optional: amount_off, percent_off, currency, name;
    unused: "created", "duration_in_months", "livemode", "max_redemptions", "metadata",
        "redeem_by", "times_redeemed", "valid", "_fivetran_synced",
);

export_row!(
    /// A coupon that a customer or a subscription has.
    DiscountRow of "subscription_discount.csv", "discount.csv";
    required: id, coupon_id, start;
    optional: customer_id, subscription_id, invoice_id, invoice_item_id, end;
    unused: "_fivetran_synced", "checkout_session", "type",
        "type_id", "amount", "checkout_session_id", "checkout_session_line_item_id",
        "credit_note_line_item_id", "promotion_code",
);

export_row!(
    /// An invoice.
    InvoiceRow of "invoice.csv";
    required: id, customer_id, currency, total;
    optional: tax, status, created, date, is_deleted, amount_remaining;
    unused: "_fivetran_synced", "amount", "due_date", "description", "discountable", "invoice_id",
        "livemode", "period_end", "period_start", "proration", "quantity", "subscription_id",
        "subscription_item_id", "unit_amount", "default_payment_method_id", "amount_due",
        "amount_paid", "post_payment_credit_notes_amount", "pre_payment_credit_notes_amount",
        "subtotal", "attempt_count", "auto_advance", "billing_reason", "metadata", "number",
        "paid", "receipt_number", "source_relation", "application_fee_amount", "attempted",
        "billing", "charge_id", "default_source_id", "ending_balance", "finalized_at", "footer",
        "hosted_invoice_url", "invoice_pdf", "next_payment_attempt", "payment_intent_id",
        "starting_balance", "statement_descriptor", "status_transitions_finalized_at",
        "status_transitions_marked_uncollectible_at", "status_transitions_paid_at",
        "status_transitions_voided_at", "subscription_proration_date", "tax_percent",
        "threshold_reason_amount_gte", "webhooks_delivered_at",
);

export_row!(
    /// A line of an invoice.
    LineRow of "invoice_line_item.csv";
    required: id, invoice_id, amount, currency;
    optional: subscription_id, subscription_item_id, quantity, period_start, period_end, proration;
    unused: "_fivetran_synced", "description", "discountable", "livemode", "plan_id", "type",
        "unique_id", "metadata", "unit_amount_excluding_tax", "invoice_item_id", "price_id",
);

/// Tables of the same source that no bill depends on.
pub(super) const LEFT: [&str; 14] = [
    "account.csv",
    "balance_transaction.csv",
    "card.csv",
    "charge.csv",
    "credit_note.csv",
    "credit_note_line_item.csv",
    "dispute.csv",
    "fee.csv",
    "payment_intent.csv",
    "payment_method.csv",
    "payment_method_card.csv",
    "payout.csv",
    "payout_balance_transaction.csv",
    "refund.csv",
];
