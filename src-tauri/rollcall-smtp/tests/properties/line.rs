//! Line cutter: what comes out is what a plain reading of the rule says, however the octets are split.

use rollcall_smtp::{Cut, LineCutter, LineFault};

#[derive(Debug, PartialEq, Eq)]
enum Event {
    Line(Vec<u8>),
    Fault(LineFault),
}

/// The first octet chooses the longest line, the second the size of the pieces.
pub fn holds(input: &[u8]) {
    let [max, step, bytes @ ..] = input else { return };
    let (max, step) = (usize::from(*max % 64), usize::from(*step % 16) + 1);

    let expected = by_the_rule(bytes, max);

    assert_eq!(cut(bytes, bytes.len().max(1), max), expected, "in one piece");
    assert_eq!(cut(bytes, step, max), expected, "in pieces of {step}");
}

/// One octet at a time, with nothing clever.
fn by_the_rule(bytes: &[u8], max: usize) -> Vec<Event> {
    let (mut events, mut line, mut after_cr) = (Vec::new(), Vec::new(), false);
    for &octet in bytes {
        if after_cr && octet == b'\n' {
            let whole = std::mem::take(&mut line);
            events.push(if whole.len() > max { Event::Fault(LineFault::TooLong) } else { Event::Line(whole) });
            after_cr = false;
            continue;
        }
        if after_cr {
            events.push(Event::Fault(LineFault::BareCr));
            line.clear();
        }
        after_cr = octet == b'\r';
        match octet {
            b'\r' => {}
            b'\n' => {
                events.push(Event::Fault(LineFault::BareLf));
                line.clear();
            }
            _ => line.push(octet),
        }
    }
    events
}

fn cut(bytes: &[u8], step: usize, max: usize) -> Vec<Event> {
    let (mut cutter, mut held, mut events) = (LineCutter::new(max), Vec::new(), Vec::new());
    for piece in bytes.chunks(step) {
        held.extend_from_slice(piece);
        loop {
            let consumed = match cutter.next(&held) {
                Cut::More => break,
                Cut::Skip { consumed } => consumed,
                Cut::Line { line, consumed } => {
                    events.push(Event::Line(line.to_vec()));
                    consumed
                }
                Cut::Fault { fault, consumed } => {
                    events.push(Event::Fault(fault));
                    consumed
                }
            };
            assert!((1..=held.len()).contains(&consumed), "{consumed} of {}", held.len());
            held.drain(..consumed);
        }
        assert!(held.len() <= max + 1, "{} octets held for lines of {max}", held.len());
    }
    events
}
