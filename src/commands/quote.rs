//! `prorata quote`: says what a change of a subscription would cost, and writes nothing.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use clap::ValueEnum;
use rust_decimal::Decimal;
use serde::Serialize;

use super::list::{indented, json_text};
use crate::invoice::{Compared, Standing, WholePeriod};
use crate::model::{DocumentKind, Invoice, Line, LineKind, TaxTotal, Totals};
use crate::pipeline::{Folders, QuoteQuestion, Quoted, RunError, quote as quoted};
use crate::value::{Amount, AsOf, Currency, Instant, visible_line};
use crate::wording::{english, grouped, money, translated};

pub(crate) use crate::input::ProposedChange;

/// The options of `prorata quote`.
#[derive(Clone, Debug)]
pub(crate) struct QuoteArgs {
    /// Where to read.
    pub(crate) places: Folders,
    pub(crate) subscription: String,
    /// The changes, all at one instant.
    pub(crate) changes: Vec<ProposedChange>,
    /// Their instant.
    pub(crate) at: AsOf,
    /// The current time.
    pub(crate) now: Instant,
}

/// How a quote is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum QuoteFormat {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
}

/// Quotes a change. Returns the text, and oddities in the input.
///
/// # Errors
/// Problems of the change and of the account's rows.
pub(crate) fn quote(
    args: &QuoteArgs,
    format: QuoteFormat,
) -> Result<(String, Vec<String>), RunError> {
    let QuoteArgs { places, subscription, changes, at, now } = args;
    let asked = QuoteQuestion { places, subscription, changes, at: *at, now: *now };
    let answer = quoted(&asked)?;
    let text = match format {
        QuoteFormat::Text => Words { args, answer: &answer }.text(),
        QuoteFormat::Json => json_text(&Answer::of(args, &answer)),
    };
    Ok((text, answer.warnings.into_iter().map(|warning| warning.0).collect()))
}

/// A quote for programs. Amounts are texts with the digits of their currency; names are those of the
/// columns of a close.
#[derive(Serialize)]
struct Answer<'a> {
    subscription_id: &'a str,
    account_id: &'a str,
    changes: Vec<&'a str>,
    at: String,
    due_now: Comparison<'a>,
    next_invoice: Comparison<'a>,
    before: StandingTerms<'a>,
    after: StandingTerms<'a>,
}

/// Documents with the change and without it.
#[derive(Serialize)]
struct Comparison<'a> {
    documents: Vec<Document<'a>>,
    without: Vec<Document<'a>>,
    /// `None` if the documents have different dates.
    difference: Option<Vec<Difference>>,
}

#[derive(Serialize)]
struct Difference {
    currency: &'static str,
    net: String,
    tax: String,
    total: String,
    amount_due: String,
}

#[derive(Serialize)]
struct Document<'a> {
    kind: &'static str,
    at: String,
    issue_date: String,
    due_date: Option<String>,
    #[serde(flatten)]
    sums: Sums,
    credit_applied: String,
    amount_due: String,
    credit_balance: String,
    credits_invoice: Option<&'a str>,
    lines: Vec<DocumentLine<'a>>,
    taxes: Vec<RateSums<'a>>,
}

#[derive(Serialize)]
struct Sums {
    currency: &'static str,
    subtotal: String,
    discount: String,
    tax: String,
    tax_included: String,
    total: String,
}

#[derive(Serialize)]
struct DocumentLine<'a> {
    line_key: String,
    /// Whether the documents on the other side have no such line.
    #[serde(skip_serializing_if = "Option::is_none")]
    is_different: Option<bool>,
    kind: &'static str,
    subscription_id: &'a str,
    description: String,
    service_start: String,
    service_end: String,
    quantity: u64,
    unit_amount: Option<String>,
    price_id: &'a str,
    product: &'a str,
    amount: String,
    tax_rate: Option<String>,
    tax_amount: String,
    net_amount: String,
}

#[derive(Serialize)]
struct RateSums<'a> {
    tax_code: &'a str,
    tax_name: &'a str,
    tax_rate: String,
    tax_behavior: &'static str,
    tax_treatment: &'static str,
    net_amount: String,
    tax_amount: String,
}

#[derive(Serialize)]
struct StandingTerms<'a> {
    ends_at: Option<String>,
    period: Option<PeriodPrice<'a>>,
}

#[derive(Serialize)]
struct PeriodPrice<'a> {
    start: String,
    end: String,
    interval: String,
    price_id: &'a str,
    product: &'a str,
    quantity: u64,
    #[serde(flatten)]
    sums: Sums,
    lines: Vec<DocumentLine<'a>>,
    taxes: Vec<RateSums<'a>>,
}

impl<'a> Answer<'a> {
    fn of(args: &'a QuoteArgs, answer: &'a Quoted) -> Self {
        let quote = &answer.quote;
        Self {
            subscription_id: &args.subscription,
            account_id: &answer.account.id,
            changes: args.changes.iter().map(|change| &*change.text).collect(),
            at: answer.account.zone.rfc3339(answer.at),
            due_now: answer.comparison(&quote.due_now),
            next_invoice: answer.comparison(&quote.next),
            before: answer.standing(&quote.before),
            after: answer.standing(&quote.after),
        }
    }
}

impl Quoted {
    fn comparison<'a>(&'a self, compared: &'a Compared) -> Comparison<'a> {
        let documents = |some: &'a [Invoice], others: &'a [Invoice]| {
            some.iter().map(|invoice| self.document(invoice, others)).collect()
        };
        let differences = compared.are_of_one_date().then(|| {
            let differences = differences(compared).into_iter();
            differences.map(|(currency, it)| it.shown(currency)).collect()
        });
        Comparison {
            documents: documents(&compared.with, &compared.without),
            without: documents(&compared.without, &compared.with),
            difference: differences,
        }
    }

