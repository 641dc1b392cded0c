//! The exit codes in help and man pages, after an example. docs/operations.md has the remedy for
//! each.

/// The codes of commands that publish.
macro_rules! exit_codes {
    () => {
        "\
Exit codes:
  0    done; or the close was published before, and is as it was
  10   done, but accounts were withheld: exceptions.csv
  11   done, but somebody must look at exceptions.csv, with --exit-on-exceptions
  64   the command line is wrong, or asks for a close that cannot be
  65   the input is wrong, or a published file was altered; all is listed, nothing was published
  66   an input file is missing
  70   a bug in prorata
  71   memory ran out, or the system starts no further thread
  73   the output folder or a file in it cannot be created or locked
  74   reading or writing failed; if a close was published before that, the message says so
  75   another run is at work in the output folder, or something changed it; try again
  78   billing.toml is wrong
  129  stopped by SIGHUP; nothing was published
  130  stopped by SIGINT; nothing was published
  131  stopped by SIGQUIT; nothing was published
  143  stopped by SIGTERM; nothing was published"
    };
}

/// The codes of commands that read input and register but publish nothing.
macro_rules! exit_codes_of_looking {
    () => {
        "\
Exit codes:
  0    done
  64   the command line is wrong
  65   the input is wrong, or a published file was altered; all is listed
  66   an input file is missing, or there is no such account, invoice or close
  70   a bug in prorata
  71   memory ran out, or the system starts no further thread
  73   a file cannot be created, or says something else
  74   reading or writing failed
  78   billing.toml is wrong
  129  stopped by SIGHUP
  130  stopped by SIGINT
  131  stopped by SIGQUIT
  143  stopped by SIGTERM"
    };
}

pub(super) use {exit_codes, exit_codes_of_looking};
