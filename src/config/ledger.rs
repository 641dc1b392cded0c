//! `[ledger]`: the accounts of the general ledger.
//!
//! Account names are free; most are numbers. Products, taxes and payment methods can have accounts
//! of their own. Others use the general one.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::invalid::Invalid;

/// The accounts of the general ledger, none of them empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct LedgerSettings {
    /// What customers owe.
    pub(crate) receivable: String,
    /// Where payments arrive.
    pub(crate) cash: String,
    /// What customers have to their credit.
    pub(crate) customer_credit: String,
    /// What is billed and not yet earned.
    pub(crate) deferred_revenue: String,
    /// Tax to be passed on.
    pub(crate) tax_payable: String,
    /// What is earned.
    pub(crate) revenue: String,
    /// What stands against the credit that a register is opened with.
    pub(crate) opening_balance: String,
    /// What customers will not pay.
    pub(crate) bad_debt: String,
    /// What banks and payment providers kept of payments.
    pub(crate) bank_fees: String,
    /// What remained of payments in another currency.
    pub(crate) exchange_difference: String,
    /// Revenue, by product.
    pub(crate) revenue_by_product: BTreeMap<String, String>,
    /// Tax payable, by tax code; of one of several taxes on a line by both: "qc/gst".
    pub(crate) tax_by_code: BTreeMap<String, String>,
    /// Cash, by what the method of a payment begins with.
    pub(crate) cash_by_method: BTreeMap<String, String>,
}

impl Default for LedgerSettings {
    fn default() -> Self {
        Self {
            receivable: "1100".to_owned(),
            cash: "1000".to_owned(),
            customer_credit: "2300".to_owned(),
            deferred_revenue: "2400".to_owned(),
            tax_payable: "2200".to_owned(),
            revenue: "4000".to_owned(),
            opening_balance: "3000".to_owned(),
            bad_debt: "6500".to_owned(),
            bank_fees: "6510".to_owned(),
            exchange_difference: "6520".to_owned(),
            revenue_by_product: BTreeMap::new(),
            tax_by_code: BTreeMap::new(),
            cash_by_method: BTreeMap::new(),
        }
    }
}

impl LedgerSettings {
    /// The revenue account of a product.
    pub(crate) fn revenue_of(&self, product: &str) -> &str {
        self.revenue_by_product.get(product).unwrap_or(&self.revenue)
    }

    /// The tax account of a code.
    pub(crate) fn tax_of(&self, code: &str) -> &str {
        self.tax_by_code.get(code).unwrap_or(&self.tax_payable)
    }

    /// The tax account of a component, `qc/gst`: its own, else that of its code, `qc`.
    pub(crate) fn tax_of_component(&self, code: &str, component: &str) -> &str {
        let own = self.tax_by_code.get(code);
        let of_code = || code.strip_suffix(component)?.strip_suffix('/');
        own.map_or_else(|| self.tax_of(of_code().unwrap_or(code)), String::as_str)
    }

    /// The account for payments by a method, and the matching key. The longest key that the method
    /// begins with wins; case does not matter. Without a match it is [`LedgerSettings::cash`].
    pub(crate) fn cash_of(&self, method: &str) -> (&str, Option<&str>) {
        let method = method.to_lowercase();
        self.cash_by_method
            .iter()
            .filter(|(key, _)| method.starts_with(&key.to_lowercase()))
            .max_by_key(|(key, _)| key.to_lowercase().len())
            .map_or((&self.cash, None), |(key, account)| (account, Some(key)))
    }

    pub(super) fn validate(self) -> Result<Self, Invalid> {
        let accounts = [
            ("ledger.receivable", &self.receivable),
            ("ledger.cash", &self.cash),
            ("ledger.customer_credit", &self.customer_credit),
            ("ledger.deferred_revenue", &self.deferred_revenue),
            ("ledger.tax_payable", &self.tax_payable),
            ("ledger.revenue", &self.revenue),
            ("ledger.opening_balance", &self.opening_balance),
            ("ledger.bad_debt", &self.bad_debt),
            ("ledger.bank_fees", &self.bank_fees),
            ("ledger.exchange_difference", &self.exchange_difference),
        ];
        for (key, account) in accounts {
            check(key, account, "write the account as the books call it, such as \"1100\"")?;
        }
        check_map("ledger.revenue_by_product", &self.revenue_by_product)?;
        check_map("ledger.tax_by_code", &self.tax_by_code)?;
        check_map("ledger.cash_by_method", &self.cash_by_method)?;
        self.check_methods()?;
        Ok(self)
    }

