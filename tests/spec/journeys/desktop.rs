//! The desktop and the program under test.

use std::env;
use std::fs::{self, File};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use rollcall_store::{Kind, Store};
use rollcall_tests::client::send;
use rollcall_tests::program::ask;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::webdriver::{WebDriver, until};

/// The office's domain in every journey.
pub const DOMAIN: &str = "acme.example";

/// The program with its window, on a folder of its own. Journeys take turns: there is one screen and one mouse.
pub struct Desktop {
    /// The window.
    pub window: WebDriver,
    folder: TempDir,
    _turn: File,
}

impl Desktop {
    /// Starts the program on an empty folder and waits for its first picture.
    pub async fn start() -> Self {
        let folder = tempfile::Builder::new().prefix("rollcall").tempdir().expect("a temporary folder");
        Self::start_in(folder).await
    }

    /// The same on the data folder `office` inside `folder`, which may be in use already.
    pub async fn start_in(folder: TempDir) -> Self {
        let turn = take_turn();
        let data = folder.path().join("office").display().to_string();
        let window = WebDriver::start(&program(), &["--data", &data], &folder.path().join("config")).await;
        window.wait_for("html[data-ready=true]").await;
        Self { window, folder, _turn: turn }
    }

    /// The same as [`Desktop::start_before`], long after set-up and without quiet hours: a real folder's clock cannot be
    /// moved.
    pub async fn start_telling_before(destination: SocketAddr) -> (Self, SocketAddr) {
        let folder = tempfile::Builder::new().prefix("rollcall").tempdir().expect("a temporary folder");
        let store = Store::open(&folder.path().join("office"), Kind::Real).expect("the store opens");
        store.write(|tx| tx.put_setting("set_up_ms", "0")).await.expect("written");
        store.close();
        let desktop = Self::start_in(folder).await;
        let quiet = json!({ "on": false, "from": "00:00", "until": "00:00", "weekends": false });
        desktop.ask("command", "set_notification_settings", &json!({ "quiet": quiet }));
        let bound = desktop.serve(destination).await;
        (desktop, bound)
    }

    /// The same, set up for [`DOMAIN`] in front of `destination`; and where the relay listens.
    pub async fn start_before(destination: SocketAddr) -> (Self, SocketAddr) {
        let desktop = Self::start().await;
        let bound = desktop.serve(destination).await;
        (desktop, bound)
    }

    /// Sets it up for [`DOMAIN`] in front of `destination`; where the relay listens.
    pub async fn serve(&self, destination: SocketAddr) -> SocketAddr {
        let to = json!({ "host": destination.ip().to_string(), "port": destination.port(), "tls": "never" });
        self.ask("command", "add_domain", &json!({ "name": DOMAIN, "destination": to }));
        let wanted = json!({ "name": "inbound", "address": "127.0.0.1", "port": 0 });
        let set = self.ask("command", "set_listener", &wanted);
        self.window.wait_for("[data-testid=nav-discovered]").await;
        set["listener"]["bound"].as_str().expect("bound").parse().expect("an address")
    }

    /// Asks the running engine through the command line.
    pub fn ask(&self, verb: &str, name: &str, args: &Value) -> Value {
        ask(&self.folder.path().join("office"), verb, name, args)
    }

    /// The state of an address, as the engine has it.
    pub fn state(&self, address: &str) -> String {
        let detail = self.ask("query", "address", &json!({ "address": address }));
        detail["row"]["state"].as_str().expect("a state").to_owned()
    }

    /// Takes a picture of the screen once the window stands still.
    pub async fn picture(&self, name: &str) {
        self.window.wait_until_still().await;
        picture_of_screen(name);
    }

    /// Closes the window as a person does, with the window manager's button, and waits until it is gone.
    pub async fn close_window(&self) {
        assert!(is_on_screen(), "the window is open before it is closed");
        run("wmctrl", &["-c", "Rollcall"]);
        until("the window is gone", async || !is_on_screen()).await;
    }

    /// Starts the program a second time, as a person does who doesn't see the window; it ends at once.
    pub fn start_again(&self) {
        let data = self.folder.path().join("office").display().to_string();
        run(&program().display().to_string(), &["--data", &data]);
    }
}

/// The notifications of this session's daemon. It keeps those that are gone for as long as the session lasts.
pub struct Notifications {
    before: usize,
}

