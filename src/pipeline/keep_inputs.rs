//! Keeps the input files of a close beside its results.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::context::CloseContext;
use super::error::RunError;
use crate::publish::{FileInPieces, PublishError, Staging};
use crate::register::{InputKeeper, NEW_PIECES_FILE, PIECES_FILE, pieces_to_parquet};
use crate::table::Source;

/// Why input files cannot be kept.
enum KeepError {
    Unreadable(io::Error),
    Publish(PublishError),
}

impl From<io::Error> for KeepError {
    fn from(error: io::Error) -> Self {
        Self::Unreadable(error)
    }
}

/// The logo and the fonts that `billing.toml` names. They were read before.
pub(crate) fn look_files(context: &CloseContext) -> Result<Vec<Source>, RunError> {
    let look = &context.settings.look;
    let describe = |path: &PathBuf| {
        let bytes = fs::read(path).map_err(unreadable(path))?;
        Ok(Source::describe(&context.name_of(path), &bytes, 0))
    };
    look.logo.iter().chain(&look.fonts).map(describe).collect()
}

/// Keeps the input files. They must still be as they were read.
pub(crate) fn keep_inputs<'s>(
    context: &CloseContext,
    sources: impl Iterator<Item = &'s Source>,
    staging: &Staging,
) -> Result<[FileInPieces; 2], RunError> {
    let mut new = staging.begin_file(NEW_PIECES_FILE)?;
    let write = |frame: &[u8]| new.write(frame).map_err(KeepError::Publish);
    let mut keeper = InputKeeper::new(&context.name, &context.register, write)?;
    for source in sources {
        let path = context.place_of(&source.name);
        let file = File::open(&path).map_err(unreadable(&path))?;
        let kept = keeper.keep(&source.name, file).map_err(|error| failed(error, &path))?;
        if kept != source.sha256 {
            return Err(RunError::InputChanged { path });
        }
    }
    let pieces = keeper.finish().map_err(|error| failed(error, Path::new(NEW_PIECES_FILE)))?;
    Ok([new, staging.make_file(PIECES_FILE, &pieces_to_parquet(&pieces)?)?])
}

fn failed(error: KeepError, path: &Path) -> RunError {
    match error {
        KeepError::Unreadable(source) => unreadable(path)(source),
        KeepError::Publish(error) => error.into(),
    }
}

/// A file that could be read before.
fn unreadable(path: &Path) -> impl Fn(io::Error) -> RunError + '_ {
    |source| RunError::InputGone { path: path.to_owned(), source }
}
