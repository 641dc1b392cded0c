//! The accounts of the general ledger by what they are for, with their names.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::config::LedgerSettings;
use crate::model::TaxRate;

/// An account of the general ledger.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LedgerAccount {
    /// What the books call it, as `billing.toml` has it.
    pub number: Arc<str>,
    /// What it is for, in fixed words: "Deferred revenue", "Tax payable: DE-19".
    pub name: Arc<str>,
}

/// The accounts that entries are made of. Those that every entry needs are made once.
pub struct Chart<'a> {
    ledger: &'a LedgerSettings,
    /// What customers owe.
    pub receivable: LedgerAccount,
    /// What customers have in credit.
    pub customer_credit: LedgerAccount,
    /// What is billed and not earned.
    pub deferred_revenue: LedgerAccount,
    /// Where credit that is brought along comes from.
    pub opening_balance: LedgerAccount,
    /// Those of known tax codes, by code.
    taxes: BTreeMap<Arc<str>, LedgerAccount>,
}

impl<'a> Chart<'a> {
    /// The chart of some books.
    pub fn new(ledger: &'a LedgerSettings) -> Self {
        Self::with_taxes(ledger, &[])
    }

    /// The same, with the accounts of some tax rates ready.
    pub fn with_taxes(ledger: &'a LedgerSettings, rates: &[TaxRate]) -> Self {
        let codes = rates.iter().map(|rate| &rate.terms.code);
        Self {
            taxes: codes.map(|code| (Arc::clone(code), tax_payable(ledger, code))).collect(),
            ledger,
            receivable: account(&ledger.receivable, "Accounts receivable"),
            customer_credit: account(&ledger.customer_credit, "Customer credit"),
            deferred_revenue: account(&ledger.deferred_revenue, "Deferred revenue"),
            opening_balance: account(&ledger.opening_balance, "Opening balance"),
        }
    }

    /// "Revenue: Private projects"; adjustments may be for no product.
    pub fn revenue(&self, product: &str) -> LedgerAccount {
        account(self.ledger.revenue_of(product), &named("Revenue", product))
    }

    /// "Tax payable: DE-19".
    pub fn tax_payable(&self, code: &str) -> Cow<'_, LedgerAccount> {
        match self.taxes.get(code) {
            Some(account) => Cow::Borrowed(account),
            None => Cow::Owned(tax_payable(self.ledger, code)),
        }
    }

    /// "Cash: Visa" for a way of paying that has its own, else "Cash".
    pub fn cash(&self, method: &str) -> LedgerAccount {
        let (number, key) = self.ledger.cash_of(method);
        account(number, &named("Cash", key.unwrap_or_default()))
    }
}

fn tax_payable(ledger: &LedgerSettings, code: &str) -> LedgerAccount {
    account(ledger.tax_of(code), &named("Tax payable", code))
}

fn account(number: &str, name: &str) -> LedgerAccount {
    LedgerAccount { number: number.into(), name: name.into() }
}

fn named(what: &str, of: &str) -> String {
    if of.is_empty() { what.to_owned() } else { format!("{what}: {of}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_from_the_settings_and_names_do_not() {
        let ledger = LedgerSettings {
            revenue_by_product: [("Seats".to_owned(), "4010".to_owned())].into(),
            cash_by_method: [("visa".to_owned(), "1360".to_owned())].into(),
            ..LedgerSettings::default()
        };
        let chart = Chart::new(&ledger);
        let shown = |account: LedgerAccount| format!("{} {}", account.number, account.name);
        assert_eq!(shown(chart.revenue("Seats")), "4010 Revenue: Seats");
        assert_eq!(shown(chart.revenue("")), "4000 Revenue");
        assert_eq!(shown(chart.tax_payable("DE-19").into_owned()), "2200 Tax payable: DE-19");
        assert_eq!(shown(chart.cash("Visa •••• 4242")), "1360 Cash: visa");
        assert_eq!(shown(chart.cash("Transfer")), "1000 Cash");
    }
}