impl Notifications {
    /// From now on.
    pub fn from_now_on() -> Self {
        run("dunstctl", &["close-all"]);
        Self { before: titles_of_gone().len() }
    }

    /// Waits until exactly one is on screen.
    pub async fn wait_for_one(&self) {
        until("a notification is on screen", async || self.on_screen() == 1).await;
    }

    /// Clicks the one on screen, and waits until it has gone.
    pub async fn click(&self) {
        run("dunstctl", &["action", "0"]);
        until("the notification is gone", async || self.on_screen() == 0).await;
    }

    /// Presses the button with these words on the one on screen.
    pub fn press(&self, words: &str) {
        let runtime = env::var_os("XDG_RUNTIME_DIR").expect("the desktop has one");
        fs::write(PathBuf::from(runtime).join("wanted-action"), format!("#{words} (")).expect("written");
        run("dunstctl", &["context"]);
    }

    /// Takes down what is on screen, as a person does who has read it; the titles of all there have been.
    pub fn read(&self) -> Vec<String> {
        run("dunstctl", &["close-all"]);
        let mut titles = titles_of_gone();
        titles.truncate(titles.len() - self.before);
        titles
    }

    fn on_screen(&self) -> usize {
        run("dunstctl", &["count", "displayed"]).trim().parse().expect("a number")
    }
}

/// The titles of the notifications that are no longer on screen, newest first.
fn titles_of_gone() -> Vec<String> {
    let history: Value = serde_json::from_str(&run("dunstctl", &["history"])).expect("JSON");
    let entries = history["data"][0].as_array().expect("a list");
    entries.iter().map(|entry| entry["summary"]["data"].as_str().expect("a title").to_owned()).collect()
}

/// Waits until the window is on the screen.
pub async fn wait_for_window() {
    until("the window is on the screen", async || is_on_screen()).await;
}

/// Sends one message of `sender` for `recipient`, and expects the relay to take it.
pub async fn deliver(relay: SocketAddr, sender: &str, recipient: &str, subject: &str) {
    let content = format!("From: <{sender}>\r\nTo: <{recipient}>\r\nSubject: {subject}\r\n\r\nHello.");
    let reply = send(relay, sender, recipient, &content).await;
    assert!(reply.starts_with("250"), "{reply}");
}

/// Takes a picture of the whole screen: `NAME.png` in `ROLLCALL_SHOTS`, or in a temporary folder.
pub fn picture_of_screen(name: &str) {
    let folder = env::var_os("ROLLCALL_SHOTS").map_or_else(|| env::temp_dir().join("rollcall-journeys"), PathBuf::from);
    fs::create_dir_all(&folder).expect("a folder for pictures");
    let file = folder.join(format!("{name}.png"));
    run("import", &["-window", "root", &file.display().to_string()]);
}

/// Runs a program of the desktop; what it printed.
pub fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).stdin(Stdio::null()).output();
    let output = output.unwrap_or_else(|error| panic!("{program} can't be run ({error}): see `cargo xtask test`"));
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {arguments:?}: {errors}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn is_on_screen() -> bool {
    run("wmctrl", &["-l"]).lines().any(|line| line.ends_with(" Rollcall"))
}

/// The built program: `ROLLCALL_BIN`, or beside this test.
fn program() -> PathBuf {
    if let Some(path) = env::var_os("ROLLCALL_BIN") {
        return path.into();
    }
    let test = env::current_exe().expect("this test's path");
    let built = test.parent().and_then(Path::parent).expect("the target folder").join("rollcall");
    assert!(built.exists(), "{} is missing: run `cargo xtask test`, which builds it", built.display());
    built
}

fn take_turn() -> File {
    let is_desktop = env::var_os("ROLLCALL_DESKTOP").is_some() && env::var_os("DISPLAY").is_some();
    assert!(is_desktop, "journeys need the desktop that `cargo xtask test` starts (ROLLCALL_DESKTOP=1 and a DISPLAY)");
    let place = env::var_os("XDG_RUNTIME_DIR").map_or_else(env::temp_dir, PathBuf::from);
    let turn = File::create(place.join("rollcall-journeys.lock")).expect("a lock file");
    turn.lock().expect("our turn");
    turn
}
