//! A throwaway desktop for tests: X server, session bus, window manager, notification daemon, and a panel with a tray.
//!
//! Its pieces are configured in `tests/desktop/`. Settings, data and run-time folders are private and end with it.
//!
//! **Invariant**: nothing of it outlives the [`Desktop`]; on Linux its processes also end when this one is killed.
//!
//! **Limits**: Linux only.

use std::ffi::OsString;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::process::{self, Show};
use crate::report::Failure;
use crate::stopwatch::wait_until;
use crate::workspace::Workspace;

const PATIENCE_SECONDS: f64 = 20.0;

/// A running desktop.
pub struct Desktop {
    /// Latest first when ending.
    processes: Vec<Child>,
    home: PathBuf,
    environment: Vec<(String, OsString)>,
}

impl Desktop {
    /// Starts all pieces and waits until each answers. A piece that died at once has a second chance.
    ///
    /// # Errors
    /// One sentence naming the piece that did not start.
    pub fn start(workspace: &Workspace) -> Result<Self, Failure> {
        Self::start_once(workspace).or_else(|_| Self::start_once(workspace))
    }

    fn start_once(workspace: &Workspace) -> Result<Self, Failure> {
        let home = std::env::temp_dir().join(format!("rollcall-desktop-{}", std::process::id()));
        let mut desktop = Self { processes: Vec::new(), environment: environment(&home), home };
        desktop.make_folders(workspace).map_err(|err| Failure::io("make the folders of the desktop", &err))?;

        let display = desktop.start_telling(
            "Xvfb",
            &["-displayfd", "1", "-screen", "0", "1400x1000x24", "-nolisten", "tcp", "-dpi", "96"],
        )?;
        desktop.environment.push(("DISPLAY".to_owned(), format!(":{display}").into()));

        let socket = format!("--address=unix:path={}", desktop.home.join("run/bus").display());
        let bus = desktop
            .start_telling("dbus-daemon", &["--session", "--nofork", "--nopidfile", "--print-address=1", &socket])?;
        desktop.environment.push(("DBUS_SESSION_BUS_ADDRESS".to_owned(), bus.into()));

        desktop.start_piece("openbox", &[])?;
        desktop.wait("openbox", "wmctrl", &["-m"])?;
        // The desktop is for tests; a decoration that is missing must not fail them.
        drop(process::run(desktop.command("xsetroot").args(["-solid", "#3b4252"]), Show::OnFailure));

        let dunstrc = workspace.root.join("tests/desktop/dunstrc");
        desktop.start_piece("dunst", &["-conf", &dunstrc.to_string_lossy()])?;
        desktop.wait_for_name("dunst", "org.freedesktop.Notifications")?;
        desktop.start_piece("xfce4-panel", &["--disable-wm-check"])?;
        desktop.wait_for_name("xfce4-panel", "org.kde.StatusNotifierWatcher")?;
        Ok(desktop)
    }

    /// Makes a program run on this desktop.
    pub fn enter(&self, command: &mut Command) {
        // A developer's own desktop must not be touched by a test.
        command.env_remove("WAYLAND_DISPLAY").env_remove("XAUTHORITY").env_remove("SESSION_MANAGER");
        command.envs(self.environment.iter().map(|(key, value)| (key, value)));
    }

    fn make_folders(&self, workspace: &Workspace) -> std::io::Result<()> {
        let panel = self.home.join("config/xfce4/xfconf/xfce-perchannel-xml");
        for folder in [
            panel.clone(),
            self.home.join("data"),
            self.home.join("cache"),
            self.home.join("state"),
            self.home.join("run"),
        ] {
            fs::create_dir_all(folder)?;
        }
        only_for_owner(&self.home.join("run"))?;
        fs::copy(workspace.root.join("tests/desktop/xfce4-panel.xml"), panel.join("xfce4-panel.xml"))?;
        Ok(())
    }

    fn command(&self, name: &str) -> Command {
        let mut command = process::program(name);
        self.enter(&mut command);
        command
    }

    /// Starts a piece that ends when this process does, however it ends.
    fn start_piece(&mut self, name: &str, arguments: &[&str]) -> Result<(), Failure> {
        let child = self.spawn(name, arguments, Stdio::null())?;
        self.processes.push(child);
        Ok(())
    }

