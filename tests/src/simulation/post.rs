//! Takes an hour's letters to the relay in a few sessions at once, and says what became of each recipient.

use std::net::{Ipv4Addr, SocketAddr};

use jiff::Zoned;
use rollcall_core::Reply;
use rollcall_practice::{Call, CallError, Handed, Host};
use tokio::task::JoinSet;

use super::letter::{Letter, Way};

/// The filter, the office's mail server, and somebody who guesses.
static FILTER: Host = Host { name: "filter.provider.example", ip: super::office::FILTER };
static OFFICE: Host = Host { name: "mail.northfield.example", ip: super::office::SERVER };
static STRANGER: Host = Host { name: "pool.cable.example", ip: Ipv4Addr::new(127, 9, 0, 9) };
/// Sessions at a time.
const SESSIONS: usize = 4;

/// What became of one recipient.
#[derive(Debug)]
pub struct Answer {
    /// The place of its letter.
    pub letter: usize,
    /// Who.
    pub recipient: String,
    /// The last reply about it.
    pub reply: Reply,
}

/// Hands over `letters`; those from strangers last, because a minute with an attack makes no row for anybody.
///
/// # Errors
/// In words, when the relay can't be reached.
pub async fn hand_over(relay: SocketAddr, letters: &[Letter], date: &Zoned) -> Result<Vec<Answer>, String> {
    let mut answers = Vec::new();
    for (way, host, sessions) in
        [(Way::Filter, &FILTER, SESSIONS), (Way::Office, &OFFICE, 1), (Way::Direct, &STRANGER, 1)]
    {
        let mut rounds = JoinSet::new();
        let of_way: Vec<usize> = (0..letters.len()).filter(|place| letters[*place].way == way).collect();
        if of_way.is_empty() {
            continue;
        }
        for share in of_way.chunks(of_way.len().div_ceil(sessions)) {
            let share = share.iter().map(|place| (*place, letters[*place].clone())).collect();
            rounds.spawn(session(relay, host, share, date.clone()));
        }
        while let Some(round) = rounds.join_next().await {
            answers.extend(round.map_err(|error| error.to_string())??);
        }
    }
    Ok(answers)
}

async fn session(
    relay: SocketAddr,
    host: &'static Host,
    letters: Vec<(usize, Letter)>,
    date: Zoned,
) -> Result<Vec<Answer>, String> {
    let mut answers = Vec::new();
    let mut open: Option<Call> = None;
    for (place, letter) in letters {
        let mut call = match open.take() {
            Some(call) => call,
            None => Call::open(relay, host).await.map_err(|error| error.to_string())?,
        };
        let content = letter.content(&date);
        match call.send(&letter.sender, &letter.to, content.as_deref(), true).await {
            Ok(handed) => {
                answers.extend(replies(place, handed));
                open = Some(call);
            }
            // Whoever guesses is sent away, and comes again.
            Err(CallError::Ended(_)) => {}
            Err(error) => return Err(error.to_string()),
        }
    }
    if let Some(call) = open {
        call.quit().await;
    }
    Ok(answers)
}

fn replies(letter: usize, handed: Handed) -> impl Iterator<Item = Answer> {
    let Handed { recipients, content } = handed;
    recipients.into_iter().map(move |(recipient, reply)| {
        let reply = if reply.is_success() { content.clone().unwrap_or(reply) } else { reply };
        Answer { letter, recipient, reply }
    })
}
