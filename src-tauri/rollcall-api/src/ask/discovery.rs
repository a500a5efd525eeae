//! The switch of discovery, the rules of the domains and the week.

use rollcall_core::rule::{AliasRule, Basis, OnExpiry, OnOutbound, OnReached};
use rollcall_core::terms::Unknown;
use rollcall_core::truth::Truth;
use rollcall_core::{Preset, Role, Rule};
use rollcall_engine::House;
use rollcall_engine::week::day_word;

use crate::answers::{
    AliasRuleWord, BasisWord, Discovery, DomainRule, OnExpiryWord, OnOutboundWord, OnReachedWord, PresetRow,
    PresetWord, RoleWord, RuleRow, WeeklyNotice,
};
use crate::registry::{DayWord, UnknownWord};
use crate::wire::{Code, Fault};

pub(crate) fn discovery(house: &House) -> Result<Discovery, Fault> {
    let setup = house.setup();
    let (weekly, (next, holiday), notice) = (house.weekly()?, house.week_ahead()?, house.weekly_notice()?);
    let domains = setup.domains.values().map(|domain| DomainRule {
        domain: domain.name.clone(),
        preset: Preset::of(domain.rule).map(preset_word),
        rule: rule_row(domain.rule),
        creates_users: domain.rule.creates_users(),
        held_back: domain.rule.creates_users() && house.truth_of(domain).verdict == Some(Truth::AcceptsEverything),
        frozen_since_ms: domain.freezes.since().map(|at| at.0),
    });
    Ok(Discovery {
        on: setup.discovery,
        presets: Preset::ALL.iter().copied().map(preset_row).collect(),
        domains: domains.collect(),
        weekday: day(day_word(weekly.weekday)),
        hour: weekly.hour,
        next_tick_ms: next.0,
        holiday_until_ms: holiday.map(|at| at.0),
        notice: notice.at.map(|at| WeeklyNotice { at_ms: at.0, addresses: notice.keys }),
        upstream_authserv: setup.authserv.clone().unwrap_or_default(),
        learning_since_ms: house.store.read(|tx| tx.first_journal_entry())?.map(|at| at.0),
        hold_fresh: super::shadow::hold_word(setup.hold_fresh),
    })
}

fn preset_row(preset: Preset) -> PresetRow {
    let rule = preset.rule();
    PresetRow { preset: preset_word(preset), rule: rule_row(rule), creates_users: rule.creates_users() }
}

pub(crate) const fn preset_word(preset: Preset) -> PresetWord {
    match preset {
        Preset::ModusCloud => PresetWord::ModusCloud,
        Preset::Proofpoint => PresetWord::Proofpoint,
        Preset::Mailprotector => PresetWord::Mailprotector,
        Preset::SmartCreate => PresetWord::SmartCreate,
        Preset::SmtpAutocreate => PresetWord::SmtpAutocreate,
        Preset::CarefulOffice => PresetWord::CarefulOffice,
    }
}

/// The preset for its word on the wire.
pub(crate) const fn preset(word: PresetWord) -> Preset {
    match word {
        PresetWord::ModusCloud => Preset::ModusCloud,
        PresetWord::Proofpoint => Preset::Proofpoint,
        PresetWord::Mailprotector => Preset::Mailprotector,
        PresetWord::SmartCreate => Preset::SmartCreate,
        PresetWord::SmtpAutocreate => Preset::SmtpAutocreate,
        PresetWord::CarefulOffice => Preset::CarefulOffice,
    }
}

