//! The program `rollcall`: the desktop shell of the relay.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use clap::Parser;

fn main() {
    rollcall_desktop::run(rollcall_desktop::Start::parse());
}
