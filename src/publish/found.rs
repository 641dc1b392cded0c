//! What the tables of a close add up to, read as finance will read them, and nothing else: the other
//! side of the proof.

use std::collections::BTreeMap;

use super::{ProofError, Tables};
use crate::register::TotalsByCurrency;
use crate::render::csv::plain_text;
use crate::value::{Amount, Currency};

/// A sum: the table it is taken from, and of what. Sums of nothing are left out.
pub type Sums = BTreeMap<(&'static str, String), Amount>;

/// What the tables add up to in each currency.
///
/// # Errors
/// A table that cannot be read as amounts.
pub fn found(tables: &Tables) -> Result<BTreeMap<Currency, Sums>, ProofError> {
    let mut found = Found::default();
    for column in
        ["subtotal", "discount", "tax", "tax_included", "total", "credit_applied", "amount_due"]
    {
        found.add(tables, "invoices.csv", &[column], |_, amount| {
            vec![(column.to_owned(), amount)]
        })?;
    }
    found.add(tables, "invoices.csv", &["total"], |_, total| {
        let granted = total.min(Amount::ZERO).checked_neg().unwrap_or_default();
        vec![("credit_granted".to_owned(), granted)]
    })?;
    found.add(tables, "invoice_lines.csv", &["amount", "kind"], |cells, amount| {
        vec![(format!("{} lines", cells[0]), amount)]
    })?;
    found.add(tables, "invoice_lines.csv", &["tax_amount"], |_, tax| {
        vec![("tax".to_owned(), tax)]
    })?;
    found.add(tables, "invoice_taxes.csv", &["tax_amount", "tax_code"], |cells, tax| {
        vec![(format!("tax {}", plain_text(cells[0])), tax)]
    })?;
    found.add(tables, "payments_applied.csv", &["amount", "kind"], |cells, amount| {
        vec![(cells[0].to_owned(), amount)]
    })?;
    found.add(tables, "receivables.csv", &["open"], |_, open| vec![("open".to_owned(), open)])?;
    found.add(tables, "invoice_lines.csv", &["net_amount", "tax_code"], |cells, net| {
        let taxed = if cells[0].is_empty() { Amount::ZERO } else { net };
        vec![(NET.to_owned(), net), (TAXED_NET.to_owned(), taxed)]
    })?;
    found.add(tables, "invoice_taxes.csv", &["net_amount"], |_, net| {
        vec![(TAXED_NET.to_owned(), net)]
    })?;
    found.add(tables, "revenue_schedule.csv", &["amount"], |_, earned| {
        vec![(NET.to_owned(), earned)]
    })?;
    for (side, sign) in [("debit", 1), ("credit", -1)] {
        found.add(tables, "journal.csv", &[side, "ledger_name"], |cells, amount| {
            let amount = Amount::from_minor(amount.minor() * sign);
            let account = cells[0].split(':').next().unwrap_or_default();
            vec![("all".to_owned(), amount), (account.to_owned(), amount)]
        })?;
    }
    Ok(found.0)
}

/// What two tables must agree on, whatever the totals say.
const NET: &str = "amount without tax";
const TAXED_NET: &str = "taxed amount without tax";

#[derive(Default)]
struct Found(BTreeMap<Currency, Sums>);

impl Found {
    /// Adds up the first of some columns of a table, as `of` says from the other columns' cells; an
    /// empty cell is nothing.
    fn add(
        &mut self,
        tables: &Tables,
        table: &'static str,
        columns: &[&str],
        of: impl Fn(&[&str], Amount) -> Vec<(String, Amount)>,
    ) -> Result<(), ProofError> {
        let unreadable = |what: &str, found: &str| ProofError::File {
            file: table,
            what: what.to_owned(),
            found: found.to_owned(),
            expected: "an amount".to_owned(),
        };
        let mut reader = ::csv::Reader::from_reader(tables.get(table));
        let header = reader.headers().map_err(|error| unreadable("header", &error.to_string()))?;
        let place = |name: &str| {
            header.iter().position(|it| it == name).ok_or_else(|| unreadable(name, "missing"))
        };
        let currency_place = place("currency")?;
        let places = columns.iter().map(|column| place(column)).collect::<Result<Vec<_>, _>>()?;
        let mut record = ::csv::StringRecord::new();
        while reader
            .read_record(&mut record)
            .map_err(|error| unreadable("record", &error.to_string()))?
        {
            let cell = |place: usize| record.get(place).unwrap_or_default();
            let currency = Currency::from_code(cell(currency_place))
                .ok_or_else(|| unreadable("currency", cell(currency_place)))?;
            let text = cell(places[0]);
            if text.is_empty() {
                continue;
            }
            let amount = Amount::parse(text, currency).map_err(|_| unreadable(columns[0], text))?;
            let others: Vec<&str> = places[1..].iter().map(|place| cell(*place)).collect();
            let sums = self.0.entry(currency).or_default();
            for (what, amount) in of(&others, amount) {
                let sum = sums.entry((table, what)).or_default();
                *sum = sum.checked_add(amount).ok_or(ProofError::TooLarge(currency))?;
            }
        }
        Ok(())
    }
}

/// What the tables must add up to for some totals; `opening` for those of an opened register, whose
/// credit was brought along. `None` if the totals are no amounts.
pub fn expected(totals: &TotalsByCurrency, currency: Currency, opening: bool) -> Option<Sums> {
    let amount = |text: &String| Amount::parse(text, currency).ok();
    let mut sums = Sums::new();
    let mut add = |table: &'static str, what: &str, amount: Amount| {
        sums.insert((table, what.to_owned()), amount);
    };
    let (tax, payments) = (amount(&totals.tax)?, &totals.payments);
    for (what, text) in [
        ("subtotal", &totals.subtotal),
        ("discount", &totals.discount),
        ("tax", &totals.tax),
        ("tax_included", &totals.tax_included),
        ("total", &totals.total),
        ("credit_applied", &totals.credit_applied),
        ("credit_granted", &totals.credit_granted),
        ("amount_due", &totals.amount_due),
    ] {
        add("invoices.csv", what, amount(text)?);
    }
    for (kind, text) in &totals.lines {
        add("invoice_lines.csv", &format!("{kind} lines"), amount(text)?);
    }
    add("invoice_lines.csv", "tax", tax);
    for (code, text) in &totals.taxes {
        add("invoice_taxes.csv", &format!("tax {code}"), amount(text)?);
    }
    for (kind, text, sign) in [
        ("payment", &payments.paid, 1),
        ("credit", &payments.overpaid, 1),
        ("refund", &payments.taken_back, -1),
        ("credit_refund", &payments.refunded, -1),
    ] {
        add("payments_applied.csv", kind, Amount::from_minor(amount(text)?.minor() * sign));
    }
    let open = amount(&payments.closing_receivable)?;
    add("receivables.csv", "open", open);
    let owed_more = open.checked_sub(amount(&payments.opening_receivable)?)?;
    add("journal.csv", "Accounts receivable", owed_more);
    let brought = if opening { Amount::ZERO } else { amount(&totals.opening_credit)? };
    add("journal.csv", "Customer credit", brought.checked_sub(amount(&totals.closing_credit)?)?);
    add("journal.csv", "Tax payable", tax.checked_neg()?);
    add("journal.csv", "all", Amount::ZERO);
    Some(sums)
}

