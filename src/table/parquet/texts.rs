//! Collects the texts of a column in one buffer.

use polars_arrow::array::{Array, BinaryArray};
use polars_arrow::bitmap::MutableBitmap;
use polars_arrow::datatypes::ArrowDataType;
use polars_arrow::offset::OffsetsBuffer;

/// Collects the texts of a column, as polars' growable arrays do, but with less work for each text.
#[derive(Debug)]
pub(crate) struct TextColumn {
    bytes: Vec<u8>,
    /// The start of each text, and the end of the last one.
    bounds: Vec<i64>,
    /// Which rows have a text; `None` while all have one.
    gaps: Option<MutableBitmap>,
}

impl TextColumn {
    /// An empty column with capacity for `rows` texts.
    pub(crate) fn with_room(rows: usize) -> Self {
        let mut bounds = Vec::with_capacity(rows + 1);
        bounds.push(0);
        Self { bytes: Vec::new(), bounds, gaps: None }
    }

    /// Adds a text or a null.
    pub(crate) fn add(&mut self, text: Option<impl AsRef<[u8]>>) {
        if text.is_none() && self.gaps.is_none() {
            self.gaps = Some(MutableBitmap::from_len_set(self.bounds.len() - 1));
        }
        if let Some(gaps) = &mut self.gaps {
            gaps.push(text.is_some());
        }
        if let Some(text) = text {
            self.bytes.extend_from_slice(text.as_ref());
        }
        self.bounds.push(i64::try_from(self.bytes.len()).expect("memory ends before that"));
    }

    pub(crate) fn array(self) -> Box<dyn Array> {
        let bounds = OffsetsBuffer::try_from(self.bounds).expect("each begins where one ended");
        let gaps = self.gaps.map(MutableBitmap::freeze);
        BinaryArray::new(ArrowDataType::LargeBinary, bounds, self.bytes.into(), gaps).boxed()
    }
}

impl<T: AsRef<[u8]>> FromIterator<Option<T>> for TextColumn {
    fn from_iter<I: IntoIterator<Item = Option<T>>>(texts: I) -> Self {
        let mut gathered = Self::with_room(0);
        texts.into_iter().for_each(|text| gathered.add(text));
        gathered
    }
}

#[cfg(test)]
mod tests {
    use polars_arrow::array::MutableBinaryArray;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_column_is_the_one_that_polars_gathers(
            texts in prop::collection::vec(prop::option::weighted(0.9, ".{0,9}"), 0..40),
        ) {
            let of_polars: MutableBinaryArray<i64> = texts.iter().map(Option::as_ref).collect();
            let of_polars: BinaryArray<i64> = of_polars.into();
            let ours = texts.iter().map(Option::as_ref).collect::<TextColumn>().array();
            prop_assert_eq!(ours.validity(), of_polars.validity());
            prop_assert_eq!(ours, of_polars.boxed());
        }
    }
}
