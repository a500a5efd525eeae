//! What a mailbox is for. A shared mailbox and a leaver look alike in the directory (pitfall 3); only the mailbox itself
//! tells them apart, one request each, if `MailboxSettings.Read` is granted.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use serde::Deserialize;
use tokio::task::JoinSet;

use super::collection::Collection;
use super::entry::is_unclear;
use super::graph::{Graph, parsed};
use super::object::Object;
use crate::DirectoryError;

/// What it is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// One person.
    Person,
    /// Several.
    Shared,
    /// A room or a piece of equipment.
    Resource,
}

impl Purpose {
    /// Reads Graph's word; None for one that says nothing.
    fn from_word(word: &str) -> Option<Self> {
        match word {
            "user" | "linked" => Some(Self::Person),
            "shared" => Some(Self::Shared),
            "room" | "equipment" => Some(Self::Resource),
            _ => None,
        }
    }
}

/// What was learned.
#[derive(Debug, Default)]
pub(super) struct Purposes {
    known: HashMap<String, Purpose>,
    is_denied: bool,
    left_out: usize,
}

/// So many are asked in one run.
const MOST: usize = 2_000;
/// So many at once; Exchange allows four.
const AT_ONCE: usize = 4;

impl Purposes {
    /// Of this object, if known.
    pub(super) fn of(&self, id: &str) -> Option<Purpose> {
        self.known.get(id).copied()
    }

    /// What the operator should know.
    pub(super) fn remark(&self) -> Option<String> {
        if self.is_denied {
            let sentence = "Shared mailboxes can't be told from people who may no longer sign in: whoever is disabled and \
                            has no licence is taken for a shared mailbox. With the application permission \
                            MailboxSettings.Read Rollcall can ask.";
            return Some(sentence.to_owned());
        }
        let sentence = || {
            format!(
                "{} mailboxes were not asked whether they are shared; disabled ones without a licence are taken for shared.",
                self.left_out
            )
        };
        (self.left_out > 0).then(sentence)
    }

    fn note(&mut self, id: String, said: Said) {
        match said {
            Said::Purpose(purpose) => drop(self.known.insert(id, purpose)),
            Said::Denied => self.is_denied = true,
            Said::Nothing => {}
        }
    }
}

enum Said {
    Purpose(Purpose),
    Denied,
    Nothing,
}

/// Asks the mailboxes of users that the directory leaves unclear. The first one refused ends it.
pub(super) async fn ask(
    graph: &Arc<Graph>,
    list: Collection,
    objects: &BTreeMap<String, Object>,
) -> Result<Purposes, DirectoryError> {
    let mut purposes = Purposes::default();
    if list != Collection::Users {
        return Ok(purposes);
    }
    let mut unclear = objects.iter().filter(|(_, object)| is_unclear(object)).map(|(id, _)| id.clone());
    let mut asked = unclear.by_ref().take(MOST);
    if let Some(first) = asked.next() {
        let said = one(graph, &first).await?;
        purposes.note(first, said);
    }
    let mut running = JoinSet::new();
    loop {
        while running.len() < AT_ONCE && !purposes.is_denied {
            let Some(id) = asked.next() else { break };
            let graph = Arc::clone(graph);
            running.spawn(async move { one(&graph, &id).await.map(|said| (id, said)) });
        }
        let Some(answer) = running.join_next().await else { break };
        let broken = |_| DirectoryError::Unreadable("A mailbox's answer could not be read.".to_owned());
        let (id, said) = answer.map_err(broken)??;
        purposes.note(id, said);
    }
    purposes.left_out = unclear.count();
    Ok(purposes)
}

#[derive(Deserialize)]
struct Word {
    value: String,
}

async fn one(graph: &Graph, id: &str) -> Result<Said, DirectoryError> {
    let place = format!("{}/v1.0/users/{id}/mailboxSettings/userPurpose", graph.settings().graph_url);
    let reply = graph.get(&place).await?;
    Ok(match reply.status {
        200 => Purpose::from_word(&parsed::<Word>(&reply, "a mailbox")?.value).map_or(Said::Nothing, Said::Purpose),
        403 => Said::Denied,
        // No mailbox in the cloud: it may be on the office's own Exchange.
        _ => Said::Nothing,
    })
}
