//! The fonts of one document: its characters and glyphs, and their codes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::deflate::Effort;
use super::groups::{Groups, WantedGroups};
use super::letters::Glyphs;
use super::letters::Letters;
use super::objects::Objects;
use super::shell::SharedObjects;
use super::subset::Subset;
use crate::render::pdf::cache::Cache;
use crate::render::pdf::glyphs::GlyphRun;
use crate::render::pdf::page::{DrawOp, Mark, Page};
use crate::render::pdf::run::Run;
use crate::render::pdf::text::FontSet;

/// The needs of a document.
#[derive(Default)]
pub(crate) struct Needs {
    /// The groups of each bundled font.
    pub(crate) groups: [Groups; 2],
    /// Whether the logo is drawn.
    pub(crate) logo: bool,
    /// Single glyphs by font.
    pub(crate) glyphs: BTreeMap<usize, Glyphs>,
    /// The runs of every text in order. `None` if it is plain: all characters are in groups of its
    /// font.
    pub(crate) runs: Vec<Option<Vec<Run>>>,
    /// The characters that no font has.
    pub(crate) missing: BTreeSet<char>,
}

impl Needs {
    /// Collects the needs of a document.
    pub(crate) fn of(case: &FontSet, sheets: &[Page]) -> Self {
        let mut needs = Self::default();
        let mut wanted = [WantedGroups::default(), WantedGroups::default()];
        for Mark { op, is_spaced, .. } in sheets.iter().flat_map(Page::tagged) {
            match op {
                DrawOp::Bar { .. } => {}
                DrawOp::Logo { .. } => needs.logo = true,
                DrawOp::Text { style, text, .. } => {
                    let runs = if wanted[style.weight.face()].add(text) {
                        None
                    } else {
                        needs.missing.extend(case.missing(text));
                        if is_spaced {
                            wanted[style.weight.face()].add(" ");
                        }
                        Some(case.runs(style.weight, text))
                    };
                    for run in runs.iter().flatten() {
                        match run {
                            Run::Characters { face, text } => _ = wanted[*face].add(text),
                            Run::Glyphs(run) => needs.add_glyphs(run),
                        }
                    }
                    needs.runs.push(runs);
                }
            }
        }
        needs.groups = wanted.map(WantedGroups::groups);
        needs
    }

    /// Adds glyphs. A glyph gets the first text that it stands for alone.
    pub(crate) fn add_glyphs(&mut self, run: &GlyphRun) {
        let glyphs = self.glyphs.entry(run.face).or_default();
        for (cluster, text) in run.clusters() {
            for glyph in cluster {
                let meaning = glyphs.entry(glyph.id).or_insert_with(|| ZERO_WIDTH_SPACE.into());
                if cluster.len() == 1 && meaning == ZERO_WIDTH_SPACE {
                    text.clone_into(meaning);
                }
            }
        }
    }
}

/// The text of a glyph that never stands for a text alone.
const ZERO_WIDTH_SPACE: &str = "\u{200b}";

pub(crate) struct Fonts<'d> {
    shell: &'d Arc<SharedObjects>,
    needs: &'d Needs,
    subsets: BTreeMap<usize, Arc<Subset>>,
}

impl<'d> Fonts<'d> {
    /// The fonts of the shared objects, and the further glyphs of the document.
    ///
    /// # Errors
    /// The message of printpdf if it cannot embed a font.
    pub(crate) fn new(
        case: &FontSet,
        shell: &'d Arc<SharedObjects>,
        needs: &'d Needs,
        known: &Cache<(usize, Glyphs), Subset>,
    ) -> Result<Self, String> {
        let subsets = needs.glyphs.iter().map(|(face, glyphs)| {
            let name = name_of_single_glyphs(*face);
            let new = || Subset::new(case.face(*face), &name, glyphs, Effort::Fast);
            Ok((*face, known.get(&(*face, glyphs.clone()), new)?))
        });
        Ok(Self { shell, needs, subsets: subsets.collect::<Result<_, String>>()? })
    }

    /// The characters of a bundled font.
    pub(crate) fn letters(&self, face: usize) -> &Letters {
        self.shell.letters(face)
    }

    pub(crate) fn code(&self, face: usize, glyph: u16) -> u16 {
        self.subsets.get(&face).map_or(0, |subset| subset.code(glyph))
    }

    /// The text of a glyph.
    pub(crate) fn text(&self, face: usize, glyph: u16) -> &str {
        self.needs.glyphs.get(&face).and_then(|glyphs| glyphs.get(&glyph)).map_or("", |it| it)
    }

    /// Writes the fonts that are not in the shared objects, and returns their faces and numbers.
    pub(crate) fn add_to(&self, file: &mut Objects) -> Vec<(usize, usize)> {
        let faces = self.needs.glyphs.keys();
        faces.map(|face| (*face, self.subsets[face].add_to(file))).collect()
    }
}

/// Six letters that are unique among the fonts of a document.
fn name_of_single_glyphs(face: usize) -> String {
    let letter = |number: usize| char::from(b'A' + u8::try_from(number % 26).expect("a letter"));
    ['X', 'X', 'G', 'L', letter(face / 26), letter(face)].into_iter().collect()
}
