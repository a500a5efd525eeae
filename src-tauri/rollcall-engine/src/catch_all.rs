//! The catch-all test (V01, 3.8): two invented recipients a domain, at set-up, daily, and after its destination changed.
//!
//! **Limits.** Mail for one address that is routed elsewhere says nothing about its domain and is not tested.

use std::sync::Arc;
use std::time::Duration;

use rollcall_core::notification::{Kind, State};
use rollcall_core::truth::{self, Truth};
use rollcall_net::NetError;
use rollcall_store::{NewNotification, TruthRecord};

use crate::bus::{Notice, Tag};
use crate::clock;
use crate::error::EngineError;
use crate::house::House;
use crate::notification::tell::{of, tell};
use crate::reach;
use crate::setup::Domain;
use crate::survey::{self, Questions, Survey};
use crate::truths::{self, made_up_name};

/// How often due tests are looked for when nothing wakes the task.
const LOOK: Duration = Duration::from_secs(20);
/// Names asked about.
const NAMES: usize = 2;

/// One turn of the task: the first domain whose test is due, or a wait.
pub(crate) async fn turn(house: &Arc<House>) -> Result<(), EngineError> {
    if house.limits.probes_a_minute == 0 {
        std::future::pending::<()>().await;
    }
    let now = house.clock.now();
    let due = house.setup().domains.values().find(|domain| house.truths.of(domain).next <= now).cloned();
    if let Some(domain) = due {
        // Whatever came of it is on file; the next test has its time.
        drop(test(house, &domain, None).await?);
        return Ok(());
    }
    tokio::select! {
        () = house.truths.wake.notified() => {}
        () = clock::pause(LOOK) => {}
    }
    Ok(())
}

/// Tests the destination of `domain` and keeps the verdict. `known` is asked about first.
pub(crate) async fn test(
    house: &House,
    domain: &Domain,
    known: Option<&str>,
) -> Result<Result<Survey, NetError>, EngineError> {
    let before = house.truths.of(domain);
    let names = names(&before);
    let questions = Questions { domain: &domain.name, known, names: &names };
    let survey = {
        let _turn = house.truths.turn(NAMES + usize::from(known.is_some()), limit(house)).await;
        survey::ask(&house.hostname, &domain.destination, &questions).await
    };
    keep(house, domain, &before, names, &survey).await?;
    Ok(survey)
}

/// Questions a minute, also where only the operator asks (3.8).
pub(crate) fn limit(house: &House) -> usize {
    const MOST: usize = 30;
    match house.limits.probes_a_minute {
        0 => MOST,
        few => few.max(NAMES + 1),
    }
}

/// The same names while it has not decided: a greylisting server knows them again.
fn names(before: &TruthRecord) -> Vec<String> {
    if before.names.len() == NAMES {
        return before.names.clone();
    }
    std::iter::repeat_with(made_up_name).take(NAMES).collect()
}

async fn keep(
    house: &House,
    domain: &Domain,
    before: &TruthRecord,
    names: Vec<String>,
    survey: &Result<Survey, NetError>,
) -> Result<(), EngineError> {
    let now = house.clock.now();
    let survey = match survey {
        Ok(survey) => survey,
        Err(error) => {
            reach::went_away(house, &domain.destination, error);
            let next = truth::next_test(Truth::Undecided, now);
            return Ok(truths::change(house, domain, |row| row.next = next, None).await?);
        }
    };
    reach::answered(house, &domain.destination);
    let tested = truth::judge(&survey.of_strangers());
    let verdict = truth::believed(before.verdict, tested);
    let edit = |row: &mut TruthRecord| {
        if tested == verdict {
            row.tested = Some(now);
        }
        row.verdict = Some(verdict);
        row.next = truth::next_test(tested, now);
        row.names = if tested == Truth::Undecided { names } else { Vec::new() };
        row.replies = survey.strangers.iter().map(|asked| asked.said.reply().to_string()).collect();
        row.brand = survey.brand.or(row.brand);
    };
    let refused_stranger = (tested == Truth::RejectsStrangers).then_some(now);
    truths::change(house, domain, edit, refused_stranger).await?;
    if let Some(accepted) = truth::news(before.verdict, verdict) {
        tracing::info!(domain = domain.name, accepted, "what the mail server does with invented recipients changed");
        tell_of(house, &domain.name, accepted).await?;
        house.bus.notice(Notice::Strangers { domain: domain.name.clone(), accepted });
    }
    Ok(())
}

/// N19: told when it begins, and withdrawn when it ends.
async fn tell_of(house: &House, domain: &str, accepted: bool) -> Result<(), EngineError> {
    let (now, subject) = (house.clock.now(), domain.to_owned());
    house
        .store
        .write(move |tx| {
            if accepted {
                let new = NewNotification { subject: subject.clone(), ..of(Kind::SaysYes) };
                return tell(tx, new, &[], now).map(drop);
            }
            match tx.open_notification(&Kind::SaysYes.tag(&subject))? {
                Some(open) => tx.mark_notification(open.id, State::Withdrawn).map(drop),
                None => Ok(()),
            }
        })
        .await?;
    house.bus.stale(&[Tag::Notifications]);
    Ok(())
}
