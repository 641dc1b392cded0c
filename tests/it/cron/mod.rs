//! What whoever runs the job unattended relies on: exit codes, what is said where, one run at a time,
//! and an end that is clean when the system wants one.

mod clock;
mod exit_codes;
mod lock;
mod month;
mod signals;
mod spoken;
mod terminal;
