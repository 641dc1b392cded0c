//! `[export]`: what accounting programs call what prorata bills.
//!
//! Everything is optional here; what a format cannot do without is asked for when that format is
//! exported. Names that all programs share stand under `[export]`; a program's own table may hold
//! others, and these go first.

mod datev;
mod names;
mod taxes;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use datev::DatevSettings;
pub use names::Names;
use names::{check_rates, invalid};
use taxes::check_tax_names;
pub use taxes::{BilledRate, RateName, TaxName, TaxNames};

use super::invalid::Invalid;

/// The whole table.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ExportSettings {
    /// What customers are called that are not named one by one.
    pub customer: CustomerName,
    /// The customer's name, by account id.
    pub customers: Names,
    /// The revenue account, by product; `default` for the others.
    pub accounts: Names,
    /// The product or service, by product; `default` for lines without a product.
    pub items: Names,
    /// The tax rate, by tax code; `none` for lines without one. A code with several rates has a table:
    /// the name by rate, and for a rate of several places by place.
    pub taxes: TaxNames,
    /// Xero alone.
    pub xero: XeroSettings,
    /// QuickBooks Online alone.
    pub quickbooks: QuickBooksSettings,
    /// NetSuite alone.
    pub netsuite: NetSuiteSettings,
    /// Sage 50 alone.
    pub sage50: SageSettings,
    /// DATEV alone.
    pub datev: DatevSettings,
    /// hledger and beancount.
    pub journal: JournalSettings,
}

/// What customers are called: programs find them by their name, so it must be one of a kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CustomerName {
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
pub struct XeroSettings {
    /// How the organisation's region writes dates.
    pub date_format: DateFormat,
    /// The branding theme of all documents.
    pub branding_theme: String,
    /// At most two tracking categories, with the option that all lines get.
    pub tracking: Vec<Tracking>,
    /// Before `[export.accounts]`.
    pub accounts: Names,
    /// Before `[export.taxes]`.
    pub taxes: TaxNames,
}

/// A tracking category of Xero and the option in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tracking {
    /// The category.
    pub name: String,
    /// The option.
    pub option: String,
}

/// `[export.quickbooks]`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct QuickBooksSettings {
    /// Which of the two templates.
    pub region: QuickBooksRegion,
    /// How dates are written; by default as the region does.
    pub date_format: Option<DateFormat>,
    /// Payment terms of all invoices, by their name.
    pub terms: String,
    /// The location of all documents.
    pub location: String,
    /// In the United States, the item that carries the tax.
    pub tax_item: String,
    /// Other titles for columns.
    pub columns: Names,
    /// Before `[export.items]`.
    pub items: Names,
    /// Before `[export.taxes]`.
    pub taxes: TaxNames,
}

/// The two templates of QuickBooks Online.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum QuickBooksRegion {
    /// The United States: no columns for tax and currency. The default.
    #[default]
    Us,
    /// Everywhere else.
    Global,
}

/// `[export.netsuite]`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct NetSuiteSettings {
    /// What customers are found by.
    pub entity: Entity,
    /// How dates are written.
    pub date_format: DateFormat,
    /// The subsidiary, in OneWorld.
    pub subsidiary: String,
    /// Payment terms of all invoices, by their name.
    pub terms: String,
    /// The location of all lines.
    pub location: String,
    /// Whether the posting period is written, as `Jun 2020`; else it follows from the date.
    pub posting_period: bool,
    /// What one unit of a currency is in the subsidiary's, by currency.
    pub exchange_rates: Names,
    /// Before `[export.items]`.
    pub items: Names,
    /// Before `[export.taxes]`.
    pub taxes: TaxNames,
}

/// What NetSuite finds a customer by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Entity {
    /// `account_id`, as external or entity id. The default.
    #[default]
    AccountId,
    /// What other programs call the customer.
    Name,
}

/// `[export.sage50]`
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SageSettings {
    /// The department of all lines, 0 to 999.
    pub department: u32,
    /// Who imports.
    pub user_name: String,
    /// The account reference, by account id, for those that do not follow the rule.
    pub account_references: Names,
    /// Before `[export.accounts]`.
    pub accounts: Names,
    /// Before `[export.taxes]`.
    pub taxes: TaxNames,
}

/// `[export.journal]`
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct JournalSettings {
    /// The whole account, by the name in the ledger.
    pub accounts: Names,
    /// The topmost account, by what the name in the ledger begins with.
    pub types: Names,
    /// Which accounts the beancount file opens.
    pub opens: Opens,
}

/// Which accounts a beancount file opens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Opens {
    /// All that it uses, so that it stands alone. The default.
    #[default]
    All,
    /// Those that no earlier close used, so that the files of all closes can be included in one.
    New,
}

/// How dates are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum DateFormat {
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
    /// A date, written so.
    ///
    /// ```
    /// # use prorata::config::DateFormat;
    /// let date = "2020-06-09".parse().unwrap();
    /// assert_eq!(DateFormat::DayFirst.write(date), "09/06/2020");
    /// assert_eq!(DateFormat::MonthFirst.write(date), "06/09/2020");
    /// ```
    pub fn write(self, date: NaiveDate) -> String {
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
    /// All tables that name taxes.
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

    /// Whether any name of a tax depends on where the account is.
    pub fn has_places(&self) -> bool {
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
