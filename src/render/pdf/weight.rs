//! The weights of a font.

/// The two weights of the bundled family. Extra fonts have one weight and serve both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weight {
    Regular,
    SemiBold,
}

impl Weight {
    /// The index of its bundled font.
    pub(super) const fn face(self) -> usize {
        match self {
            Self::Regular => 0,
            Self::SemiBold => 1,
        }
    }
}
