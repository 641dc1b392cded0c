//! A run about one account reads of each table what a run about all accounts reads of it, and of the
//! register's state too.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::invent;
use crate::config::{self, Settings};
use crate::input::{Payer, ProposedChanges, load, load_account, payer_of};
use crate::model::{BillingInput, ExcludedAccounts, Shard};
use crate::pipeline::{CloseArgs, Folders, close};
use crate::register::{KnownAccount, PaymentLog, Register};
use crate::value::{AsOf, Instant};

struct Company {
    _folder: tempfile::TempDir,
    input: PathBuf,
    output: PathBuf,
    settings: Settings,
}

fn company(change: impl Fn(&str, String) -> String) -> Company {
    let folder = tempfile::tempdir().expect("a folder");
    let (input, output) = (folder.path().join("input"), folder.path().join("output"));
    invent(120, 11, 8, &input);
    let tables = ["accounts", "account_changes", "subscriptions", "changes", "discounts"];
    for table in tables.into_iter().chain(["adjustments", "payments"]) {
        let path = input.join(format!("{table}.csv"));
        let text = std::fs::read_to_string(&path).expect("a table");
        std::fs::write(&path, change(table, text)).expect("a table");
    }
    let (settings, _) = config::load(&input).expect("settings");
    Company { _folder: folder, input, output, settings }
}

const NONE: ProposedChanges<'_> = ProposedChanges {
    subscription: "",
    at: AsOf::Today,
    now: Instant::from_unix_seconds(0),
    changes: &[],
};

/// The rows of one account in an input, without positions in lists.
fn rows(book: &BillingInput, id: &str) -> Vec<String> {
    let account = book.accounts.iter().position(|it| &*it.id == id).expect("the account");
    let mut rows = vec![format!("{:?}", book.accounts[account])];
    for index in book.subscriptions_of[account].clone() {
        let mut terms = book.subscriptions[index].clone();
        terms.account = 0;
        rows.push(format!("{terms:?} {:?}", book.ledger(index).changes));
    }
    rows.extend(book.discounts_for(account).map(|it| {
        let mut row = it.clone();
        row.account = row.account.map(|_| 0);
        format!("{row:?}")
    }));
    rows.extend(book.adjustments_for(account).iter().map(|it| {
        let mut row = it.clone();
        row.account = 0;
        format!("{row:?}")
    }));
    let paid = book.payments.iter().filter(|it| it.account.is_none_or(|it| it == account));
    rows.extend(paid.map(|it| {
        let mut row = it.clone();
        row.account = row.account.map(|_| 0);
        format!("{row:?}")
    }));
    rows
}

fn compare(company: &Company) {
    let Company { input, settings, .. } = company;
    let whole = load(input, settings, ExcludedAccounts::default(), Shard::WHOLE).expect("files");
    assert_eq!(whole.problems.kept(), []);
    for account in &whole.book.accounts {
        let part = load_account(input, settings, &account.id, &NONE).expect("files");
        assert_eq!(part.problems.kept(), []);
        assert_eq!(part.book.accounts.len(), 1);
        assert_eq!(rows(&part.book, &account.id), rows(&whole.book, &account.id));
    }
    for subscription in &whole.book.subscriptions {
        let payer = payer_of(input, settings, &subscription.id).expect("files");
        let expected = &*whole.book.accounts[subscription.account].id;
        assert!(matches!(payer, Payer::Account(account) if account == expected));
    }
}

#[test]
fn every_row_of_an_account_is_read() {
    compare(&company(|_, text| text));
}

/// However the rows are written: in any form that the reader takes, an id is found.
#[test]
fn rows_are_found_however_they_are_written() {
    let quoted = company(|_, text| {
        let lines = text.lines().map(|line| {
            // Values with commas are in quotes already.
            let plain = !line.contains('"');
            let cells = line.split(',').map(|cell| format!("\"{cell}\""));
            if plain { cells.collect::<Vec<_>>().join(",") } else { line.to_owned() }
        });
        lines.collect::<Vec<_>>().join("\r\n")
    });
    compare(&quoted);
    compare(&company(|_, text| format!("\u{feff}{text}")));
    // Ids that begin other ids.
    let short = company(|_, text| text.replace("acc-000", "a").replace("sub-", "a"));
    compare(&short);
}

#[test]
fn the_state_of_an_account_is_that_of_all_accounts() {
    let company = company(|_, text| text);
    let Company { input, output, settings, .. } = &company;
    for as_of in ["2024-04-01", "2024-06-10"] {
        let places = Folders { input: input.clone(), output: output.clone() };
        let as_of = AsOf::parse(as_of).expect("a moment");
        let args = CloseArgs::new(places, as_of, Instant::from_unix_seconds(1_800_000_000));
        close(&CloseArgs { bill_from_start: true, catch_up: true, ..args }).expect("a close");
    }
    let register = Register::open(output).expect("a register");
    let whole = register.state().expect("the state");
    let log = PaymentLog::read(&register).expect("payments");
    let open = register.receivables(&BTreeSet::new(), Shard::WHOLE).expect("receivables");
    let book =
        load(input, settings, ExcludedAccounts::default(), Shard::WHOLE).expect("files").book;
    let mut with_credit = 0;
    for (index, account) in book.accounts.iter().enumerate() {
        let own = &book.subscriptions[book.subscriptions_of[index].clone()];
        let state = register.state_of_account(&KnownAccount {
            account: &account.id,
            subscriptions: own.iter().map(|it| &*it.id).collect(),
            discounts: book.discounts_for(index).map(|it| &*it.id).collect(),
            adjustments: book.adjustments_for(index).iter().map(|it| &*it.id).collect(),
        });
        let state = state.expect("the state");
        for subscription in own {
            let id = &subscription.id;
            assert_eq!(state.subscriptions.get(id), whole.subscriptions.get(id), "{id}");
        }
        assert_eq!(state.credit.get(&*account.id), whole.credit.get(&*account.id));
        assert!(state.credit.len() <= 1);
        with_credit += state.credit.len();
        assert_eq!((&state.prices, &state.tax_rates), (&whole.prices, &whole.tax_rates));
        for discount in book.discounts_for(index) {
            assert_eq!(state.discounts.get(&*discount.id), whole.discounts.get(&*discount.id));
        }
        for place in [0, 1] {
            let facts = |state: &crate::register::State| {
                state.taxpayers.get(&account.id, place).map(|it| format!("{it:?}"))
            };
            assert_eq!(facts(&state), facts(&whole));
        }
        let mut paid: BTreeSet<&str> =
            book.payments.iter().filter(|it| it.account == Some(index)).map(|it| &*it.id).collect();
        paid.insert("nothing");
        let some = PaymentLog::read_some(&register, &paid).expect("payments");
        assert!(paid.iter().all(|id| some.contains(id) == log.contains(id)));
        let receivables = register.receivables_of(&account.id, &BTreeSet::new());
        let receivables: Vec<_> = receivables.expect("receivables");
        let expected: Vec<_> = open.iter().filter(|it| it.account_id == account.id).collect();
        assert_eq!(format!("{receivables:?}"), format!("{expected:?}"));
    }
    assert!(with_credit > 0);
}