pub(crate) fn rule_row(rule: Rule) -> RuleRow {
    RuleRow {
        evidence: match rule.evidence {
            Basis::RcptOk => BasisWord::RcptOk,
            Basis::CleanDelivered => BasisWord::CleanDelivered,
        },
        need: rule.need,
        window_days: rule.window_days,
        settle_minutes: rule.settle_minutes,
        per_sender_domain: rule.per_sender_domain,
        on_reached: match rule.on_reached {
            OnReached::List => OnReachedWord::List,
            OnReached::CreateUser => OnReachedWord::CreateUser,
        },
        notices: rule.notices,
        on_expiry: match rule.on_expiry {
            OnExpiry::Invalid => OnExpiryWord::Invalid,
            OnExpiry::CreateUser => OnExpiryWord::CreateUser,
            OnExpiry::Keep => OnExpiryWord::Keep,
        },
        outbound: match rule.outbound {
            OnOutbound::List => OnOutboundWord::List,
            OnOutbound::CreateUser => OnOutboundWord::CreateUser,
            OnOutbound::Off => OnOutboundWord::Off,
        },
        alias: match rule.alias {
            AliasRule::Auto => AliasRuleWord::Auto,
            AliasRule::Suggest => AliasRuleWord::Suggest,
            AliasRule::Off => AliasRuleWord::Off,
        },
        unknown_when_off: match rule.unknown_when_off {
            Unknown::Learn => UnknownWord::Learn,
            Unknown::Ask => UnknownWord::Ask,
            Unknown::Reject => UnknownWord::Reject,
        },
        role: match rule.role {
            Role::Silent => RoleWord::Silent,
            Role::End => RoleWord::End,
        },
        welcome: rule.welcome,
    }
}

/// The rule that is asked for: a preset's or a whole one. A preset says nothing about the role of new users and about what
/// happens while discovery is off: these stay as they are.
pub(crate) fn wanted(
    house: &House,
    domain: &str,
    preset_word: Option<PresetWord>,
    row: Option<RuleRow>,
) -> Result<Rule, Fault> {
    let before = house.setup().domains.get(domain).map(|domain| domain.rule);
    match (preset_word, row) {
        (Some(word), None) => {
            let rule = preset(word).rule();
            let kept = |before: Rule| Rule { role: before.role, unknown_when_off: before.unknown_when_off, ..rule };
            Ok(before.map_or(rule, kept))
        }
        (None, Some(row)) => Ok(rule(row)),
        _ => Err(Fault::new(Code::Invalid, "Give a preset or a rule, one of the two.")),
    }
}

/// The rule for its row on the wire.
pub(crate) const fn rule(row: RuleRow) -> Rule {
    Rule {
        evidence: match row.evidence {
            BasisWord::RcptOk => Basis::RcptOk,
            BasisWord::CleanDelivered => Basis::CleanDelivered,
        },
        need: row.need,
        window_days: row.window_days,
        settle_minutes: row.settle_minutes,
        per_sender_domain: row.per_sender_domain,
        on_reached: match row.on_reached {
            OnReachedWord::List => OnReached::List,
            OnReachedWord::CreateUser => OnReached::CreateUser,
        },
        notices: row.notices,
        on_expiry: match row.on_expiry {
            OnExpiryWord::Invalid => OnExpiry::Invalid,
            OnExpiryWord::CreateUser => OnExpiry::CreateUser,
            OnExpiryWord::Keep => OnExpiry::Keep,
        },
        outbound: match row.outbound {
            OnOutboundWord::List => OnOutbound::List,
            OnOutboundWord::CreateUser => OnOutbound::CreateUser,
            OnOutboundWord::Off => OnOutbound::Off,
        },
        alias: match row.alias {
            AliasRuleWord::Auto => AliasRule::Auto,
            AliasRuleWord::Suggest => AliasRule::Suggest,
            AliasRuleWord::Off => AliasRule::Off,
        },
        unknown_when_off: match row.unknown_when_off {
            UnknownWord::Learn => Unknown::Learn,
            UnknownWord::Ask => Unknown::Ask,
            UnknownWord::Reject => Unknown::Reject,
        },
        role: match row.role {
            RoleWord::Silent => Role::Silent,
            RoleWord::End => Role::End,
        },
        welcome: row.welcome,
    }
}

fn day(word: &str) -> DayWord {
    const DAYS: [DayWord; 7] = [
        DayWord::Monday,
        DayWord::Tuesday,
        DayWord::Wednesday,
        DayWord::Thursday,
        DayWord::Friday,
        DayWord::Saturday,
        DayWord::Sunday,
    ];
    DAYS.into_iter().find(|day| day_text(*day) == word).unwrap_or(DayWord::Thursday)
}

/// The engine's word for a day.
pub(crate) const fn day_text(day: DayWord) -> &'static str {
    match day {
        DayWord::Monday => "monday",
        DayWord::Tuesday => "tuesday",
        DayWord::Wednesday => "wednesday",
        DayWord::Thursday => "thursday",
        DayWord::Friday => "friday",
        DayWord::Saturday => "saturday",
        DayWord::Sunday => "sunday",
    }
}
