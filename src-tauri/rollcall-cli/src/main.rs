//! `rollcallctl`: Rollcall's second shell, for terminals, scripts and machines without a display.
//!
//! **Invariant.** Everything goes through `rollcall-api`, with the envelopes that the window uses. Stdout carries answers
//! only; logs and faults go to stderr.

mod access;
mod args;
mod ask;
mod backup;
mod logs;
mod out;
mod password;
mod practice;
mod serve;
mod stop;

use std::process::ExitCode;

use clap::Parser;
use rollcall_api::{Code, Fault};

use args::{Arguments, Task};
use out::Ended;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(()) | Err(Ended::NobodyReads) => ExitCode::SUCCESS,
        Err(Ended::Fault(fault)) => {
            out::fault(&fault);
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<(), Ended> {
    let data = arguments.data().ok_or_else(|| Fault {
        code: Code::Invalid,
        message: "This system has no usual place for data. Name a folder with --data.".to_owned(),
        detail: Vec::new(),
    })?;
    let is_screen = matches!(arguments.task, Task::Practice(_)) && practice::wants_screen();
    logs::start(arguments.log.as_deref(), is_screen)?;
    match arguments.task {
        Task::Serve(wish) => Box::pin(serve::serve(data, wish)).await,
        Task::Query(request) => ask::query(&data, request).await,
        Task::Command(order) => ask::command(&data, order).await,
        Task::Access(wish) => access::run(&data, wish.task).await,
        Task::Backup(wish) => backup::run(&data, wish.task).await,
        Task::Watch => ask::watch(&data).await,
        Task::Practice(wish) => Box::pin(practice::run(&data, wish.duration)).await,
    }
}
