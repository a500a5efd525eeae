//! A small W3C WebDriver client for the real window: Debian's WebKitWebDriver starts the program and drives its own view.
//!
//! **Limits.** Only what the journeys need. WebDriver's own screenshot command never answers for a Tauri window, so
//! pictures are taken of the whole screen with ImageMagick.

use std::net::{SocketAddr, TcpListener};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::time::{MissedTickBehavior, interval, timeout};

/// How long anything on the screen may take. Generous: a whole desktop runs beside other tests.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often to look whether it has happened.
const GLANCE: Duration = Duration::from_millis(50);
/// The key under which WebDriver names an element (W3C WebDriver, section 11).
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// The program with its window under WebDriver's control. Dropping it kills the driver, the program and its web view.
pub struct WebDriver {
    driver: Child,
    address: SocketAddr,
    session: String,
}

impl WebDriver {
    /// Starts `program` with settings of its own in `config` and takes its window.
    pub async fn start(program: &Path, arguments: &[&str], config: &Path) -> Self {
        let address = free_address();
        let driver = Command::new("WebKitWebDriver")
            .arg(format!("--port={}", address.port()))
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .env("WEBKIT_DISABLE_DMABUF_RENDERER", "1")
            .env("XDG_CONFIG_HOME", config)
            .stdin(Stdio::null())
            // One group, so that the driver, the program and its web view end together.
            .process_group(0)
            .spawn()
            .unwrap_or_else(|error| panic!("WebKitWebDriver does not start ({error}): install webkit2gtk-driver"));
        let mut started = Self { driver, address, session: String::new() };
        until("WebKitWebDriver answers", async || TcpStream::connect(address).await.is_ok()).await;
        let options = json!({ "binary": program, "args": arguments });
        let wanted = json!({ "capabilities": { "alwaysMatch": { "webkitgtk:browserOptions": options } } });
        let session = started.call("POST", "/session", Some(&wanted)).await.expect("the window opens");
        started.session = format!("/session/{}", session["sessionId"].as_str().expect("a session"));
        started
    }

    /// Clicks what `selector` finds, waiting for it to appear.
    pub async fn click(&self, selector: &str) {
        let element = self.wait_for(selector).await;
        // A person scrolls until a dialog's foot no longer covers what is to be clicked.
        let middle = json!({
            "script": "arguments[0].scrollIntoView({ block: 'center' })",
            "args": [{ ELEMENT: element.as_str() }],
        });
        self.ask("POST", "/execute/sync", Some(&middle)).await.expect("scrolled");
        let clicked = self.ask("POST", &format!("/element/{element}/click"), Some(&json!({}))).await;
        clicked.unwrap_or_else(|fault| panic!("a click on {selector}: {fault}"));
    }

    /// Waits until `selector` finds something; its element.
    pub async fn wait_for(&self, selector: &str) -> String {
        let mut found = None;
        until(&format!("{selector} is there"), async || {
            found = self.find(selector).await;
            found.is_some()
        })
        .await;
        found.expect("found a moment ago")
    }

    /// Waits until `selector` finds nothing any more.
    pub async fn wait_until_gone(&self, selector: &str) {
        until(&format!("{selector} is gone"), async || self.find(selector).await.is_none()).await;
    }

    /// The text of what `selector` finds, waiting for it to appear.
    pub async fn text(&self, selector: &str) -> String {
        let element = self.wait_for(selector).await;
        let text = self.ask("GET", &format!("/element/{element}/text"), None).await.expect("text");
        text.as_str().expect("text").to_owned()
    }

    /// Types `text` into the field that `selector` finds, in place of what stood there.
    pub async fn fill(&self, selector: &str, text: &str) {
        let element = self.wait_for(selector).await;
        let cleared = self.ask("POST", &format!("/element/{element}/clear"), Some(&json!({}))).await;
        cleared.unwrap_or_else(|fault| panic!("emptying {selector}: {fault}"));
        let keys = json!({ "text": text });
        let typed = self.ask("POST", &format!("/element/{element}/value"), Some(&keys)).await;
        typed.unwrap_or_else(|fault| panic!("typing into {selector}: {fault}"));
    }

