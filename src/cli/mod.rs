//! Arguments → values; one file a command. Data goes to stdout or the named
//! file, everything else to stderr.

mod columns;
mod compare;
mod doctor;
mod durable;
mod engine;
mod eval;
mod figures;
mod labelled;
mod limits;
mod merge;
mod model;
mod output;
mod overlap;
mod page;
mod progress;
mod report;
mod schema;
mod score;
mod selection;
mod sources;
mod template;
mod topics;

use std::io;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

/// How a run ended.
pub(crate) enum Outcome {
    Done,
    /// Done, and an alert that was asked for fired, or `doctor` found a problem.
    Alert,
    /// Done, but some rows could not be read.
    BadRows,
    /// Stopped by Ctrl-C.
    Interrupted,
}

impl Outcome {
    /// What shells say of a program that SIGINT ended.
    const INTERRUPTED: u8 = 130;
}

const ALERT: u8 = 1;
const USAGE: u8 = 2;
const BAD_ROWS: u8 = 3;
const FAILED: u8 = 4;

const EXIT_CODES: &str =
    "Exit codes: 0 done; 1 done, and an alert fired or doctor found a problem; 2 wrong usage;
3 done, with rows that could not be read; 4 failed; 130 stopped by Ctrl-C";

/// Reads customer feedback and says what hurts, where, how badly and in what tone.
#[derive(Parser)]
#[command(version, about, max_term_width = 100, after_help = EXIT_CODES)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Reads feedback and writes a record for every row (the main job)
    Score(Box<score::Arguments>),
    /// Puts the outputs of `score --shard` together, as one run would have written them
    Merge(merge::Arguments),
    /// Says what records mean together: what to fix first, with the customers' words
    Report(Box<report::Arguments>),
    /// Measures accuracy on labelled rows, or on cases of behaviour
    Eval(eval::Arguments),
    /// Compares two systems on the same labelled rows
    Compare(compare::Arguments),
    /// Prints the JSON Schema of a record, or the columns of a table of records
    Schema(schema::Arguments),
    /// Lists the topics that feedback is sorted by
    Topics(topics::Arguments),
    /// Shows what the model is made of, having verified its files
    Model(model::Arguments),
    /// Checks that all works on this machine, and how fast
    Doctor(doctor::Arguments),
}

/// Runs the command that the program was called with.
pub(crate) fn run() -> ExitCode {
    let matches = Arguments::command().get_matches();
    let arguments = Arguments::from_arg_matches(&matches);
    let result = match arguments.unwrap_or_else(|error| error.exit()).command {
        Command::Score(arguments) => score::run(&arguments, &matches),
        Command::Merge(arguments) => merge::run(&arguments),
        Command::Report(arguments) => report::run(&arguments),
        Command::Eval(arguments) => eval::run(&arguments),
        Command::Compare(arguments) => compare::run(&arguments),
        Command::Schema(arguments) => schema::run(&arguments),
        Command::Topics(arguments) => topics::run(&arguments),
        Command::Model(arguments) => model::run(&arguments),
        Command::Doctor(arguments) => doctor::run(&arguments),
    };
    match result {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Alert) => ExitCode::from(ALERT),
        Ok(Outcome::BadRows) => ExitCode::from(BAD_ROWS),
        Ok(Outcome::Interrupted) => ExitCode::from(Outcome::INTERRUPTED),
        // Whoever read our output has seen enough.
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            say(format_args!("painpoint: {}", chain(&error)));
            let config = error
                .downcast_ref::<painpoint::Error>()
                .is_some_and(|error| error.kind() == painpoint::ErrorKind::Config);
            ExitCode::from(if config { USAGE } else { FAILED })
        }
    }
}

/// Ends the program as clap does where an argument is missing.
fn usage(message: &str) -> ! {
    let kind = clap::error::ErrorKind::MissingRequiredArgument;
    Arguments::command().error(kind, message).exit()
}

/// Prints a line for the person at the terminal.
#[expect(
    clippy::print_stderr,
    reason = "the one place where the tool talks to its user"
)]
pub(crate) fn say(line: std::fmt::Arguments<'_>) {
    eprintln!("{line}");
}

/// The error and its context in one line. Our own errors already name their causes.
fn chain(error: &anyhow::Error) -> String {
    match error.downcast_ref::<painpoint::Error>() {
        Some(error) => error.to_string(),
        None => format!("{error:#}"),
    }
}

fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|cause| cause.kind() == io::ErrorKind::BrokenPipe)
}
