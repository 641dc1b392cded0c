//! Shards together read what one run reads: every row once, and the register's state with it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::invent;
use crate::config;
use crate::input::{Loaded, load};
use crate::model::{
    Adjustment, BillingInput, Discount, ExcludedAccounts, Payment, Shard, Subscription,
};
use crate::pipeline::{Billing, CloseArgs, CloseContext, Folders, Purpose, close, compare};
use crate::problem::Problem;
use crate::register::{LastBills, Register};
use crate::value::{AsOf, Instant};

const COUNTS: [u32; 5] = [1, 2, 3, 8, 64];

/// Where a company and its register lie.
struct Place {
    _folder: tempfile::TempDir,
    input: PathBuf,
    output: PathBuf,
}

fn company(accounts: u64) -> Place {
    let folder = tempfile::tempdir().expect("a folder");
    let (input, output) = (folder.path().join("input"), folder.path().join("output"));
    invent(accounts, 7, 6, &input);
    add_rows(&input);
    Place { _folder: folder, input, output }
}

/// Adds rows that few of so few accounts have, and rows that belong to none.
fn add_rows(input: &Path) {
    let text = std::fs::read_to_string(input.join("accounts.csv")).expect("a file");
    let ids: Vec<&str> = text.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
    let add = |file: &str, more: &str| {
        let text = std::fs::read_to_string(input.join(file)).expect("a file");
        std::fs::write(input.join(file), text + more).expect("a file");
    };
    let one_off = |id: &&str| format!("setup-{id},{id},2024-03-05,USD,50.00,Setup,,,immediate\n");
    add("adjustments.csv", &ids.iter().step_by(2).map(one_off).collect::<String>());
    add("discounts.csv", "spring,Spring,,,Seats,5,,,2024-02-01,forever,,,\n");
    let header = "payment_id,at,account_id,invoice_number,amount,currency\n";
    let unassigned = "paid,2024-07-05,,INV-2024-0000001,1.00,USD\n";
    let paid = |id: &&str| format!("paid-{id},2024-03-06,{id},,30.00,USD\n");
    let paid = ids.iter().step_by(3).map(paid).collect::<String>();
    std::fs::write(input.join("payments.csv"), [header, unassigned, &paid].concat())
        .expect("a file");
}

/// The rows of an input, without positions in lists, and how often each was read.
fn rows(loaded: &Loaded) -> BTreeMap<String, usize> {
    let book = &loaded.book;
    let account = |place: usize| &book.accounts[place].id;
    let payer = |place: Option<usize>| place.map_or("", |place| account(place));
    let mut rows: Vec<String> = book.accounts.iter().map(|it| format!("{it:?}")).collect();
    for (place, subscription) in book.subscriptions.iter().enumerate() {
        let row = Subscription { account: 0, ..subscription.clone() };
        rows.push(format!("{} {row:?}", account(subscription.account)));
        let changes = &book.changes[book.changes_of[place].clone()];
        rows.extend(changes.iter().map(|change| format!("{} {change:?}", subscription.id)));
    }
    rows.extend(book.discounts.iter().map(|it| {
        let row = Discount { account: None, ..it.clone() };
        format!("{} {row:?}", payer(it.account))
    }));
    rows.extend(book.adjustments.iter().map(|it| {
        let row = Adjustment { account: 0, ..it.clone() };
        format!("{} {row:?}", account(it.account))
    }));
    rows.extend(book.payments.iter().map(|it| {
        let row = Payment { account: None, ..it.clone() };
        format!("{} {row:?}", payer(it.account))
    }));
    rows.extend(book.prices.iter().map(|price| format!("{price:?}")));
    rows.extend(book.taxes.rates().iter().map(|rate| format!("{rate:?}")));
    counted(rows)
}

fn counted(rows: impl IntoIterator<Item = String>) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for row in rows {
        *counts.entry(row).or_default() += 1;
    }
    counts
}

/// How many rows every shard reads.
fn shared(book: &BillingInput) -> usize {
    book.discounts.iter().filter(|it| it.account.is_none()).count()
        + book.payments.iter().filter(|it| it.account.is_none()).count()
        + book.prices.len()
        + book.taxes.rates().len()
}

