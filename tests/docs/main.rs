//! What the documentation shows is run, and what it lists is compared with the code.

#[path = "../support/mod.rs"]
mod support;

mod columns;
mod commands;
mod keys;
mod options;
mod page;
