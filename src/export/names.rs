//! The names of customers, accounts, items and taxes in an accounting program.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::ExportProblem;
use super::document::DocumentLine;
use crate::config::{CustomerName, ExportSettings, Names};

/// The names for one program. Its own names take precedence over shared ones.
#[derive(Clone, Copy)]
pub(crate) struct NameBook<'a> {
    /// The program's own names.
    pub(crate) own: &'a Names,
    /// The names that all programs share.
    pub(crate) shared: &'a Names,
}

impl<'a> NameBook<'a> {
    fn get(&self, name: &str) -> Option<&'a str> {
        self.own.get(name).or_else(|| self.shared.get(name)).map(String::as_str)
    }

    /// The revenue account of a line: that of its product, or the default.
    pub(crate) fn account(&self, line: &DocumentLine) -> Option<&'a str> {
        self.get(&line.product).or_else(|| self.get("default"))
    }

    /// The item of a line: that of its product, or the product's name.
    pub(crate) fn item<'b>(&self, line: &'b DocumentLine) -> &'b str
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

/// The name of a customer.
pub(crate) fn customer<'a>(
    settings: &'a ExportSettings,
    id: &'a str,
    name: &'a str,
) -> Cow<'a, str> {
    match (settings.customers.get(id), settings.customer) {
        (Some(given), _) => Cow::Borrowed(given),
        (None, CustomerName::Name) => Cow::Borrowed(name),
        (None, CustomerName::AccountId) => Cow::Borrowed(id),
        (None, CustomerName::NameAndAccountId) => Cow::Owned(format!("{name} ({id})")),
    }
}

/// Refuses duplicate names, because programs that find customers by name would merge them.
pub(crate) fn check_customers(
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
