//! Searches that bring everything, page by page, or fail (V22, pitfall 6).

use ldap3::controls::{Control, PagedResults};
use ldap3::{LdapError, LdapResult, Scope};
use tokio::time::timeout;

use super::refusal;
use super::row::{self, Row};
use super::session::{ANSWER, Session};
use crate::{DirectoryError, Progress};

/// How many entries at once. A server that finds that too many is asked for fewer.
const PAGE_SIZES: &[i32] = &[500, 200, 50];

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Search<'a> {
    pub(super) base: &'a str,
    pub(super) scope: Scope,
    pub(super) filter: &'a str,
    pub(super) attributes: &'a [&'a str],
}

/// One page.
struct Page {
    rows: Vec<Row>,
    references: Vec<String>,
    result: LdapResult,
}

/// Everything that matches; each row is handed to `each`, whole. Returns where else the server said to look.
pub(super) async fn every(
    session: &mut Session,
    search: Search<'_>,
    progress: &Progress,
    mut each: impl FnMut(Row),
) -> Result<Vec<String>, DirectoryError> {
    let (mut sizes, mut cookie, mut references) = (PAGE_SIZES.iter(), Vec::new(), Vec::new());
    let mut size = *sizes.next().unwrap_or(&50);
    loop {
        let page = page(session, search, PagedResults { size, cookie: cookie.clone() }).await?;
        let is_first = cookie.is_empty();
        match page.result.rc {
            0 => {}
            // "illegal pagedResults page size" (OpenLDAP's size.pr), before anything came.
            11 | 53 if is_first && page.rows.is_empty() => match sizes.next() {
                Some(smaller) => {
                    size = *smaller;
                    continue;
                }
                None => return Err(refusal::of_search(&session.place, search.base, &page.result)),
            },
            _ => return Err(refusal::of_search(&session.place, search.base, &page.result)),
        }
        tracing::debug!(entries = page.rows.len(), "page read");
        progress.came(u64::try_from(page.rows.len()).unwrap_or(u64::MAX));
        references.extend(page.references);
        for row in page.rows {
            each(whole(session, row).await?);
        }
        cookie = next(session, &page.result.ctrls)?;
        if cookie.is_empty() {
            return Ok(references);
        }
    }
}

/// One object, if it is there.
pub(super) async fn one(session: &mut Session, dn: &str, attributes: &[&str]) -> Result<Option<Row>, DirectoryError> {
    let search = Search { base: dn, scope: Scope::Base, filter: "(objectClass=*)", attributes };
    let mut found = page(session, search, PagedResults { size: 0, cookie: Vec::new() }).await?;
    match found.result.rc {
        0 => Ok(found.rows.pop()),
        32 | 50 => Ok(None),
        _ => Err(refusal::of_search(&session.place, dn, &found.result)),
    }
}

async fn page(session: &mut Session, search: Search<'_>, paging: PagedResults) -> Result<Page, DirectoryError> {
    match timeout(ANSWER, ask(session, search, paging)).await {
        Ok(Ok(Some(page))) => Ok(page),
        Ok(Ok(None)) => Err(DirectoryError::Unreadable(format!("{} sent an entry that is none.", session.place))),
        Ok(Err(error)) => Err(session.lost(error).await),
        Err(_) => Err(session.silent()),
    }
}

/// None when an entry is malformed.
async fn ask(session: &mut Session, search: Search<'_>, paging: PagedResults) -> Result<Option<Page>, LdapError> {
    // A size of zero is no paging at all: for single objects.
    if paging.size > 0 {
        session.ldap.with_controls(paging);
    }
    let attributes: Vec<&str> = search.attributes.to_vec();
    let mut stream = session.ldap.streaming_search(search.base, search.scope, search.filter, attributes).await?;
    let (mut rows, mut references) = (Vec::new(), Vec::new());
    while let Some(item) = stream.next().await? {
        if item.is_ref() {
            references.extend(row::references(item.0));
        } else if !item.is_intermediate() {
            match Row::read(item.0) {
                Some(row) => rows.push(row),
                None => return Ok(None),
            }
        }
    }
    Ok(Some(Page { rows, references, result: stream.finish().await }))
}

/// What the server wants to be told for the next page; empty after the last one.
fn next(session: &Session, controls: &[Control]) -> Result<Vec<u8>, DirectoryError> {
    const PAGED: &str = "1.2.840.113556.1.4.319";
    let Some(Control(_, raw)) = controls.iter().find(|Control(_, raw)| raw.ctype == PAGED) else {
        return Ok(Vec::new());
    };
    let cookie = raw.val.as_deref().and_then(row::cookie);
    cookie
        .ok_or_else(|| DirectoryError::Unreadable(format!("{} ended a page in a way that is no LDAP.", session.place)))
}

/// Fetches the values that the server left out because there are many (`;range=`, [MS-ADTS] 3.1.1.3.1.3.3).
async fn whole(session: &mut Session, mut row: Row) -> Result<Row, DirectoryError> {
    while let Some((name, from)) = row.unfinished() {
        let name = name.to_owned();
        let more = one(session, &row.dn, &[&format!("{name};range={from}-*")]).await?;
        if !row.go_on(&name, more.unwrap_or_default()) {
            return Err(DirectoryError::Incomplete(format!(
                "{} gave only {from} values of {name} of \"{}\".",
                session.place, row.dn
            )));
        }
    }
    Ok(row)
}
