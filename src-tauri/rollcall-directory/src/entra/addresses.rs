//! From `proxyAddresses` and `mail` to the address it writes from and its others.

/// `SMTP:` is the primary one, `smtp:` the others, every other prefix (X500, SIP, x400) no mail address; `mail` is the
/// primary one if nothing else is, and another one otherwise. None is there twice, whatever its case.
pub(super) fn of(proxies: &[String], mail: Option<&str>) -> (Option<String>, Vec<String>) {
    let typed = |prefix: &str| {
        let found = proxies.iter().filter_map(move |proxy| proxy.strip_prefix(prefix));
        found.map(str::trim).filter(|address| !address.is_empty()).collect::<Vec<_>>()
    };
    let mail = mail.map(str::trim).filter(|address| !address.is_empty());
    let (mut capital, small) = (typed("SMTP:"), typed("smtp:"));
    let primary = if capital.is_empty() { mail } else { Some(capital.remove(0)) };
    let mut aliases: Vec<String> = Vec::new();
    for address in capital.into_iter().chain(small).chain(mail) {
        let is_known =
            primary.into_iter().chain(aliases.iter().map(String::as_str)).any(|one| one.eq_ignore_ascii_case(address));
        if !is_known {
            aliases.push(address.to_owned());
        }
    }
    (primary.map(str::to_owned), aliases)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_texts(proxies: &[&str], mail: Option<&str>) -> (Option<String>, Vec<String>) {
        of(&proxies.iter().map(|&proxy| proxy.to_owned()).collect::<Vec<_>>(), mail)
    }

    #[test]
    fn z01_the_capital_smtp_is_primary_the_small_ones_are_aliases_and_nothing_else_is_an_address() {
        let (primary, aliases) = of_texts(
            &["smtp:b@o.test", "SMTP:a@o.test", "X500:/o=Office", "SIP:a@o.test", "smtp:c@o.test", "smtp:A@O.test"],
            Some("a@o.test"),
        );

        assert_eq!(primary.as_deref(), Some("a@o.test"));
        assert_eq!(aliases, ["b@o.test", "c@o.test"]);
    }

    #[test]
    fn z01_without_a_primary_proxy_mail_is_primary_and_beside_one_it_is_another_address() {
        assert_eq!(
            of_texts(&["smtp:b@o.test"], Some("a@o.test")),
            (Some("a@o.test".to_owned()), vec!["b@o.test".to_owned()])
        );
        assert_eq!(
            of_texts(&["SMTP:b@o.test"], Some("a@o.test")),
            (Some("b@o.test".to_owned()), vec!["a@o.test".to_owned()])
        );
        assert_eq!(of_texts(&["SIP:b@o.test"], Some(" ")), (None, Vec::new()));
    }
}
