//! A simulated office: what the presets promise, held against a world whose truth is known.

use rollcall_tests::simulation::{Order, Outcome, Preset, run};

/// Eight weeks in which everything happens, with a seventh of an ordinary office's mail.
async fn eight_weeks(preset: Preset) -> Outcome {
    run(Order { preset, seed: 1, weeks: 8, volume: 15 }).await.expect("the office opens")
}

/// The promises of "Careful office" (issue 4), beside the preset that is shipped.
#[tokio::test(flavor = "multi_thread")]
async fn simulate_one_seed_over_eight_weeks_careful_office_makes_no_mistake_where_proofpoint_does() {
    let (careful, proofpoint) = tokio::join!(eight_weeks(Preset::CarefulOffice), eight_weeks(Preset::Proofpoint));

    let numbers = &careful.numbers;
    assert!(numbers.mailboxes >= 40 && numbers.messages > 2_000, "too little happens: {numbers:?}");
    assert_eq!(numbers.found, numbers.mailboxes, "{:#?}", careful.story);
    let mistakes = (numbers.false_users, numbers.good_refused, numbers.wrongly_invalid);
    assert_eq!(mistakes, (0, 0, 0), "{:#?}", careful.story);
    let numbers = &proofpoint.numbers;
    assert_eq!(numbers.found, numbers.mailboxes, "{:#?}", proofpoint.story);
    // S2: what nobody decided within three weeks ends, and its mail is refused. The operator is away for five.
    assert!(numbers.wrongly_invalid > 0 && numbers.good_refused > 0, "{:#?}", proofpoint.story);
    assert!(careful.numbers.decisions < numbers.decisions, "{numbers:?}");
}
