//! What the documentation lists is compared with the program. `tests/cases/` runs what it shows.

mod blocks;
mod columns;
mod conventions;
mod keys;
mod options;
