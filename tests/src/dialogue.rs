//! Runs a transcript against the whole relay: `given` lines set the scene, `C:` is said, `R:` is sent as it is (`\r`,
//! `\n`, `\0` stand for those octets, `\xHH` for any), `S:` must be answered (`*` matches anything), `S+` is a whole
//! reply with that code, `new connection` begins anew, `then` lines look at the outcome.

mod scene;

use std::path::Path;

use self::scene::Scene;

/// Runs every transcript in `folder`, a few at a time; returns how many there were.
///
/// # Panics
/// After all have run, with the names of those that did not go as written.
pub async fn run_folder(folder: &Path) -> usize {
    const AT_ONCE: usize = 4;
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("transcripts")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "smtp"))
        .collect();
    files.sort();
    let mut wrong = Vec::new();
    for some in files.chunks(AT_ONCE) {
        let mut running = Vec::new();
        for file in some {
            let (name, text) = (file.display().to_string(), std::fs::read_to_string(file).expect("a transcript"));
            running.push((name.clone(), tokio::spawn(async move { run(&name, &text).await })));
        }
        for (name, task) in running {
            if task.await.is_err() {
                wrong.push(name);
            }
        }
    }
    assert!(wrong.is_empty(), "not as written: {wrong:#?}");
    files.len()
}

async fn run(name: &str, text: &str) {
    let mut scene = Scene::set().await;
    let mut pending: Option<String> = None;
    for (number, line) in text.lines().enumerate() {
        let at = format!("{name}:{}", number + 1);
        let line = line.trim_end();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(given) = line.strip_prefix("given") {
            scene.given(given.trim(), &at).await;
        } else if let Some(then) = line.strip_prefix("then") {
            scene.then(then.trim(), &at).await;
        } else if line == "new connection" {
            scene.leave();
        } else if let Some(raw) = line.strip_prefix("R: ") {
            let octets = unescaped(raw);
            scene.client(&at).await.send(&octets).await;
        } else if let Some(said) = line.strip_prefix("C:").map(str::trim_start) {
            let client = scene.client(&at).await;
            client.send(format!("{said}\r\n").as_bytes()).await;
        } else if let Some(code) = line.strip_prefix("S+ ") {
            let reply = scene.client(&at).await.reply().await;
            assert!(reply.lines().all(|line| line.starts_with(code)), "{at}\nexpected {code}\nanswered {reply}");
        } else if let Some(expected) = line.strip_prefix("S: ") {
            let client = scene.client(&at).await;
            let reply = match pending.take() {
                Some(rest) => rest,
                None => client.reply().await,
            };
            let (first, rest) = match reply.split_once('\n') {
                Some((first, rest)) => (first.to_owned(), Some(rest.to_owned())),
                None => (reply, None),
            };
            pending = rest;
            assert!(matches(expected, &first), "{at}\nexpected {expected}\nanswered {first}");
        } else {
            panic!("{at}: not a transcript line: {line}");
        }
    }
    assert!(pending.is_none(), "{name}: the last reply had more lines: {pending:?}");
}

fn unescaped(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let (octet, used) = match (first, tail) {
            (b'\\', [b'r', ..]) => (b'\r', 1),
            (b'\\', [b'n', ..]) => (b'\n', 1),
            (b'\\', [b'0', ..]) => (0, 1),
            (b'\\', [b'x', digits @ ..]) if digits.len() >= 2 => {
                let digits = std::str::from_utf8(&digits[..2]).expect("hexadecimal digits");
                (u8::from_str_radix(digits, 16).expect("hexadecimal digits"), 3)
            }
            (octet, _) => (*octet, 0),
        };
        out.push(octet);
        rest = &tail[used..];
    }
    out
}

/// `*` matches any run of characters.
fn matches(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((start, rest)) => text.strip_prefix(start).is_some_and(|tail| {
            rest.is_empty()
                || tail
                    .char_indices()
                    .map(|(place, _)| place)
                    .chain([tail.len()])
                    .any(|place| matches(rest, &tail[place..]))
        }),
    }
}
