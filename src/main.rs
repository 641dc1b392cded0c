//! The `prorata` program.

fn main() -> std::process::ExitCode {
    prorata::main()
}
