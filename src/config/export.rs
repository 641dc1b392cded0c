//! `[export]`: the names that accounting programs use.
//!
//! Everything is optional here. An export fails if its format needs a missing name. `[export]` has
//! the names for all programs; the table of a program overrides them.

mod datev;
mod names;
mod taxes;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(crate) use datev::DatevSettings;
pub(crate) use names::Names;
use names::{check_rates, invalid};
use taxes::check_tax_names;
pub(crate) use taxes::{BilledRate, RateName, TaxName, TaxNames};

use super::invalid::Invalid;

/// The whole table.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct ExportSettings {
    /// What customers are called that are not named one by one.
    pub(crate) customer: CustomerName,
    /// The customer's name, by account id.
    pub(crate) customers: Names,
    /// The revenue account, by product; `default` for the others.
    pub(crate) accounts: Names,
    /// The product or service, by product; `default` for lines without a product.
    pub(crate) items: Names,
    /// The tax rate, by tax code; `none` for lines without one. A code with several rates has a table:
    /// the name by rate, and for a rate of several places by place.
    pub(crate) taxes: TaxNames,
    /// Xero alone.
    pub(crate) xero: XeroSettings,
    /// QuickBooks Online alone.
    pub(crate) quickbooks: QuickBooksSettings,
    /// NetSuite alone.
    pub(crate) netsuite: NetSuiteSettings,
    /// Sage 50 alone.
    pub(crate) sage50: SageSettings,
    /// DATEV alone.
    pub(crate) datev: DatevSettings,
    /// hledger and beancount.
    pub(crate) journal: JournalSettings,
}

/// What customers are called: programs find them by their name, so it must be one of a kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CustomerName {
    /// The account's name. The default.
    #[default]
    Name,
    /// The account's id.
    AccountId,
    /// The account's name, and its id in brackets.
    NameAndAccountId,
}

/// `[export.xero]`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct XeroSettings {
    /// How the organisation's region writes dates.
    pub(crate) date_format: DateFormat,
    /// The branding theme of all documents.
    pub(crate) branding_theme: String,
    /// At most two tracking categories, with the option that all lines get.
    pub(crate) tracking: Vec<Tracking>,
    /// Before `[export.accounts]`.
    pub(crate) accounts: Names,
    /// Before `[export.taxes]`.
    pub(crate) taxes: TaxNames,
}

/// A tracking category of Xero and the option in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tracking {
    /// The category.
    pub(crate) name: String,
    /// The option.
    pub(crate) option: String,
}

/// `[export.quickbooks]`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct QuickBooksSettings {
    /// Which of the two templates.
    pub(crate) region: QuickBooksRegion,
    /// How dates are written; by default as the region does.
    pub(crate) date_format: Option<DateFormat>,
    /// Payment terms of all invoices, by their name.
    pub(crate) terms: String,
    /// The location of all documents.
    pub(crate) location: String,
    /// In the United States, the item that carries the tax.
    pub(crate) tax_item: String,
    /// Other titles for columns.
    pub(crate) columns: Names,
    /// Before `[export.items]`.
    pub(crate) items: Names,
    /// Before `[export.taxes]`.
    pub(crate) taxes: TaxNames,
}

/// The two templates of QuickBooks Online.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum QuickBooksRegion {
    /// The United States: no columns for tax and currency. The default.
    #[default]
    Us,
    /// Everywhere else.
    Global,
}

/// `[export.netsuite]`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct NetSuiteSettings {
    /// What customers are found by.
    pub(crate) entity: Entity,
    /// How dates are written.
    pub(crate) date_format: DateFormat,
    /// The subsidiary, in OneWorld.
    pub(crate) subsidiary: String,
    /// Payment terms of all invoices, by their name.
    pub(crate) terms: String,
    /// The location of all lines.
    pub(crate) location: String,
    /// Whether the posting period is written, as `Jun 2020`; else it follows from the date.
    pub(crate) posting_period: bool,
    /// What one unit of a currency is in the subsidiary's, by currency.
    pub(crate) exchange_rates: Names,
    /// Before `[export.items]`.
    pub(crate) items: Names,
    /// Before `[export.taxes]`.
    pub(crate) taxes: TaxNames,
}

/// What NetSuite finds a customer by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Entity {
    /// `account_id`, as external or entity id. The default.
    #[default]
    AccountId,
    /// What other programs call the customer.
    Name,
}

