//! Everything that the directory has.

use std::sync::Arc;

use rollcall_core::directory::Reading;

use super::collection::Collection;
use super::cursor::Cursor;
use super::graph::Graph;
use super::round::{self, Round};
use super::{entry, purpose};
use crate::{Answer, DirectoryError};

/// Reads all three lists.
pub(super) async fn read(graph: &Arc<Graph>) -> Result<Answer, DirectoryError> {
    let (mut entries, mut links, mut remarks) = (Vec::new(), Vec::new(), Vec::new());
    for list in Collection::ALL {
        let Round { objects, link, gone: _ } = first_round(graph, list).await?;
        if list == Collection::Users && objects.is_empty() {
            let sentence = "Microsoft Graph answered without a single user, though every directory has one. Nothing \
                            was changed.";
            return Err(DirectoryError::Incomplete(sentence.to_owned()));
        }
        let purposes = purpose::ask(graph, list, &objects).await?;
        remarks.extend(purposes.remark());
        entries.extend(objects.into_iter().filter_map(|(id, object)| entry::of(list, &id, &object, purposes.of(&id))));
        links.push(link);
    }
    let cursor = <[String; 3]>::try_from(links).ok().and_then(|links| Cursor::of(graph.settings(), links).text());
    Ok(Answer { reading: Reading::Whole(entries), cursor, remarks, certificate: None, secret_expires_ms: None })
}

/// A page that Graph forgets while it is read begins the list anew, once.
async fn first_round(graph: &Graph, list: Collection) -> Result<Round, DirectoryError> {
    let first = list.first(&graph.settings().graph_url);
    for _ in 0..2 {
        if let Some(round) = round::read(graph, list, &first).await? {
            return Ok(round);
        }
    }
    Err(DirectoryError::Incomplete(format!(
        "Microsoft Graph broke off its list of {} twice and wanted to begin anew. Nothing was changed; the next run \
         tries again.",
        list.word()
    )))
}
