//! Names general ledger accounts for hledger and beancount: `Assets:Cash:1000`.
//!
//! The start of a name selects the top-level account; the parts of the name and the number follow.
//! Beancount accepts letters, digits and hyphens, with a capital or a digit first; hledger accepts
//! that as well.

use std::collections::BTreeMap;

use super::ExportProblem;
use super::error::all;
use super::journal::{ExportedAccount, ExportedEntry};
use crate::config::{JournalSettings, Names};

/// The starts of names, and their top-level accounts.
const TYPES: [(&str, &str); 10] = [
    ("Accounts receivable", "Assets"),
    ("Cash", "Assets"),
    ("Customer credit", "Liabilities"),
    ("Deferred revenue", "Liabilities"),
    ("Tax payable", "Liabilities"),
    ("Revenue", "Income"),
    ("Opening balance", "Equity"),
    ("Bad debt", "Expenses"),
    ("Bank fees", "Expenses"),
    ("Exchange difference", "Expenses"),
];

const ROOTS: [&str; 5] = ["Assets", "Liabilities", "Equity", "Income", "Expenses"];

/// The name of every posted account.
#[derive(Debug)]
pub(crate) struct AccountNumbers(BTreeMap<ExportedAccount, String>);

impl AccountNumbers {
    /// Names every account.
    ///
    /// # Errors
    /// An account of an unknown kind, or two accounts with the same name.
    pub(crate) fn of(
        entries: &[ExportedEntry],
        settings: &JournalSettings,
    ) -> Result<Self, Vec<ExportProblem>> {
        let postings = entries.iter().flat_map(|entry| &entry.postings);
        let mut names: BTreeMap<ExportedAccount, String> =
            postings.map(|posting| (posting.ledger.clone(), String::new())).collect();
        let mut owners: BTreeMap<String, ExportedAccount> = BTreeMap::new();
        all(names.iter_mut().map(|(account, name)| {
            *name = named(account, settings)?;
            let is_given = settings.accounts.contains_key(&account.name);
            match owners.insert(name.clone(), account.clone()) {
                Some(other) if !is_given => Err(same(&other, account, name)),
                _ => Ok(()),
            }
        }))?;
        Ok(Self(names))
    }

    /// The name of an account.
    pub(crate) fn name(&self, account: &ExportedAccount) -> &str {
        &self.0[account]
    }

    /// All distinct names in alphabetical order.
    pub(crate) fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.0.values().map(String::as_str).collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}

fn same(other: &ExportedAccount, account: &ExportedAccount, name: &str) -> Vec<ExportProblem> {
    vec![ExportProblem::setting(
        format!(
            "{:?} ({}) and {:?} ({}) would both be {name}",
            other.name, other.number, account.name, account.number
        ),
        format!("name one of them: [export.journal.accounts] {:?} = \"…\"", account.name),
    )]
}

fn named(
    account: &ExportedAccount,
    settings: &JournalSettings,
) -> Result<String, Vec<ExportProblem>> {
    if let Some(name) = settings.accounts.get(&account.name) {
        return checked(name, "export.journal.accounts");
    }
    let root = root(account.kind(), &settings.types).ok_or_else(|| {
        vec![ExportProblem::setting(
            format!("{:?} is an account of no known kind", account.name),
            format!(
                "write it in billing.toml: [export.journal.types] {:?} = \"Assets\", or {}",
                account.kind(),
                ROOTS[1..].join(", ")
            ),
        )]
    })?;
    let root = checked(root, "export.journal.types")?;
    let parts = account.name.split(':').chain([&*account.number]).map(component);
    let parts = std::iter::once(root).chain(parts.filter(|part| !part.is_empty()));
    Ok(parts.collect::<Vec<_>>().join(":"))
}

fn root<'a>(kind: &str, types: &'a Names) -> Option<&'a str> {
    let known = || TYPES.iter().find(|(name, _)| *name == kind).map(|(_, root)| *root);
    types.get(kind).map(String::as_str).or_else(known)
}

/// A name from billing.toml, if both programs accept it.
fn checked(name: &str, table: &str) -> Result<String, Vec<ExportProblem>> {
    let is_root = name.split(':').next().is_some_and(|root| ROOTS.contains(&root));
    if is_root && name.split(':').all(|part| !part.is_empty() && component(part) == part) {
        return Ok(name.to_owned());
    }
    let hint = format!(
        "write it like Assets:Cash, with letters, digits and hyphens, below {}",
        ROOTS.join(", ")
    );
    Err(vec![ExportProblem::setting(
        format!("[{table}] names {name:?}, which is no account"),
        hint,
    )])
}

/// A part of a name. Other characters become one hyphen, and it begins with a capital or a digit.
fn component(text: &str) -> String {
    let mut part = String::with_capacity(text.len());
    for c in text.chars() {
        if is_plain(c) {
            part.push(c);
        } else if !part.is_empty() && !part.ends_with('-') {
            part.push('-');
        }
    }
    let part = part.trim_end_matches('-');
    let Some(first) = part.chars().next() else { return String::new() };
    let capital: String = first.to_uppercase().collect();
    let rest = &part[first.len_utf8()..];
    let starts_well = capital.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
    if starts_well { format!("{capital}{rest}") } else { format!("X{part}") }
}

/// Letters and digits that both programs accept.
fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || (matches!(c, '\u{AA}'..='\u{24F}' | '\u{370}'..='\u{52F}') && c.is_alphabetic())
        || matches!(c, 'ぁ'..='ゖ' | 'ァ'..='ヺ' | '一'..='\u{9FFF}' | '가'..='힣')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(number: &str, name: &str) -> ExportedAccount {
        ExportedAccount { number: number.to_owned(), name: name.to_owned() }
    }

    #[test]
    fn names_follow_from_what_the_ledger_says() {
        let settings = JournalSettings::default();
        for (number, name, expected) in [
            ("1100", "Accounts receivable", "Assets:Accounts-receivable:1100"),
            ("2200", "Tax payable: VAT 19 %", "Liabilities:Tax-payable:VAT-19:2200"),
            ("4000", "Revenue: größe \"L\" 🚀", "Income:Revenue:Größe-L:4000"),
            ("", "Revenue: 東京", "Income:Revenue:X東京"),
            ("1 000", "Cash: Visa", "Assets:Cash:Visa:1-000"),
        ] {
            assert_eq!(named(&account(number, name), &settings).as_deref(), Ok(expected));
        }
    }

    #[test]
    fn given_names_go_first_and_must_be_names() {
        let mut settings = JournalSettings::default();
        settings.accounts.insert("Cash".to_owned(), "Assets:Bank".to_owned());
        settings.types.insert("Suspense".to_owned(), "Equity:Open".to_owned());
        assert_eq!(named(&account("1", "Cash"), &settings).as_deref(), Ok("Assets:Bank"));
        let suspense = named(&account("9", "Suspense"), &settings);
        assert_eq!(suspense.as_deref(), Ok("Equity:Open:Suspense:9"));
        for wrong in ["Bank:Cash", "Assets:", "Assets:my cash", "Assets:cash", ""] {
            settings.accounts.insert("Cash".to_owned(), wrong.to_owned());
            assert!(named(&account("1", "Cash"), &settings).is_err(), "{wrong}");
        }
        assert!(named(&account("1", "Suspended"), &settings).is_err());
    }
}
