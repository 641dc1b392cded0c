//! Writes a state file row group by row group: one group, not the file, is in memory.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use polars_arrow::datatypes::{ArrowDataType, ArrowSchema, Field};
use polars_parquet::write::{
    CompressedPage, CompressionOptions, DynIter, DynStreamingIterator, Encoding, FileWriter,
    ParquetType, StatisticsOptions, Version, WriteOptions, ZstdLevel, fallible_streaming_iterator,
};

use super::read_columns::ColumnsError;

/// How the values of a column are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ColumnKind {
    /// Texts, mostly distinct.
    Text,
    /// Few distinct texts.
    Word,
    /// Numbers; few distinct ones become a dictionary.
    Number,
    /// Seconds since 1970: mostly distinct, but close together.
    Instant,
}

impl ColumnKind {
    /// The type, as readers see it.
    pub(super) const fn dtype(self) -> ArrowDataType {
        match self {
            Self::Text | Self::Word => ArrowDataType::Utf8View,
            Self::Number | Self::Instant => ArrowDataType::Int64,
        }
    }

    /// The encoding outside a dictionary.
    pub(super) const fn encoding(self) -> Encoding {
        match self {
            Self::Text | Self::Word => Encoding::DeltaLengthByteArray,
            Self::Number => Encoding::Plain,
            Self::Instant => Encoding::DeltaBinaryPacked,
        }
    }
}

/// The column of several taxes on a row. It is the last one, and only files with such a row have it.
pub(crate) const TAX_PARTS: (&str, ColumnKind) = ("tax_parts", ColumnKind::Word);

/// The columns of a state file, in order.
pub(crate) type StateLayout = Vec<(&'static str, ColumnKind)>;

/// The pages of a row group, column by column.
pub(crate) struct EncodedGroup {
    pub(super) rows: usize,
    pub(super) columns: Vec<Vec<CompressedPage>>,
}

/// A state file in the making. The caller takes the bytes after each group.
pub(crate) struct StateWriter {
    file: FileWriter<Pending>,
    pending: Pending,
    types: Vec<ParquetType>,
}

impl StateWriter {
    pub(crate) fn begin(layout: &StateLayout) -> Result<Self, ColumnsError> {
        let fields = layout.iter().map(|(name, kind)| {
            let name = || (*name).into();
            (name(), Field::new(name(), kind.dtype(), true))
        });
        let schema: ArrowSchema = fields.collect();
        let pending = Pending::default();
        let file = FileWriter::try_new(pending.clone(), schema, options())?;
        let types = file.parquet_schema().fields().to_vec();
        Ok(Self { file, pending, types })
    }

    /// The types of the columns.
    pub(super) fn types(&self) -> &[ParquetType] {
        &self.types
    }

    /// Adds a row group.
    pub(crate) fn add(&mut self, group: &EncodedGroup) -> Result<(), ColumnsError> {
        let columns = group.columns.iter().map(|pages| {
            let pages = fallible_streaming_iterator::convert(pages.iter().map(Ok));
            Ok(DynStreamingIterator::new(pages))
        });
        Ok(self.file.write(group.rows as u64, DynIter::new(columns))?)
    }

    /// The bytes since the last call.
    pub(crate) fn take(&self) -> Vec<u8> {
        self.pending.take()
    }

    /// Ends the file, and returns the bytes since the last [`take`](Self::take).
    pub(crate) fn end(mut self) -> Result<Vec<u8>, ColumnsError> {
        // No metadata is needed, because the column types describe everything.
        self.file.end(Some(Vec::new()))?;
        Ok(self.take())
    }
}

/// Bytes that the caller has not taken yet. The writer of polars gives nobody access to its output
/// before the end, so both share it.
#[derive(Clone, Default)]
struct Pending(Arc<Mutex<Vec<u8>>>);

impl Pending {
    fn take(&self) -> Vec<u8> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Write for Pending {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// No reader uses the minimum and maximum of a column, so they are not computed.
pub(super) fn options() -> WriteOptions {
    WriteOptions {
        statistics: StatisticsOptions::empty(),
        version: Version::V1,
        compression: CompressionOptions::Zstd(ZstdLevel::try_new(1).ok()),
        data_page_size: None,
    }
}
