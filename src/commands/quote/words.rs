//! A quote for people.

use std::fmt::Write as _;

use super::moved::{Difference, Moved, differences};
use crate::commands::list::indented;
use crate::input::ProposedChange;
use crate::invoice::{Compared, Standing};
use crate::model::{DocumentKind, Invoice, Line, LineKind, TaxTotal, Totals};
use crate::pipeline::Quoted;
use crate::value::{Amount, Currency, visible_line};
use crate::wording::{english, grouped, money};

/// A quote for people.
pub(super) struct Words<'a> {
    pub(super) subscription: &'a str,
    pub(super) changes: &'a [ProposedChange],
    pub(super) answer: &'a Quoted,
}

impl Words<'_> {
    /// The text.
    pub(super) fn text(&self) -> String {
        let Quoted { quote, account, at, .. } = self.answer;
        let changes: Vec<&str> = self.changes.iter().map(|it| &*it.text).collect();
        let mut text = format!(
            "Quote for {} of {} ({}): {} at {}; nothing is written\n",
            visible_line(self.subscription),
            visible_line(&account.name),
            visible_line(&account.id),
            visible_line(&changes.join(" and ")),
            account.zone.rfc3339(*at),
        );
        if quote.due_now.with.is_empty() && quote.due_now.without.is_empty() {
            text.push_str("\nDue now: nothing\n");
        } else {
            self.compared(&mut text, "Due now", &quote.due_now);
        }
        if quote.next.with.is_empty() && quote.next.without.is_empty() {
            text.push_str("\nOn the next invoice: nothing\n");
        } else {
            self.compared(&mut text, "On the next invoice", &quote.next);
        }
        let _ = writeln!(text, "\nBefore:         {}", self.standing(&quote.before));
        let _ = writeln!(text, "From then on:   {}", self.standing(&quote.after));
        text
    }

    fn compared(&self, text: &mut String, title: &str, compared: &Compared) {
        for document in &compared.with {
            let _ = writeln!(text, "\n{title}, {}:", self.named(document));
            add_document(text, document, compared);
        }
        if compared.are_of_one_date() {
            for document in compared.without.iter().filter(|_| compared.with.is_empty()) {
                let instead = self.named(document);
                let _ = writeln!(text, "\n{title}: nothing; without the change, {instead}");
            }
            for (currency, moved) in differences(compared) {
                add_difference(text, currency, moved, compared);
            }
        } else {
            for document in &compared.without {
                let total = amount_of(document.totals.total, document.currency);
                let _ = writeln!(text, "  Without the change, {}: {total}", self.named(document));
            }
        }
    }

    /// "an invoice of 2020-07-01".
    fn named(&self, document: &Invoice) -> String {
        let kind = match document.kind {
            DocumentKind::Invoice => "an invoice",
            DocumentKind::Credit => "a credit",
            DocumentKind::CreditNote => "a credit note",
        };
        format!("{kind} of {}", self.answer.account.zone.date(document.instant))
    }

    /// "25.00 USD a month (29.75 with tax), from 2020-07-01".
    fn standing(&self, standing: &Standing) -> String {
        let zone = self.answer.account.zone;
        let Some(period) = &standing.period else {
            return match standing.ends_at {
                Some(at) => format!("nothing; the subscription ends on {}", zone.date(at)),
                None => "nothing".to_owned(),
            };
        };
        let price = &self.answer.prices[period.terms.price];
        let Totals { subtotal, discount, total, .. } = period.totals;
        let per = match price.interval.to_string() {
            interval if interval.contains(' ') => format!("every {interval}"),
            interval => format!("a {interval}"),
        };
        let net = subtotal.checked_sub(discount).unwrap_or(total);
        let mut text = format!("{} {per}", amount_of(net, price.currency));
        if !discount.is_zero() {
            let _ = write!(text, ", {} off included", money(discount, price.currency));
        }
        if total != net {
            let _ = write!(text, " ({} with tax)", money(total, price.currency));
        }
        let _ = write!(text, ", from {}", zone.date(period.start));
        text
    }
}

fn add_document(text: &mut String, document: &Invoice, compared: &Compared) {
    let Totals { total, credit_applied, amount_due, .. } = document.totals;
    let currency = document.currency;
    let gone = compared.gone();
    let gone = gone.into_iter().filter(|line| line.currency == currency);
    let is_first = compared.with.iter().position(|it| it.currency == currency)
        == compared.with.iter().position(|it| std::ptr::eq(it, document));
    let mut rows: Vec<Vec<String>> = Vec::new();
    rows.extend(gone.filter(|_| is_first).map(|line| line_row("-", line)));
    rows.extend(
        document
            .lines
            .iter()
            .map(|line| line_row(if compared.is_new(line) { "+" } else { " " }, line)),
    );
    let mut sum = |name: String, amount: Amount| {
        rows.push(vec![" ".to_owned(), name, amount_of(amount, currency)]);
    };
    for TaxTotal { terms, tax, .. } in &document.taxes {
        let included = if terms.is_inclusive() { ", included" } else { "" };
        sum(format!("{} {}%{included}", terms.name, terms.percent.normalize()), *tax);
    }
    sum("Total".to_owned(), total);
    if !credit_applied.is_zero() {
        sum("Paid from credit".to_owned(), credit_applied);
        sum("Amount due".to_owned(), amount_due);
    }
    text.push_str(&indented(&rows, 2..3));
}

fn add_difference(text: &mut String, currency: Currency, moved: Moved, compared: &Compared) {
    if compared.without.iter().all(|document| document.currency != currency) {
        return;
    }
    let Difference { total, amount_due, .. } = moved.shown(currency);
    let (total, amount_due) = (grouped(&total), grouped(&amount_due));
    let change = match moved.total {
        0 => "makes no difference to it".to_owned(),
        more if more > 0 => format!("adds {total} {currency} to it"),
        _ => format!("takes {} {currency} off it", total.trim_start_matches('\u{2212}')),
    };
    let due = match moved.due {
        due if due == moved.total => String::new(),
        due if due > 0 => format!(", and {amount_due} {currency} to what is to pay"),
        0 => ", and nothing to what is to pay".to_owned(),
        _ => {
            let less = amount_due.trim_start_matches('\u{2212}');
            format!("; {less} {currency} less is to pay")
        }
    };
    let _ = writeln!(text, "  The change {change}{due}");
}

fn amount_of(amount: Amount, currency: Currency) -> String {
    format!("{} {currency}", money(amount, currency))
}

fn line_row(mark: &str, line: &Line) -> Vec<String> {
    let mut description = String::new();
    if line.kind == LineKind::Recurring && line.quote.quantity != 1 {
        let _ = write!(description, "{} × ", line.quote.quantity);
    }
    english::describe(&mut description, line);
    vec![mark.to_owned(), description, amount_of(line.amount, line.currency)]
}
