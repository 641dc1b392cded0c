//! The program from the outside: every test here runs it, in a folder of its own. `tests/README.md`
//! says what each module is about.

#[path = "../support/mod.rs"]
mod support;

mod accounts;
mod close;
mod corners;
mod cron;
mod damaged;
mod delivery;
mod dialects;
mod docs;
mod documents;
mod einvoices;
#[path = "../../examples/close.rs"]
mod example;
mod export;
mod finances;
mod formats;
mod generate;
mod hostile;
mod house;
mod import;
mod limits;
mod minimum;
mod payments;
mod preview;
mod price_changes;
mod quote;
mod register;
mod report;
mod setup;
mod shards;
mod taxes;

#[test]
fn the_example_closes_the_sample_and_verifies_it() {
    example::main().expect("it closes");
}
