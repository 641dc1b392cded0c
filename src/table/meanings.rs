//! The column names of other systems, and those that decide a bill. docs/checks.md lists their
//! sources.

use std::borrow::Cow;

/// The names of a column in Stripe, Chargebee, Recurly, Kill Bill and plain exports, the surest
/// first. Names are compared in the form of [`plain`].
struct Meaning {
    tables: &'static [&'static str],
    column: &'static str,
    names: &'static [&'static str],
}

const fn meaning(
    tables: &'static [&'static str],
    column: &'static str,
    names: &'static [&'static str],
) -> Meaning {
    Meaning { tables, column, names }
}

/// Tables whose rows belong to an account or a subscription.
const ACCOUNTS: &[&str] = &["accounts"];
const OF_ACCOUNTS: &[&str] =
    &["account_changes", "subscriptions", "discounts", "adjustments", "payments", "balances"];
const OF_SUBSCRIPTIONS: &[&str] = &["changes", "discounts"];
const DATED: &[&str] = &["account_changes", "changes", "adjustments", "payments"];
const PRICES: &[&str] = &["prices"];

const MEANINGS: &[Meaning] = &[
    meaning(
        ACCOUNTS,
        "account_id",
        &[
            "customer_id",
            "id",
            "account_code",
            "customer_code",
            "customer_number",
            "account_key",
            "account_number",
            "customer",
            "account",
            "client_id",
            "user_id",
            "organization_id",
            "organisation_id",
            "org_id",
            "company_id",
            "tenant_id",
            "external_key",
            "external_id",
            "handle",
        ],
    ),
    meaning(
        OF_ACCOUNTS,
        "account_id",
        &[
            "customer_id",
            "customer",
            "account_code",
            "customer_code",
            "customer_number",
            "account_key",
            "account_number",
            "account",
            "client_id",
            "user_id",
            "organization_id",
            "organisation_id",
            "org_id",
            "company_id",
            "tenant_id",
        ],
    ),
    meaning(
        ACCOUNTS,
        "name",
        &[
            "customer_name",
            "company_name",
            "company",
            "account_name",
            "display_name",
            "organization_name",
            "organization",
            "business_name",
            "legal_name",
            "full_name",
            "client_name",
        ],
    ),
    meaning(
        ACCOUNTS,
        "email",
        &[
            "customer_email",
            "email_address",
            "e_mail",
            "mail",
            "mail_address",
            "account_email",
            "contact_email",
        ],
    ),
    meaning(
        ACCOUNTS,
        "billing_email",
        &["invoice_email", "billing_contact_email", "billing_email_address"],
    ),
    meaning(
        ACCOUNTS,
        "address_line1",
        &[
            "address_line_1",
            "address1",
            "address_1",
            "line1",
            "street",
            "street1",
            "street_address",
            "billing_address_line1",
            "address",
        ],
    ),
    meaning(
        ACCOUNTS,
        "address_line2",
        &["address_line_2", "address2", "address_2", "line2", "street2", "billing_address_line2"],
    ),
    meaning(ACCOUNTS, "city", &["town", "locality", "address_city", "billing_city"]),
    meaning(
        &["accounts", "tax_rates"],
        "region",
        &[
            "state",
            "province",
            "county",
            "state_or_province",
            "address_state",
            "billing_state",
            "state_code",
        ],
    ),
    meaning(
        ACCOUNTS,
        "postal_code",
        &["zip", "zip_code", "zipcode", "postcode", "post_code", "address_zip", "billing_zip"],
    ),
    meaning(
        &["accounts", "tax_rates"],
        "country",
        &["country_code", "address_country", "billing_country"],
    ),
    meaning(
        ACCOUNTS,
        "tax_id",
        &[
            "vat_number",
            "vat_id",
            "vat_no",
            "vat",
            "tax_number",
            "tax_no",
            "gst_number",
            "gstin",
            "abn",
            "tin",
            "ein",
        ],
    ),
    meaning(ACCOUNTS, "timezone", &["time_zone", "tz"]),
    meaning(ACCOUNTS, "locale", &["preferred_locale", "preferred_language", "language", "lang"]),
    meaning(
        PRICES,
        "price_id",
        &["id", "plan_id", "plan_code", "item_price_id", "sku", "plan", "price_code"],
    ),
    meaning(
        &["subscriptions", "changes", "price_tiers"],
        "price_id",
        &[
            "price",
            "plan_id",
            "plan_code",
            "item_price_id",
            "plan",
            "new_plan",
            "sku",
            "product_id",
        ],
    ),
    meaning(
        PRICES,
        "product",
        &["product_name", "plan_name", "item_name", "item", "name", "title", "product_id"],
    ),
    meaning(
        &["prices", "discounts", "adjustments", "payments", "balances"],
        "currency",
        &["currency_code", "ccy"],
    ),
    meaning(
        &["prices", "price_tiers"],
        "unit_amount",
        &["unit_price", "price", "amount", "price_amount", "unit_cost", "list_price"],
    ),
    meaning(
        PRICES,
        "interval",
        &[
            "billing_interval",
            "recurring_interval",
            "billing_period",
            "period_unit",
            "interval_unit",
            "billing_cycle",
            "period",
            "frequency",
        ],
    ),
    meaning(PRICES, "interval_count", &["recurring_interval_count", "interval_length"]),
    meaning(
        &["subscriptions"],
        "subscription_id",
        &["id", "subscription", "sub_id", "subscription_uuid", "subscription_code", "uuid"],
    ),
    meaning(
        OF_SUBSCRIPTIONS,
        "subscription_id",
        &["subscription", "sub_id", "subscription_uuid", "subscription_code"],
    ),
    meaning(
        &["subscriptions", "changes"],
        "quantity",
        &["qty", "plan_quantity", "new_quantity", "seats", "units", "licenses", "licences"],
    ),
    meaning(
        &["subscriptions"],
        "started_at",
        &[
            "start",
            "start_date",
            "started_on",
            "started",
            "starts_at",
            "activated_at",
            "activation_date",
            "current_term_start",
        ],
    ),
    meaning(&["subscriptions"], "anchor", &["billing_cycle_anchor", "billing_anchor"]),
    meaning(
        &["subscriptions"],
        "trial_end",
        &["trial_end_at", "trial_ends_at", "trial_end_date", "trial_ended_at", "trial_until"],
    ),
    meaning(&["changes"], "change_id", &["id", "event_id", "log_id", "entry_id", "uuid"]),
    meaning(
        DATED,
        "at",
        &[
            "effective_at",
            "effective_date",
            "occurred_at",
            "paid_at",
            "payment_date",
            "received_at",
            "changed_at",
            "event_time",
            "timestamp",
            "date",
            "time",
            "created_at",
            "created",
        ],
    ),
    meaning(
        &["accounts", "subscriptions"],
        "purchase_order",
        &["po_number", "po", "purchase_order_number", "order_number"],
    ),
    meaning(
        &["accounts"],
        "payment_terms",
        &["payment_terms_days", "net_days", "due_days", "terms"],
    ),
    meaning(&["accounts"], "copies", &["cc", "cc_email", "cc_emails", "email_cc"]),
    meaning(&["changes"], "kind", &["type", "event_type", "change_type", "event", "action"]),
    meaning(&["changes"], "previous_quantity", &["old_quantity", "quantity_before"]),
    meaning(&["changes", "tax_rates"], "note", &["notes", "comment", "memo", "reason"]),
    meaning(&["tax_rates"], "code", &["tax_code", "tax_rate_id", "id"]),
    meaning(&["tax_rates", "discounts"], "name", &["display_name", "tax_name", "title", "label"]),
    meaning(
        &["tax_rates", "discounts"],
        "percent",
        &["percentage", "percent_off", "rate", "tax_rate", "tax_percent", "discount_percentage"],
    ),
    meaning(
        &["tax_rates"],
        "valid_from",
        &["effective_from", "start_date", "starts_at", "starts_on"],
    ),
    meaning(&["tax_rates"], "valid_to", &["effective_to", "end_date", "ends_at", "ends_on"]),
    meaning(&["discounts"], "discount_id", &["id", "coupon_id", "coupon_code", "coupon", "code"]),
    meaning(&["discounts"], "amount", &["amount_off", "discount_amount"]),
    meaning(&["discounts"], "starts_at", &["start", "start_date", "started_at", "valid_from"]),
    meaning(&["discounts"], "ends_at", &["end", "end_date", "ended_at"]),
    meaning(&["account_changes"], "column", &["field", "attribute", "property", "name", "key"]),
    meaning(&["account_changes"], "value", &["new_value", "new", "after", "to"]),
    meaning(&["account_changes"], "previous_value", &["old_value", "old", "before", "from"]),
    meaning(&["adjustments"], "adjustment_id", &["id", "item_id", "charge_id", "credit_id"]),
    meaning(&["adjustments"], "description", &["memo", "note", "reason", "text"]),
    meaning(
        &["payments"],
        "payment_id",
        &["id", "transaction_id", "charge_id", "payment_intent_id", "reference"],
    ),
    meaning(&["adjustments", "payments"], "amount", &["amount_paid", "gross_amount", "total"]),
    meaning(&["balances"], "amount", &["balance", "credit_balance", "credit"]),
    meaning(&["payments"], "invoice_number", &["invoice", "invoice_no", "number", "invoice_id"]),
    meaning(&["payments"], "method", &["payment_method", "payment_method_type"]),
    meaning(
        &["price_tiers"],
        "up_to",
        &["last_unit", "ending_unit", "upper_bound", "to", "end", "last", "max"],
    ),
    meaning(&["price_tiers"], "flat_amount", &["flat_fee", "flat_price"]),
];

