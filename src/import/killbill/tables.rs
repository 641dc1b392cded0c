//! The tables of Kill Bill's database, as its export of an account has them. The lists of columns are
//! those of `tests/data/import/killbill/columns.csv`, which names their source.

use crate::import::export_table::export_row;

export_row!(
    /// An account.
    AccountRow of "accounts";
    required: record_id, id, external_key, time_zone;
    optional: name, email, company_name, currency, billing_cycle_day_local,
        is_payment_delegated_to_parent, address1, address2, city, state_or_province, country,
        postal_code;
    unused: "first_name_length", "parent_account_id", "payment_method_id", "reference_time",
        "locale", "phone", "notes", "migrated", "created_date", "created_by", "updated_date",
        "updated_by", "tenant_record_id",
);

export_row!(
    /// A subscription, without its terms: events have them.
    SubscriptionRow of "subscriptions";
    required: id, bundle_id, start_date, account_record_id;
    optional: bundle_start_date;
    unused: "record_id", "external_key", "category", "charged_through_date", "migrated",
        "created_by", "created_date", "updated_by", "updated_date", "tenant_record_id",
);

export_row!(
    /// What happens to a subscription, past and planned.
    EventRow of "subscription_events";
    required: record_id, event_type, effective_date, subscription_id, is_active;
    optional: id, user_type, plan_name, phase_name, billing_cycle_day_local, quantity;
    unused: "price_list_name", "created_by", "created_date", "updated_by", "updated_date",
        "account_record_id", "tenant_record_id",
);

export_row!(
    /// What blocks an account, a bundle or a subscription.
    BlockingRow of "blocking_states";
    required: record_id, blockable_id, service, state, block_billing, effective_date, is_active;
    optional: ;
    unused: "id", "type", "block_change", "block_entitlement", "created_date", "created_by",
        "updated_date", "updated_by", "account_record_id", "tenant_record_id",
);

export_row!(
    /// An invoice, without amounts: its items have them.
    InvoiceRow of "invoices";
    required: id, account_id, invoice_date, currency;
    optional: status;
    unused: "record_id", "target_date", "migrated", "parent_invoice", "grp_id", "created_by",
        "created_date", "account_record_id", "tenant_record_id",
);

export_row!(
    /// An item of an invoice.
    ItemRow of "invoice_items";
    required: record_id, type_, invoice_id, account_id, amount, currency;
    optional: subscription_id, start_date, end_date, rate, quantity;
    unused: "id", "child_account_id", "bundle_id", "description", "product_name", "plan_name",
        "phase_name", "usage_name", "catalog_effective_date", "linked_item_id", "item_details",
        "created_by", "created_date", "account_record_id", "tenant_record_id",
);

/// Tables that no bill depends on, or that repeat the others.
pub(super) const LEFT: [&str; 34] = [
    "account_email_history",
    "account_emails",
    "account_history",
    "audit_log",
    "blocking_state_history",
    "bundle_history",
    "bundles",
    "bus_events",
    "bus_events_history",
    "bus_ext_events",
    "bus_ext_events_history",
    "custom_field_history",
    "custom_fields",
    "invoice_billing_events",
    "invoice_history",
    "invoice_item_history",
    "invoice_parent_children",
    "invoice_payment_control_plugin_auto_pay_off",
    "invoice_payment_history",
    "invoice_payments",
    "invoice_tracking_id_history",
    "invoice_tracking_ids",
    "notifications",
    "notifications_history",
    "payment_attempt_history",
    "payment_attempts",
    "payment_history",
    "payment_method_history",
    "payment_methods",
    "payment_transaction_history",
    "payment_transactions",
    "payments",
    "subscription_event_history",
    "subscription_history",
];
