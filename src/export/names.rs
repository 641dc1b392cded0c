//! What an accounting program calls a customer, an account, an item, a tax.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::ExportProblem;
use super::document::DocumentLine;
use crate::config::{CustomerName, ExportSettings, Names};

/// The names of one program: its own go before those that all programs share.
#[derive(Clone, Copy)]
pub struct NameBook<'a> {
    /// The program's own names.
    pub own: &'a Names,
    /// The names that all programs share.
    pub shared: &'a Names,
}

impl<'a> NameBook<'a> {
    fn get(&self, name: &str) -> Option<&'a str> {
        self.own.get(name).or_else(|| self.shared.get(name)).map(String::as_str)
    }

    /// The revenue account of a line: by product, or the default.
    pub fn account(&self, line: &DocumentLine) -> Option<&'a str> {
        self.get(&line.product).or_else(|| self.get("default"))
    }

    /// The item of a line: by product, or else called like the product.
    pub fn item<'b>(&self, line: &'b DocumentLine) -> &'b str
    where
        'a: 'b,
    {
        match (self.get(&line.product), line.product.as_str()) {
            (Some(item), _) => item,
            (None, "") => self.get("default").unwrap_or("Services"),
            (None, product) => product,
        }
    }
}

/// What a customer is called.
pub fn customer<'a>(settings: &'a ExportSettings, id: &'a str, name: &'a str) -> Cow<'a, str> {
    match (settings.customers.get(id), settings.customer) {
        (Some(given), _) => Cow::Borrowed(given),
        (None, CustomerName::Name) => Cow::Borrowed(name),
        (None, CustomerName::AccountId) => Cow::Borrowed(id),
        (None, CustomerName::NameAndAccountId) => Cow::Owned(format!("{name} ({id})")),
    }
}

/// Programs that find customers by name would take two of the same name for one.
pub fn check_customers(
    settings: &ExportSettings,
    accounts: &BTreeMap<String, String>,
    program: &str,
) -> Vec<ExportProblem> {
    let mut owners: BTreeMap<Cow<'_, str>, &str> = BTreeMap::new();
    let mut faults = Vec::new();
    for (id, name) in accounts {
        let called = customer(settings, id, name);
        if let Some(other) = owners.insert(called.clone(), id) {
            faults.push(ExportProblem::setting(
                format!(
                    "accounts {other:?} and {id:?} are both called {called:?}, and {program} \
                     finds customers by name"
                ),
                format!(
                    "name one of them: [export.customers] {id:?} = \"…\"; or all: [export] \
                     customer = \"name_and_account_id\""
                ),
            ));
        }
    }
    faults
}
