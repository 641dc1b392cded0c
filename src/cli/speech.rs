//! The amount and the form of the output on stderr.

use clap::{ArgAction, Args};

use crate::console::{Detail, LogFormat};

/// What every command is told about that.
#[derive(Debug, Args)]
#[command(next_help_heading = "What is said on stderr")]
pub(crate) struct SpeechOptions {
    /// Say nothing but errors, and leave out the summary of what was done. Lists that were asked
    /// for are printed
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,

    /// Say what each stage did, and how long it took; -vv: each file, too
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub(crate) verbose: u8,

    /// How to say it: human, in words, which is the default; or json, an object a line
    #[arg(
        long,
        global = true,
        value_enum,
        default_value_t,
        value_name = "FORMAT",
        hide_possible_values = true,
        hide_default_value = true
    )]
    pub(crate) log_format: LogFormat,
}

impl SpeechOptions {
    pub(crate) fn detail(&self) -> Detail {
        match (self.quiet, self.verbose) {
            (true, _) => Detail::Quiet,
            (false, 0) => Detail::Usual,
            (false, 1) => Detail::Stages,
            (false, _) => Detail::Files,
        }
    }
}