/// Column names that usually decide a bill, with the remedy.
struct Decisive {
    tables: &'static [&'static str],
    /// The words of a name in order. A star matches the rest of a word.
    words: &'static [&'static str],
    remedy: &'static str,
}

const EVERY: &[&str] = &[
    "accounts",
    "prices",
    "price_tiers",
    "subscriptions",
    "changes",
    "tax_rates",
    "discounts",
    "adjustments",
    "payments",
    "balances",
];
const MONEY: &[&str] = &["adjustments", "payments", "balances"];
const CUSTOMERS: &[&str] = &["accounts", "subscriptions"];

/// The first matching row applies.
const DECISIVE: &[Decisive] = &[
    Decisive {
        tables: CUSTOMERS,
        words: &["po", "purchase_order*", "order_number", "customer_reference"],
        remedy: "the number of an order goes into the column purchase_order",
    },
    Decisive {
        tables: CUSTOMERS,
        words: &["terms", "payment_terms*", "net_days", "due_days", "days_until_due", "net_terms*"],
        remedy: "terms of payment go into the column payment_terms of accounts.csv, and those of \
                 accounts without their own into billing.toml",
    },
    Decisive {
        tables: &["subscriptions"],
        words: &["trial*"],
        remedy: "the end of a trial goes into the column trial_end",
    },
    Decisive {
        tables: &["subscriptions"],
        words: &[
            "cancel*",
            "end",
            "ends",
            "ended",
            "expir*",
            "terminat*",
            "churn*",
            "lapse*",
            "stop*",
            "close*",
            "deactivat*",
            "renew*",
            "auto_renew*",
            "non_renew*",
        ],
        remedy: "a row of kind cancel in changes.csv ends a subscription",
    },
    Decisive {
        tables: &["subscriptions"],
        words: &["paus*", "resum*", "suspend*", "hold", "frozen", "freeze*"],
        remedy: "rows of kind pause and resume in changes.csv say this",
    },
    Decisive {
        tables: CUSTOMERS,
        words: &["discount*", "coupon*", "promo*", "percent_off", "amount_off", "rebate*"],
        remedy: "discounts are rows of discounts.csv",
    },
    Decisive {
        tables: &["accounts"],
        words: &["balance*", "credit*"],
        remedy: "credit is a row of balances.csv when a register is opened, or of adjustments.csv",
    },
    Decisive {
        tables: &["accounts", "subscriptions", "prices"],
        words: &["tax*", "vat*", "gst*", "exempt*", "reverse_charge"],
        remedy: "taxes follow from tax_code and from tax_rates.csv",
    },
    Decisive {
        tables: &["subscriptions", "changes"],
        words: &[
            "amount*",
            "price*",
            "unit_amount*",
            "unit_price*",
            "plan_amount*",
            "currency*",
            "interval*",
            "billing_interval*",
            "billing_period*",
            "billing_cycle*",
            "frequency",
            "fee*",
            "setup*",
            "minimum*",
            "maximum*",
            "free*",
            "addon*",
            "add_on*",
        ],
        remedy: "prices, currencies and intervals are rows of prices.csv, which price_id names",
    },
    Decisive {
        tables: &["subscriptions", "changes"],
        words: &["qty*", "quantit*", "seats", "units", "licen*", "users"],
        remedy: "units go into the column quantity",
    },
    Decisive {
        tables: &["changes"],
        words: &["effective*", "proration*", "prorate*", "cancel_at*", "scheduled*", "apply_at"],
        remedy: "a change takes effect at the instant in the column at, by the policy of its row or \
                 price",
    },
    Decisive {
        tables: PRICES,
        words: &[
            "minimum*",
            "maximum*",
            "min",
            "max",
            "setup*",
            "trial*",
            "discount*",
            "tier*",
            "billing_scheme",
            "usage*",
            "metered*",
            "aggregate*",
            "transform*",
            "proration*",
            "effective*",
            "valid*",
            "starts*",
            "ends*",
            "expir*",
        ],
        remedy: "prices have no such term here; docs/pricing.md has all that they have",
    },
    Decisive {
        tables: &["tax_rates"],
        words: &["inclusive*", "city", "postal*", "zip*", "county", "product*", "category"],
        remedy: "a rate is chosen by code, country, region and date; behavior says whether prices \
                 hold it",
    },
    Decisive {
        tables: &["discounts"],
        words: &["max*", "limit*", "redeem*", "expir*", "valid*", "until", "months", "duration*"],
        remedy: "duration, periods and ends_at limit a discount",
    },
    Decisive {
        tables: MONEY,
        words: &[
            "refund*",
            "fee*",
            "net*",
            "dispute*",
            "captured",
            "charged_back",
            "chargeback*",
            "quantit*",
            "tax*",
            "direction",
            "sign",
            "debit*",
            "credit_debit*",
            "type",
        ],
        remedy: "a row counts with its amount alone; what is paid back is a negative one",
    },
    Decisive {
        tables: EVERY,
        words: &[
            "status*",
            "state",
            "subscription_state",
            "is_active",
            "active",
            "inactive*",
            "activat*",
            "enabled",
            "disabled*",
            "is_enabled",
            "delet*",
            "archiv*",
            "void*",
            "revers*",
            "block*",
            "cancel*",
            "paid",
            "failed*",
            "churn*",
            "suspend*",
        ],
        remedy: "every row counts; take those out that must not be billed, and write what happened \
                 to a subscription to changes.csv",
    },
];