    /// Presses `key` while Ctrl is held down.
    pub async fn press_ctrl(&self, key: &str) {
        const CTRL: &str = "\u{e009}";
        let act = |kind: &str, value: &str| json!({ "type": kind, "value": value });
        let actions = json!([act("keyDown", CTRL), act("keyDown", key), act("keyUp", key), act("keyUp", CTRL)]);
        let pressed = json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": actions }] });
        self.ask("POST", "/actions", Some(&pressed)).await.expect("keys");
    }

    /// Runs `script` in the page; what it returns.
    pub async fn run(&self, script: &str) -> Value {
        let asked = json!({ "script": script, "args": [] });
        self.ask("POST", "/execute/sync", Some(&asked)).await.unwrap_or_else(|fault| panic!("{script}: {fault}"))
    }

    /// Waits until nothing on the page is loading or moving, so that a picture shows what a person sees.
    pub async fn wait_until_still(&self) {
        const STILL: &str = "return document.documentElement.dataset.ready === 'true' && document.getAnimations().length === 0 \
            && document.querySelector('[aria-busy=true]') === null";
        until("the page is still", async || self.run(STILL).await == true).await;
        let frames = json!({ "script": "const [done] = arguments; requestAnimationFrame(() => requestAnimationFrame(() => done(1)))", "args": [] });
        self.ask("POST", "/execute/async", Some(&frames)).await.expect("two frames");
    }

    async fn find(&self, selector: &str) -> Option<String> {
        let asked = json!({ "using": "css selector", "value": selector });
        let found = self.ask("POST", "/element", Some(&asked)).await.ok()?;
        found[ELEMENT].as_str().map(str::to_owned)
    }

    async fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Value, String> {
        self.call(method, &format!("{}{path}", self.session), body).await
    }

    async fn call(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Value, String> {
        let answered = timeout(PATIENCE, exchange(self.address, method, path, body)).await;
        let (status, mut answer) = answered
            .map_err(|_| format!("no answer to {method} {path}"))?
            .map_err(|error| format!("{method} {path}: {error}"))?;
        let value = answer["value"].take();
        if status == 200 { Ok(value) } else { Err(format!("{}: {}", value["error"], value["message"])) }
    }
}

impl Drop for WebDriver {
    fn drop(&mut self) {
        // SIGTERM sometimes leaves the driver running.
        drop(Command::new("kill").args(["-KILL", "--", &format!("-{}", self.driver.id())]).status());
        drop(self.driver.wait());
    }
}

/// Waits until `check` says yes, and fails the test in words when it never does.
pub async fn until(what: &str, mut check: impl AsyncFnMut() -> bool) {
    let waited = timeout(PATIENCE, async {
        let mut glances = interval(GLANCE);
        glances.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            glances.tick().await;
            if check().await {
                return;
            }
        }
    });
    waited.await.unwrap_or_else(|_| panic!("waited {} s in vain until {what}", PATIENCE.as_secs()));
}

/// One HTTP/1.1 exchange on a connection of its own; status and JSON.
async fn exchange(to: SocketAddr, method: &str, path: &str, body: Option<&Value>) -> std::io::Result<(u16, Value)> {
    let body = body.map(Value::to_string).unwrap_or_default();
    let mut stream = BufReader::new(TcpStream::connect(to).await?);
    let head = format!("{method} {path} HTTP/1.1\r\nHost: {to}\r\nContent-Type: application/json\r\n");
    let request = format!("{head}Content-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len());
    stream.write_all(request.as_bytes()).await?;

    let (mut status, mut length, mut line) = (0, 0, String::new());
    loop {
        line.clear();
        if stream.read_line(&mut line).await? == 0 || line == "\r\n" {
            break;
        }
        if let Some(code) = line.strip_prefix("HTTP/1.1 ") {
            status = code.get(..3).and_then(|code| code.parse().ok()).unwrap_or(0);
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().unwrap_or(0);
        }
    }
    let mut answer = vec![0; length];
    stream.read_exact(&mut answer).await?;
    Ok((status, serde_json::from_slice(&answer)?))
}

fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("a free port")
}
