//! What a server says of itself: its rootDSE (RFC 4512 section 5.1, [MS-ADTS] 3.1.1.3.2).

use super::row::Row;
use super::search;
use super::session::Session;
use crate::DirectoryError;

/// A server.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Root {
    /// Where its entries hang.
    pub(super) contexts: Vec<String>,
    /// The one that it calls its own.
    pub(super) default: Option<String>,
    /// Of Active Directory: where its counting of changes stands, and whose counting that is.
    pub(super) count: Option<Count>,
}

/// How far a domain controller has counted. The numbers of two controllers have nothing to do with each other, nor those of
/// one before and after it was restored from a backup: then its invocation id is another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Count {
    /// The controller's name and invocation id.
    pub(super) server: String,
    /// The number of its last change.
    pub(super) usn: u64,
}

impl Root {
    /// Asks.
    pub(super) async fn read(session: &mut Session) -> Result<Self, DirectoryError> {
        const ASKED: &[&str] =
            &["namingContexts", "defaultNamingContext", "highestCommittedUSN", "dnsHostName", "dsServiceName"];
        let row = search::one(session, "", ASKED).await?.unwrap_or_default();
        Ok(Self {
            contexts: row.texts("namingContexts").map(str::to_owned).collect(),
            default: row.text("defaultNamingContext").map(str::to_owned),
            count: count(session, &row).await?,
        })
    }

    /// Where to look when nobody says where.
    pub(super) fn base(&self) -> Option<&str> {
        self.default.as_deref().or(match self.contexts.as_slice() {
            [only] => Some(only.as_str()),
            _ => None,
        })
    }
}

/// None where the server does not count, or hides whose counting it is.
async fn count(session: &mut Session, root: &Row) -> Result<Option<Count>, DirectoryError> {
    let usn = root.text("highestCommittedUSN").and_then(|usn| usn.parse().ok());
    let (Some(usn), Some(name), Some(service)) = (usn, root.text("dnsHostName"), root.text("dsServiceName")) else {
        return Ok(None);
    };
    let service = search::one(session, service, &["invocationId"]).await?.unwrap_or_default();
    let invocation = service.values("invocationId").next().map(<[u8]>::to_vec);
    Ok(invocation.map(|id| {
        let id: String = id.iter().map(|byte| format!("{byte:02x}")).collect();
        Count { server: format!("{}/{id}", name.to_lowercase()), usn }
    }))
}

/// Whether a server keeps only its own affairs there, and no people.
pub(super) fn is_own_affair(dn: &str) -> bool {
    const OWN: &[&str] = &["CN=Configuration,", "CN=Schema,", "DC=DomainDnsZones,", "DC=ForestDnsZones,", "cn=config"];
    OWN.iter().any(|own| dn.get(..own.len()).is_some_and(|start| start.eq_ignore_ascii_case(own)))
}