/// A name in lower case with single underscores, without the zone that Stripe appends: `Canceled At
/// (UTC)` and `canceledAt` become `canceled_at`.
pub(crate) fn plain(name: &str) -> Cow<'_, str> {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    if name.bytes().all(is_plain) {
        return Cow::Borrowed(name);
    }
    let name = name.trim();
    let name = name.strip_suffix("(UTC)").unwrap_or(name);
    let mut plain = String::new();
    let mut before = ' ';
    for c in name.chars() {
        let begins_word = c.is_uppercase() && (before.is_lowercase() || before.is_ascii_digit());
        if begins_word || !c.is_alphanumeric() {
            plain.push('_');
        }
        plain.extend(c.to_lowercase().filter(|c| c.is_alphanumeric()));
        before = c;
    }
    let words: Vec<&str> = plain.split('_').filter(|word| !word.is_empty()).collect();
    Cow::Owned(words.join("_"))
}

/// The names of a table's column in other systems, the surest first.
pub(crate) fn names_of(table: &str, column: &str) -> impl Iterator<Item = &'static str> {
    let meanings = MEANINGS.iter();
    let meanings = meanings.filter(move |it| it.column == column && it.tables.contains(&table));
    meanings.flat_map(|meaning| meaning.names.iter().copied())
}

