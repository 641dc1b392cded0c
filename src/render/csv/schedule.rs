//! `revenue_schedule.csv`: one row per line and month, with the revenue earned in that month. The
//! rows of a line add up to its `net_amount`.

use crate::accounting::{Earned, line_schedule};
use crate::model::{Account, Invoice, Line};
use crate::table::{CsvTable, CsvWriter};
use crate::value::Currency;

pub(crate) const COLUMNS: [&str; 8] = [
    "invoice_number",
    "line_number",
    "account_id",
    "product",
    "month",
    "days",
    "amount",
    "currency",
];

pub(crate) fn schedule_csv<'a>(invoices: &'a [Invoice], accounts: &'a [Account]) -> CsvTable<'a> {
    CsvTable::new(&COLUMNS, invoices, |invoice, rows| {
        let account = invoice.account_of(accounts);
        for (line, number) in invoice.lines.iter().zip(1..) {
            let mut of_line = None;
            for earned in line_schedule(line, account.zone) {
                rows.same(&mut of_line, |rows| {
                    line_cells(invoice, account, (line, number), rows);
                });
                month_cells(earned, invoice.currency, rows);
            }
        }
    })
}

/// The first cells of a line's rows.
fn line_cells(
    invoice: &Invoice,
    account: &Account,
    (line, number): (&Line, u64),
    rows: &mut CsvWriter,
) {
    rows.cell(&invoice.number);
    rows.count(number);
    rows.text(&account.id);
    rows.text(&line.quote.product);
}

fn month_cells(earned: Earned, currency: Currency, rows: &mut CsvWriter) {
    rows.month(earned.month);
    rows.whole(earned.days);
    rows.money(earned.amount, currency);
    rows.word(currency.code());
    rows.end();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounting::tests::{account, date, document, line, tax};
    use crate::model::TaxBehavior;
    use crate::value::{Amount, Zone};

    #[test]
    fn the_rows_of_a_line_are_its_net_amount_in_the_calendar_of_the_account() {
        let honolulu: Zone = "Pacific/Honolulu".parse().expect("a zone");
        let account = Account { id: "=atlas".into(), zone: honolulu, ..account() };
        let taxed = Line {
            tax: Some(tax(19, TaxBehavior::Inclusive)),
            tax_amount: Amount::from_minor(190),
            tax_parts: None,
            // The service ends at noon of 1 July there, which earns nothing more.
            service_end: honolulu.instant(date("2020-07-01").and_hms_opt(12, 0, 0).expect("noon")),
            ..line("Seats", 1190, "2020-05-01", "2020-07-01")
        };
        let credit = line("Rooms", -500, "2020-07-02", "2020-07-02");
        let invoice = document("I-1", "2020-05-01", vec![taxed, credit], 0);
        let file = String::from_utf8(schedule_csv(&[invoice], &[account]).bytes()).expect("UTF-8");
        let rows: Vec<&str> = file.lines().skip(1).collect();
        // Midnight in UTC is still the evening before in Honolulu.
        assert_eq!(
            rows,
            [
                "I-1,1,'=atlas,Seats,2020-04,1,0.16,USD",
                "I-1,1,'=atlas,Seats,2020-05,31,5.00,USD",
                "I-1,1,'=atlas,Seats,2020-06,30,4.84,USD",
                "I-1,2,'=atlas,Rooms,2020-07,1,-5.00,USD",
            ]
        );
    }
}
