//! One list, read page by page to the address of its next changes.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;

use super::collection::Collection;
use super::graph::{Graph, parsed, same_server};
use super::http::Reply;
use super::object::Object;
use super::refusal;
use crate::DirectoryError;

/// What came.
#[derive(Debug)]
pub(super) struct Round {
    /// Objects by id, each with all that was said of it.
    pub(super) objects: BTreeMap<String, Object>,
    /// Ids of those that are gone.
    pub(super) gone: BTreeSet<String>,
    /// Where the next changes are.
    pub(super) link: String,
}

#[derive(Deserialize)]
struct Page {
    value: Vec<Object>,
    #[serde(rename = "@odata.nextLink")]
    next: Option<String>,
    #[serde(rename = "@odata.deltaLink")]
    delta: Option<String>,
}

/// Reads from `first` on. None: Graph no longer knows where we were, and everything has to be read.
pub(super) async fn read(graph: &Graph, list: Collection, first: &str) -> Result<Option<Round>, DirectoryError> {
    let (mut objects, mut gone) = (BTreeMap::new(), BTreeSet::new());
    let (mut place, mut pages) = (first.to_owned(), BTreeSet::new());
    loop {
        let reply = graph.get(&place).await?;
        if is_stale(&reply) {
            return Ok(None);
        }
        if reply.status != 200 {
            return Err(refusal::graph(&reply, list));
        }
        let page: Page = parsed(&reply, list.word())?;
        tracing::debug!(list = list.word(), entries = page.value.len(), "page read");
        graph.ask().progress.came(u64::try_from(page.value.len()).unwrap_or(u64::MAX));
        page.value.into_iter().for_each(|object| take(object, &mut objects, &mut gone));
        match (page.next, page.delta) {
            (Some(next), _) => {
                checked(graph, list, &next)?;
                pages.insert(std::mem::replace(&mut place, next));
                if pages.contains(&place) {
                    return Err(circle(list));
                }
            }
            // Without changes it may be the very address that was asked.
            (None, Some(link)) => {
                checked(graph, list, &link)?;
                return Ok(Some(Round { objects, gone, link }));
            }
            (None, None) => return Err(cut_short(list)),
        }
    }
}

fn take(mut object: Object, objects: &mut BTreeMap<String, Object>, gone: &mut BTreeSet<String>) {
    let id = std::mem::take(&mut object.id);
    if object.is_removed() {
        objects.remove(&id);
        gone.insert(id);
        return;
    }
    gone.remove(&id);
    match objects.get_mut(&id) {
        Some(known) => known.learn(object),
        None => {
            objects.insert(id, object);
        }
    }
}

/// The token would go with it: only to the same server.
fn checked(graph: &Graph, list: Collection, link: &str) -> Result<(), DirectoryError> {
    if same_server(&graph.settings().graph_url, link) {
        return Ok(());
    }
    Err(DirectoryError::Unreadable(format!(
        "Microsoft Graph named another server for the rest of the {}. It was not asked; nothing was changed.",
        list.word()
    )))
}

fn circle(list: Collection) -> DirectoryError {
    DirectoryError::Unreadable(format!(
        "Microsoft Graph's pages of {} lead back to one that was read before. Nothing was changed.",
        list.word()
    ))
}

fn cut_short(list: Collection) -> DirectoryError {
    DirectoryError::Incomplete(format!(
        "Microsoft Graph's list of {} ended without saying that it is whole. Nothing was changed.",
        list.word()
    ))
}

/// 410, or one of the codes that say the same with another status.
fn is_stale(reply: &Reply) -> bool {
    if reply.status == 410 {
        return true;
    }
    let body: Value =
        if reply.status == 400 { serde_json::from_slice(&reply.body).unwrap_or_default() } else { Value::Null };
    let code = body["error"]["code"].as_str().unwrap_or_default();
    STALE.iter().any(|stale| stale.eq_ignore_ascii_case(code))
}

const STALE: [&str; 4] = ["syncStateNotFound", "syncStateInvalid", "resyncRequired", "Directory_ExpiredPageToken"];
