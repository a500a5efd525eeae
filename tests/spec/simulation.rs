//! A simulated office: what the presets promise, held against a world whose truth is known.

use rollcall_tests::simulation::{Order, Outcome, Preset, operator, run};

/// Eight weeks in which everything happens, with a fifth of an ordinary office's mail.
async fn eight_weeks(preset: Preset) -> Outcome {
    run(Order { preset, seed: 1, weeks: 8, volume: 20 }).await.expect("the office opens")
}

/// Discovery itself, whatever the preset: who can be found is found, and nothing that is wanted is refused meanwhile.
#[tokio::test(flavor = "multi_thread")]
async fn simulate_one_seed_over_eight_weeks_finds_every_mailbox_that_ought_to_be_found() {
    let outcome = eight_weeks(Preset::Proofpoint).await;

    let numbers = &outcome.numbers;
    assert!(numbers.mailboxes >= 40 && numbers.messages > 3_000, "too little happens: {numbers:?}");
    assert_eq!(numbers.found, numbers.mailboxes, "{:#?}", outcome.story);
    assert!(numbers.median_days <= 7.0, "{numbers:?}");
}

/// The promises of "Careful office" (issue 4), beside the preset that is shipped.
#[tokio::test(flavor = "multi_thread")]
async fn simulate_one_seed_over_eight_weeks_careful_office_makes_no_mistake_and_asks_less() {
    if !operator::knows("set_rule") {
        return;
    }
    let (careful, proofpoint) = (eight_weeks(Preset::CarefulOffice).await, eight_weeks(Preset::Proofpoint).await);

    let numbers = &careful.numbers;
    assert_eq!(numbers.found, numbers.mailboxes, "{:#?}", careful.story);
    let mistakes = (numbers.false_users, numbers.good_refused, numbers.wrongly_invalid);
    assert_eq!(mistakes, (0, 0, 0), "{:#?}", careful.story);
    assert!(proofpoint.numbers.wrongly_invalid > 0, "Proofpoint expires what nobody decided: {:#?}", proofpoint.story);
}
