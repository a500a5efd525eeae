//! A picture to try views on.

use jiff::tz::TimeZone;
use rollcall_api::answers::MailLogRow;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::picture::Picture;

/// 12 November 2026, 08:00 UTC.
const NOW: i64 = 1_794_470_400_000;

/// An office with two addresses to decide and one watched.
pub fn picture() -> Picture {
    let refused = json!({ "start_ms": NOW, "delivered": 1, "refused": 9, "deferred": 0, "waiting": 0 });
    let delivered = json!({ "start_ms": NOW, "delivered": 40, "refused": 0, "deferred": 0, "waiting": 0 });
    let counts = json!({ "watching": 1, "discovered": 2, "user": 0, "functional": 0, "alias": 0, "inactive": 0,
        "invalid": 0, "never_add": 0 });
    Picture {
        health: of(json!({
            "state": "flowing", "sentence": "Mail is flowing.", "now_ms": NOW, "practice": true, "data": "practice",
            "version": "0.1.0", "hostname": "relay.example", "upstreams": [], "faults": [], "waiting": 0, "failed": 0,
            "sessions": 0, "last_delivered_ms": NOW, "users": 0, "notifications": true, "revision": 9,
            "listeners": [{ "name": "inbound", "role": "inbound", "tls": "starttls", "address": "127.0.0.1", "port": 0, "bound": "127.0.0.1:40213", "fault": null }],
        })),
        overview: of(json!({ "hours": [delivered, refused], "weeks": [], "counts": counts, "lately": [] })),
        discovered: vec![address("info", "functional", 4, 3), address("jordan.larch", "person", 3, 3)],
        watching: vec![address("lee.elm", "person", 1, 1)],
        log: vec![
            log_row(2, "orders@contoso.example", "jordan.larch@fabrikam.example"),
            log_row(1, "buyer@adatum.example", "info@fabrikam.example"),
        ],
        domain: of(json!({
            "name": "fabrikam.example", "destination": { "host": "127.0.0.1", "port": 4025, "tls": "never" },
            "reachability": "answers", "since_ms": NOW, "trouble": null, "need": 3, "window_days": 30,
            "settings": { "aliases": [], "tag_delimiter": "+", "strip_subdomains": false, "deliver_to_primary": false,
                "unknown": "learn", "defer_strangers": false, "inactive": "reject", "verification": null, "routes": [] },
            "truth": "rejects_strangers", "truth_ms": NOW, "truth_next_ms": NOW, "truth_replies": [],
            "decides_at_data": false, "bounces_later": false, "brand": null,
        })),
        zone: TimeZone::UTC,
    }
}

/// A delivered message.
pub fn log_row(id: i64, sender: &str, recipient: &str) -> MailLogRow {
    of(json!({
        "id": id, "at_ms": NOW, "outcome": "delivered", "reason": "delivered", "sender": sender, "recipient": recipient,
        "client_ip": "127.0.0.21", "client_name": "mx1.contoso.example", "subject": "PO 4471 confirmed",
        "size_bytes": 900, "duration_ms": 3, "reply": "250 2.0.0 Delivered as M1", "destination_reply": null,
        "destination": null, "queue_id": null, "message": null, "direction": "inbound", "message_id": null, "tls": null,
        "recipients": 1, "recipients_delivered": 1,
    }))
}

fn address(local: &str, kind: &str, clean_count: u32, sender_domains: u32) -> rollcall_api::answers::AddressRow {
    of(json!({
        "address": format!("{local}@fabrikam.example"), "state": "discovered", "role": null, "invalid_reason": null,
        "source": "mail", "first_name": null, "surname": null, "clean_count": clean_count,
        "sender_domains": sender_domains, "first_seen_ms": NOW, "last_seen_ms": NOW, "discovered_ms": NOW,
        "changed_ms": NOW, "suspect_ms": null, "refused_count": 0, "notices": 0, "ends_ms": null, "held_until_ms": null, "pinned": false,
        "made_by": null, "owner": null,
        "suggestion": { "kind": kind, "first_name": null, "surname": null, "of": null, "why": null },
        "strength": { "verdict": "strong", "reason": "recognised_by_server" },
    }))
}

fn of<T: DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).unwrap()
}