/// `[export.sage50]`
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct SageSettings {
    /// The department of all lines, 0 to 999.
    pub(crate) department: u32,
    /// Who imports.
    pub(crate) user_name: String,
    /// The account reference, by account id, for those that do not follow the rule.
    pub(crate) account_references: Names,
    /// Before `[export.accounts]`.
    pub(crate) accounts: Names,
    /// Before `[export.taxes]`.
    pub(crate) taxes: TaxNames,
}

/// `[export.journal]`
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct JournalSettings {
    /// The whole account, by the name in the ledger.
    pub(crate) accounts: Names,
    /// The topmost account, by what the name in the ledger begins with.
    pub(crate) types: Names,
    /// Which accounts the beancount file opens.
    pub(crate) opens: Opens,
}

/// Which accounts a beancount file opens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Opens {
    /// All that it uses, so that it stands alone. The default.
    #[default]
    All,
    /// Those that no earlier close used, so that the files of all closes can be included in one.
    New,
}

/// How dates are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[expect(clippy::enum_variant_names, reason = "the order is named by what comes first")]
pub(crate) enum DateFormat {
    /// 27/06/2020
    #[serde(rename = "DD/MM/YYYY")]
    DayFirst,
    /// 06/27/2020
    #[serde(rename = "MM/DD/YYYY")]
    MonthFirst,
    /// 2020-06-27
    #[serde(rename = "YYYY-MM-DD")]
    YearFirst,
}

impl DateFormat {
    pub(crate) fn write(self, date: NaiveDate) -> String {
        let pattern = match self {
            Self::DayFirst => "%d/%m/%Y",
            Self::MonthFirst => "%m/%d/%Y",
            Self::YearFirst => "%Y-%m-%d",
        };
        date.format(pattern).to_string()
    }
}

impl Default for XeroSettings {
    fn default() -> Self {
        Self {
            date_format: DateFormat::DayFirst,
            branding_theme: String::new(),
            tracking: Vec::new(),
            accounts: Names::new(),
            taxes: TaxNames::new(),
        }
    }
}

impl Default for QuickBooksSettings {
    fn default() -> Self {
        Self {
            region: QuickBooksRegion::Us,
            date_format: None,
            terms: String::new(),
            location: String::new(),
            tax_item: "Sales tax".to_owned(),
            columns: Names::new(),
            items: Names::new(),
            taxes: TaxNames::new(),
        }
    }
}

impl Default for NetSuiteSettings {
    fn default() -> Self {
        Self {
            entity: Entity::AccountId,
            date_format: DateFormat::MonthFirst,
            subsidiary: String::new(),
            terms: String::new(),
            location: String::new(),
            posting_period: false,
            exchange_rates: Names::new(),
            items: Names::new(),
            taxes: TaxNames::new(),
        }
    }
}

impl ExportSettings {
    fn tax_names(&self) -> [(&'static str, &TaxNames); 7] {
        [
            ("export.taxes", &self.taxes),
            ("export.xero.taxes", &self.xero.taxes),
            ("export.quickbooks.taxes", &self.quickbooks.taxes),
            ("export.netsuite.taxes", &self.netsuite.taxes),
            ("export.sage50.taxes", &self.sage50.taxes),
            ("export.datev.taxes", &self.datev.taxes),
            ("export.datev.accounts_by_tax", &self.datev.accounts_by_tax),
        ]
    }

    /// Whether any tax name depends on the place of the account.
    pub(crate) fn has_places(&self) -> bool {
        self.tax_names().iter().any(|(_, names)| taxes::has_places(names))
    }

    pub(super) fn validate(self) -> Result<Self, Invalid> {
        if self.xero.tracking.len() > 2 {
            let count = self.xero.tracking.len();
            let rule = format!("are {count} categories");
            return Err(invalid("export.xero.tracking", "", &rule, "Xero imports two at most"));
        }
        if self.sage50.department > 999 {
            let value = self.sage50.department.to_string();
            let hint = "departments of Sage 50 are 0 to 999";
            return Err(invalid("export.sage50.department", &value, "is no department", hint));
        }
        check_rates("export.netsuite.exchange_rates", &self.netsuite.exchange_rates)?;
        self.tax_names().into_iter().try_for_each(|(key, names)| check_tax_names(key, names))?;
        self.datev.validate()?;
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn example_of_write() {
        use crate::config::DateFormat;
        let date = "2020-06-09".parse().unwrap();
        assert_eq!(DateFormat::DayFirst.write(date), "09/06/2020");
        assert_eq!(DateFormat::MonthFirst.write(date), "06/09/2020");
    }
}
