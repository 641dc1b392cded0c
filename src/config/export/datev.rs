//! `[export.datev]`: the owner of the books, and their accounts and tax keys.

use chrono::{Datelike as _, NaiveDate};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::TaxNames;
use super::names::{Names, check_rates, invalid};
use crate::config::invalid::Invalid;

/// `[export.datev]`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct DatevSettings {
    /// The tax adviser's number, 1001 to 9999999; there is no export without it.
    pub(crate) consultant_number: Option<u32>,
    /// The client's number with the adviser, 1 to 99999; there is no export without it.
    pub(crate) client_number: Option<u32>,
    /// Month and day on which the fiscal year begins, as four digits.
    pub(crate) fiscal_year_start: String,
    /// Digits of a general ledger account, 4 to 8.
    pub(crate) account_length: u32,
    /// The chart of accounts: two digits, such as 03 or 04.
    pub(crate) chart: String,
    /// The currency of the books.
    pub(crate) currency: String,
    /// Units of a currency that one unit of the books' currency buys, by currency.
    pub(crate) exchange_rates: Names,
    /// The account of all customers that have none of their own.
    pub(crate) receivable_account: String,
    /// The customer's account, by account id.
    pub(crate) debtors: Names,
    /// Before `[export.accounts]`.
    pub(crate) accounts: Names,
    /// The revenue account, by tax code, or by code and rate; goes before those by product.
    pub(crate) accounts_by_tax: TaxNames,
    /// The tax key (BU-Schlüssel), by tax code, or by code and rate; empty where the account implies the tax.
    pub(crate) taxes: TaxNames,
}

impl Default for DatevSettings {
    fn default() -> Self {
        Self {
            consultant_number: None,
            client_number: None,
            fiscal_year_start: "0101".to_owned(),
            account_length: 4,
            chart: String::new(),
            currency: "EUR".to_owned(),
            exchange_rates: Names::new(),
            receivable_account: "10000".to_owned(),
            debtors: Names::new(),
            accounts: Names::new(),
            accounts_by_tax: TaxNames::new(),
            taxes: TaxNames::new(),
        }
    }
}

impl DatevSettings {
    pub(super) fn validate(&self) -> Result<(), Invalid> {
        check_range("export.datev.consultant_number", self.consultant_number, 1001, 9_999_999)?;
        check_range("export.datev.client_number", self.client_number, 1, 99_999)?;
        check_range("export.datev.account_length", Some(self.account_length), 4, 8)?;
        check_rates("export.datev.exchange_rates", &self.exchange_rates)?;
        let text = &self.fiscal_year_start;
        if self.fiscal_year_in(2023).is_none_or(|start| start.day() != 1) {
            let rule = "is not the first day of a month";
            let hint = "write month and day as four digits: \"0101\", or \"0701\" for 1 July";
            return Err(invalid("export.datev.fiscal_year_start", text, rule, hint));
        }
        Ok(())
    }

    /// The start of the fiscal year that begins in this calendar year.
    pub(crate) fn fiscal_year_in(&self, year: i32) -> Option<NaiveDate> {
        let text = Some(&self.fiscal_year_start).filter(|text| text.len() == 4)?;
        let (month, day) = text.split_at_checked(2)?;
        NaiveDate::from_ymd_opt(year, month.parse().ok()?, day.parse().ok()?)
    }
}

fn check_range(
    key: &'static str,
    value: Option<u32>,
    least: u32,
    most: u32,
) -> Result<(), Invalid> {
    match value {
        Some(value) if !(least..=most).contains(&value) => {
            let rule = format!("is not between {least} and {most}");
            Err(invalid(key, &value.to_string(), &rule, "write the number as DATEV has it"))
        }
        _ => Ok(()),
    }
}
