//! Recurring revenue: the bridge from the last run rate to this one, and the largest movers.

use std::cmp::Reverse;

use maud::{Markup, html};

use super::bars::{Bar, bars};
use super::parts::{CHARTED, account, behind, cell, section as part, signed, table, with_code};
use super::{Report, parts};
use crate::review::{BridgeSummary, ListedMove, MoveKind};
use crate::value::{Amount, Currency};
use crate::wording::{grouped, money};

/// How many movers are shown.
const MOVERS: usize = 10;

pub(super) fn section(report: &Report<'_>) -> Markup {
    let mut bridges: Vec<(Currency, &BridgeSummary)> =
        report.review.bridges.iter().map(|(currency, bridge)| (*currency, bridge)).collect();
    bridges.sort_by_key(|(currency, bridge)| (Reverse(bridge.accounts), currency.code()));
    let content = html! {
        p.muted {
            "What the subscriptions in force cost in a month, at their prices: of a yearly price \
             a twelfth, of a weekly one 52 twelfths. Discounts, taxes and one-off amounts are not \
             in it."
        }
        @if bridges.is_empty() { p.nothing { "Nothing recurs yet." } }
        div.charts {
            @for (currency, bridge) in bridges.iter().take(CHARTED) {
                (chart(report, *currency, bridge))
            }
        }
        @if bridges.len() > CHARTED {
            p.muted {
                "Not charted: "
                @for (place, (currency, bridge)) in bridges.iter().skip(CHARTED).enumerate() {
                    @if place > 0 { ", " }
                    (with_code(bridge.after, *currency))
                }
                " a month."
            }
        }
    };
    part("recurring", "Recurring revenue", &content)
}

fn chart(report: &Report<'_>, currency: Currency, bridge: &BridgeSummary) -> Markup {
    let code = currency.code();
    let accounts = grouped(&bridge.accounts.to_string());
    let plural = if bridge.accounts == 1 { "" } else { "s" };
    html! {
        article.chart {
            h3 {
                (with_code(bridge.after, currency)) " a month "
                span.muted { "from " (accounts) " account" (plural) }
            }
            @if let Some(previous) = report.previous {
                @let title = format!("Recurring revenue in {code} since {previous}");
                (bars(&format!("bridge-{code}"), (&title, &said(bridge, currency)),
                    &steps(previous, report.close, bridge, currency), true))
                (behind(&title, &HEADINGS, &rows(bridge, currency)))
                (movers(currency, bridge))
            }
        }
    }
}

/// The bridge as a sentence, for screen readers.
fn said(bridge: &BridgeSummary, currency: Currency) -> String {
    let (before, after) = (with_code(bridge.before, currency), with_code(bridge.after, currency));
    format!("From {before} a month to {after} a month; the figures are in the table that follows.")
}

fn steps(previous: &str, close: &str, bridge: &BridgeSummary, currency: Currency) -> Vec<Bar> {
    let minor = |amount: Amount| i128::from(amount.minor());
    let level = |label: &str, amount: Amount| Bar {
        label: label.to_owned(),
        value: money(amount, currency),
        from: 0,
        to: minor(amount),
        tone: "level",
    };
    let mut steps = vec![level(previous, bridge.before)];
    let mut at = minor(bridge.before);
    for kind in kinds(bridge) {
        let (_, amount) = sum(bridge, kind);
        let to = at + minor(amount);
        steps.push(Bar {
            label: kind.title().to_owned(),
            value: signed(amount, currency),
            from: at,
            to,
            tone: if amount.is_negative() { "down" } else { "up" },
        });
        at = to;
    }
    steps.push(level(close, bridge.after));
    steps
}

/// The kinds of move that are shown. Few companies change prices for all customers.
fn kinds(bridge: &BridgeSummary) -> impl Iterator<Item = MoveKind> {
    let is_shown = |kind: &MoveKind| *kind != MoveKind::PriceChange || sum(bridge, *kind).0 > 0;
    MoveKind::ALL.into_iter().filter(is_shown)
}

/// The number of accounts with a kind of move, and the sum.
fn sum(bridge: &BridgeSummary, kind: MoveKind) -> (usize, Amount) {
    bridge.moves.get(&kind).copied().unwrap_or_default()
}

const HEADINGS: [parts::Heading; 3] = [("Move", false), ("Accounts", true), ("A month", true)];

fn rows(bridge: &BridgeSummary, currency: Currency) -> Vec<Vec<Markup>> {
    let mut rows = vec![vec![cell("Before"), cell(""), cell(money(bridge.before, currency))]];
    rows.extend(kinds(bridge).map(|kind| {
        let (count, amount) = sum(bridge, kind);
        let count = grouped(&count.to_string());
        vec![cell(kind.title()), cell(count), cell(signed(amount, currency))]
    }));
    let accounts = grouped(&bridge.accounts.to_string());
    rows.push(vec![cell("Now"), cell(accounts), cell(money(bridge.after, currency))]);
    rows
}

const MOVER_HEADINGS: [parts::Heading; 3] =
    [("Account", false), ("Before and now", true), ("Change", true)];

fn movers(currency: Currency, bridge: &BridgeSummary) -> Markup {
    let row = |it: &ListedMove| {
        let change = it.after.checked_sub(it.before).unwrap_or_default();
        vec![
            account(&it.account),
            html! { (money(it.before, currency)) " → " wbr; (money(it.after, currency)) },
            html! { (signed(change, currency)) br; span.id { (it.kind.title()) } },
        ]
    };
    let rows: Vec<_> = bridge.movers.iter().take(MOVERS).map(row).collect();
    let more = bridge.moved() - rows.len();
    html! {
        @if rows.is_empty() {
            p.nothing { "Nobody moved." }
        } @else {
            (table(&format!("Largest movers in {}", currency.code()), &MOVER_HEADINGS, &rows))
            @if more > 0 {
                p.muted { "… and " (grouped(&more.to_string())) " more accounts that moved." }
            }
        }
    }
}