/// The first sum in which the tables differ from what they must add up to: where, what, what they
/// come to and what they should.
pub fn difference(
    expected: &Sums,
    found: Option<&Sums>,
) -> Option<(&'static str, String, Amount, Amount)> {
    let none = Sums::new();
    let found = found.unwrap_or(&none);
    let of = |sums: &Sums, key: &(&'static str, String)| sums.get(key).copied().unwrap_or_default();
    // Postings to accounts that no total is about are proved by the others: entries balance.
    let is_proved = |(table, what): &(&'static str, String)| {
        let is_total = *table != "journal.csv" && what != NET && what != TAXED_NET;
        is_total || expected.contains_key(&(*table, what.clone()))
    };
    let keys = expected.keys().chain(found.keys()).filter(|key| is_proved(key));
    let totals = keys.map(|key| (key.clone(), of(found, key), of(expected, key)));
    let pairs = [("revenue_schedule.csv", NET), ("invoice_taxes.csv", TAXED_NET)];
    let agreed = pairs.into_iter().map(|(table, what)| {
        let (key, lines) = ((table, what.to_owned()), ("invoice_lines.csv", what.to_owned()));
        let (sum, expected) = (of(found, &key), of(found, &lines));
        (key, sum, expected)
    });
    totals
        .chain(agreed)
        .find(|(_, found, expected)| found != expected)
        .map(|((table, what), found, expected)| (table, what, found, expected))
}
