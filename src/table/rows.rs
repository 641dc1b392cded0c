//! Reads the rows of one file. Structure and unique ids are checked here and in [`super::joined`],
//! so each file's module only defines its columns.

use std::path::Path;
use std::sync::{Arc, Mutex};

use rayon::iter::{ParallelBridge as _, ParallelIterator as _};

use super::chunks::{CHUNK_BYTES, Chunks};
use super::column::{Column, Origin, TableSpec};
use super::content::{Opened, TableContent};

use super::file_error::FileErrors;
use super::findings::Diagnostics;
use super::form::{FileForm, display_name, stem};
use super::joined::{Joined, KeyedRows, ReadPart, TableKey};
use super::names::{name_as_files_do, names_in_file};
use super::one_part::{Part, WantedIds};
use super::record::LineNumbering;
use super::records::{Extent, OpenTable};
use super::row::{Reported, Row};
use super::selected::SelectedRows;
use super::source::{Source, SourceError, SourceErrors};
use super::{damage_warnings, foreign};
use crate::config::{Dialect, InputSettings};
use crate::model::{ExcludedAccounts, Shard};
use crate::problem::Problem;

/// Reads the input folder and collects the results.
pub(crate) struct TableReader<'a> {
    pub(crate) input: &'a Path,
    /// The size of the pieces.
    pub(crate) chunk_bytes: usize,
    pub(crate) findings: Diagnostics,
    /// The settings of billing.toml for files.
    pub(crate) settings: InputSettings,
    pub(crate) sources: Vec<Source>,
    /// The accounts to leave out.
    pub(crate) withheld: ExcludedAccounts,
    /// The accounts whose rows are read.
    pub(crate) shard: Shard,
    /// The part of these rows that is read.
    pub(crate) part: Part,
    /// Files that could not be read to their end.
    pub(crate) errors: Vec<SourceError>,
}

impl<'a> TableReader<'a> {
    pub(crate) fn new(input: &'a Path) -> Self {
        Self {
            input,
            chunk_bytes: CHUNK_BYTES,
            findings: Diagnostics::default(),
            settings: InputSettings::default(),
            sources: Vec::new(),
            withheld: ExcludedAccounts::default(),
            shard: Shard::WHOLE,
            part: Part::All,
            errors: Vec::new(),
        }
    }

    /// The collected results.
    ///
    /// # Errors
    /// Files that could be opened but not read to their end.
    pub(crate) fn finish(self) -> Result<(Vec<Source>, Diagnostics), SourceErrors> {
        let Self { sources, mut findings, errors, settings, .. } = self;
        findings.problems.extend(foreign::problems(&findings.foreign, &settings));
        name_as_files_do(&mut findings.problems, &settings);
        if errors.is_empty() { Ok((sources, findings)) } else { Err(SourceErrors(errors)) }
    }

