//! The weights of a font.

/// The two weights of the bundled family. An extra font has one weight. For the other one, another
/// extra font is taken; if there is none, its regular letters are thickened.
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
