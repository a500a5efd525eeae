//! Microsoft's clouds: where each signs in and where its Graph is.

/// One of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cloud {
    /// Its name, for people.
    pub name: &'static str,
    /// What goes into [`EntraSettings::login_url`](crate::EntraSettings::login_url).
    pub login_url: &'static str,
    /// What goes into [`EntraSettings::graph_url`](crate::EntraSettings::graph_url).
    pub graph_url: &'static str,
}

/// All that Microsoft names, the usual one first.
pub const CLOUDS: [Cloud; 7] = [
    Cloud {
        name: "Worldwide (also GCC)",
        login_url: "https://login.microsoftonline.com",
        graph_url: "https://graph.microsoft.com",
    },
    Cloud {
        name: "US Government (GCC High)",
        login_url: "https://login.microsoftonline.us",
        graph_url: "https://graph.microsoft.us",
    },
    Cloud {
        name: "US Department of Defense",
        login_url: "https://login.microsoftonline.us",
        graph_url: "https://dod-graph.microsoft.us",
    },
    Cloud {
        name: "China (21Vianet)",
        login_url: "https://login.chinacloudapi.cn",
        graph_url: "https://microsoftgraph.chinacloudapi.cn",
    },
    Cloud {
        name: "France (Bleu)",
        login_url: "https://login.sovcloud-identity.fr",
        graph_url: "https://graph.svc.sovcloud.fr",
    },
    Cloud {
        name: "Germany (Delos)",
        login_url: "https://login.sovcloud-identity.de",
        graph_url: "https://graph.svc.sovcloud.de",
    },
    Cloud {
        name: "Singapore (GovSG)",
        login_url: "https://login.sovcloud-identity.sg",
        graph_url: "https://graph.svc.sovcloud.sg",
    },
];