#[test]
fn every_row_is_read_by_its_shard() {
    let place = company(60);
    let (settings, _) = config::load(&place.input).expect("settings");
    for withheld in [&[][..], &["acc-0000001", "acc-0000004", "acc-0000007", "acc-0000030"]] {
        let accounts = withheld.iter().map(ToString::to_string).collect();
        let withheld = ExcludedAccounts { accounts, ..ExcludedAccounts::default() };
        every_row_is_read(|shard| {
            let loaded = load(&place.input, &settings, withheld.clone(), shard);
            let loaded = loaded.expect("all files are there");
            assert_eq!(loaded.problems.kept(), []);
            loaded
        });
    }
}

fn every_row_is_read(read: impl Fn(Shard) -> Loaded) {
    let whole = read(Shard::WHOLE);
    let expected = rows(&whole);
    assert!(expected.len() > 400 && shared(&whole.book) > 3, "{}", expected.len());
    for count in COUNTS {
        let mut found: BTreeMap<String, usize> = BTreeMap::new();
        for shard in Shard::all(count) {
            let part = read(shard);
            assert_eq!(format!("{:?}", part.sources), format!("{:?}", whole.sources));
            assert!(part.book.accounts.iter().all(|account| shard.has(&account.id)));
            for (row, times) in rows(&part) {
                *found.entry(row).or_default() += times;
            }
        }
        assert!(found.keys().eq(expected.keys()), "{count} shards");
        let repeated = found.values().filter(|times| **times != 1).count();
        assert!(found.values().all(|times| [1, count as usize].contains(times)));
        assert_eq!(repeated, if count == 1 { 0 } else { shared(&whole.book) }, "{count} shards");
    }
}

/// A company with a close, where rows vanished later and a subscription has another payer.
fn closed() -> Place {
    let place = company(60);
    let places = Folders { input: place.input.clone(), output: place.output.clone() };
    let as_of = AsOf::parse("2024-05-01").expect("a moment");
    let args = CloseArgs::new(places, as_of, Instant::from_unix_seconds(1_800_000_000));
    close(&CloseArgs { bill_from_start: true, ..args }).expect("a close");
    place
}

/// The context of the next close, for a shard.
fn context(place: &Place, shard: Shard) -> CloseContext {
    let (settings, bytes) = config::load(&place.input).expect("settings");
    let register = Register::open(&place.output).expect("a register");
    let billing = Billing {
        purpose: Purpose::Documents,
        accept_history_change: false,
        bill_from_start: true,
        shard,
    };
    let through = Instant::from_unix_seconds(1_717_200_000);
    let name = "2024-06-01".to_owned();
    CloseContext::read(&place.input, settings, &bytes, register, through, name, billing)
        .expect("a context")
}

/// The rows of the state that one shard answers for.
fn state(context: &CloseContext) -> BTreeMap<String, usize> {
    let (state, shard) = (&context.state, context.billing.shard);
    let close = &context.register.newest().expect("a close").path;
    let bills = LastBills::read(close, shard).expect("bills");
    let receivables = context.register.receivables(&BTreeSet::new(), shard).expect("receivables");
    let mut rows: Vec<String> = Vec::new();
    rows.extend(state.subscriptions.iter().map(|row| format!("subscription {row:?}")));
    rows.extend(state.credit.iter().map(|row| format!("credit {row:?}")));
    rows.extend(state.discounts.iter().map(|row| format!("discount {row:?}")));
    rows.extend(state.adjustments.iter().map(|row| format!("adjustment {row:?}")));
    rows.extend(state.taxpayers.iter().map(|row| format!("taxpayer {row:?}")));
    rows.extend(bills.after(std::iter::empty()).iter().map(|row| format!("bill {row:?}")));
    rows.extend(receivables.iter().map(|row| format!("receivable {row:?}")));
    counted(rows)
}

fn said(problems: &[Problem]) -> BTreeMap<String, usize> {
    counted(problems.iter().map(|problem| format!("{problem:?}")))
}

/// The problems of the history.
fn history(context: &CloseContext) -> BTreeMap<String, usize> {
    let mut problems = compare(context).expect("a comparison").watch.problems;
    let loaded = &context.loaded;
    problems.extend(context.payments.problems(&loaded.book, &context.input, &loaded.withheld));
    said(&problems)
}

