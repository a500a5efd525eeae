//! Prints the window's types: `cargo run -p rollcall-api --example types > ui/src/lib/api/types.ts`.

#[expect(clippy::print_stdout, reason = "printing is what it is for")]
fn main() {
    print!("{}", rollcall_api::typescript::types());
}
