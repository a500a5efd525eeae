//! Lists of people from files and for files (M08, Z09, V12, V07, X18).

use std::fmt::Write as _;
use std::io::Write as _;

use rollcall_api::Code;
use rollcall_core::{AddressState, InvalidReason};
use rollcall_tests::relay::Relay;
use serde_json::{Value, json};

const PROOFPOINT: &str = "John,Smith,john.smith@acme.example,+447123456789,,\r\n\
    Tom,Smith,tom.smith@acme.example,+145123456789,tom.smith.alias@acme.example,\r\n";

async fn office() -> Relay {
    let relay = Relay::bare().await;
    relay.serves("acme.example", ([127, 0, 0, 1], 9).into()).await;
    relay
}

/// RFC 4648.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for part in bytes.chunks(3) {
        let number = part.iter().fold(0_u32, |number, byte| number << 8 | u32::from(*byte)) << (8 * (3 - part.len()));
        for place in 0..4 {
            let letter = LETTERS[(number >> (18 - 6 * place) & 63) as usize];
            text.push(if place > part.len() { '=' } else { char::from(letter) });
        }
    }
    text
}

fn file(text: &str, more: Value) -> Value {
    bytes(text.as_bytes(), more)
}

fn bytes(bytes: &[u8], mut more: Value) -> Value {
    more["content_base64"] = base64(bytes).into();
    more
}

async fn export(relay: &Relay, layout: &str) -> String {
    let answer = relay.query("export_people", json!({ "layout": layout })).await;
    answer["text"].as_str().expect("a text").to_owned()
}

