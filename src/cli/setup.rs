//! `prorata init`, `config`, `completions` and `man`: the commands for setup.

use std::path::PathBuf;

use clap::Args;
use clap_complete::Shell;

use super::parse::locale;
use crate::locale::Locale;

/// The options of `prorata init`.
#[derive(Debug, Args)]
pub(crate) struct InitOptions {
    /// Folder to write to; one that holds an input already is left as it is
    #[arg(long, value_name = "FOLDER", default_value = "input")]
    pub(crate) to: PathBuf,

    /// Language and formats of the documents, such as de-AT
    #[arg(long, value_name = "LOCALE", value_parser = locale)]
    pub(crate) locale: Option<Locale>,
}

/// The options of `prorata config`.
#[derive(Debug, Args)]
pub(crate) struct ConfigOptions {
    /// What is to be printed.
    #[command(flatten)]
    pub(crate) what: ConfigWhat,

    /// Folder with billing.toml
    #[arg(long, value_name = "FOLDER", default_value = "input")]
    pub(crate) input: PathBuf,
}

/// One of the two.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct ConfigWhat {
    /// Print the settings in force, defaults included, as a billing.toml that means the same
    #[arg(long)]
    pub(crate) show: bool,

    /// Print the JSON Schema of billing.toml, which editors complete and check keys by
    #[arg(long)]
    pub(crate) schema: bool,
}

/// The options of `prorata completions`.
#[derive(Debug, Args)]
pub(crate) struct CompletionsOptions {
    /// Which shell
    #[arg(value_enum)]
    pub(crate) shell: Shell,
}

/// The options of `prorata man`.
#[derive(Debug, Args)]
pub(crate) struct ManOptions {
    /// Folder to write the pages to; pages that are there are replaced
    #[arg(long, value_name = "FOLDER", default_value = "man")]
    pub(crate) to: PathBuf,
}

pub(super) const INIT_HELP: &str = "\
Example:
  prorata init --to billing
  prorata init --to billing --locale de-AT

Then write who you are into billing.toml: prorata check says what is missing.

Exit codes:
  0   done
  64  the locale is not known
  73  the folder holds an input already, or cannot be written to
  74  writing failed; the files were removed again";

pub(super) const CONFIG_HELP: &str = "\
Example:
  prorata config --show --input /srv/billing/input
  prorata config --schema > billing.schema.json

Exit codes:
  0   done
  66  there is no billing.toml
  78  billing.toml is wrong";

pub(super) const COMPLETIONS_HELP: &str = "\
Example:
  prorata completions bash > /etc/bash_completion.d/prorata
  prorata completions zsh > /usr/local/share/zsh/site-functions/_prorata
  prorata completions fish > ~/.config/fish/completions/prorata.fish";

pub(super) const MAN_HELP: &str = "\
Example:
  prorata man --to /usr/local/share/man/man1
  man prorata-close";
