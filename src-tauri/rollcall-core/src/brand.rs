//! Which mail server greets (X14), so that the fix-it card can name the exact commands.
//!
//! **Invariant.** A guess from words the server says of itself; nothing is decided by it.
//!
//! **Limits.** Whoever hides its name stays unknown. Zimbra greets as Postfix unless its banner was changed.

/// A mail server that says who it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Brand {
    /// Microsoft Exchange in the house.
    Exchange,
    /// Microsoft 365.
    ExchangeOnline,
    /// Google Workspace.
    Google,
    /// hMailServer.
    HMailServer,
    /// Postfix.
    Postfix,
    /// Exim.
    Exim,
    /// OpenSMTPD.
    OpenSmtpd,
    /// Dovecot's LMTP or submission.
    Dovecot,
    /// MDaemon.
    MDaemon,
    /// Kerio Connect.
    Kerio,
    /// Zimbra.
    Zimbra,
    /// HCL, IBM or Lotus Domino.
    Domino,
    /// Sendmail.
    Sendmail,
    /// Haraka.
    Haraka,
    /// Stalwart.
    Stalwart,
    /// SmarterMail.
    SmarterMail,
    /// IceWarp.
    IceWarp,
    /// Axigen.
    Axigen,
}

/// Each brand with its word, and what it says in greeting or EHLO, in lower case. The first that fits counts.
const MARKS: &[(Brand, &str, &[&str])] = &[
    (Brand::ExchangeOnline, "exchange_online", &["protection.outlook.com", "prod.outlook.com", "mx.microsoft"]),
    (Brand::Exchange, "exchange", &["microsoft esmtp mail service", "x-anonymoustls", "x-exps gssapi ntlm"]),
    (Brand::Google, "google", &["mx.google.com", " gsmtp"]),
    (Brand::HMailServer, "hmailserver", &["hmailserver"]),
    (Brand::Zimbra, "zimbra", &["zimbra"]),
    (Brand::Postfix, "postfix", &["postfix", "postcow"]),
    (Brand::Exim, "exim", &["esmtp exim"]),
    (Brand::OpenSmtpd, "opensmtpd", &["opensmtpd"]),
    (Brand::Dovecot, "dovecot", &["dovecot"]),
    (Brand::MDaemon, "mdaemon", &["mdaemon"]),
    (Brand::Kerio, "kerio", &["kerio"]),
    (Brand::Domino, "domino", &["domino release", "lotus domino", "ibm domino", "hcl domino"]),
    (Brand::Sendmail, "sendmail", &["esmtp sendmail"]),
    (Brand::Haraka, "haraka", &["haraka"]),
    (Brand::Stalwart, "stalwart", &["stalwart"]),
    (Brand::SmarterMail, "smartermail", &["smartermail"]),
    (Brand::IceWarp, "icewarp", &["icewarp"]),
    (Brand::Axigen, "axigen", &["axigen"]),
];

impl Brand {
    /// The brand that `greeting` and the reply to EHLO show, if they do.
    #[must_use]
    pub fn detect(greeting: &str, hello: &str) -> Option<Self> {
        let said = format!("{greeting}\n{hello}").to_lowercase();
        MARKS.iter().find(|(.., marks)| marks.iter().any(|mark| said.contains(mark))).map(|(brand, ..)| *brand)
    }

    /// The word used in SQL and JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        MARKS.iter().find(|(brand, ..)| *brand == self).map_or("", |(_, word, _)| word)
    }

    /// The brand for its word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        MARKS.iter().find(|(_, known, _)| *known == word).map(|(brand, ..)| *brand)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Greetings and EHLO replies as these servers give them.
    const BANNERS: &[(&str, &str, Option<Brand>)] = &[
        (
            "EX01.contoso.example Microsoft ESMTP MAIL Service ready at Fri, 27 Nov 2026 02:11:00 +0100",
            "EX01.contoso.example Hello [10.0.4.9] SIZE 37748736 PIPELINING DSN ENHANCEDSTATUSCODES STARTTLS X-ANONYMOUSTLS AUTH NTLM",
            Some(Brand::Exchange),
        ),
        (
            "mail.contoso.example ready",
            "mail.contoso.example SIZE X-ANONYMOUSTLS X-EXPS GSSAPI NTLM",
            Some(Brand::Exchange),
        ),
        (
            "DB5PEPF00014B8A.mail.protection.outlook.com Microsoft ESMTP MAIL Service ready at Fri, 27 Nov 2026 02:11:00 +0000",
            "",
            Some(Brand::ExchangeOnline),
        ),
        (
            "mx.google.com ESMTP 5b1f17b1804b1-47b0c44dfb1si16398275e9.40 - gsmtp",
            "mx.google.com at your service",
            Some(Brand::Google),
        ),
        ("mail.acme.example hMailServer ready", "", Some(Brand::HMailServer)),
        ("mail.acme.example ESMTP Postfix (Debian/GNU)", "mail.acme.example PIPELINING", Some(Brand::Postfix)),
        ("mail.acme.example ESMTP Postcow", "", Some(Brand::Postfix)),
        ("mail.acme.example ESMTP Exim 4.96 Fri, 27 Nov 2026 02:11:00 +0000", "", Some(Brand::Exim)),
        ("mail.acme.example ESMTP OpenSMTPD", "", Some(Brand::OpenSmtpd)),
        ("mail.acme.example Dovecot (Debian) ready.", "", Some(Brand::Dovecot)),
        ("mail.acme.example ESMTP MDaemon 24.5.0; Fri, 27 Nov 2026 02:11:00 +0000", "", Some(Brand::MDaemon)),
        ("mail.acme.example Kerio Connect 10.0.6 ESMTP ready", "", Some(Brand::Kerio)),
        ("zimbra.acme.example ESMTP Postfix", "", Some(Brand::Zimbra)),
        (
            "mail.acme.example ESMTP Service (Lotus Domino Release 8.5.3) ready at Fri, 27 Nov 2026 02:11:00 +0000",
            "",
            Some(Brand::Domino),
        ),
        ("mail.acme.example ESMTP Service (HCL Domino Release 12.0.2) ready at Fri", "", Some(Brand::Domino)),
        ("mail.acme.example ESMTP Sendmail 8.17.1/8.17.1; Fri, 27 Nov 2026", "", Some(Brand::Sendmail)),
        ("mail.acme.example ESMTP Haraka/3.0.3 ready", "", Some(Brand::Haraka)),
        ("mail.acme.example Stalwart ESMTP at your service", "", Some(Brand::Stalwart)),
        ("mail.acme.example ESMTP", "mail.acme.example SIZE 20480000 AUTH LOGIN HELP", None),
        ("", "", None),
    ];

    #[test]
    fn x14_a_banner_names_its_server() {
        for (greeting, hello, brand) in BANNERS {
            assert_eq!(Brand::detect(greeting, hello), *brand, "{greeting}");
        }
    }

    #[test]
    fn every_brand_has_a_word_of_its_own() {
        for (brand, word, marks) in MARKS {
            assert_eq!((Brand::from_word(word), brand.word()), (Some(*brand), *word));
            assert!(marks.iter().all(|mark| *mark == mark.to_lowercase() && mark.len() > 4), "{word}");
        }
        assert_eq!(Brand::from_word("netscape"), None);
    }
}