fn kinds(preview: &Value) -> Vec<(Option<u64>, String)> {
    let lines = preview["lines"].as_array().expect("lines").iter();
    lines.map(|line| (line["line"].as_u64(), line["what"].as_str().expect("a word").to_owned())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn z09_proofpoints_sample_is_imported_and_again_it_is_all_duplicates() {
    let relay = office().await;

    let preview = relay.command("preview_csv", file(PROOFPOINT, json!({}))).await;
    assert_eq!((&preview["layout"], &preview["has_header"]), (&json!("proofpoint"), &json!(false)), "{preview}");
    assert_eq!((&preview["counts"]["add"], &preview["counts"]["aliases"]), (&json!(2), &json!(1)));
    assert_eq!(relay.addresses("user").await, [""; 0], "a preview changes nothing");

    let imported = relay.command("import_csv", file(PROOFPOINT, json!({ "update": true }))).await;
    assert_eq!(relay.addresses("user").await, ["john.smith@acme.example", "tom.smith@acme.example"], "{imported}");
    assert_eq!(relay.addresses("alias").await, ["tom.smith.alias@acme.example"]);
    let john = relay.query("address", json!({ "address": "john.smith@acme.example" })).await;
    assert_eq!((&john["row"]["first_name"], &john["row"]["source"]), (&json!("John"), &json!("csv")));

    let again = relay.command("import_csv", file(PROOFPOINT, json!({ "update": true }))).await;
    assert_eq!((&again["entry"], &again["counts"]["duplicate"]), (&Value::Null, &json!(2)), "{again}");
    assert_eq!((&again["counts"]["add"], &again["counts"]["update"]), (&json!(0), &json!(0)));
}

#[tokio::test(flavor = "multi_thread")]
async fn m08_one_undo_takes_a_whole_import_back() {
    let relay = office().await;
    relay.command("create_user", json!({ "users": [{ "address": "ann@acme.example", "first_name": "Ann" }] })).await;
    let text =
        "Email;First name;Type\nann@acme.example;Anna;\ninfo@acme.example;;functional\nbob@acme.example;Bob;user\n";

    let imported = relay.command("import_csv", file(text, json!({ "update": true }))).await;
    assert_eq!(relay.state("info@acme.example").await, "functional");
    let ann = relay.query("address", json!({ "address": "ann@acme.example" })).await;
    assert_eq!(ann["row"]["first_name"], "Anna");
    let journal = relay.query("journal", json!({ "limit": 1 })).await;
    assert_eq!((&journal["rows"][0]["action"], &journal["rows"][0]["count"]), (&json!("import_csv"), &json!(3)));

    relay.command("undo", json!({ "entry": imported["entry"] })).await;

    assert_eq!(relay.addresses("user").await, ["ann@acme.example"]);
    assert_eq!(relay.state("info@acme.example").await, "unknown");
    let ann = relay.query("address", json!({ "address": "ann@acme.example" })).await;
    assert_eq!(ann["row"]["first_name"], "Ann");
}

#[tokio::test(flavor = "multi_thread")]
async fn m08_bad_lines_are_told_with_their_numbers_and_good_ones_are_imported() {
    let relay = office().await;
    let text = "Email,Type\r\nann@acme.example,user\r\n\r\nnobody,user\r\nbob@acme.example,robot\r\n\
        cid@elsewhere.example,user\r\n\"dee@acme.example,user\r\neve@acme.example,user\r\n";

    let preview = relay.command("preview_csv", file(text, json!({}))).await;
    relay.command("import_csv", file(text, json!({}))).await;

    let expected = [(2, "add"), (4, "bad"), (5, "bad"), (6, "foreign"), (7, "bad"), (8, "add")];
    assert_eq!(kinds(&preview), expected.map(|(line, what)| (Some(line), what.to_owned())), "{preview}");
    let lines = preview["lines"].as_array().expect("lines");
    assert!(lines[1]["sentence"].as_str().expect("why").contains("isn't an address"), "{}", lines[1]);
    assert_eq!((&lines[2]["address"], &lines[4]["address"]), (&json!("robot"), &json!("\"dee@acme.example,user")));
    assert_eq!(relay.addresses("user").await, ["ann@acme.example", "eve@acme.example"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn m08_whatever_a_small_offices_program_writes_is_read() {
    let relay = office().await;
    let text = "E-Mail;Vorname;Nachname\r\njuergen@acme.example;Jürgen;Größe\r\n";
    let utf_16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let windows: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).expect("Latin 1")).collect();
    for (content, encoding) in [
        (text.as_bytes().to_vec(), "utf_8"),
        ([b"\xEF\xBB\xBF", text.as_bytes()].concat(), "utf_8_bom"),
        ([b"\xFF\xFE".as_slice(), &utf_16].concat(), "utf_16_le"),
        (windows, "windows_1252"),
    ] {
        let preview = relay.command("preview_csv", bytes(&content, json!({}))).await;

        assert_eq!((&preview["encoding"], &preview["delimiter"]), (&json!(encoding), &json!("semicolon")));
        assert_eq!(preview["lines"][0]["first_name"], "Jürgen", "{encoding}");
        assert_eq!(preview["columns"], json!(["address", "first_name", "surname"]));
    }
    let refused = relay.refused("preview_csv", bytes(b"PK\x03\x04", json!({}))).await;
    assert_eq!(refused.code, Code::Invalid);
    assert!(refused.message.contains("save it as CSV"), "{}", refused.message);
    let columns = json!({ "layout": "mapped", "columns": ["ignore", "address", "full_name"], "has_header": false });
    let mapped = relay.command("preview_csv", file("17,ann@acme.example,\"Lee, Ann\"\n", columns)).await;
    assert_eq!((&mapped["lines"][0]["first_name"], &mapped["lines"][0]["surname"]), (&json!("Ann"), &json!("Lee")));
}

#[tokio::test(flavor = "multi_thread")]
async fn m08_what_was_decided_otherwise_stays_as_it_is() {
    let relay = office().await.with_row("gone@acme.example", AddressState::Invalid(InvalidReason::Manual)).await;
    relay.command("never_add", json!({ "addresses": ["never@acme.example"] })).await;
    let text = "Email,Name\ngone@acme.example,Gone\nnever@acme.example,Never\nann@acme.example,Ann\n";

    let imported = relay.command("import_csv", file(text, json!({ "update": true }))).await;

    assert_eq!((&imported["counts"]["conflict"], &imported["counts"]["add"]), (&json!(2), &json!(1)));
    assert_eq!(relay.state("gone@acme.example").await, "invalid");
    assert_eq!(relay.state("never@acme.example").await, "never_add");
}

#[tokio::test(flavor = "multi_thread")]
async fn v12_replace_with_a_file_that_misses_two_shows_two_removals_and_makes_them() {
    let relay = office().await;
    let all = "Email\nann@acme.example\nbob@acme.example\ncid@acme.example\ndee@acme.example\n";
    relay.command("import_csv", file(all, json!({}))).await;
    let two = "Email\nann@acme.example\nbob@acme.example\n";

    let preview = relay.command("preview_csv", file(two, json!({ "mode": "replace" }))).await;
    assert_eq!((&preview["counts"]["remove"], &preview["accept_removals"]), (&json!(2), &Value::Null), "{preview}");
    assert_eq!(preview["removal_limit"], 3);
    let removed = preview["lines"].as_array().expect("lines").iter().filter(|line| line["what"] == "remove");
    let removed: Vec<_> = removed.map(|line| line["address"].as_str().expect("an address")).collect();
    assert_eq!(removed, ["cid@acme.example", "dee@acme.example"]);

    let imported = relay.command("import_csv", file(two, json!({ "mode": "replace" }))).await;
    assert_eq!(relay.addresses("user").await, ["ann@acme.example", "bob@acme.example"]);
    relay.command("undo", json!({ "entry": imported["entry"] })).await;
    assert_eq!(relay.addresses("user").await.len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn v07_more_removals_than_the_limit_need_exactly_their_number() {
    let relay = office().await;
    let all: String = (0..20).map(|number| format!("p{number:02}@acme.example\n")).collect();
    relay.command("import_csv", file(&all, json!({}))).await;
    let few: String = (0..14).map(|number| format!("p{number:02}@acme.example\n")).collect();
    let replace = |accept: Option<u64>| file(&few, json!({ "mode": "replace", "accept_removals": accept }));

    let preview = relay.command("preview_csv", file(&few, json!({ "mode": "replace" }))).await;
    assert_eq!((&preview["accept_removals"], &preview["removal_limit"]), (&json!(6), &json!(3)));
    for accept in [None, Some(5), Some(7)] {
        let refused = relay.refused("import_csv", replace(accept)).await;
        assert_eq!(refused.code, Code::Conflict);
        assert!(refused.message.contains("nothing was done"), "{}", refused.message);
    }
    assert_eq!(relay.addresses("user").await.len(), 20, "nothing changed");

    relay.command("import_csv", replace(Some(6))).await;
    assert_eq!(relay.addresses("user").await.len(), 14);
    let empty = relay.refused("import_csv", file("Email\nx@elsewhere.example\n", json!({ "mode": "replace" }))).await;
    assert!(empty.message.starts_with("Nobody of your domains"), "{}", empty.message);
    assert_eq!(relay.addresses("user").await.len(), 14);
}

#[tokio::test(flavor = "multi_thread")]
async fn x08_a_file_with_more_users_than_seats_changes_nothing() {
    let relay = office().await;
    relay.command("set_password", json!({ "password": "correct horse" })).await;
    relay.command("set_licence", json!({ "seats_total": 2 })).await;
    let text = "Email,Type\nann@acme.example,user\nbob@acme.example,user\ncid@acme.example,user\n";

    let preview = relay.command("preview_csv", file(text, json!({}))).await;
    let refused = relay.refused("import_csv", file(text, json!({}))).await;

    assert_eq!((&preview["seats"]["new_users"], &preview["seats"]["over_by"]), (&json!(3), &json!(1)));
    assert_eq!(preview["refusal"].as_str(), Some(refused.message.as_str()));
    assert!(refused.message.contains("1 more than your 2 seats"), "{}", refused.message);
    assert_eq!(relay.addresses("user").await, [""; 0]);
    let functional = text.replace("cid@acme.example,user", "cid@acme.example,functional");
    relay.command("import_csv", file(&functional, json!({}))).await;
    assert_eq!(relay.addresses("functional").await, ["cid@acme.example"], "it uses no seat");
}

#[tokio::test(flavor = "multi_thread")]
async fn m08_what_is_exported_imported_elsewhere_and_exported_again_is_the_same() {
    let relay = office().await;
    relay
        .command(
            "create_user",
            json!({ "users": [
                { "address": "Ann.Lee@acme.example", "first_name": "=cmd|' /C calc'!A0", "surname": "Lee; \"the\" Ann" },
                { "address": "=bob@acme.example", "first_name": "'@x" },
                { "address": "cleared.name@acme.example" },
            ], "role": "end" }),
        )
        .await;
    relay.command("set_name", json!({ "address": "cleared.name@acme.example", "first_name": "", "surname": "" })).await;
    relay.command("create_functional", json!({ "addresses": ["info@acme.example"] })).await;
    for alias in ["a.lee@acme.example", "\"a lee\"@acme.example", "+al@acme.example"] {
        relay.command("add_alias", json!({ "addresses": [alias], "owner": "ann.lee@acme.example" })).await;
    }

    let text = export(&relay, "own").await;
    assert!(text.starts_with("\u{FEFF}Address,"), "Excel reads it as UTF-8");
    for line in text.trim_start_matches('\u{FEFF}').lines() {
        for cell in line.split(',') {
            assert!(!cell.trim_start_matches('"').starts_with(['=', '+', '-', '@', '\t']), "{cell} is a formula");
        }
    }
    let elsewhere = office().await;
    let imported = elsewhere.command("import_csv", file(&text, json!({}))).await;

    assert_eq!(export(&elsewhere, "own").await, text, "{imported}");
    assert_eq!((&imported["counts"]["bad"], &imported["counts"]["conflict"]), (&json!(0), &json!(0)));
    let again = elsewhere.command("import_csv", file(&text, json!({ "update": true }))).await;
    assert_eq!(again["entry"], Value::Null, "{again}");
}

#[tokio::test(flavor = "multi_thread")]
async fn x18_the_list_goes_to_other_services_and_onto_paper() {
    let relay = office().await;
    relay.command("import_csv", file(PROOFPOINT, json!({}))).await;
    let script = json!({ "users": [{ "address": "eve@acme.example", "first_name": "<script>" }] });
    relay.command("create_user", script).await;

    let proofpoint = export(&relay, "proofpoint").await;
    assert!(proofpoint.contains("Tom,Smith,tom.smith@acme.example,,tom.smith.alias@acme.example\r\n"), "{proofpoint}");
    let elsewhere = office().await;
    elsewhere.command("import_csv", file(&proofpoint, json!({}))).await;
    assert_eq!(elsewhere.addresses("user").await.len(), 3, "Z09's import accepts it");
    assert_eq!(elsewhere.addresses("alias").await, ["tom.smith.alias@acme.example"]);
    for layout in ["mailprotector", "mail_assure"] {
        let text = export(&relay, layout).await;
        let preview = office().await.command("preview_csv", file(&text, json!({}))).await;
        assert_eq!(preview["counts"]["bad"], 0, "{layout}: {preview}");
    }
    let report = relay.query("people_report", json!({})).await;
    let html = report["html"].as_str().expect("a page");
    assert!(html.contains("john.smith@acme.example") && html.contains("&lt;script&gt;"), "{html}");
    assert!(
        !html.contains("<script") && !html.contains("http://") && !html.contains("src="),
        "nothing is run or fetched"
    );
    assert_eq!(report["rows"], 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn m08_five_thousand_rows_are_imported_in_two_seconds() {
    let relay = office().await;
    let mut text = "Email,First name,Last name\n".to_owned();
    for number in 0..5_000 {
        let _ = writeln!(text, "person{number:04}@acme.example,Per{number},Son");
    }

    let args = file(&text, json!({}));
    let started = relay.query("health", json!({})).await["now_ms"].as_i64().expect("a time");
    let imported = relay.command("import_csv", args).await;
    let ended = relay.query("health", json!({})).await["now_ms"].as_i64().expect("a time");

    // For whoever runs a measurement by hand.
    let _ = writeln!(std::io::stderr(), "5,000 rows: {} ms", ended - started);
    assert_eq!(imported["counts"]["add"], 5_000);
    assert_eq!(relay.query("seats", json!({})).await["used"], 5_000);
    // What nobody ships is ten times slower, and tests share the computer.
    let limit = if cfg!(debug_assertions) { 120_000 } else { 2_000 };
    assert!(ended - started < limit, "{} ms", ended - started);
}
