//! The accounts of the general ledger by purpose, with their names.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::config::LedgerSettings;
use crate::model::{PaymentKind, TaxTable};

/// An account of the general ledger.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct LedgerAccount {
    /// The number in the books, as in `billing.toml`.
    pub(crate) number: Arc<str>,
    /// The purpose in fixed words: "Deferred revenue", "Tax payable: DE-19".
    pub(crate) name: Arc<str>,
}

/// The names of accounts for what settles invoices and is no money.
pub(crate) const BAD_DEBT: &str = "Bad debt";
pub(crate) const BANK_FEES: &str = "Bank fees";
pub(crate) const EXCHANGE_DIFFERENCE: &str = "Exchange difference";

/// The accounts for entries. The common ones are made once.
pub(crate) struct Chart<'a> {
    ledger: &'a LedgerSettings,
    pub(crate) receivable: LedgerAccount,
    pub(crate) customer_credit: LedgerAccount,
    /// Billed, but not earned.
    pub(crate) deferred_revenue: LedgerAccount,
    /// The source of credit that a register opens with.
    pub(crate) opening_balance: LedgerAccount,
    /// The accounts of known tax codes, by code.
    taxes: BTreeMap<Arc<str>, LedgerAccount>,
}

impl<'a> Chart<'a> {
    pub(crate) fn new(ledger: &'a LedgerSettings) -> Self {
        Self::with_taxes(ledger, &TaxTable::default())
    }

    /// The same, with the accounts of tax rates prepared.
    pub(crate) fn with_taxes(ledger: &'a LedgerSettings, rates: &TaxTable) -> Self {
        let taxes = rates.rows().map(|rate| {
            let code = &rate.terms.code;
            let number = match &rate.component {
                Some(component) => ledger.tax_of_component(code, &component.id),
                None => ledger.tax_of(code),
            };
            (Arc::clone(code), account(number, &named("Tax payable", code)))
        });
        Self {
            taxes: taxes.collect(),
            ledger,
            receivable: account(&ledger.receivable, "Accounts receivable"),
            customer_credit: account(&ledger.customer_credit, "Customer credit"),
            deferred_revenue: account(&ledger.deferred_revenue, "Deferred revenue"),
            opening_balance: account(&ledger.opening_balance, "Opening balance"),
        }
    }

    /// "Revenue: Private projects". An adjustment may have no product.
    pub(crate) fn revenue(&self, product: &str) -> LedgerAccount {
        account(self.ledger.revenue_of(product), &named("Revenue", product))
    }

    /// "Tax payable: DE-19".
    pub(crate) fn tax_payable(&self, code: &str) -> Cow<'_, LedgerAccount> {
        match self.taxes.get(code) {
            Some(account) => Cow::Borrowed(account),
            None => Cow::Owned(tax_payable(self.ledger, code)),
        }
    }

    /// The account that a payment posts to, against receivables and credit.
    pub(crate) fn of_payment(&self, kind: PaymentKind, method: &str) -> LedgerAccount {
        let ledger = self.ledger;
        match kind {
            PaymentKind::Money | PaymentKind::Refund | PaymentKind::Chargeback => self.cash(method),
            PaymentKind::WriteOff => account(&ledger.bad_debt, BAD_DEBT),
            PaymentKind::BankFee => account(&ledger.bank_fees, BANK_FEES),
            PaymentKind::ExchangeDifference => {
                account(&ledger.exchange_difference, EXCHANGE_DIFFERENCE)
            }
        }
    }

    /// "Cash: Visa" for a method with its own account, else "Cash".
    fn cash(&self, method: &str) -> LedgerAccount {
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
