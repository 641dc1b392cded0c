//! The command line: checks all arguments once. One file per theme.

mod ask;
mod close;
mod compare;
mod exit_codes;
mod export;
mod folders;
#[cfg(feature = "generate")]
mod generate;
mod import;
mod index;
mod pages;
mod parse;
mod preview;
mod quote;
mod run;
mod setup;
mod shard;
mod speech;
mod threads;
mod version;

use clap::{Parser, Subcommand};

pub(crate) use ask::{AccountOptions, ExplainOptions, ListOptions};
use ask::{EXPLAIN_HELP, HISTORY_HELP, OWED_HELP, STATEMENT_HELP};
use close::{CHECK_HELP, CLOSE_ABOUT, CLOSE_HELP, OPEN_ABOUT, OPEN_HELP, VERIFY_HELP};
pub(crate) use close::{CheckOptions, CloseOptions, OpenOptions, PublishingOptions, VerifyOptions};
pub(crate) use compare::CompareOptions;
use compare::{COMPARE_ABOUT, COMPARE_HELP};
pub(crate) use export::ExportOptions;
use export::{EXPORT_ABOUT, EXPORT_HELP};
pub(crate) use folders::{FolderOptions, LockOptions, WitnessOptions};
#[cfg(feature = "generate")]
pub(crate) use generate::GenerateOptions;
#[cfg(feature = "generate")]
use generate::{GENERATE_ABOUT, GENERATE_HELP};
pub(crate) use import::ImportOptions;
use import::{IMPORT_ABOUT, IMPORT_HELP};
pub(crate) use index::IndexOptions;
use index::{INDEX_ABOUT, INDEX_HELP};
pub(crate) use pages::{completions, write_man_pages};
pub(crate) use preview::PreviewOptions;
use preview::{PREVIEW_ABOUT, PREVIEW_HELP};
pub(crate) use quote::QuoteOptions;
use quote::{QUOTE_ABOUT, QUOTE_HELP};
pub use run::main;
use setup::{COMPLETIONS_HELP, CONFIG_HELP, INIT_HELP, MAN_HELP};
pub(crate) use setup::{CompletionsOptions, ConfigOptions, InitOptions, ManOptions};
pub(crate) use shard::ShardOptions;
use shard::{SHARD_ABOUT, SHARD_HELP};
pub(crate) use speech::SpeechOptions;
use version::VERSION;

/// Turns a product's change log into invoices that finance trusts and customers understand.
#[derive(Debug, Parser)]
#[command(name = "prorata", version = VERSION, about, after_help = AFTER_HELP, max_term_width = 100)]
pub(crate) struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,

    /// How much is said on stderr.
    #[command(flatten)]
    pub(crate) speech: SpeechOptions,
}

/// The subcommands, in the order in which a newcomer meets them.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write an input folder to fill in
    #[command(after_help = INIT_HELP)]
    Init(InitOptions),
    /// Print the settings in force, or the JSON Schema of billing.toml
    #[command(after_help = CONFIG_HELP)]
    Config(ConfigOptions),
    /// Write an input folder from the exports of another billing system
    #[command(long_about = IMPORT_ABOUT, after_help = IMPORT_HELP)]
    Import(ImportOptions),
    /// Say everything that a close would find wrong, and publish nothing
    #[command(after_help = CHECK_HELP)]
    Check(CheckOptions),
    /// Begin a register: everything due up to an instant counts as billed elsewhere
    #[command(long_about = OPEN_ABOUT, after_help = OPEN_HELP)]
    Open(OpenOptions),
    /// Show what a close would publish and what to look at in it, and publish nothing
    #[command(long_about = PREVIEW_ABOUT, after_help = PREVIEW_HELP)]
    Preview(PreviewOptions),
    /// Bill everything due up to an instant, and publish it as a close
    #[command(long_about = CLOSE_ABOUT, after_help = CLOSE_HELP)]
    Close(PublishingOptions),
    /// Run one step of a close in shards, on one of many machines
    #[command(long_about = SHARD_ABOUT, after_help = SHARD_HELP)]
    Shard(ShardOptions),
    /// Check that everything published is what it was, and adds up
    #[command(after_help = VERIFY_HELP)]
    Verify(VerifyOptions),
    /// Say what a change of a subscription would cost, and write nothing
    #[command(long_about = QUOTE_ABOUT, after_help = QUOTE_HELP)]
    Quote(QuoteOptions),
    /// List the invoices of an account
    #[command(after_help = HISTORY_HELP)]
    History(AccountOptions),
    /// Say why every line of an invoice is what it is
    #[command(after_help = EXPLAIN_HELP)]
    Explain(ExplainOptions),
    /// List what an account was billed and what it paid, with the balance after each
    #[command(after_help = STATEMENT_HELP)]
    Statement(AccountOptions),
    /// List who owes what after the newest close, and for how long
    #[command(after_help = OWED_HELP)]
    Owed(ListOptions),
    /// Set a close beside invoices that another system issued, and say why they differ
    #[command(long_about = COMPARE_ABOUT, after_help = COMPARE_HELP)]
    Compare(CompareOptions),
    /// Write one page that lists all closes, with trend and cohorts
    #[command(long_about = INDEX_ABOUT, after_help = INDEX_HELP)]
    Index(IndexOptions),
    /// Write a close as files that an accounting program imports
    #[command(long_about = EXPORT_ABOUT, after_help = EXPORT_HELP)]
    Export(ExportOptions),
    #[cfg(feature = "generate")]
    /// Write an invented company as an input folder
    #[command(long_about = GENERATE_ABOUT, after_help = GENERATE_HELP)]
    Generate(GenerateOptions),
    /// Print completions for a shell
    #[command(after_help = COMPLETIONS_HELP)]
    Completions(CompletionsOptions),
    /// Write the man pages, one a command
    #[command(after_help = MAN_HELP)]
    Man(ManOptions),
}

const AFTER_HELP: &str = "\
Example:
  prorata init --to billing
      writes a folder to fill in
  prorata close --as-of 2020-06-28
      reads input/, publishes output/2020-06-28/ with invoices.csv, invoice_lines.csv and pdf/";
