//! Which hosts take a domain's mail (RFC 5321 section 5.1, RFC 7505).
//!
//! **Limits.** Addresses of hosts are looked up by the system, so that what the office writes into its hosts file holds.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::OnceLock;

use hickory_resolver::TokioResolver;
use hickory_resolver::config::{NameServerConfig, ResolverConfig};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::proto::rr::RData;

use crate::connection::NetError;

/// Finds mail exchangers.
pub enum Resolver {
    /// Asks the name servers that this computer uses.
    System(OnceLock<Box<TokioResolver>>),
    /// Asks these name servers.
    Servers(Box<TokioResolver>),
    /// Knows these domains and no others: for tests.
    Map(HashMap<String, Vec<Exchanger>>),
}

/// One MX record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchanger {
    /// Lower goes first.
    pub preference: u16,
    /// The host.
    pub host: String,
}

impl Default for Resolver {
    fn default() -> Self {
        Self::System(OnceLock::new())
    }
}

impl Resolver {
    /// Asks these name servers, in UDP and TCP.
    ///
    /// # Errors
    /// What the library said.
    pub fn with_servers(servers: &[SocketAddr]) -> Result<Self, NetError> {
        let servers = servers.iter().map(|server| name_server(*server)).collect();
        let config = ResolverConfig::from_parts(None, Vec::new(), servers);
        let builder = TokioResolver::builder_with_config(config, TokioRuntimeProvider::default());
        Ok(Self::Servers(Box::new(builder.build().map_err(|error| unanswered("the name servers", error))?)))
    }

    /// What asks the name servers, for other questions than the one for mail exchangers. `None` when nobody is asked, or the
    /// computer's settings cannot be read.
    #[must_use]
    pub fn dns(&self) -> Option<TokioResolver> {
        match self {
            Self::Map(_) => None,
            Self::Servers(resolver) => Some(TokioResolver::clone(resolver)),
            Self::System(made) => system(made, "the name servers").ok().cloned(),
        }
    }

    /// The hosts that take mail for `domain`, best first; those of one preference in an order that changes. Hosts no
    /// better than ourselves (`own_name`) are left out, so that mail never comes back (section 5.1).
    ///
    /// # Errors
    /// [`NetError::NoSuchDomain`] and [`NetError::TakesNoMail`] for good, [`NetError::LoopsBack`], and
    /// [`NetError::Resolve`] for now.
    pub async fn exchangers(&self, domain: &str, own_name: &str) -> Result<Vec<Exchanger>, NetError> {
        let mut found = self.records(domain).await?;
        if let [Exchanger { host, .. }] = found.as_slice()
            && (host.is_empty() || host == ".")
        {
            return Err(NetError::TakesNoMail { domain: domain.to_owned() });
        }
        shuffle(&mut found);
        found.sort_by_key(|exchanger| exchanger.preference);
        let ourselves = found.iter().find(|exchanger| exchanger.host.eq_ignore_ascii_case(own_name));
        if let Some(own) = ourselves.map(|exchanger| exchanger.preference) {
            found.retain(|exchanger| exchanger.preference < own);
            if found.is_empty() {
                return Err(NetError::LoopsBack { domain: domain.to_owned() });
            }
        }
        if found.is_empty() {
            // The implicit MX: the domain itself is the host.
            found.push(Exchanger { preference: 0, host: domain.to_owned() });
        }
        Ok(found)
    }

