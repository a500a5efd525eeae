//! Clients that guess addresses are turned away: at the greeting and at RCPT (3.4, 3.8).

use rollcall_core::policy::{Reason, Verdict};
use rollcall_smtp::session::Judgement;
use rollcall_store::{Kind, Step};

use super::log::{self, Scene};
use super::{Ended, Reception};
use crate::clock::Stopwatch;

impl Reception {
    /// The greeting of a blocked client is its 421, and the end.
    pub(super) async fn turn_away(&mut self) -> Result<(), Ended> {
        if self.house.suspends(Reason::HarvestBlocked) {
            return Ok(());
        }
        let Some(verdict) = self.block("").await else { return Ok(()) };
        self.out.clear();
        self.say(&verdict.reply);
        self.flush().await?;
        self.linger().await;
        Err(Ended::Said)
    }

    /// A client that was blocked meanwhile is told so at its next recipient.
    pub(super) async fn blocked(&mut self, recipient: &str) -> Option<Judgement> {
        let Verdict { reply, .. } = self.block(recipient).await?;
        Some(Judgement::Refuse { reply, counts_as_invalid: false })
    }

    /// Why the client would be refused, while shadow mode keeps us from it (X16).
    pub(super) fn would_block(&self) -> Option<Reason> {
        let is_guesser = !self.is_exempt() && self.house.is_guesser(self.client.ip);
        (is_guesser && self.house.suspends(Reason::HarvestBlocked)).then_some(Reason::HarvestBlocked)
    }

    /// Counts a recipient that was judged.
    pub(super) fn count(&self, judged: &Judgement) {
        let is_invalid = matches!(judged, Judgement::Refuse { counts_as_invalid: true, .. });
        self.house.count_recipient(self.client.ip, self.is_exempt(), is_invalid);
    }

    async fn block(&mut self, recipient: &str) -> Option<Verdict> {
        if self.is_exempt() {
            return None;
        }
        let since = Stopwatch::start();
        let (verdict, is_worth_a_row) = self.house.harvest_block(self.client.ip)?;
        if is_worth_a_row {
            let sender = self.session.envelope().map(|envelope| envelope.mail.reverse_path.clone()).unwrap_or_default();
            let course = self.transaction.course();
            let client_name = self.session.client_name();
            let scene =
                Scene { client: &self.client, client_name, sender: &sender, course: &course, would_refuse: None };
            let mut row = scene.row(recipient, &verdict, since, self.house.clock.now());
            row.trace.push(course.step(Step::OurReply, None));
            log::later(&self.house, move |tx| tx.add_mail_log(&row).map(|_| Vec::new())).await;
        }
        Some(verdict)
    }

    /// Listed upstreams speak for many. The practice neighbours, whose mail comes in hours apart at once, all live here.
    fn is_exempt(&self) -> bool {
        self.client.is_upstream || (self.house.kind == Kind::Practice && self.client.ip.to_canonical().is_loopback())
    }
}
