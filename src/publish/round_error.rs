//! The errors of a round: a close that is computed shard by shard.

use std::path::PathBuf;

use thiserror::Error;

/// Why a round cannot go on. Nothing was published.
#[derive(Debug, Error)]
pub(crate) enum RoundError {
    /// A round is open, and the run is not part of it.
    #[error("{} is a round that has begun and is not published", path.display())]
    Open {
        /// The folder of the round.
        path: PathBuf,
    },
    /// The round has not begun.
    #[error("{} is not there: the round has not begun, or it was abandoned", path.display())]
    NotBegun {
        /// The folder of the round.
        path: PathBuf,
    },
    /// The round began with something else.
    #[error("{}: the round began with {begun}, and this step has {now}", path.display())]
    Differs {
        /// The folder of the round.
        path: PathBuf,
        /// What it began with.
        begun: String,
        /// What this step has.
        now: String,
    },
    /// Results of earlier steps are missing.
    #[error("{}: {what} of these shards are missing: {}", path.display(), list(shards))]
    Missing {
        /// The folder of the round.
        path: PathBuf,
        /// What is missing.
        what: &'static str,
        /// The shards.
        shards: Vec<String>,
    },
    /// Shards read different inputs, or one shard was billed differently the second time.
    #[error("{}: {what} is not what the round began with", path.display())]
    Changed {
        /// The folder of the round.
        path: PathBuf,
        /// What differs: "accounts.csv of shard 0/8".
        what: String,
    },
    /// A file of the round is damaged.
    #[error("{}: {reason}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The reason.
        reason: String,
    },
    /// An option that shards do not have.
    #[error("{option} cannot be used with more than one shard")]
    Option {
        /// The option.
        option: &'static str,
    },
}

fn list(shards: &[String]) -> String {
    const MOST: usize = 8;
    let mut list = shards.iter().take(MOST).map(String::as_str).collect::<Vec<_>>().join(", ");
    if shards.len() > MOST {
        list.push_str(", …");
    }
    list
}

impl RoundError {
    /// The remedy.
    pub(crate) fn hint(&self) -> &'static str {
        match self {
            Self::Open { .. } => {
                "publish it with prorata shard publish, or drop it with prorata shard abandon"
            }
            Self::NotBegun { .. } => "begin it with prorata shard begin",
            Self::Differs { .. } => {
                "run every step with the same options, the same program and the same register; to \
                 begin anew, drop the round with prorata shard abandon"
            }
            Self::Missing { .. } => "run the step before for these shards",
            Self::Changed { .. } => {
                "let the export end before a round begins; drop this one with prorata shard \
                 abandon, and begin anew"
            }
            Self::Damaged { .. } => {
                "drop the round with prorata shard abandon, and begin anew; the register is not \
                 touched"
            }
            Self::Option { .. } => "close without shards, or without the option",
        }
    }

    /// The exit code, following `sysexits.h`.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Differs { .. } | Self::Option { .. } => 64,
            Self::Changed { .. } | Self::Damaged { .. } => 65,
            Self::NotBegun { .. } | Self::Missing { .. } => 66,
            Self::Open { .. } => 75,
        }
    }
}
