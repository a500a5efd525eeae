import type { CommandArgs } from "../../lib/api/contract";
import type { Discovery, DomainRule, DryRun, DryRunArgs, Fault, PresetWord, RuleRow } from "../../lib/api/types";
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

/** How many parts of two rules differ. */
function differing(one: RuleRow, other: RuleRow): number {
  return (Object.keys(one) as (keyof RuleRow)[]).filter((part) => one[part] !== other[part]).length;
}

/**
 * What Settings › Discovery knows and can do. No markup. A rule is changed as a draft: mail goes by the rule that is saved
 * until the draft is (D16), and what the draft would do is shown beside it (X09).
 */
export class Rules {
  readonly discovery: Live<"discovery">;
  /** What the draft would have done, and what it changes. */
  readonly preview: Live<"dry_run">;
  /** The domain picked; the first one unless it was. */
  picked = $state<string | null>(null);
  /** The rule as it is to be; `null` while nothing was changed. */
  draft = $state.raw<RuleRow | null>(null);
  asked = $state.raw<Asked | null>(null);
  /** Where the window was to go, while it is asked what becomes of the draft. */
  leaving = $state.raw<(() => void) | null>(null);
  /** The draft that is tried: a little behind the clicks. */
  tried = $state.raw<DryRunArgs | null>(null);

  constructor(private readonly session: Session) {
    this.discovery = new Live(session.bus, "discovery", () => ({}));
    this.preview = new Live(session.bus, "dry_run", () => this.tried, 3_000);
  }

  get now(): Discovery | null {
    return this.discovery.value;
  }

  get domain(): DomainRule | null {
    const rows = this.now?.domains ?? [];
    return rows.find((row) => row.domain === this.picked) ?? rows[0] ?? null;
  }

  /** The rule as it is shown: the draft, or what is saved. */
  get rule(): RuleRow | null {
    return this.draft ?? this.domain?.rule ?? null;
  }

  /** The preset whose rule is shown, whatever role new users get and what happens while discovery is off. */
  get preset(): PresetWord | null {
    const rule = this.rule;
    if (rule === null) return null;
    const { role, unknown_when_off } = rule;
    const same = this.now?.presets.find((row) => differing({ ...row.rule, role, unknown_when_off }, rule) === 0);
    return same?.preset ?? null;
  }

  /** The preview of the draft as it is shown; `null` while it is being tried. */
  get previewed(): DryRun | null {
    return this.isTried ? this.preview.value : null;
  }

  /** Why the draft could not be tried. */
  get previewFault(): Fault | null {
    const now = this.preview.now;
    return this.isTried && now.is === "failed" && now.last === null ? now.fault : null;
  }

  private get isTried(): boolean {
    return JSON.stringify(this.wish) === JSON.stringify(this.tried);
  }

  /** How many parts are not saved. */
  get changes(): number {
    const saved = this.domain?.rule;
    return this.draft === null || saved === undefined ? 0 : differing(this.draft, saved);
  }

  /** The rule makes users, and this window may not change such a rule. */
  get locked(): boolean {
    return this.domain !== null && this.domain.creates_users && !this.session.isAdministrator;
  }

  async switchTo(on: boolean): Promise<void> {
    const w = words.rule.switched;
    await this.command(w[on ? "on" : "off"], "set_discovery", { on }, () =>
      this.command(w[on ? "off" : "on"], "set_discovery", { on: !on }),
    );
  }

  /** Shows a preset's rule; it holds once it is saved. A preset says nothing about two parts: they stay. */
  use(preset: PresetWord): void {
    const [rule, row] = [this.rule, this.now?.presets.find((one) => one.preset === preset)];
    if (rule === null || row === undefined) return;
    this.change({ ...row.rule, role: rule.role, unknown_when_off: rule.unknown_when_off });
  }

  /** Changes parts of the draft. */
  set(change: Partial<RuleRow>): void {
    if (this.rule !== null) this.change({ ...this.rule, ...change });
  }

  discard(): void {
    this.draft = null;
  }

