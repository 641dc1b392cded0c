//! The tables of Recurly's objects, as connectors write them. The lists of columns are those of
//! `tests/data/import/recurly/columns.csv`, which names their source.

use crate::import::export_table::export_row;

export_row!(
    /// A version of an account.
    AccountRow of "account_history.csv", "account.csv";
    required: id, code;
    optional: updated_at, deleted_at, state, first_name, last_name, account_first_name,
        account_last_name, email, company, vat_number, tax_exempt, account_country, account_city,
        account_postal_code, account_region, bill_to;
    unused: "_fivetran_synced", "created_at", "username", "cc_emails",
);

export_row!(
    /// A version of the billing information of an account.
    BillingInfoRow of "billing_info_history.csv", "billing_info.csv";
    required: id, account_id;
    optional: updated_at, billing_street_1, billing_street_2, billing_city, billing_region,
        billing_postal_code, billing_country, vat_number;
    unused: "_fivetran_synced", "first_name", "last_name", "billing_phone", "valid",
        "payment_method_object", "payment_method_credit_type", "payment_method_first_six",
        "payment_method_last_four", "payment_method_exp_month", "payment_method_exp_year",
        "fraud_score", "fraud_decision", "fraud_risk_rules_triggered", "created_at",
        "updated_by_ip", "updated_by_country", "company", "payment_method_card_type",
);

export_row!(
    /// A version of the balance of an account.
    BalanceRow of "account_balance_history.csv", "account_balance.csv";
    required: account_id, currency, amount;
    optional: account_updated_at;
    unused: "_fivetran_synced", "past_due",
);

export_row!(
    /// A version of a plan.
    PlanRow of "plan_history.csv", "plan.csv";
    required: id, code, name, interval_unit, interval_length;
    optional: updated_at;
    unused: "_fivetran_synced", "created_at", "deleted_at", "state", "description", "trial_unit",
        "trial_length", "total_billing_cycles", "auto_renew", "accounting_code",
        "setup_fee_accounting_code", "tax_code", "tax_exempt",
);

export_row!(
    /// A version of a subscription.
    SubscriptionRow of "subscription_history.csv", "subscription.csv";
    required: id, account_id, plan_id, state, currency, unit_amount, quantity,
        current_period_started_at, current_period_ends_at;
    optional: updated_at, activated_at, canceled_at, expires_at, current_term_started_at,
        current_term_ends_at, trial_ends_at, auto_renew, add_ons_total, paused_at;
    unused: "_fivetran_synced", "created_at", "object", "uuid", "trial_started_at",
        "remaining_billing_cycles", "total_billing_cycles", "renewal_billing_cycles",
        "remaining_pause_cycles", "subtotal", "collection_method", "expiration_reason",
);

export_row!(
    /// A version of an add-on of a subscription.
    AddOnRow of "subscription_add_on_history.csv", "subscription_add_on.csv";
    required: id, subscription_id, plan_add_on_id, quantity, unit_amount;
    optional: updated_at, expired_at;
    unused: "_fivetran_synced", "created_at", "object",
);

export_row!(
    /// A version of a change that is planned.
    ChangeRow of "subscription_change_history.csv", "subscription_change.csv";
    required: id, subscription_id, activate_at;
    optional: updated_at, plan_id, unit_amount, quantity, activated, deleted_at;
    unused: "_fivetran_synced", "object", "created_at",
);

export_row!(
    /// A version of a coupon that an account has.
    RedemptionRow of "coupon_redemption_history.csv", "coupon_redemption.csv";
    required: id, account_id, coupon_id, state;
    optional: updated_at;
    unused: "_fivetran_synced", "created_at", "currency", "discounted", "removed_at",
);

export_row!(
    /// A version of an invoice.
    InvoiceRow of "invoice_history.csv", "invoice.csv";
    required: id, account_id, currency, total;
    optional: updated_at, created_at, state, tax, balance;
    unused: "_fivetran_synced", "due_at", "closed_at", "previous_invoice_id", "type", "origin",
        "number", "collection_method", "po_number", "net_terms", "paid", "subtotal",
        "refundable_amount", "discount", "tax_type", "tax_region", "tax_rate",
);

export_row!(
    /// A version of a line of an invoice.
    LineRow of "line_item_history.csv", "line_item.csv";
    required: id, invoice_id, currency, subtotal;
    optional: updated_at, subscription_id, add_on_id, quantity, proration_rate, start_date, end_date,
        state;
    unused: "_fivetran_synced", "created_at", "account_id", "plan_id", "previous_line_item_id",
        "original_line_item_invoice_id", "uuid", "type", "plan_code", "add_on_code",
        "invoice_number", "origin", "product_code", "amount", "description", "unit_amount",
        "discount", "tax", "taxable", "tax_exempt", "tax_code", "tax_type", "tax_region",
        "tax_rate", "refund", "refunded_quantity", "credit_applied",
);

/// Tables of the same source that no bill depends on.
pub(super) const LEFT: [&str; 8] = [
    "account_note_history.csv",
    "coupon_discount.csv",
    "credit_payment_history.csv",
    "invoice_coupon_redemption_history.csv",
    "invoice_subscription_history.csv",
    "plan_currency_history.csv",
    "transaction.csv",
    "transaction_subscription.csv",
];
