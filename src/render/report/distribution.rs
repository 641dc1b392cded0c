//! The distribution of invoice amounts, in columns on a scale of 1, 2, 5, 10, 20…

use std::cmp::Reverse;

use maud::{Markup, html};

use super::parts::{CHARTED, behind, cell, percent, section as part};
use super::{Report, parts};
use crate::review::{Bin, Histogram};
use crate::value::{Amount, Currency};
use crate::wording::{grouped, money};

/// The height in pixels of the columns, and of the labels below them.
const COLUMNS: usize = 140;
const LABELS: usize = 24;

const HEADINGS: [parts::Heading; 2] = [("Total", false), ("Documents", true)];

pub(super) fn section(report: &Report<'_>) -> Markup {
    let mut histograms: Vec<(&Currency, &Histogram)> = report.review.histograms.iter().collect();
    histograms.sort_by_key(|(currency, it)| (Reverse(it.positive()), currency.code()));
    let content = html! {
        @if histograms.is_empty() { p.nothing { "There are no documents." } }
        div.charts {
            @for (currency, histogram) in histograms.iter().take(CHARTED) {
                (chart(**currency, histogram))
            }
        }
    };
    part("sizes", "Sizes of documents", &content)
}

fn chart(currency: Currency, histogram: &Histogram) -> Markup {
    let code = currency.code();
    let title = format!("Documents in {code} by what they come to");
    let bins = histogram.bins();
    html! {
        article.chart {
            h3 { (code) }
            @if bins.is_empty() {
                p.nothing { "No document asks for money." }
            } @else {
                (columns(code, &title, &bins, currency))
            }
            (behind(&title, &HEADINGS, &rows(histogram, currency)))
        }
    }
}

fn columns(code: &str, title: &str, bins: &[Bin], currency: Currency) -> Markup {
    let most = bins.iter().map(|bin| bin.count).max().unwrap_or(1).max(1);
    let count = bins.len() as i128;
    let (title_id, description_id) = (format!("sizes-{code}-title"), format!("sizes-{code}-desc"));
    html! {
        svg.columns role="img" width="100%" height=(COLUMNS + LABELS)
            aria-labelledby={ (title_id) " " (description_id) }
        {
            title id=(title_id) { (title) }
            desc id=(description_id) {
                "Each column begins at the amount below it; the figures are in the table that \
                 follows."
            }
            @for (place, bin) in (0_i128..).zip(bins) {
                @let height = column_height(bin.count, most);
                @let middle = percent(2 * place + 1, 2 * count);
                rect.level x=(percent(20 * place + 1, 20 * count)) width=(percent(18, 20 * count))
                    y=(COLUMNS - height) height=(height) rx="2" {}
                @if bin.count > 0 {
                    text.count x=(middle) y=(COLUMNS - height - 6) text-anchor="middle" {
                        (grouped(&bin.count.to_string()))
                    }
                }
                text.tick x=(middle) y=(COLUMNS + 17) text-anchor="middle" {
                    (short(bin.from, currency))
                }
            }
            line.axis x1="0" x2="100%" y1=(COLUMNS) y2=(COLUMNS) {}
        }
    }
}

/// Leaves room for the count above the highest column; a non-zero column is always visible.
fn column_height(count: usize, most: usize) -> usize {
    let height = count.saturating_mul(COLUMNS - 24) / most;
    if count > 0 { height.max(2) } else { 0 }
}

/// "0.05", "200", "5k", "2M": the lower limits of columns have one significant digit.
fn short(amount: Amount, currency: Currency) -> String {
    let unit = 10_i64.pow(currency.digits());
    let minor = amount.minor();
    if minor < unit {
        return amount.to_decimal_string(currency);
    }
    match minor / unit {
        major @ ..1_000 => major.to_string(),
        major @ ..1_000_000 => format!("{}k", major / 1_000),
        major @ ..1_000_000_000 => format!("{}M", major / 1_000_000),
        major => format!("{}G", major / 1_000_000_000),
    }
}

fn rows(histogram: &Histogram, currency: Currency) -> Vec<Vec<Markup>> {
    let row = |label: String, count: usize| vec![cell(label), cell(grouped(&count.to_string()))];
    let mut rows = Vec::new();
    if histogram.negative > 0 {
        rows.push(row("below nothing".to_owned(), histogram.negative));
    }
    if histogram.zero > 0 {
        rows.push(row("nothing".to_owned(), histogram.zero));
    }
    rows.extend(histogram.bins().iter().map(|bin| {
        let from = money(bin.from, currency);
        let label = match bin.below {
            Some(below) => format!("{from} to below {}", money(below, currency)),
            None => format!("{from} and more"),
        };
        row(label, bin.count)
    }));
    rows
}
