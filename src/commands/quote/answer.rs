//! A quote for programs: the shape of its JSON.

use serde::Serialize;

use super::moved::{Difference, differences};
use crate::input::ProposedChange;
use crate::invoice::{Compared, Standing, WholePeriod};
use crate::model::{Invoice, Line, TaxTotal, Totals};
use crate::pipeline::Quoted;
use crate::value::{Amount, Currency};
use crate::wording::translated;

/// A quote for programs. Amounts are texts with the digits of their currency; names are those of the
/// columns of a close.
#[derive(Serialize)]
pub(super) struct Answer<'a> {
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
    /// What the tax is on, unless that is the net amount: see `invoice_taxes.csv`.
    #[serde(skip_serializing_if = "Option::is_none")]
    tax_base: Option<String>,
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
    pub(super) fn of(
        subscription: &'a str,
        changes: &'a [ProposedChange],
        answer: &'a Quoted,
    ) -> Self {
        let quote = &answer.quote;
        Self {
            subscription_id: subscription,
            account_id: &answer.account.id,
            changes: changes.iter().map(|change| &*change.text).collect(),
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
        tax_base: (total.base != total.net).then(|| amount(total.base)),
    });
    taxes.collect()
}
