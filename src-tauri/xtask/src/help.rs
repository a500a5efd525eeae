//! What `--help` says.

/// Help for one command, or the list of all.
pub fn about(command: Option<&str>) -> &'static str {
    match command {
        Some("run") => RUN,
        Some("test") => TEST,
        Some("soak") => SOAK,
        Some("simulate") => SIMULATE,
        Some("bench") => BENCH,
        Some("bundle") => {
            "cargo xtask bundle\n\nBuilds for release and packs the installer of this system: deb, nsis or dmg."
        }
        Some("setup") => {
            "cargo xtask setup\n\nInstalls what building and testing need and this machine lacks. Removes nothing, starts no service."
        }
        Some("lint") => {
            "cargo xtask lint\n\nFormat, clippy, eslint, prettier, svelte-check, and licences if cargo-deny is installed."
        }
        Some("icons") => "cargo xtask icons\n\nDraws every file in icons/ from icons/icon.svg. Needs rsvg-convert.",
        Some("session") => SESSION,
        _ => ALL,
    }
}

const ALL: &str = "\
cargo xtask COMMAND

  run      set up, build, open the window (without a display: the practice office in this terminal)
  test     set up, then every check and every test
  soak     kill the relay a thousand times and count what it owes
  simulate a year of an office through the relay, under each preset
  bench    our relay beside Postfix, Exim and Haraka
  bundle   the installer of this system
  setup    only install what is missing
  lint     only the checks
  icons    draw the icon files anew
  session  run a command on a throwaway desktop

Add --help to a command to see its options.";

const RUN: &str = "\
cargo xtask run [--release] [--practice] [-- ARGUMENTS]

Installs what building needs and this machine lacks, builds, and opens the window.
Without a display the practice office runs in this terminal; then neither WebKit nor npm is needed.

  --release    build the way it is shipped
  --practice   the practice office in this terminal, even where there is a display
  ARGUMENTS    are given to the program";

const TEST: &str = "\
cargo xtask test [--quick] [FILTER]

Installs what the tests need, then runs format, lints, licences, the window's tests, unit tests, dialogues,
real peers and window journeys on a throwaway desktop. The last line counts them.

  --quick    without clippy, browser, peers and desktop
  FILTER     only Rust tests whose name contains it";

const SOAK: &str = "\
cargo xtask soak [--unsynced] [--kills N] [--seed S] [--minutes M] [--release]

Kills the relay at random moments under load while its destination comes and goes, its disk fills and names are not
found, and compares what clients were promised with what arrived. Prints one table; anything missing is a failure.
Needs root on Linux: a small disk and a hosts file of its own.

  --unsynced    two of three kills are power cuts: the disk loses what was not flushed, all of it or any part
  --kills N     how often it is killed (1000)
  --seed S      what is broken and when follows from this number (1)
  --minutes M   end earlier, at the next comparison after so many minutes
  --release     the relay as it is shipped";

const SIMULATE: &str = "\
cargo xtask simulate [--preset NAME] [--seed N] [--seeds N] [--weeks N] [--volume P] [--json] [--why] [--write] [--debug]

Lets an office of forty people live for a year through the real relay and engine under virtual time, and holds what the
program made of it against the truth: mailboxes found and days until found, false users and their cost, good mail
refused, addresses wrongly invalidated, decisions asked of the operator.

  --preset NAME  of modus_cloud, proofpoint, mailprotector, smart_create, smtp_autocreate and careful_office (all)
  --seed N       people, mail and mishaps follow from this number (1)
  --seeds N      so many seeds, one after another (1)
  --weeks N      how long; below 26 everything happens within eight (52)
  --volume P     how much is written, in per cent of 150,000 messages a year (100)
  --json         one object a run instead of a table
  --why          also every decision and every mistake, with its hour and address
  --write        put table and chart into docs/discovery.md
  --debug        build without optimising: ready sooner, runs longer";

const BENCH: &str = "\
cargo xtask bench [--only TEXT] [--peers LIST] [--runs N] [--seconds S] [--rows N] [--quick] [--write]

Messages per second and CPU seconds per 1,000 messages, ours and its peers in turns in one run: pass-through, new
addresses, refusals, a slow destination, one that is away and comes back, many addresses on file, and memory. First a
table of what is to be reached and whether it was. Prints Markdown. Postfix and Exim need root.

  --only TEXT   only cases whose name contains it: kept, new, refusals, away, takes 5 ms, on file, memory
  --peers LIST  of postfix, exim and haraka, with commas (all); one that is not here is left out
  --runs N      measured runs of each case, medians are printed (3)
  --seconds S   length of one run (2)
  --rows N      addresses on file in the case that has many (1000000)
  --quick       one run of half a second, to see that it works
  --write       put the results into docs/benchmarks.md";

const SESSION: &str = "\
cargo xtask session -- COMMAND

Runs COMMAND on the throwaway desktop of the tests: Xvfb, session bus, openbox, dunst, xfce4-panel.";
