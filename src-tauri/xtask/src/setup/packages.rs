//! What each purpose needs from the operating system.

/// What the machine is set up for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Purpose {
    /// The practice office in a terminal: a C compiler for SQLite and the TLS library, nothing else.
    Terminal,
    /// Building and opening the window.
    Window,
    /// Every test: peers, a throwaway desktop, browsers.
    Test,
}

const COMPILER: &[&str] = &["gcc", "libc6-dev"];

const WINDOW: &[&str] =
    &["g++", "pkg-config", "libwebkit2gtk-4.1-dev", "libayatana-appindicator3-dev", "libdbus-1-dev"];

/// The desktop of the window journeys, and the peers that the tests talk to: mail servers and directories. Exim and
/// OpenSMTPD are not among them: see [`super::peers`]; the libraries at the end are theirs.
const TEST: &[&str] = &[
    "xvfb",
    "dbus",
    "dbus-x11",
    "openbox",
    "dunst",
    "xfce4-panel",
    "wmctrl",
    "xdotool",
    "x11-utils",
    "x11-xserver-utils",
    "imagemagick",
    "libglib2.0-bin",
    "libnotify-bin",
    "fonts-noto-core",
    "webkit2gtk-driver",
    "chromium",
    "postfix",
    "postgrey",
    "swaks",
    "libnet-ssleay-perl",
    "msmtp",
    "curl",
    "nmap",
    "testssl.sh",
    "python3",
    "python3-dkim",
    "dnsmasq-base",
    "slapd",
    "ldap-utils",
    "samba",
    "samba-ad-provision",
    "samba-dsdb-modules",
    "samba-vfs-modules",
    "python3-samba",
    "zstd",
    "openssl",
    "procps",
    "strace",
    "util-linux",
    "libdb5.3",
    "libevent-2.1-7",
    "libgnutls-dane0",
    "libidn12",
    "libnsl2",
    "libpcre2-8-0",
];

impl Purpose {
    /// Debian 12 package names.
    pub fn debian_packages(self) -> Vec<&'static str> {
        match self {
            Self::Terminal => COMPILER.to_vec(),
            Self::Window => [COMPILER, WINDOW].concat(),
            Self::Test => [COMPILER, WINDOW, TEST].concat(),
        }
    }

    /// Libraries as pkg-config names, for Linux distributions that are not Debian.
    pub fn pkg_config_names(self) -> &'static [&'static str] {
        match self {
            Self::Terminal => &[],
            Self::Window | Self::Test => &["webkit2gtk-4.1", "ayatana-appindicator3-0.1", "dbus-1"],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_terminal_needs_no_part_of_a_desktop() {
        let packages = Purpose::Terminal.debian_packages();

        assert!(
            !packages.iter().any(|name| ["webkit", "gtk", "x11", "dbus"].iter().any(|part| name.contains(part))),
            "{packages:?}"
        );
    }

    #[test]
    fn a_larger_purpose_contains_the_smaller_one() {
        let test = Purpose::Test.debian_packages();

        assert!(Purpose::Window.debian_packages().iter().all(|name| test.contains(name)));
    }
}
