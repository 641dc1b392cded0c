//! Customers become accounts, and their credit opening balances.

use std::collections::BTreeSet;

use super::rows::of_one_mode;
use super::tables::CustomerRow;
use crate::import::company::{Account, Balance, Company};
use crate::import::export_table::{ExportFolder, Row};
use crate::import::finding::Effect;
use crate::import::values::{Cells, NotTaken, UTC, first_of};

/// Takes over the customers, and returns their ids.
pub(super) fn take(folder: &mut ExportFolder<'_>, company: &mut Company) -> BTreeSet<String> {
    let rows = folder.required::<CustomerRow>();
    let rows = of_one_mode(folder, rows, |it| &it.livemode);
    let mut ids = BTreeSet::new();
    for row in &rows {
        let mut cells = Cells { row, folder: &mut *folder };
        if cells.truth("is_deleted", &row.cells.is_deleted).ok() != Some(false) {
            continue;
        }
        if !ids.insert(row.cells.id.clone()) {
            cells.report("id", &row.cells.id, "is there twice", "keep the row that is right");
            continue;
        }
        company.accounts.push(account(&row.cells));
        // What failed has been reported.
        let _ = balance(&mut cells, company);
        look_at_taxes(&mut cells);
    }
    ids
}

fn account(it: &CustomerRow) -> Account {
    Account {
        account_id: it.id.clone(),
        name: first_of([&it.name, &it.description, &it.email, &it.id]),
        email: it.email.clone(),
        address_line1: it.address_line_1.clone(),
        address_line2: it.address_line_2.clone(),
        city: it.address_city.clone(),
        region: it.address_state.clone(),
        postal_code: it.address_postal_code.clone(),
        country: it.address_country.clone(),
        tax_id: it.tax_info_tax_id.clone(),
        timezone: UTC.to_owned(),
    }
}

/// A negative balance is credit. A positive one is added to the next invoice by Stripe.
fn balance(cells: &mut Cells<'_, '_, CustomerRow>, company: &mut Company) -> Result<(), NotTaken> {
    let row: &Row<CustomerRow> = cells.row;
    let text = first_of([&row.cells.balance, &row.cells.account_balance]);
    if text.is_empty() || cells.decimal("balance", &text)?.is_zero() {
        return Ok(());
    }
    let currency = cells.currency("currency", &row.cells.currency)?;
    let amount = cells.units("balance", &text, currency)?;
    if !amount.is_negative() {
        let what = [
            "Stripe adds a positive balance to the next invoice",
            "write a row of adjustments.csv, at an instant after the opening",
        ];
        cells.lose("balance", &text, Effect::BillsDiffer, what);
        return Ok(());
    }
    company.balances.push(Balance {
        account_id: row.cells.id.clone(),
        currency: currency.code().to_owned(),
        // A larger credit than 64 bits hold is refused above.
        amount: amount.checked_neg().unwrap_or(amount).to_decimal_string(currency),
    });
    Ok(())
}

fn look_at_taxes(cells: &mut Cells<'_, '_, CustomerRow>) {
    let exempt = cells.row.cells.tax_exempt.as_str();
    if !matches!(exempt, "" | "none") {
        let what = [
            "tax rates are not in the export",
            "write tax_code into accounts.csv, and the code into tax_rates.csv",
        ];
        cells.lose("tax_exempt", exempt, Effect::BillsDiffer, what);
    }
}
