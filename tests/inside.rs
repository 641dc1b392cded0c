//! Tests that use what the library keeps to itself: they are modules of its unit tests.

#[path = "support/catalogue.rs"]
mod catalogue;
#[path = "fuzz/mod.rs"]
mod fuzz;
#[path = "laws/mod.rs"]
mod laws;
#[path = "support/workspace.rs"]
mod workspace;
