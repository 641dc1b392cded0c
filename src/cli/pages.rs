//! Completions and man pages, from the same definition as `--help`.

use std::io;
use std::iter::once;
use std::path::Path;

use clap::{Command, CommandFactory as _};
use clap_complete::Shell;
use clap_mangen::Man;

use super::Cli;

/// The completion script of a shell.
pub(crate) fn completions(shell: Shell) -> String {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "prorata", &mut script);
    String::from_utf8(script).expect("help texts are UTF-8")
}

/// The man pages by file name: one for the program and one for each command, steps of a command
/// included.
///
/// # Errors
/// None: the pages are written to memory.
pub(crate) fn man_pages() -> io::Result<Vec<(String, Vec<u8>)>> {
    let without_help = |command: Command| command.disable_help_subcommand(true);
    let mut program = without_help(Cli::command()).mut_subcommands(without_help);
    // Names the page of each command.
    program.build();
    let commands = program.get_subcommands();
    let commands = commands.flat_map(|command| once(command).chain(command.get_subcommands()));
    once(&program).chain(commands).map(page).collect()
}

fn page(command: &Command) -> io::Result<(String, Vec<u8>)> {
    let man = Man::new(command.clone())
        .source(concat!("prorata ", env!("CARGO_PKG_VERSION")))
        .manual("Manual of prorata");
    let mut page = Vec::new();
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    if command.has_subcommands() {
        man.render_subcommands_section(&mut page)?;
    }
    let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    page.extend(sections(&help).into_bytes());
    Ok((man.get_filename(), page))
}

/// The part of the help after the options, with the headings of man pages and its line breaks.
fn sections(help: &str) -> String {
    let mut text = String::new();
    for line in help.lines() {
        text += &match line {
            "Example:" => ".SH EXAMPLES\n.nf\n".to_owned(),
            "Exit codes:" => ".fi\n.SH \"EXIT STATUS\"\n.nf\n".to_owned(),
            // A blank line before a heading would be doubled.
            "" => String::new(),
            line => line.replace('\\', "\\e").replace('-', "\\-") + "\n",
        };
    }
    if text.is_empty() { text } else { text + ".fi\n" }
}

/// Writes the man pages to a folder, and returns their names.
///
/// # Errors
/// File system errors.
pub(crate) fn write_man_pages(to: &Path) -> io::Result<Vec<String>> {
    std::fs::create_dir_all(to)?;
    let mut names = Vec::new();
    for (name, page) in man_pages()? {
        std::fs::write(to.join(&name), page)?;
        names.push(name);
    }
    Ok(names)
}
