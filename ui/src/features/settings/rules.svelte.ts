import type { CommandArgs } from "../../lib/api/contract";
import type { Discovery, DomainRule, PresetWord, RuleRow, SetRuleArgs } from "../../lib/api/types";
import { Live } from "../../lib/live/live.svelte";
import type { Session } from "../../lib/session/session.svelte";
import { words } from "../../lib/words";

/** A change that makes users by itself: it is asked about before it is saved (D08, D10, M13). */
export interface Asked {
  title: string;
  text: string | null;
  warnings: readonly string[];
  go: () => void;
}

/** True for a rule that makes users by itself: only an organization administrator may set it (D27). */
export function createsUsers(rule: RuleRow): boolean {
  return (
    rule.evidence === "rcpt_ok" ||
    [rule.on_reached, rule.on_expiry, rule.outbound].some((word) => word === "create_user")
  );
}

/** What Settings › Discovery knows and can do. No markup. */
export class Rules {
  readonly discovery: Live<"discovery">;
  /** The domain picked; the first one unless it was. */
  picked = $state<string | null>(null);
  asked = $state.raw<Asked | null>(null);

  constructor(private readonly session: Session) {
    this.discovery = new Live(session.bus, "discovery", () => ({}));
  }

  get now(): Discovery | null {
    return this.discovery.value;
  }

  get domain(): DomainRule | null {
    const rows = this.now?.domains ?? [];
    return rows.find((row) => row.domain === this.picked) ?? rows[0] ?? null;
  }

  /** The rule makes users, and this window may not change such a rule. */
  get locked(): boolean {
    return this.domain !== null && this.domain.creates_users && !this.session.isAdministrator;
  }

  async switchTo(on: boolean): Promise<void> {
    const w = words.rule.switched;
    await this.save(w[on ? "on" : "off"], "set_discovery", { on }, () =>
      this.save(w[on ? "off" : "on"], "set_discovery", { on: !on }),
    );
  }

  /** Takes a preset; one that makes users only after it was read what that means. */
  use(preset: PresetWord): void {
    const [domain, row] = [this.domain, this.now?.presets.find((one) => one.preset === preset)];
    if (domain === null || row === undefined || domain.preset === preset) return;
    const { name, text } = words.rule.presets[preset];
    const go = (): void =>
      void this.setRule({ domain: domain.domain, preset }, words.rule.presetSaved(name, domain.domain));
    if (row.creates_users)
      this.asked = { title: words.rule.confirm.preset(name), text, warnings: words.rule.warnings[preset], go };
    else go();
  }

  /** Changes parts of the rule. What newly makes users is asked about first. */
  set(change: Partial<RuleRow>): void {
    const domain = this.domain;
    if (domain === null) return;
    const go = (): void =>
      void this.setRule(
        { domain: domain.domain, rule: { ...domain.rule, ...change } },
        words.rule.saved(domain.domain),
      );
    const asked = Object.values(change).includes("create_user") ? askedOf(change) : null;
    if (asked === null) go();
    else this.asked = { ...asked, text: null, go };
  }

  async setWeekly(weekday: Discovery["weekday"], hour: number): Promise<void> {
    const before = this.now;
    if (before === null) return;
    const back = { weekday: before.weekday, hour: before.hour };
    await this.save(words.rule.weeklySaved, "set_weekly", { weekday, hour }, () =>
      this.save(words.rule.weeklySaved, "set_weekly", back),
    );
  }

  async setHoliday(until_ms: number | null, said: string): Promise<void> {
    const before = this.now?.holiday_until_ms ?? null;
    await this.save(said, "set_holiday", { until_ms }, () =>
      this.save(words.frame.undone, "set_holiday", { until_ms: before }),
    );
  }

  async setHoldFresh(keep: Discovery["hold_fresh"]): Promise<void> {
    const before = this.now?.hold_fresh;
    if (before === undefined) return;
    await this.save(words.fresh.settingSaved, "set_hold_fresh", { keep }, () =>
      this.save(words.frame.undone, "set_hold_fresh", { keep: before }),
    );
  }

  /** Undo is the whole rule as it was before. */
  private async setRule(args: SetRuleArgs, said: string): Promise<void> {
    const before = this.now?.domains.find((row) => row.domain === args.domain)?.rule;
    const back = before === undefined ? undefined : { domain: args.domain, rule: before };
    await this.save(said, "set_rule", args, back && (() => this.save(words.rule.back, "set_rule", back)));
  }

  private async save<N extends "set_discovery" | "set_rule" | "set_weekly" | "set_holiday" | "set_hold_fresh">(
    said: string,
    name: N,
    args: CommandArgs<N>,
    undo?: () => Promise<void>,
  ): Promise<void> {
    const answer = await this.session.attempt("discovery", () => this.session.bus.command(name, args));
    if (answer === null) return;
    await Promise.all([this.discovery.refresh(), this.session.access.refresh()]);
    const action =
      undo === undefined ? null : { label: words.common.undo, keys: null, testid: "undo", run: () => void undo() };
    this.session.toast.say(said, action);
  }
}

function askedOf(change: Partial<RuleRow>): Pick<Asked, "title" | "warnings"> {
  const w = words.rule.confirm;
  if (change.on_expiry !== undefined) return { title: w.expiry, warnings: w.expiryWarnings };
  if (change.outbound !== undefined) return { title: w.outbound, warnings: w.outboundWarnings };
  return { title: w.reached, warnings: w.reachedWarnings };
}
