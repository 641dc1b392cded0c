//! Accounts, with their zone. Kill Bill counts days in it.

use std::collections::{BTreeMap, BTreeSet};

use super::tables::{AccountRow, ItemRow};
use crate::import::company::{Account, Balance, Company};
use crate::import::export_table::{ExportFolder, Row};
use crate::import::finding::Effect;
use crate::import::values::{Cells, NotTaken, first_of};
use crate::value::{Amount, Currency, Zone};

/// An account that subscriptions and invoices refer to.
#[derive(Clone, Debug)]
pub(super) struct Known {
    /// Its id there.
    pub(super) id: String,
    /// Its id here: the external key.
    pub(super) key: String,
    pub(super) zone: Zone,
    pub(super) currency: Option<Currency>,
    /// The day of the month on which its periods begin.
    pub(super) cycle_day: Option<u32>,
}

/// Accounts by their ids and by the numbers of their records.
#[derive(Clone, Debug, Default)]
pub(super) struct Accounts {
    pub(super) by_id: BTreeMap<String, Known>,
    pub(super) by_record: BTreeMap<String, Known>,
    /// The records of accounts with problems, which are reported.
    pub(super) broken: BTreeSet<String>,
}

/// Reads the accounts.
pub(super) fn read(folder: &mut ExportFolder<'_>, rows: &[Row<AccountRow>]) -> Accounts {
    let mut accounts = Accounts::default();
    for row in rows {
        let mut cells = Cells { row, folder: &mut *folder };
        if let Ok(known) = known(&mut cells) {
            let other = accounts.by_id.insert(row.cells.id.clone(), known.clone());
            if other.is_some() {
                cells.report(
                    "id",
                    &row.cells.id,
                    "is there twice",
                    "keep one export of an account",
                );
            }
            accounts.by_record.insert(row.cells.record_id.clone(), known);
        } else {
            accounts.broken.insert(row.cells.record_id.clone());
        }
    }
    accounts
}

fn known(cells: &mut Cells<'_, '_, AccountRow>) -> Result<Known, NotTaken> {
    let it = &cells.row.cells;
    let zone = it.time_zone.parse().map_err(|_| {
        cells.report("time_zone", &it.time_zone, "is no IANA time zone", "write one, such as UTC")
    })?;
    let currency = match it.currency.as_str() {
        "" => None,
        code => Some(cells.currency("currency", code)?),
    };
    let cycle_day = it.billing_cycle_day_local.parse().ok().filter(|day| (1..=31).contains(day));
    let (id, key) = (it.id.clone(), it.external_key.clone());
    Ok(Known { id, key, zone, currency, cycle_day })
}

/// Takes over the accounts and their credit.
pub(super) fn take(
    folder: &mut ExportFolder<'_>,
    rows: &[Row<AccountRow>],
    items: &[Row<ItemRow>],
    company: &mut Company,
) {
    let mut credits: BTreeMap<&str, Vec<&Row<ItemRow>>> = BTreeMap::new();
    for item in items.iter().filter(|item| item.cells.type_ == "CBA_ADJ") {
        credits.entry(&item.cells.account_id).or_default().push(item);
    }
    for row in rows {
        company.accounts.push(account(&row.cells));
        let mut cells = Cells { row, folder: &mut *folder };
        let delegated = &row.cells.is_payment_delegated_to_parent;
        let column = "is_payment_delegated_to_parent";
        if cells.truth(column, delegated).is_ok_and(|it| it) {
            let what = [
                "the parent pays; prorata sends the invoice to the account itself",
                "write account_id of the parent into subscriptions.csv",
            ];
            cells.lose(column, delegated, Effect::BillsDiffer, what);
        }
        // What failed has been reported.
        let own = credits.remove(row.cells.id.as_str()).unwrap_or_default();
        let _ = credit(&mut cells, &own, company);
    }
}

fn account(it: &AccountRow) -> Account {
    Account {
        account_id: it.external_key.clone(),
        name: first_of([&it.company_name, &it.name, &it.email, &it.external_key]),
        email: it.email.clone(),
        address_line1: it.address1.clone(),
        address_line2: it.address2.clone(),
        city: it.city.clone(),
        region: it.state_or_province.clone(),
        postal_code: it.postal_code.clone(),
        country: it.country.clone(),
        tax_id: String::new(),
        timezone: it.time_zone.clone(),
    }
}

/// The credit of an account: what its invoices granted and did not use yet.
fn credit(
    cells: &mut Cells<'_, '_, AccountRow>,
    items: &[&Row<ItemRow>],
    company: &mut Company,
) -> Result<(), NotTaken> {
    let it = &cells.row.cells;
    let mut sums: BTreeMap<&'static str, (Currency, Amount)> = BTreeMap::new();
    for row in items {
        let mut item = Cells { row, folder: &mut *cells.folder };
        let currency = item.currency("currency", &row.cells.currency)?;
        let amount = item.amount("amount", &row.cells.amount, currency)?;
        let zero = (currency, Amount::from_minor(0));
        let sum = &mut sums.entry(currency.code()).or_insert(zero).1;
        *sum = sum.checked_add(amount).ok_or_else(|| {
            item.report("amount", &row.cells.amount, "is too large", "check the amounts")
        })?;
    }
    for (currency, amount) in sums.into_values().filter(|(_, amount)| !amount.is_zero()) {
        company.balances.push(Balance {
            account_id: it.external_key.clone(),
            currency: currency.code().to_owned(),
            amount: amount.to_decimal_string(currency),
        });
    }
    Ok(())
}
