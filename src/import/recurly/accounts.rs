//! Accounts, with the address of their billing information.

use std::collections::BTreeMap;

use super::tables::{AccountRow, BalanceRow, BillingInfoRow};
use super::versions::newest;
use crate::import::company::{Account, Company};
use crate::import::export_table::{ExportFolder, Row};
use crate::import::finding::Effect;
use crate::import::values::{Cells, UTC, first_of, joined};

/// Takes over the accounts, and returns their codes by their ids.
pub(super) fn take(
    folder: &mut ExportFolder<'_>,
    company: &mut Company,
) -> BTreeMap<String, String> {
    let infos = folder.optional::<BillingInfoRow>().unwrap_or_default();
    let infos = newest(folder, infos);
    let infos: BTreeMap<&str, &BillingInfoRow> =
        infos.iter().map(|row| (row.cells.account_id.as_str(), &row.cells)).collect();
    let rows = folder.required::<AccountRow>();
    let rows = newest(folder, rows);
    let none = BillingInfoRow::default();
    let mut codes = BTreeMap::new();
    for row in rows.iter().filter(|row| row.cells.deleted_at.is_empty()) {
        let it = &row.cells;
        codes.insert(it.id.clone(), it.code.clone());
        let info = infos.get(it.id.as_str()).copied().unwrap_or(&none);
        company.accounts.push(account(it, info));
        let mut cells = Cells { row, folder: &mut *folder };
        look_at_taxes(&mut cells);
        if it.bill_to == "parent" {
            let what = [
                "its parent pays; prorata sends the invoice to the account itself",
                "write account_id of the parent into subscriptions.csv",
            ];
            cells.lose("bill_to", &it.bill_to, Effect::BillsDiffer, what);
        }
    }
    look_at_balances(folder);
    codes
}

fn account(it: &AccountRow, info: &BillingInfoRow) -> Account {
    let person = joined(
        [
            &first_of([&it.first_name, &it.account_first_name]),
            &first_of([&it.last_name, &it.account_last_name]),
        ],
        " ",
    );
    Account {
        account_id: it.code.clone(),
        name: first_of([&it.company, &person, &it.email, &it.code]),
        email: it.email.clone(),
        address_line1: info.billing_street_1.clone(),
        address_line2: info.billing_street_2.clone(),
        city: first_of([&info.billing_city, &it.account_city]),
        region: first_of([&info.billing_region, &it.account_region]),
        postal_code: first_of([&info.billing_postal_code, &it.account_postal_code]),
        country: first_of([&info.billing_country, &it.account_country]),
        tax_id: first_of([&it.vat_number, &info.vat_number]),
        timezone: UTC.to_owned(),
    }
}

fn look_at_taxes(cells: &mut Cells<'_, '_, AccountRow>) {
    let row: &Row<AccountRow> = cells.row;
    if cells.truth("tax_exempt", &row.cells.tax_exempt).is_ok_and(|it| it) {
        let what = [
            "tax rates are not in the export",
            "write tax_code into accounts.csv, and the code into tax_rates.csv",
        ];
        cells.lose("tax_exempt", &row.cells.tax_exempt, Effect::BillsDiffer, what);
    }
}

/// A balance mixes open invoices, which stay in Recurly, with credit, which comes along.
fn look_at_balances(folder: &mut ExportFolder<'_>) {
    let rows = folder.optional::<BalanceRow>().unwrap_or_default();
    for row in &newest(folder, rows) {
        let mut cells = Cells { row, folder: &mut *folder };
        let Ok(amount) = cells.decimal("amount", &row.cells.amount) else { continue };
        if !amount.is_zero() {
            let what = [
                "a balance mixes open invoices with credit",
                "collect open invoices in Recurly, and write credit into balances.csv",
            ];
            let finding = row.finding("amount", &row.cells.amount, Effect::BillsDiffer, what);
            folder.findings.push(finding);
        }
    }
}