/// The remedy for a column whose name decides a bill; `None` for other names.
pub(crate) fn decisive(table: &str, name: &str) -> Option<&'static str> {
    let plain = plain(name);
    let plain: Vec<&str> = plain.split('_').collect();
    let rules = DECISIVE.iter().filter(|rule| rule.tables.contains(&table));
    // The region of an account, and values that Stripe and Chargebee compute from the anchor.
    let is_harmless = (table == "accounts" && plain == ["state"])
        || matches!(plain[..], ["current", "period" | "term", ..])
        || names_of(table, "tax_id").any(|other| other == plain.join("_"));
    let mut rules = rules.filter(|rule| rule.words.iter().any(|words| has_words(&plain, words)));
    rules.next().filter(|_| !is_harmless).map(|rule| rule.remedy)
}

/// Whether a name contains these words in sequence.
fn has_words(name: &[&str], words: &str) -> bool {
    let words: Vec<&str> = words.split('_').collect();
    let is_like = |(word, wanted): (&&str, &&str)| match wanted.strip_suffix('*') {
        Some(start) => word.starts_with(start),
        None => word == wanted,
    };
    name.windows(words.len()).any(|part| part.iter().zip(&words).all(is_like))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::tables;
    use crate::table::form::stem;

    #[test]
    fn names_are_compared_in_their_plain_form() {
        for (name, expected) in [
            ("canceled_at", "canceled_at"),
            ("Canceled At (UTC)", "canceled_at"),
            ("canceledAt", "canceled_at"),
            ("CancelAtPeriodEnd", "cancel_at_period_end"),
            ("Account-ID", "account_id"),
            (" account id ", "account_id"),
            ("customer.email", "customer_email"),
            ("ID", "id"),
            ("€", ""),
        ] {
            assert_eq!(plain(name), expected, "{name}");
        }
    }

    #[test]
    fn names_that_decide_a_bill_are_known_in_every_spelling() {
        for name in [
            "status",
            "Status",
            "subscription_status",
            "canceled_at",
            "cancelledAt",
            "ended_at",
            "Ended At (UTC)",
            "end_date",
            "cancel_at_period_end",
            "expires_on",
            "termination_date",
            "is_active",
            "deleted_at",
            "trial_end_at",
            "Trial End (UTC)",
            "trial_days",
            "paused_at",
            "discount",
            "Coupon Code",
            "unit_price",
            "currency",
            "tax_percent",
            "po_number",
            "payment_terms_days",
            "churned_at",
            "auto_renew",
        ] {
            assert!(decisive("subscriptions", name).is_some(), "{name}");
        }
        for name in [
            "created_by",
            "created_at",
            "sales_rep",
            "customer_name",
            "updated_at",
            "crm_link",
            "weekend",
            "vendor",
            "sender",
            "Current Period End (UTC)",
        ] {
            assert_eq!(decisive("subscriptions", name), None, "{name}");
        }
        for (table, name) in [
            ("accounts", "status"),
            ("accounts", "PO Number"),
            ("accounts", "tax_exempt"),
            ("payments", "status"),
            ("payments", "amount_refunded"),
            ("prices", "active"),
            ("changes", "voided"),
            ("discounts", "max_redemptions"),
        ] {
            assert!(decisive(table, name).is_some(), "{table} {name}");
        }
        assert_eq!(decisive("accounts", "State"), None);
    }

    #[test]
    fn the_documentation_has_every_name() {
        let page = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/checks.md");
        let page = std::fs::read_to_string(page).expect("the page");
        let has_row = |first: &str, names: &[&str]| {
            let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
            let names = names.join(", ");
            page.lines().any(|line| line.contains(first) && line.contains(&format!("| {names} |")))
        };
        for Meaning { column, names, .. } in MEANINGS {
            assert!(has_row(&format!("| `{column}` |"), names), "{column}: {names:?}");
        }
        for Decisive { words, remedy, .. } in DECISIVE {
            assert!(has_row(remedy, words), "{words:?}");
        }
    }

    #[test]
    fn meanings_are_of_columns_that_are_read_and_never_their_own_names() {
        for Meaning { tables: of, column, names } in MEANINGS {
            for table in *of {
                let known = tables().into_iter().find(|(name, _)| stem(name) == *table);
                let (_, columns) = known.expect("a table");
                assert!(columns.iter().any(|known| known.name == *column), "{table} {column}");
                for name in *names {
                    assert!(*name == plain(name) && name != column, "{table} {name}");
                }
            }
        }
    }
}
