//! The tables that an import writes. Every cell is a text as the reader of the table expects it.

/// Defines a row of an input table: a struct of texts, and the list of its columns.
macro_rules! input_row {
    ($(#[$about:meta])* $name:ident: $($column:ident),+ $(,)?) => {
        $(#[$about])*
        #[allow(clippy::struct_field_names, reason = "the fields are the columns")]
        #[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
        pub(crate) struct $name {
            $(pub(super) $column: String,)+
        }

        impl $name {
            const COLUMNS: &'static [&'static str] = &[$(stringify!($column)),+];
        }
    };
}

input_row!(
    /// A row of accounts.csv.
    Account: account_id, name, email, address_line1, address_line2, city, region, postal_code,
    country, tax_id, timezone
);
input_row!(
    /// A row of prices.csv.
    Price: price_id, product, unit_label, currency, unit_amount, interval, interval_count, scheme,
    package_size, granularity, on_increase, on_decrease, on_switch
);
input_row!(
    /// A row of subscriptions.csv.
    Subscription: subscription_id, account_id, price_id, quantity, started_at, anchor, trial_end
);
input_row!(
    /// A row of changes.csv.
    Change: change_id, at, subscription_id, kind, quantity, price_id, policy, note
);
input_row!(
    /// A row of discounts.csv.
    Discount: discount_id, name, account_id, subscription_id, percent, amount, currency, starts_at,
    duration, ends_at
);
input_row!(
    /// A row of balances.csv.
    Balance: account_id, currency, amount
);

/// A company as it is taken over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Company {
    pub(super) accounts: Vec<Account>,
    pub(super) prices: Vec<Price>,
    pub(super) subscriptions: Vec<Subscription>,
    pub(super) changes: Vec<Change>,
    pub(super) discounts: Vec<Discount>,
    pub(super) balances: Vec<Balance>,
}

impl Company {
    /// The same company, sorted by ids: the order of rows in the exports makes no difference. Discounts
    /// apply in their order, which becomes that of their ids.
    pub(super) fn sorted(mut self) -> Self {
        self.accounts.sort();
        self.prices.sort();
        self.prices.dedup();
        self.subscriptions.sort();
        self.changes.sort_by(|a, b| (&a.at, &a.change_id).cmp(&(&b.at, &b.change_id)));
        self.discounts.sort();
        self.balances.sort();
        self
    }

    /// The files with their content and their number of rows. Optional tables without rows are left out.
    pub(crate) fn files(&self) -> Vec<(&'static str, String, usize)> {
        let mut files = vec![
            file("accounts.csv", Account::COLUMNS, &self.accounts),
            file("prices.csv", Price::COLUMNS, &self.prices),
            file("subscriptions.csv", Subscription::COLUMNS, &self.subscriptions),
            file("changes.csv", Change::COLUMNS, &self.changes),
        ];
        let optional = [
            file("discounts.csv", Discount::COLUMNS, &self.discounts),
            file("balances.csv", Balance::COLUMNS, &self.balances),
        ];
        files.extend(optional.into_iter().filter(|(_, _, rows)| *rows > 0));
        files
    }
}

fn file(
    name: &'static str,
    columns: &[&str],
    rows: &[impl serde::Serialize],
) -> (&'static str, String, usize) {
    const INFALLIBLE: &str = "writing to memory does not fail";
    let mut writer = csv::WriterBuilder::new().has_headers(false).from_writer(Vec::new());
    writer.write_record(columns).expect(INFALLIBLE);
    for row in rows {
        writer.serialize(row).expect(INFALLIBLE);
    }
    let bytes = writer.into_inner().expect(INFALLIBLE);
    (name, String::from_utf8(bytes).expect("cells are UTF-8"), rows.len())
}