    /// Case does not matter in methods, so two keys that differ only in case contradict each other.
    fn check_methods(&self) -> Result<(), Invalid> {
        let mut seen: BTreeMap<String, &str> = BTreeMap::new();
        for method in self.cash_by_method.keys() {
            if let Some(same) = seen.insert(method.to_lowercase(), method) {
                return Err(Invalid {
                    key: "ledger.cash_by_method",
                    value: method.clone(),
                    rule: format!("is {same:?} in other letters"),
                    hint: "capitals do not matter here: keep one of the two".to_owned(),
                });
            }
        }
        Ok(())
    }
}

fn check_map(key: &'static str, map: &BTreeMap<String, String>) -> Result<(), Invalid> {
    for (name, account) in map {
        check(key, name, "write \"what it is for\" = \"account\", both in full")?;
        check(key, account, &format!("write the account that {name:?} is booked to"))?;
    }
    Ok(())
}

fn check(key: &'static str, text: &str, hint: &str) -> Result<(), Invalid> {
    let rule = if text.trim().is_empty() {
        "is empty"
    } else if text.chars().any(char::is_control) {
        "has a control character"
    } else {
        return Ok(());
    };
    Err(Invalid { key, value: text.to_owned(), rule: rule.to_owned(), hint: hint.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<LedgerSettings, String> {
        let ledger: LedgerSettings =
            toml::from_str(text).map_err(|error| error.message().to_owned())?;
        ledger.validate().map_err(|it| format!("{} {:?} {}", it.key, it.value, it.rule))
    }

    #[test]
    fn what_is_not_named_keeps_its_default() {
        assert_eq!(read(""), Ok(LedgerSettings::default()));
        let text = "cash = \"1200\"\n[revenue_by_product]\n\"Private projects\" = \"4010\"\n\
                    [tax_by_code]\n\"DE-19\" = \"1776\"\n";
        let ledger = read(text).expect("valid");
        assert_eq!(ledger.revenue_of("Private projects"), "4010");
        assert_eq!(ledger.revenue_of("private projects"), "4000");
        assert_eq!((ledger.tax_of("DE-19"), ledger.tax_of("DE-7")), ("1776", "2200"));
        assert_eq!(ledger.cash_of("Visa •••• 4242"), ("1200", None));
    }

    #[test]
    fn the_longest_method_counts_whatever_the_capitals() {
        let text = "[cash_by_method]\nVisa = \"1360\"\n\"visa business\" = \"1361\"\n";
        let ledger = read(text).expect("valid");
        assert_eq!(ledger.cash_of("VISA •••• 4242"), ("1360", Some("Visa")));
        assert_eq!(ledger.cash_of("Visa Business 1"), ("1361", Some("visa business")));
        assert_eq!(ledger.cash_of("Mastercard"), ("1000", None));
        assert_eq!(ledger.cash_of("Vis"), ("1000", None));
    }

    #[test]
    fn what_no_ledger_would_take_is_refused() {
        for (text, expected) in [
            ("cash = \" \"", "ledger.cash \" \" is empty"),
            ("revenue = \"4\\t0\"", "ledger.revenue \"4\\t0\" has a control character"),
            ("[tax_by_code]\nA = \"\"", "ledger.tax_by_code \"\" is empty"),
            ("[revenue_by_product]\n\"\" = \"1\"", "ledger.revenue_by_product \"\" is empty"),
            (
                "[cash_by_method]\nVISA = \"1\"\nVisa = \"2\"",
                "ledger.cash_by_method \"Visa\" is \"VISA\" in other letters",
            ),
        ] {
            assert_eq!(read(text), Err(expected.to_owned()), "{text}");
        }
        assert!(read("bank = \"1\"").is_err_and(|error| error.contains("unknown field `bank`")));
    }
}