    /// Starts a piece whose first line of output tells how to reach it.
    fn start_telling(&mut self, name: &str, arguments: &[&str]) -> Result<String, Failure> {
        let mut child = self.spawn(name, arguments, Stdio::piped())?;
        let output = child.stdout.take();
        self.processes.push(child);
        let mut line = String::new();
        if let Some(output) = output {
            BufReader::new(output)
                .read_line(&mut line)
                .map_err(|err| Failure::io(&format!("hear from {name}"), &err))?;
        }
        let line = line.trim();
        if line.is_empty() { Err(Failure::new(format!("{name} did not start."))) } else { Ok(line.to_owned()) }
    }

    fn spawn(&self, name: &str, arguments: &[&str], output: Stdio) -> Result<Child, Failure> {
        let mut command = self.command("setpriv");
        command.args(["--pdeathsig", "TERM", "--", name]).args(arguments).stdout(output).stderr(Stdio::null());
        command.spawn().map_err(|err| Failure::io(&format!("start {name}"), &err))
    }

    fn wait_for_name(&self, piece: &str, name: &str) -> Result<(), Failure> {
        let method = [
            "--session",
            "--dest",
            "org.freedesktop.DBus",
            "--object-path",
            "/",
            "--method",
            "org.freedesktop.DBus.GetNameOwner",
        ];
        self.wait(piece, "gdbus", &[["call"].as_slice(), method.as_slice(), [name].as_slice()].concat())
    }

    /// Waits until a question about a piece succeeds.
    fn wait(&self, piece: &str, question: &str, arguments: &[&str]) -> Result<(), Failure> {
        let mut ask = self.command(question);
        ask.args(arguments).stdout(Stdio::null()).stderr(Stdio::null());
        if wait_until(PATIENCE_SECONDS, || ask.status().is_ok_and(|status| status.success())) {
            Ok(())
        } else {
            Err(Failure::new(format!("{piece} did not answer within {PATIENCE_SECONDS:.0} seconds.")))
        }
    }
}

impl Drop for Desktop {
    fn drop(&mut self) {
        for child in self.processes.iter_mut().rev() {
            end(child);
        }
        drop(fs::remove_dir_all(&self.home)); // in the folder for temporary files anyway
    }
}

/// Asks a process to end, and ends it when it does not.
pub fn end(child: &mut Child) {
    drop(process::answer("kill", &["-TERM", &child.id().to_string()]));
    if !wait_until(3.0, || matches!(child.try_wait(), Ok(Some(_)))) {
        drop(child.kill());
    }
    drop(child.wait());
}

/// Private folders, no accessibility bus, software drawing: the same picture on every machine.
fn environment(home: &Path) -> Vec<(String, OsString)> {
    let folders = [
        ("CONFIG_HOME", "config"),
        ("DATA_HOME", "data"),
        ("CACHE_HOME", "cache"),
        ("STATE_HOME", "state"),
        ("RUNTIME_DIR", "run"),
    ];
    let fixed = [
        ("GTK_A11Y", "none"),
        ("NO_AT_BRIDGE", "1"),
        ("GDK_BACKEND", "x11"),
        ("LIBGL_ALWAYS_SOFTWARE", "1"),
        ("WEBKIT_DISABLE_DMABUF_RENDERER", "1"),
        ("ROLLCALL_DESKTOP", "1"),
    ];
    let folders = folders.iter().map(|(key, folder)| (format!("XDG_{key}"), home.join(folder).into_os_string()));
    folders.chain(fixed.iter().map(|(key, value)| ((*key).to_owned(), OsString::from(value)))).collect()
}

#[cfg(unix)]
fn only_for_owner(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
}

#[cfg(not(unix))]
fn only_for_owner(_folder: &Path) -> std::io::Result<()> {
    Ok(())
}

/// `cargo xtask session -- COMMAND`: runs one command on a throwaway desktop.
///
/// # Errors
/// When the desktop does not start or the command fails.
pub fn command(workspace: &Workspace, line: &[String]) -> Result<(), Failure> {
    let [name, arguments @ ..] = line else {
        return Err(Failure::new("Add the command to run: cargo xtask session -- COMMAND."));
    };
    let desktop = Desktop::start(workspace)?;
    let mut command = process::program(name);
    desktop.enter(&mut command);
    let status = command.args(arguments).status().map_err(|err| Failure::io(&format!("start {name}"), &err))?;
    if status.success() { Ok(()) } else { Err(Failure::new(format!("{name} failed ({status})."))) }
}