    /// Reads a file whose ids must be unique.
    pub(crate) fn rows<T: Send>(
        &mut self,
        name: &'static str,
        content: Opened,
        columns: &[Column],
        key: &TableKey<'_, T>,
        parse: impl Fn(&mut Row<'_>) -> Result<T, Reported> + Sync,
    ) -> KeyedRows<T> {
        let expected = content.expected_bytes();
        let (origin, dialect) = self.dialect(name, &content);
        let (mut chunks, own_name) = self.chunks((name, dialect), content, columns);
        let file = display_name(self.input, name);
        let settings = &self.settings;
        let sheet = TableSpec { name, file: &file, columns, settings, dialect, origin };
        let table = OpenTable::open(sheet, &mut chunks, &mut self.findings);
        let selected = self.selected(key);
        let wanted = key.shard_by.wanted(selected.part).map(WantedIds::new);
        let expected = table.as_ref().map(|table| match wanted {
            Some(_) => 0,
            None => table.rows_of(expected),
        });
        let mut joined = Joined::new(&file, key, expected, selected.shard);
        if let Some(OpenTable { header, first }) = table {
            let hasher = joined.rows.places.hasher();
            let joined = Mutex::new(&mut joined);
            std::iter::once(first).chain(&mut chunks).par_bridge().for_each(|chunk| {
                let how = (&hasher, selected, wanted.as_ref());
                let part = ReadPart::read(&header, &chunk, key, how, &parse);
                drop(chunk);
                joined.lock().expect("no thread panics").add(part);
            });
        }
        let Joined { mut rows, others, findings, extent, .. } = joined;
        rows.others = Arc::new(others);
        rows.has_more = extent.rows > rows.items.len() as u64;
        self.findings.append(findings);
        self.warn_of_odd_ids(&file, key, &rows);
        self.report_unnamed(&file);
        if !self.describe(own_name, chunks, extent) {
            rows.broken.set_incomplete();
        }
        rows
    }

    /// Which rows of a table are read.
    fn selected<'k, T>(&'k self, key: &TableKey<'k, T>) -> SelectedRows<'k> {
        let TableKey { id, owner, shard_by: owners, of_others: others, .. } = *key;
        let shard = if owners.are_none() { Shard::WHOLE } else { self.shard };
        let (part, withheld) = (&self.part, &self.withheld);
        SelectedRows { shard, part, withheld, columns: (id, owner), owners, others }
    }

    /// Reads an optional file that no other file refers to.
    pub(crate) fn rows_if_any<T: Send>(
        &mut self,
        name: &'static str,
        content: Option<Opened>,
        columns: &[Column],
        key: &TableKey<'_, T>,
        parse: impl Fn(&mut Row<'_>) -> Result<T, Reported> + Sync,
    ) -> KeyedRows<T> {
        match content {
            Some(content) => self.rows(name, content, columns, key, parse),
            None => KeyedRows::none(self.selected(key).shard),
        }
    }

    /// Calls `visit` with every row of a file, in order. Returns `false` if the file could not be
    /// read to its end.
    pub(crate) fn each_row(
        &mut self,
        name: &'static str,
        content: Opened,
        columns: &[Column],
        visit: impl FnMut(&mut Row<'_>),
    ) -> bool {
        let (origin, dialect) = self.dialect(name, &content);
        let (mut chunks, own_name) = self.chunks((name, dialect), content, columns);
        let file = display_name(self.input, name);
        let settings = &self.settings;
        let sheet = TableSpec { name, file: &file, columns, settings, dialect, origin };
        let table = OpenTable::open(sheet, &mut chunks, &mut self.findings);
        let extent = table
            .map(|table| table.read(&mut chunks, &mut self.findings, visit))
            .unwrap_or_default();
        self.findings.odd_ids.clear();
        self.report_unnamed(&file);
        self.describe(own_name, chunks, extent)
    }

    /// Calls `visit` with every row of a table that is no file. Its problems have no lines.
    pub(crate) fn rows_of_text(
        &mut self,
        (name, file): (&'static str, &str),
        columns: &[Column],
        text: &str,
        visit: impl FnMut(&mut Row<'_>),
    ) {
        let mut findings = Diagnostics::default();
        let mut chunks = Chunks::new(text.as_bytes(), self.chunk_bytes, LineNumbering::Lines);
        let (settings, dialect) = (&self.settings, Dialect::default());
        let sheet = TableSpec { name, file, columns, settings, dialect, origin: Origin::Arguments };
        if let Some(table) = OpenTable::open(sheet, &mut chunks, &mut findings) {
            table.read(&mut chunks, &mut findings, visit);
        }
        findings.problems.forget_lines();
        self.findings.append(findings);
    }

    /// Warns of ids in the last file that a spreadsheet may have merged or split.
    fn warn_of_odd_ids<T>(&mut self, file: &str, key: &TableKey<'_, T>, rows: &KeyedRows<T>) {
        let odd = std::mem::take(&mut self.findings.odd_ids);
        let own = odd.iter().filter(|(column, ..)| *column == key.id);
        let own: Vec<(&str, u64)> = own.map(|(_, line, id)| (&**id, *line)).collect();
        if own.is_empty() {
            return;
        }
        let known = |place: usize| (key.known_by)(&rows.items[place]);
        let line_of = |id: &str| {
            let place = rows.places.get(id, |place| &**known(place).0)?;
            Some(known(place).1)
        };
        self.findings.warnings.extend(damage_warnings::warnings(file, &own, line_of));
    }

    /// Reports values in a column without a name, in the last file.
    fn report_unnamed(&mut self, file: &str) {
        let problem = self.findings.unnamed.take().map(|(line, value)| Problem {
            file: file.to_owned(),
            line: Some(line),
            column: None,
            value: Some(value),
            rule: "stands in a column that has no name".to_owned(),
            hint: "name the column in the header, or remove it; pandas leaves its index out with \
                   to_csv(…, index=False)"
                .to_owned(),
        });
        self.findings.problems.extend(problem);
    }

    /// How a file is written. Parquet files become CSV as this program writes it.
    fn dialect(&self, table: &str, content: &Opened) -> (Origin, Dialect) {
        match content.form {
            FileForm::Parquet => (Origin::Parquet, Dialect::default()),
            _ => (Origin::Text, self.settings.dialect(stem(table))),
        }
    }

    /// The pieces of a file, and its actual name.
    fn chunks(
        &self,
        (table, dialect): (&str, Dialect),
        content: Opened,
        columns: &[Column],
    ) -> (Chunks<TableContent>, String) {
        let (name, numbering) = (content.name.clone(), content.form.numbering());
        let (most_mib, is_hashed) = (self.settings.max_table_mib, self.part == Part::All);
        let columns = names_in_file(columns, &self.settings, stem(table));
        let text = content.content(&columns, dialect.encoding, most_mib, is_hashed);
        let chunks = Chunks::new(text, self.chunk_bytes, numbering);
        (chunks.separated(dialect.delimiter.byte()), name)
    }

    /// Records the file. Returns whether all of it was read.
    fn describe(&mut self, name: String, chunks: Chunks<TableContent>, extent: Extent) -> bool {
        match chunks.finish().and_then(TableContent::finish) {
            Ok((sha256, bytes)) => {
                self.sources.push(Source { name, sha256, bytes, rows: extent.rows });
                extent.complete
            }
            Err(error) => {
                let path = self.input.join(name);
                match error.downcast::<FileErrors>() {
                    Ok(FileErrors(faults)) => {
                        let file = path.display().to_string();
                        let problems = faults.into_iter().map(|fault| fault.problem(&file));
                        self.findings.problems.extend(problems);
                    }
                    Err(source) => self.errors.push(SourceError { path, source, instead: None }),
                }
                false
            }
        }
    }
}
