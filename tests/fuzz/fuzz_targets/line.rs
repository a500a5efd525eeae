#![no_main]
#[path = "../../../src-tauri/rollcall-smtp/tests/properties/line.rs"]
mod property;

libfuzzer_sys::fuzz_target!(|input: &[u8]| property::holds(input));
