//! Addresses and networks that something holds for; the most specific one wins.

use std::net::IpAddr;

use ipnet::IpNet;

/// Networks and what holds for each. An office lists a few, so they are looked through in turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Networks<T>(Vec<(IpNet, T)>);

impl<T> Default for Networks<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Networks<T> {
    /// What holds for `address`, if anything does.
    #[must_use]
    pub fn find(&self, address: IpAddr) -> Option<&T> {
        let address = address.to_canonical();
        let found = self.0.iter().filter(|(network, _)| network.contains(&address));
        found.max_by_key(|(network, _)| network.prefix_len()).map(|(_, value)| value)
    }

    /// Whether anything holds for `address`.
    #[must_use]
    pub fn contains(&self, address: &IpAddr) -> bool {
        self.find(*address).is_some()
    }

    /// The networks as text, in the order given; a single address without its prefix length.
    pub fn texts(&self) -> impl Iterator<Item = String> {
        self.0.iter().map(|(network, _)| shown(*network))
    }
}

impl<T> FromIterator<(IpNet, T)> for Networks<T> {
    fn from_iter<I: IntoIterator<Item = (IpNet, T)>>(networks: I) -> Self {
        Self(networks.into_iter().collect())
    }
}

/// Reads an address or a network; an IPv4-mapped address is the IPv4 one, and bits behind the prefix are dropped.
#[must_use]
pub fn parse(text: &str) -> Option<IpNet> {
    let text = text.trim();
    match text.parse::<IpAddr>() {
        Ok(address) => Some(IpNet::from(address.to_canonical())),
        Err(_) => text.parse::<IpNet>().ok().map(|network| network.trunc()),
    }
}

/// As the operator writes it: `192.0.2.10`, `192.0.2.0/24`.
#[must_use]
pub fn shown(network: IpNet) -> String {
    if network.prefix_len() == network.max_prefix_len() { network.addr().to_string() } else { network.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_specific_network_holds_and_mapped_addresses_are_their_own() {
        let networks: Networks<&str> = [("10.0.0.0/8", "office"), ("10.0.4.7", "scanner")]
            .map(|(text, name)| (parse(text).unwrap(), name))
            .into_iter()
            .collect();

        assert_eq!(networks.find("10.9.9.9".parse().unwrap()), Some(&"office"));
        assert_eq!(networks.find("10.0.4.7".parse().unwrap()), Some(&"scanner"));
        assert_eq!(networks.find("::ffff:10.0.4.7".parse().unwrap()), Some(&"scanner"));
        assert_eq!(networks.find("11.0.0.1".parse().unwrap()), None);
        assert_eq!(networks.texts().collect::<Vec<_>>(), ["10.0.0.0/8", "10.0.4.7"]);
    }

    #[test]
    fn what_is_no_network_is_not_taken_for_one() {
        for text in ["", "office", "10.0.0.0/33", "10.0.0", "10.0.0.1-10.0.0.9"] {
            assert_eq!(parse(text), None, "{text}");
        }
        assert_eq!(parse(" 10.1.2.3/8 ").map(shown).as_deref(), Some("10.0.0.0/8"));
    }
}
