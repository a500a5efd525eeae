use super::*;

#[test]
fn the_presets_are_those_of_the_table() {
    use AliasRule as A;
    use Basis::{CleanDelivered, RcptOk};
    use OnExpiry as E;
    use OnOutbound as O;
    use OnReached as R;
    for (preset, evidence, need, window, settle, reached, expiry, outbound, alias) in [
        (Preset::ModusCloud, CleanDelivered, 3, 30, 0, R::List, E::Invalid, O::List, A::Auto),
        (Preset::Proofpoint, CleanDelivered, 3, 30, 0, R::List, E::Invalid, O::List, A::Auto),
        (Preset::Mailprotector, CleanDelivered, 1, 30, 0, R::CreateUser, E::Keep, O::Off, A::Off),
        (Preset::SmartCreate, CleanDelivered, 3, 14, 60, R::CreateUser, E::Keep, O::Off, A::Off),
        (Preset::SmtpAutocreate, RcptOk, 1, 30, 0, R::CreateUser, E::Keep, O::Off, A::Off),
        (Preset::CarefulOffice, CleanDelivered, 3, 30, 60, R::List, E::Keep, O::List, A::Auto),
    ] {
        let rule = preset.rule();
        let found = (
            rule.evidence,
            rule.need,
            rule.window_days,
            rule.settle_minutes,
            rule.on_reached,
            rule.on_expiry,
            rule.outbound,
            rule.alias,
        );
        assert_eq!(found, (evidence, need, window, settle, reached, expiry, outbound, alias), "{}", preset.word());
        assert_eq!(rule.check(), Ok(()), "{}", preset.word());
        assert_eq!(Preset::of(rule), Some(preset));
    }
    assert_eq!((Preset::ModusCloud.rule().notices, Preset::Proofpoint.rule().notices), (4, 3));
}

#[test]
fn d27_only_rules_without_a_creating_switch_are_anybodys_to_set() {
    let shipped = Rule::SHIPPED;

    assert!(!shipped.creates_users());
    assert!(!Preset::CarefulOffice.rule().creates_users());
    assert!(Rule { on_expiry: OnExpiry::CreateUser, ..shipped }.creates_users(), "D08");
    assert!(Rule { outbound: OnOutbound::CreateUser, ..shipped }.creates_users(), "D10");
    for preset in [Preset::Mailprotector, Preset::SmartCreate, Preset::SmtpAutocreate] {
        assert!(preset.rule().creates_users(), "{}", preset.word());
    }
}

#[test]
fn m12_t20_a_server_that_takes_everybody_stops_creation_by_rcpt_and_raises_what_is_needed() {
    let truth = Some(Truth::AcceptsEverything);
    let autocreate = Preset::SmtpAutocreate.rule();

    assert_eq!(autocreate.under(None), autocreate);
    assert_eq!(autocreate.under(Some(Truth::RejectsStrangers)), autocreate);
    for preset in [Preset::SmtpAutocreate, Preset::Mailprotector] {
        let careful = preset.rule().under(truth);
        assert_eq!((careful.evidence, careful.need, careful.settle_minutes), (Basis::CleanDelivered, 3, 60));
        assert_eq!(careful.on_reached, OnReached::List, "m12_{}", preset.word());
    }
}

#[test]
fn p02_smart_create_is_made_for_servers_that_bounce_later() {
    let rule = Preset::SmartCreate.rule();

    assert_eq!(rule.under(Some(Truth::AcceptsEverything)), rule);
}

#[test]
fn numbers_outside_their_range_are_refused() {
    let shipped = Rule::SHIPPED;
    for (rule, error) in [
        (Rule { need: 0, ..shipped }, RuleError::Need),
        (Rule { need: 51, ..shipped }, RuleError::Need),
        (Rule { window_days: 0, ..shipped }, RuleError::Window),
        (Rule { notices: 13, ..shipped }, RuleError::Notices),
        (Rule { settle_minutes: 1441, ..shipped }, RuleError::Settle),
        (Rule { per_sender_domain: Some(0), ..shipped }, RuleError::PerSenderDomain),
        (Rule { unknown_when_off: Unknown::Learn, ..shipped }, RuleError::UnknownWhenOff),
    ] {
        assert_eq!(rule.check(), Err(error));
    }
}

#[test]
fn d05_the_role_of_new_users_does_not_make_it_another_preset() {
    let rule = Rule { role: Role::End, ..Rule::SHIPPED };

    assert_eq!(Preset::of(rule), Some(Preset::Proofpoint));
    assert_eq!(Preset::of(Rule { need: 4, ..rule }), None);
}
