//! Rows of several state files as one data frame, for questions about many closes.
//!
//! polars reads, stacks and groups. Amounts are added outside of it, because its sums wrap around.

use polars::prelude::{
    Column, DataFrame, GroupsIndicator, IdxCa, IdxSize, IntoColumn as _, NamedFrom as _,
    PolarsError, Series,
};

use super::read_columns::{ColumnsError, StateTable};

/// Rows with the same columns.
#[derive(Default)]
pub(crate) struct StateFrame(DataFrame);

impl StateFrame {
    /// The rows of a list.
    pub(crate) fn of<R>(rows: &[R]) -> FrameColumns<'_, R> {
        FrameColumns { rows, columns: Vec::new() }
    }

    /// Adds the rows of a table with the same columns.
    pub(crate) fn add_table(&mut self, table: StateTable) -> Result<(), ColumnsError> {
        self.add(Self(table.into_frame()))
    }

    /// Adds rows with the same columns.
    pub(crate) fn add(&mut self, rows: Self) -> Result<(), ColumnsError> {
        if self.0.width() == 0 {
            self.0 = rows.0;
        } else {
            self.0.vstack_mut_owned(rows.0)?;
        }
        Ok(())
    }

    /// The first row of each value of a column, in order.
    pub(crate) fn first_of_each(&self, key: &str) -> Result<Self, ColumnsError> {
        let firsts = self.groups(&[key])?.into_iter().map(|rows| index(rows[0]));
        let firsts = IdxCa::from_vec("first".into(), firsts.collect::<Result<_, _>>()?);
        Ok(Self(self.0.take(&firsts)?))
    }

    /// The rows that a test of a text column keeps.
    pub(crate) fn filter(
        &self,
        column: &str,
        keeps: impl Fn(&str) -> bool,
    ) -> Result<Self, ColumnsError> {
        let texts = self.texts(column)?.into_iter().enumerate();
        let kept = texts.filter(|(_, text)| keeps(text)).map(|(row, _)| index(row));
        let kept = IdxCa::from_vec("kept".into(), kept.collect::<Result<_, _>>()?);
        Ok(Self(self.0.take(&kept)?))
    }

    /// The rows with each combination of values, in the order of their first rows.
    pub(crate) fn groups(&self, keys: &[&str]) -> Result<Vec<Vec<usize>>, ColumnsError> {
        let grouped = self.0.group_by_stable(keys.iter().copied())?;
        let rows = |group: GroupsIndicator<'_>| match group {
            GroupsIndicator::Idx((_, rows)) => rows.iter().map(|row| *row as usize).collect(),
            GroupsIndicator::Slice([first, count]) => {
                (first as usize..first as usize + count as usize).collect()
            }
        };
        Ok(grouped.get_groups().iter().map(rows).collect())
    }

    /// A column of texts.
    pub(crate) fn texts(&self, name: &str) -> Result<Vec<&str>, ColumnsError> {
        let texts = self.0.column(name)?.str()?;
        Ok(texts.iter().map(Option::unwrap_or_default).collect())
    }

    /// A column of numbers.
    pub(crate) fn numbers(&self, name: &str) -> Result<Vec<i64>, ColumnsError> {
        let numbers = self.0.column(name)?.i64()?;
        Ok(numbers.iter().map(Option::unwrap_or_default).collect())
    }
}

/// The columns of a frame in the making.
pub(crate) struct FrameColumns<'r, R> {
    rows: &'r [R],
    columns: Vec<Column>,
}

impl<'r, R> FrameColumns<'r, R> {
    /// Adds a column of texts.
    pub(crate) fn text(mut self, name: &str, text: impl Fn(&'r R) -> &'r str) -> Self {
        let texts: Vec<&str> = self.rows.iter().map(text).collect();
        self.columns.push(text_column(name, &texts));
        self
    }

    /// Adds a column of numbers.
    pub(crate) fn number(mut self, name: &str, number: impl Fn(&'r R) -> i64) -> Self {
        let numbers: Vec<i64> = self.rows.iter().map(number).collect();
        self.columns.push(Series::new(name.into(), numbers).into_column());
        self
    }

    /// The frame.
    pub(crate) fn frame(self) -> Result<StateFrame, ColumnsError> {
        Ok(StateFrame(DataFrame::new(self.rows.len(), self.columns)?))
    }
}

fn text_column(name: &str, texts: &[&str]) -> Column {
    Series::new(name.into(), texts).into_column()
}

fn index(row: usize) -> Result<IdxSize, PolarsError> {
    let too_many = |_| PolarsError::ComputeError("more rows than polars counts".into());
    IdxSize::try_from(row).map_err(too_many)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(rows: &[(&str, &str, i64)]) -> StateFrame {
        let columns = StateFrame::of(rows).text("id", |(id, _, _)| id);
        let columns = columns.text("kind", |(_, kind, _)| kind).number("size", |(_, _, it)| *it);
        columns.frame().expect("columns of one length")
    }

    #[test]
    fn rows_are_stacked_grouped_and_told_apart() {
        let mut stacked = StateFrame::default();
        stacked.add(frame(&[("a", "x", 1), ("b", "x", 2)])).expect("fits");
        stacked.add(frame(&[("a", "y", 3), ("c", "x", 4)])).expect("fits");
        assert_eq!(stacked.groups(&["kind"]).expect("groups"), [vec![0, 1, 3], vec![2]]);
        assert_eq!(stacked.groups(&["id", "kind"]).expect("groups").len(), 4);
        let firsts = stacked.first_of_each("id").expect("rows");
        assert_eq!(firsts.numbers("size").expect("numbers"), [1, 2, 4]);
        let kept = stacked.filter("id", |id| id != "a").expect("rows");
        assert_eq!(kept.texts("kind").expect("texts"), ["x", "x"]);
        assert!(stacked.numbers("id").is_err() && stacked.texts("absent").is_err());
    }

    #[test]
    fn nothing_has_no_groups() {
        let nothing = frame(&[]);
        assert!(nothing.groups(&["id"]).expect("groups").is_empty());
        assert!(nothing.first_of_each("id").expect("rows").texts("id").expect("texts").is_empty());
    }
}