  /** Saves the draft; what newly makes users is read about first. */
  save(then: () => void = () => undefined): void {
    const [domain, draft] = [this.domain, this.draft];
    if (domain === null || draft === null) return;
    const go = (): void => void this.setRule(domain, draft).then((saved) => saved && then());
    const asked = this.warningsOf(domain.rule, draft);
    if (asked === null) go();
    else this.asked = { ...asked, go };
  }

  /** Asked before the window goes elsewhere, or another domain is picked; true lets it go at once (D16). */
  leave(go: () => void): boolean {
    if (this.changes === 0) return true;
    this.leaving = go;
    return false;
  }

  /** The rule that the preview is asked about. */
  get wish(): DryRunArgs | null {
    return this.domain === null || this.draft === null ? null : { domain: this.domain.domain, rule: this.draft };
  }

  async setWeekly(weekday: Discovery["weekday"], hour: number): Promise<void> {
    const before = this.now;
    if (before === null) return;
    const back = { weekday: before.weekday, hour: before.hour };
    await this.command(words.rule.weeklySaved, "set_weekly", { weekday, hour }, () =>
      this.command(words.rule.weeklySaved, "set_weekly", back),
    );
  }

  async setHoliday(until_ms: number | null, said: string): Promise<void> {
    const before = this.now?.holiday_until_ms ?? null;
    await this.command(said, "set_holiday", { until_ms }, () =>
      this.command(words.frame.undone, "set_holiday", { until_ms: before }),
    );
  }

  private change(rule: RuleRow): void {
    const saved = this.domain?.rule;
    this.draft = saved !== undefined && differing(rule, saved) === 0 ? null : rule;
  }

  /** What must be read before this draft is saved; `null` where it makes no users that the rule before did not make. */
  private warningsOf(saved: RuleRow, draft: RuleRow): Omit<Asked, "go"> | null {
    const preset = this.preset;
    const w = words.rule.confirm;
    if (preset !== null && createsUsers(draft) && differing(saved, draft) > 1)
      return {
        title: w.preset(words.rule.presets[preset].name),
        text: words.rule.presets[preset].text,
        warnings: words.rule.warnings[preset],
      };
    const newly = (part: "on_expiry" | "outbound" | "on_reached"): boolean =>
      draft[part] === "create_user" && saved[part] !== "create_user";
    if (newly("on_expiry")) return { title: w.expiry, text: null, warnings: w.expiryWarnings };
    if (newly("outbound")) return { title: w.outbound, text: null, warnings: w.outboundWarnings };
    return newly("on_reached") ? { title: w.reached, text: null, warnings: w.reachedWarnings } : null;
  }

  /** Undo is the whole rule as it was before. */
  private async setRule({ domain, rule: before }: DomainRule, rule: RuleRow): Promise<boolean> {
    const preset = this.preset;
    const w = words.rule;
    const said = preset === null ? w.saved(domain) : w.presetSaved(w.presets[preset].name, domain);
    const undo = async (): Promise<void> => {
      await this.command(w.back, "set_rule", { domain, rule: before });
    };
    const saved = await this.command(said, "set_rule", { domain, rule }, undo);
    if (saved) this.draft = null;
    return saved;
  }

  async setHoldFresh(keep: Discovery["hold_fresh"]): Promise<void> {
    const before = this.now?.hold_fresh;
    if (before === undefined) return;
    await this.command(words.fresh.settingSaved, "set_hold_fresh", { keep }, () =>
      this.command(words.frame.undone, "set_hold_fresh", { keep: before }),
    );
  }

  private async command<N extends "set_discovery" | "set_rule" | "set_weekly" | "set_holiday" | "set_hold_fresh">(
    said: string,
    name: N,
    args: CommandArgs<N>,
    undo?: () => Promise<unknown>,
  ): Promise<boolean> {
    const answer = await this.session.attempt("discovery", () => this.session.bus.command(name, args));
    if (answer === null) return false;
    await Promise.all([this.discovery.refresh(), this.session.access.refresh()]);
    const action =
      undo === undefined ? null : { label: words.common.undo, keys: null, testid: "undo", run: () => void undo() };
    this.session.toast.say(said, action);
    return true;
  }
}
