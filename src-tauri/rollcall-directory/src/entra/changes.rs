//! What changed since the last good run. Graph names only the properties that changed, so each object is asked for whole.

use std::collections::BTreeMap;
use std::sync::Arc;

use rollcall_core::directory::Reading;

use super::collection::Collection;
use super::cursor::Cursor;
use super::graph::{Graph, parsed};
use super::object::Object;
use super::round::{self, Round};
use super::{entry, purpose, refusal};
use crate::{Answer, DirectoryError};

/// With more changes than this, reading everything takes fewer requests.
const MANY: usize = 200;

/// Reads them; None if everything has to be read instead.
pub(super) async fn read(graph: &Arc<Graph>, cursor: &Cursor) -> Result<Option<Answer>, DirectoryError> {
    let mut rounds = Vec::new();
    for list in Collection::ALL {
        match round::read(graph, list, cursor.link(list)).await? {
            Some(round) => rounds.push((list, round)),
            None => return Ok(None),
        }
    }
    if rounds.iter().map(|(_, round)| round.objects.len()).sum::<usize>() > MANY {
        return Ok(None);
    }
    let (mut changed, mut gone, mut links, mut remarks) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (list, round) in rounds {
        let Round { objects, gone: removed, link } = round;
        let (objects, vanished) = completed(graph, list, objects).await?;
        let purposes = purpose::ask(graph, list, &objects).await?;
        remarks.extend(purposes.remark());
        gone.extend(removed.into_iter().chain(vanished).map(|id| id.to_ascii_lowercase()));
        for (id, object) in &objects {
            match entry::of(list, id, object, purposes.of(id)) {
                Some(entry) => changed.push(entry),
                // A group that no longer gets mail is no entry of a whole reading either.
                None => gone.push(id.to_ascii_lowercase()),
            }
        }
        links.push(link);
    }
    let cursor = <[String; 3]>::try_from(links).ok().and_then(|links| Cursor::of(graph.settings(), links).text());
    Ok(Some(Answer {
        reading: Reading::Changes { changed, gone },
        cursor,
        remarks,
        certificate: None,
        secret_expires_ms: None,
    }))
}

/// Each object whole, and the ids of those that vanished meanwhile.
async fn completed(
    graph: &Graph,
    list: Collection,
    changed: BTreeMap<String, Object>,
) -> Result<(BTreeMap<String, Object>, Vec<String>), DirectoryError> {
    let (mut whole, mut vanished) = (BTreeMap::new(), Vec::new());
    for (id, change) in changed {
        let reply = graph.get(&list.object(&graph.settings().graph_url, &id)).await?;
        match reply.status {
            200 => {
                let mut object: Object = parsed(&reply, list.word())?;
                // The copy that answers may be older than the change.
                object.learn(change);
                whole.insert(id, object);
            }
            404 => vanished.push(id),
            _ => return Err(refusal::graph(&reply, list)),
        }
    }
    Ok((whole, vanished))
}