/// Leaves out the rows of a file that do not meet a condition, and edits the others.
fn edit(input: &Path, file: &str, row: impl Fn(usize, &str) -> Option<String>) {
    let path = input.join(file);
    let text = std::fs::read_to_string(&path).expect("a file");
    let rows = text.lines().enumerate().filter_map(|(number, line)| row(number, line));
    std::fs::write(&path, rows.map(|row| row + "\n").collect::<String>()).expect("a file");
}

/// The prices, rates and rows without an account, which all shards know.
fn together(
    place: &Place,
    count: u32,
    part: impl Fn(&CloseContext) -> BTreeMap<String, usize>,
) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    for shard in Shard::all(count) {
        let context = context(place, shard);
        let book = &context.loaded.book;
        let is_shared = |row: &str| {
            let ids = book.discounts.iter().filter(|it| it.account.is_none()).map(|it| &it.id);
            ids.into_iter().any(|id| row.contains(&format!("{id:?}")))
        };
        for (row, times) in part(&context) {
            if shard.index == 0 || !is_shared(&row) {
                *found.entry(row).or_default() += times;
            }
        }
    }
    found
}

#[test]
fn every_row_of_the_state_has_one_shard() {
    let place = closed();
    // A subscription may move to an account of another shard.
    let other = |line: &str| line.split(',').nth(1).map(ToOwned::to_owned);
    let text = std::fs::read_to_string(place.input.join("subscriptions.csv")).expect("a file");
    let last = text.lines().last().and_then(other).expect("an account");
    edit(&place.input, "subscriptions.csv", |number, line| {
        let cells: Vec<&str> = line.split(',').collect();
        let payer = if (1..4).contains(&number) { &last } else { cells[1] };
        Some([cells[0], payer, &cells[2..].join(",")].join(","))
    });
    let whole = context(&place, Shard::WHOLE);
    let expected = state(&whole);
    for kind in ["subscription", "credit", "adjustment", "taxpayer", "bill", "receivable"] {
        assert!(expected.keys().any(|row| row.starts_with(kind)), "{kind}");
    }
    let problems = history(&whole);
    for count in COUNTS {
        assert_eq!(together(&place, count, state), expected, "{count} shards");
        assert_eq!(together(&place, count, history), problems, "{count} shards");
    }
}

#[test]
fn one_shard_reports_a_row_that_vanished() {
    let place = closed();
    for file in ["discounts.csv", "adjustments.csv", "payments.csv"] {
        edit(&place.input, file, |number, line| {
            (number == 0 || number % 3 != 1).then(|| line.to_owned())
        });
    }
    let text = std::fs::read_to_string(place.input.join("subscriptions.csv")).expect("a file");
    let ids = text.lines().skip(1).step_by(9).filter_map(|line| line.split(',').next());
    let gone: Vec<String> = ids.map(ToOwned::to_owned).collect();
    for file in ["subscriptions.csv", "changes.csv", "discounts.csv"] {
        edit(&place.input, file, |_, line| {
            let is_gone = line.split(',').any(|cell| gone.iter().any(|id| id == cell));
            (!is_gone).then(|| line.to_owned())
        });
    }
    let expected = history(&context(&place, Shard::WHOLE));
    for file in ["subscriptions.csv", "adjustments.csv", "payments.csv"] {
        assert!(expected.keys().any(|row| row.contains(file)), "{file}: {expected:?}");
    }
    for count in COUNTS {
        assert_eq!(together(&place, count, history), expected, "{count} shards");
    }
}

#[test]
fn every_shard_says_that_a_file_is_empty() {
    let place = closed();
    edit(&place.input, "payments.csv", |number, line| (number == 0).then(|| line.to_owned()));
    let payments = |context: &CloseContext| {
        let loaded = &context.loaded;
        said(&context.payments.problems(&loaded.book, &context.input, &loaded.withheld))
    };
    let expected = payments(&context(&place, Shard::WHOLE));
    assert_eq!(expected.len(), 1);
    for shard in Shard::all(3) {
        assert_eq!(payments(&context(&place, shard)), expected);
    }
}
