//! What people write to an office about. `{n}` is a number, `{day}` a weekday, `{name}` whoever is greeted.

use super::Desk;

/// A subject and what follows the greeting.
pub type Text = (&'static str, &'static str);

/// What the mailboxes of `desk` are written to about.
#[must_use]
pub const fn about(desk: Desk) -> &'static [Text] {
    match desk {
        Desk::Office => OFFICE,
        Desk::Orders => ORDERS,
        Desk::Deliveries => DELIVERIES,
        Desk::Invoices => INVOICES,
        Desk::Enquiries => ENQUIRIES,
        Desk::Applications => APPLICATIONS,
    }
}

const OFFICE: &[Text] = &[
    ("{day} at ten?", "would {day} at ten suit you for the review? We need about an hour.\nI'll bring the drawings."),
    (
        "Re: Notes from yesterday",
        "thanks, these are right. I'd only change the date in point 3.\nShall I send them round?",
    ),
    ("Contact at the port authority", "the person to ask is Mrs Adeyemi, extension {n}.\nShe's in from eight."),
    ("Visit on {day}", "there will be three of us, arriving by train at 9:40.\nIs there a place to leave luggage?"),
    ("Re: Parking", "that works. I've told the driver to use the north gate."),
    ("Photos from the site", "they are on the usual share, folder {n}.\nThe last two show the crack we talked about."),
    ("Draft agreement", "here is the draft with the two changes from the call.\nSection 4 is still open on our side."),
    ("Short call?", "could we talk for ten minutes before {day}? It's about the lift."),
];

const ORDERS: &[Text] = &[
    ("PO {n} confirmed", "we confirm purchase order {n}, delivery on {day}.\nThe confirmation is below."),
    ("Quote {n}, two questions", "is the price for 40 or for 50 pieces? And does it include the frames?"),
    ("Re: Quote {n}", "agreed. Go ahead with the blue ones, 60 pieces."),
    ("Change to order {n}", "could you make it 24 boxes instead of 20? Everything else stays."),
    (
        "Order {n}: part not in stock",
        "the brackets come two days later.\nThe rest of order {n} goes out on {day} as planned.",
    ),
    (
        "Price list for next quarter",
        "the new list holds from the first of the month.\nOpen orders keep the old prices.",
    ),
    ("Samples", "could we have three samples of the oak finish? The customer decides on {day}."),
    ("Re: Order {n}", "received, thank you. Please note our reference {n} on the papers."),
];

const DELIVERIES: &[Text] = &[
    ("Delivery slot {day}", "we'd arrive between 7:30 and 9:00, 6 pallets, dock 2.\nDoes that work for you?"),
    (
        "Damaged pallet, order {n}",
        "one corner of the second pallet is crushed. Photos are in the report.\nWe hold it here.",
    ),
    ("Driver for {day}", "the driver is called Emeka, plate ending in {n}.\nHe has the papers with him."),
    ("Re: Pick-up on {day}", "fine, 14 cartons, at the ramp from 15:00."),
    ("Return {n}", "the customer sends back 3 of 12. May we bring them along on {day}?"),
    ("Delivery note {n}", "the count differs from the note: 47 instead of 48.\nCould you check on your side?"),
];

const INVOICES: &[Text] = &[
    ("Invoice {n}", "here is invoice {n} for last month's work. It's due in 30 days."),
    ("Re: Invoice {n}", "you're right, the freight was charged twice.\nA corrected invoice follows."),
    ("Statement of account", "your statement shows two open items, {n} among them."),
    ("Reminder: invoice {n}", "we haven't seen payment of invoice {n} yet.\nIf it's on its way, set this aside."),
    ("Credit note {n}", "this is the credit note for the returned goods."),
    (
        "Change of bank details form",
        "the form has to be signed by two people.\nWe don't change anything on a phone call.",
    ),
];

const ENQUIRIES: &[Text] = &[
    ("Opening hours", "are you open on the Saturday before the holiday? I'd collect an order."),
    ("Do you ship to the islands?", "we'd need 4 shelves, each 2 m long. What would freight cost?"),
    ("Catalogue", "could you send me a printed catalogue? My address is at the end."),
    ("Spare part for model {n}", "I need the left hinge. The label on the door says {n}."),
    (
        "School visit",
        "we're 22 pupils, eleven years old, and curious about how things are made.\nWould {day} be possible?",
    ),
    ("Re: Your question", "yes, exactly that one. Thank you for looking."),
    ("Complaint about order {n}", "the box arrived open and a bag of screws is missing.\nHow do we sort this out?"),
    ("Wheelchair access", "is there a step at the entrance of the show room?"),
];

const APPLICATIONS: &[Text] = &[
    (
        "Application: warehouse clerk",
        "I read about the position and would like to apply.\nMy papers are attached as one file.",
    ),
    ("Re: Interview on {day}", "{day} at 11:00 suits me well. Thank you for the invitation."),
    ("Internship in summer", "I'm in my second year and look for six weeks in July and August."),
    ("Candidate {n} for your opening", "the candidate could start next month.\nShall I arrange a first talk?"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_plain_ascii_in_short_lines() {
        let desks = [Desk::Office, Desk::Orders, Desk::Deliveries, Desk::Invoices, Desk::Enquiries, Desk::Applications];

        for (subject, body) in desks.into_iter().flat_map(about) {
            assert!(subject.is_ascii() && subject.len() < 60, "{subject}");
            assert!(body.is_ascii() && body.lines().all(|line| line.len() < 90), "{body}");
        }
    }
}
