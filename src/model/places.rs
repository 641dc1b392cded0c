//! The places of documents in the order of a close's numbers.

/// The place of every document in the whole close. The PDFs' folders and the order of tables follow
/// from it.
#[derive(Clone, Debug)]
pub(crate) enum DocumentPlaces {
    /// These are all documents, in order.
    Whole {
        /// How many there are.
        count: usize,
    },
    /// These are the documents of a shard.
    Shard {
        /// The place of each, from 0 on and ascending.
        places: Vec<u64>,
        /// The number of documents in all shards.
        count: u64,
    },
}

impl Default for DocumentPlaces {
    fn default() -> Self {
        Self::Whole { count: 0 }
    }
}

impl DocumentPlaces {
    /// The place of the document at an index.
    pub(crate) fn of(&self, index: usize) -> u64 {
        match self {
            Self::Whole { .. } => index as u64,
            Self::Shard { places, .. } => places[index],
        }
    }

    /// The number of documents in the whole close.
    pub(crate) fn count(&self) -> u64 {
        match self {
            Self::Whole { count } => *count as u64,
            Self::Shard { count, .. } => *count,
        }
    }
}
