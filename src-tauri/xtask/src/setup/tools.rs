//! Rust, Node.js and npm: present and new enough.

use super::Purpose;
use crate::process;
use crate::report::Failure;

/// A tool and the oldest version that works.
struct Tool {
    name: &'static str,
    oldest: [u32; 2],
    remedy: &'static str,
}

const RUST: Tool = Tool { name: "rustc", oldest: [1, 95], remedy: "Update it with: rustup update stable" };
const NODE: Tool = Tool {
    name: "node",
    oldest: [20, 19],
    remedy: "Install Node.js 20.19 or newer from nodejs.org or your distribution.",
};
const NPM: Tool = Tool { name: "npm", oldest: [10, 0], remedy: "Update it with: npm install -g npm" };

/// Names the versions found.
///
/// # Errors
/// When a tool is missing or too old.
pub fn check(purpose: Purpose) -> Result<Vec<String>, Failure> {
    let tools = match purpose {
        Purpose::Terminal => vec![RUST],
        Purpose::Window | Purpose::Test => vec![RUST, NODE, NPM],
    };
    let found: Result<Vec<_>, _> = tools.iter().map(Tool::found).collect();
    Ok(vec![found?.join(", ")])
}

impl Tool {
    fn found(&self) -> Result<String, Failure> {
        let program = if cfg!(windows) && self.name == "npm" { "npm.cmd" } else { self.name };
        let Some(answer) = process::answer(program, &["--version"]) else {
            return Err(Failure::new(format!("{} is missing. {}", self.name, self.remedy)));
        };
        self.judge(&answer)
    }

    fn judge(&self, answer: &str) -> Result<String, Failure> {
        let [major, minor] = self.oldest;
        match version(answer) {
            Some(found) if found >= self.oldest => Ok(format!("{} {}.{}", self.name, found[0], found[1])),
            Some(found) => Err(Failure::new(format!(
                "{} {}.{} is too old, {major}.{minor} is the oldest that works. {}",
                self.name, found[0], found[1], self.remedy
            ))),
            None => Err(Failure::new(format!("{} does not tell its version: \"{answer}\".", self.name))),
        }
    }
}

/// The first "number.number" in a text such as `rustc 1.95.0 (…)` or `v20.20.2`.
fn version(text: &str) -> Option<[u32; 2]> {
    let number =
        text.split(|c: char| !c.is_ascii_digit() && c != '.').find(|word| word.contains('.') && word.len() > 2)?;
    let mut parts = number.split('.').map(str::parse);
    Some([parts.next()?.ok()?, parts.next()?.ok()?])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_from_what_the_tools_print() {
        assert_eq!(version("rustc 1.95.0 (59807616e 2026-04-14)"), Some([1, 95]));
        assert_eq!(version("v20.20.2"), Some([20, 20]));
        assert_eq!(version("11.19.1"), Some([11, 19]));
        assert_eq!(version("no number here"), None);
    }

    #[test]
    fn an_old_tool_is_refused_with_its_remedy() {
        let failure = NODE.judge("v18.20.4").unwrap_err().to_string();

        assert!(failure.contains("18.20") && failure.contains("20.19"), "{failure}");
        assert!(NODE.judge("v22.1.0").is_ok(), "a newer major version is not older because its minor is smaller");
    }
}
