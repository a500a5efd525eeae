//! The branches of a directory, for whoever chooses a search base (M02).

use ldap3::Scope;
use tokio_util::sync::CancellationToken;

use super::LdapSettings;
use super::root::{Root, is_own_affair};
use super::row::Row;
use super::search::{self, Search};
use super::session::Session;
use crate::{DirectoryError, Progress};

/// A part of a directory that can be a search base.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branch {
    /// Its distinguished name.
    pub dn: String,
    /// What a person calls it.
    pub name: String,
}

/// What the directory keeps, or what is directly below `parent`. By name; the directory's own part comes first.
///
/// # Errors
/// As [`crate::Source::read`].
pub async fn branches(
    settings: &LdapSettings,
    parent: Option<&str>,
    cancel: &CancellationToken,
) -> Result<Vec<Branch>, DirectoryError> {
    let (settings, parent) = (settings.clone(), parent.map(str::to_owned));
    let asking = super::guarded(async move {
        let mut session = Session::open(&settings).await?;
        match parent {
            None => Ok(top(&Root::read(&mut session).await?)),
            Some(parent) => Box::pin(below(&mut session, &parent)).await,
        }
    });
    cancel.run_until_cancelled(asking).await.unwrap_or(Err(DirectoryError::Cancelled))
}

/// Without those in which Active Directory keeps its own affairs.
fn top(root: &Root) -> Vec<Branch> {
    let is_default = |dn: &&String| root.default.as_ref() == Some(*dn);
    let others = root.contexts.iter().filter(|dn| !is_default(dn) && !is_own_affair(dn));
    root.default.iter().chain(others).map(|dn| Branch { dn: dn.clone(), name: dn.clone() }).collect()
}

async fn below(session: &mut Session, parent: &str) -> Result<Vec<Branch>, DirectoryError> {
    const HOLDS_OTHERS: &str = "(|(objectClass=organizationalUnit)(objectClass=organization)(objectClass=domain)\
                                (objectClass=container)(objectClass=locality))";
    let search = Search {
        base: parent,
        scope: Scope::OneLevel,
        filter: HOLDS_OTHERS,
        attributes: &["ou", "o", "cn", "dc", "l", "showInAdvancedViewOnly"],
    };
    let mut found = Vec::new();
    search::every(session, search, &Progress::default(), |row| {
        if !row.has("showInAdvancedViewOnly", "TRUE") {
            found.push(Branch { name: name(&row), dn: row.dn });
        }
    })
    .await?;
    found.sort_by_key(|branch| branch.name.to_lowercase());
    Ok(found)
}

fn name(row: &Row) -> String {
    let named = ["ou", "cn", "o", "dc", "l"].iter().find_map(|attribute| row.text(attribute));
    named.unwrap_or(&row.dn).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn m02_the_directory_s_own_part_comes_first_and_its_own_affairs_are_left_out() {
        let root = Root {
            contexts: ["CN=Configuration,DC=x", "DC=y", "DC=x", "CN=Schema,CN=Configuration,DC=x"]
                .map(str::to_owned)
                .into(),
            default: Some("DC=x".to_owned()),
            count: None,
        };

        let found: Vec<String> = top(&root).into_iter().map(|branch| branch.dn).collect();

        assert_eq!(found, ["DC=x", "DC=y"]);
    }
}
