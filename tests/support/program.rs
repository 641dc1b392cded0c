//! The program, run in a workspace.

use std::process::{Command, Output};

use super::Workspace;

impl Workspace {
    /// The binary, ready to run in the workspace with its defaults.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_prorata"));
        command.args(arguments).current_dir(self.path(""));
        command
    }

    /// Runs the binary.
    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the binary starts")
    }

    /// Runs the binary, which must succeed, and returns what it printed.
    pub(crate) fn succeed(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?} failed:\n{stderr}");
        String::from_utf8(output.stdout).expect("output is UTF-8")
    }

    /// Runs the binary, which must fail, and returns its exit code and what it complained of.
    pub(crate) fn fail(&self, arguments: &[&str]) -> (i32, String) {
        let output = self.run(arguments);
        assert!(!output.status.success(), "{arguments:?} succeeded");
        let code = output.status.code().expect("it ended by itself");
        (code, String::from_utf8(output.stderr).expect("messages are UTF-8"))
    }

    /// `prorata close --as-of …`, which must succeed.
    pub(crate) fn close(&self, as_of: &str) -> String {
        self.succeed(&["close", "--as-of", as_of])
    }
}
