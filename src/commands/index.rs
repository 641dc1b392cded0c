//! `prorata index`: writes one page with all closes of an output folder. It only reads them.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, Read as _, Write as _};
use std::path::{Component, Path, PathBuf};

use crate::access::FileMode;
use crate::config;
use crate::model::Shard;
use crate::pipeline::{Folders, RunError, whole_path};
use crate::register::{Close, Register, cohorts, trend};
use crate::render::report::{GENERATOR, Index, IndexedClose, index_html};
use crate::review::last_months;
use crate::stop;

/// The options of `prorata index`.
#[derive(Clone, Debug)]
pub(crate) struct IndexArgs {
    /// The folders of billing.toml and the closes.
    pub(crate) places: Folders,
    /// The page.
    pub(crate) to: PathBuf,
}

/// Writes the index of all closes, and returns what to print.
///
/// # Errors
/// The register cannot be read or has no close, or the page cannot be written.
pub(crate) fn index(args: &IndexArgs) -> Result<String, RunError> {
    let (settings, _) = config::load(&args.places.input)?;
    let register = Register::open(&args.places.output)?;
    let closes = &register.closes;
    if closes.is_empty() {
        return Err(RunError::NotFound {
            what: format!("closes in {}", args.places.output.display()),
            hint: "--output names the folder that holds the closes",
        });
    }
    let target = Target::of(&args.to, &args.places)?;
    let dated = closes.iter().filter_map(|close| Some((close.date()?, &close.manifest.totals)));
    let page = index_html(&Index {
        seller: &settings.seller.name,
        zone: settings.zone,
        closes: indexed(closes, &target.folder),
        trend: last_months(trend(dated).unwrap_or_default(), usize::MAX),
        cohorts: cohorts(closes, &[], Shard::WHOLE)?,
    });
    target.write(&page, settings.output.mode)?;
    let plural = if closes.len() == 1 { "" } else { "s" };
    Ok(format!("{} lists {} close{plural}\n", args.to.display(), closes.len()))
}

fn indexed<'c>(closes: &'c [Close], from: &Path) -> Vec<IndexedClose<'c>> {
    let earlier = std::iter::once(None).chain(closes.iter().map(|close| Some(close.as_of)));
    let close = |(close, since): (&'c Close, _)| IndexedClose {
        name: &close.manifest.close,
        folder: link(from, &close.path),
        as_of: close.as_of,
        since,
        is_opening: close.manifest.options.opening,
        counts: close.manifest.counts,
        withheld: close.manifest.withheld.len(),
        totals: &close.manifest.totals,
        files: close.manifest.outputs.iter().map(|file| &*file.path).collect(),
    };
    closes.iter().zip(earlier).map(close).collect()
}

/// The place of the page.
struct Target<'a> {
    path: &'a Path,
    /// Its folder, which may not be there yet, without links.
    folder: PathBuf,
}

impl<'a> Target<'a> {
    /// # Errors
    /// The page would be among the closes, or something else has its name.
    fn of(path: &'a Path, places: &Folders) -> Result<Self, RunError> {
        let unwritable = |source| RunError::Page { path: path.to_owned(), source };
        let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
        let folder = parent.unwrap_or(Path::new("."));
        // `verify` would report it.
        if places.output_holds(folder) {
            return Err(RunError::PageAmongCloses { path: path.to_owned() });
        }
        if !is_index(path).map_err(unwritable)? {
            return Err(RunError::NotAnIndex { path: path.to_owned() });
        }
        Ok(Self { path, folder: whole_path(folder) })
    }

    /// Replaces the page by one rename.
    fn write(&self, page: &[u8], mode: FileMode) -> Result<(), RunError> {
        let _held = stop::hold();
        let name = self.path.file_name().unwrap_or_default().to_string_lossy();
        let partial = self.folder.join(format!(".{name}.partial"));
        let open = || mode.options().write(true).create(true).truncate(true).open(&partial);
        let written = mode
            .create_folders(&self.folder)
            .and_then(|()| open())
            .and_then(|mut file| file.write_all(page).and_then(|()| file.sync_all()))
            .and_then(|()| fs::rename(&partial, self.path));
        written.map_err(|source| {
            // The first failure is reported.
            let _ = fs::remove_file(&partial);
            RunError::Page { path: self.path.to_owned(), source }
        })
    }
}

/// The first bytes of a page, which say which program wrote it.
const BEGINNING: u64 = 1024;

/// Whether a path is free, or has a page that this command wrote.
fn is_index(path: &Path) -> io::Result<bool> {
    let file = match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(true),
        // A rename would replace the link and leave the file.
        Ok(found) if !found.is_file() => return Ok(false),
        Ok(_) => fs::File::open(path)?,
        Err(error) => return Err(error),
    };
    let mut beginning = Vec::new();
    file.take(BEGINNING).read_to_end(&mut beginning)?;
    let mark = format!("<meta name=\"generator\" content=\"{GENERATOR}\">");
    Ok(memchr::memmem::find(&beginning, mark.as_bytes()).is_some())
}

/// A relative link from a folder to a path.
fn link(from: &Path, to: &Path) -> String {
    let to = whole_path(to);
    let (from, to): (Vec<_>, Vec<_>) = (from.components().collect(), to.components().collect());
    let shared = from.iter().zip(&to).take_while(|(one, other)| one == other).count();
    let up = from[shared..].iter().map(|_| "..".to_owned());
    let down = to[shared..].iter().map(|part| encoded(*part));
    let parts: Vec<String> = up.chain(down).collect();
    // A name with a colon would be read as a scheme.
    if parts.first().is_some_and(|part| part == "..") {
        parts.join("/")
    } else {
        format!("./{}", parts.join("/"))
    }
}

/// A name in a link, with every unusual byte escaped.
fn encoded(part: Component<'_>) -> String {
    let mut text = String::new();
    for byte in part.as_os_str().as_encoded_bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(byte) {
            text.push(char::from(*byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_relative_and_escaped() {
        let link = |from: &str, to: &str| super::link(Path::new(from), Path::new(to));
        assert_eq!(link("/no/out", "/no/out/2020-06-28"), "./2020-06-28");
        assert_eq!(link("/no/pages", "/no/out/2020-06-28"), "../out/2020-06-28");
        assert_eq!(link("/no", "/no/a b/é?#%"), "./a%20b/%C3%A9%3F%23%25");
    }
}