    async fn records(&self, domain: &str) -> Result<Vec<Exchanger>, NetError> {
        let resolver = match self {
            Self::Map(known) => {
                let found = known.get(&domain.to_ascii_lowercase()).cloned();
                return found.ok_or_else(|| NetError::NoSuchDomain { domain: domain.to_owned() });
            }
            Self::Servers(resolver) => resolver,
            Self::System(made) => system(made, domain)?,
        };
        // Fully qualified, or the office's search list would be tried too.
        let answer = match resolver.mx_lookup(format!("{}.", domain.trim_end_matches('.'))).await {
            Ok(answer) => answer,
            Err(error) if error.is_nx_domain() => return Err(NetError::NoSuchDomain { domain: domain.to_owned() }),
            Err(error) if error.is_no_records_found() => return Ok(Vec::new()),
            Err(error) => return Err(unanswered(domain, error)),
        };
        let exchanger = |data: &RData| match data {
            RData::MX(mx) => {
                let host = mx.exchange.to_string();
                Some(Exchanger { preference: mx.preference, host: host.trim_end_matches('.').to_owned() })
            }
            _ => None,
        };
        Ok(answer.answers().iter().filter_map(|record| exchanger(&record.data)).collect())
    }
}

fn name_server(at: SocketAddr) -> NameServerConfig {
    let mut server = NameServerConfig::udp_and_tcp(at.ip());
    server.connections.iter_mut().for_each(|connection| connection.port = at.port());
    server
}

fn system<'a>(made: &'a OnceLock<Box<TokioResolver>>, domain: &str) -> Result<&'a TokioResolver, NetError> {
    if let Some(resolver) = made.get() {
        return Ok(resolver);
    }
    let built = TokioResolver::builder_tokio().and_then(hickory_resolver::ResolverBuilder::build);
    let built = built.map_err(|error| unanswered(domain, error))?;
    Ok(made.get_or_init(|| Box::new(built)))
}

fn unanswered(domain: &str, error: impl std::error::Error + Send + Sync + 'static) -> NetError {
    NetError::Resolve { host: domain.to_owned(), source: std::io::Error::other(error) }
}

/// An order that changes from call to call; load is spread, nothing is kept secret.
fn shuffle(found: &mut [Exchanger]) {
    use std::hash::{BuildHasher, RandomState};
    let order = RandomState::new();
    found.sort_by_cached_key(|exchanger| order.hash_one(&exchanger.host));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mx(preference: u16, host: &str) -> Exchanger {
        Exchanger { preference, host: host.to_owned() }
    }

    fn knowing(found: Vec<Exchanger>) -> Resolver {
        Resolver::Map(HashMap::from([("acme.example".to_owned(), found)]))
    }

    #[tokio::test]
    async fn the_best_exchanger_goes_first_and_without_any_the_domain_is_the_host() {
        let hosts = |found: Vec<Exchanger>| found.into_iter().map(|one| one.host).collect::<Vec<_>>();

        let found = knowing(vec![mx(20, "b"), mx(10, "a")]).exchangers("Acme.example", "relay").await.unwrap();
        assert_eq!(hosts(found), ["a", "b"]);
        let found = knowing(vec![]).exchangers("acme.example", "relay").await.unwrap();
        assert_eq!(hosts(found), ["acme.example"]);
    }

    #[tokio::test]
    async fn rfc_7505_a_domain_may_say_that_it_takes_no_mail_and_an_unknown_one_is_no_domain() {
        let null = knowing(vec![mx(0, "")]).exchangers("acme.example", "relay").await;
        assert!(matches!(null, Err(NetError::TakesNoMail { .. })));
        let unknown = knowing(vec![]).exchangers("nowhere.example", "relay").await;
        assert!(matches!(unknown, Err(NetError::NoSuchDomain { .. })));
    }

    #[tokio::test]
    async fn mail_never_goes_to_hosts_no_better_than_ourselves() {
        let found = knowing(vec![mx(10, "a"), mx(20, "Relay"), mx(20, "b"), mx(30, "c")]);
        assert_eq!(found.exchangers("acme.example", "relay").await.unwrap(), [mx(10, "a")]);
        let loops = knowing(vec![mx(10, "relay"), mx(20, "b")]).exchangers("acme.example", "relay").await;
        assert!(matches!(loops, Err(NetError::LoopsBack { .. })));
    }
}