    fn document<'a>(&'a self, invoice: &'a Invoice, others: &[Invoice]) -> Document<'a> {
        let view = invoice.view(&self.account);
        let amount = |amount: Amount| amount.to_decimal_string(view.currency);
        // A provisional number is of no use to anybody.
        let credits = view.credits_invoice.filter(|number| !number.starts_with('\0'));
        Document {
            kind: view.kind.as_str(),
            at: self.account.zone.rfc3339(invoice.instant),
            issue_date: view.issue_date.to_string(),
            due_date: view.due_date.map(|date| date.to_string()),
            sums: sums(view.totals, view.currency),
            credit_applied: amount(view.totals.credit_applied),
            amount_due: amount(view.totals.amount_due),
            credit_balance: amount(view.totals.credit_balance),
            credits_invoice: credits,
            lines: (view.lines.iter())
                .map(|line| self.line(line, Some(!Compared::have(others, line))))
                .collect(),
            taxes: taxes(view.taxes, view.currency),
        }
    }

    fn line<'a>(&self, line: &'a Line, is_different: Option<bool>) -> DocumentLine<'a> {
        let zone = self.account.zone;
        let amount = |amount: Amount| amount.to_decimal_string(line.currency);
        let mut line_key = String::new();
        line.key.write(&mut line_key);
        DocumentLine {
            line_key,
            is_different,
            kind: line.kind.as_str(),
            subscription_id: &line.key.subscription_id,
            description: translated::description(line, self.account.locale, false).into_owned(),
            service_start: zone.rfc3339(line.service_start),
            service_end: zone.rfc3339(line.service_end),
            quantity: line.quote.quantity,
            unit_amount: line.quote.unit_amount.map(|amount| amount.to_string()),
            price_id: &line.quote.price_id,
            product: &line.quote.product,
            amount: amount(line.amount),
            tax_rate: line.tax.as_ref().map(|terms| terms.percent.to_string()),
            tax_amount: amount(line.tax_amount),
            net_amount: amount(line.net()),
        }
    }

    fn standing<'a>(&'a self, standing: &'a Standing) -> StandingTerms<'a> {
        StandingTerms {
            ends_at: standing.ends_at.map(|at| self.account.zone.rfc3339(at)),
            period: standing.period.as_ref().map(|period| self.period(period)),
        }
    }

    fn period<'a>(&'a self, period: &'a WholePeriod) -> PeriodPrice<'a> {
        let price = &self.prices[period.terms.price];
        let zone = self.account.zone;
        PeriodPrice {
            start: zone.rfc3339(period.start),
            end: zone.rfc3339(period.end),
            interval: price.interval.to_string(),
            price_id: &price.id,
            product: &price.product,
            quantity: period.terms.billed_quantity(),
            sums: sums(&period.totals, price.currency),
            lines: period.lines.iter().map(|line| self.line(line, None)).collect(),
            taxes: taxes(&period.taxes, price.currency),
        }
    }
}

fn sums(totals: &Totals, currency: Currency) -> Sums {
    let amount = |amount: Amount| amount.to_decimal_string(currency);
    Sums {
        currency: currency.code(),
        subtotal: amount(totals.subtotal),
        discount: amount(totals.discount),
        tax: amount(totals.tax),
        tax_included: amount(totals.tax_included),
        total: amount(totals.total),
    }
}

fn taxes(totals: &[TaxTotal], currency: Currency) -> Vec<RateSums<'_>> {
    let amount = |amount: Amount| amount.to_decimal_string(currency);
    let taxes = totals.iter().map(|total| RateSums {
        tax_code: &total.terms.code,
        tax_name: &total.terms.name,
        tax_rate: total.terms.percent.to_string(),
        tax_behavior: total.terms.behavior.as_str(),
        tax_treatment: total.terms.treatment.as_str(),
        net_amount: amount(total.net),
        tax_amount: amount(total.tax),
    });
    taxes.collect()
}

/// By how much the documents of a currency change, exactly. Sums of documents may exceed an amount.
#[derive(Clone, Copy, Default)]
struct Moved {
    net: i128,
    tax: i128,
    total: i128,
    due: i128,
}

impl Moved {
    fn add(&mut self, totals: &Totals, sign: i128) {
        let minor = |amount: Amount| sign * i128::from(amount.minor());
        self.net += minor(totals.total) - minor(totals.tax);
        self.tax += minor(totals.tax);
        self.total += minor(totals.total);
        self.due += minor(totals.amount_due);
    }

    fn shown(self, currency: Currency) -> Difference {
        let text = |minor| {
            Decimal::try_from_i128_with_scale(minor, currency.digits())
                .expect("sums of few amounts have fewer than 28 digits")
                .to_string()
        };
        Difference {
            currency: currency.code(),
            net: text(self.net),
            tax: text(self.tax),
            total: text(self.total),
            amount_due: text(self.due),
        }
    }
}

fn differences(compared: &Compared) -> BTreeMap<Currency, Moved> {
    let mut moved: BTreeMap<Currency, Moved> = BTreeMap::new();
    for (documents, sign) in [(&compared.with, 1), (&compared.without, -1)] {
        for document in documents {
            moved.entry(document.currency).or_default().add(&document.totals, sign);
        }
    }
    moved
}

/// A quote for people.
struct Words<'a> {
    args: &'a QuoteArgs,
    answer: &'a Quoted,
}

impl Words<'_> {
    fn text(&self) -> String {
        let Quoted { quote, account, at, .. } = self.answer;
        let changes: Vec<&str> = self.args.changes.iter().map(|it| &*it.text).collect();
        let mut text = format!(
            "Quote for {} of {} ({}): {} at {}; nothing is written\n",
            visible_line(&self.args.subscription),
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
