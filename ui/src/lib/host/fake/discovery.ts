import type {
  Command,
  Discovery,
  DryRun,
  DryRunArgs,
  PresetRow,
  PresetWord,
  RuleRow,
  SetRuleArgs,
} from "../../api/types";
import * as data from "./data";
import { dryRun, type Office } from "./dryrun";
import { fault, type Told } from "./told";

const shipped: RuleRow = {
  evidence: "clean_delivered",
  need: 3,
  window_days: 30,
  settle_minutes: 0,
  per_sender_domain: null,
  on_reached: "list",
  notices: 3,
  on_expiry: "invalid",
  outbound: "list",
  alias: "auto",
  unknown_when_off: "reject",
  role: "silent",
  welcome: false,
};
const creating: RuleRow = {
  ...shipped,
  need: 1,
  on_reached: "create_user",
  on_expiry: "keep",
  outbound: "off",
  alias: "off",
};
const RULES: Record<PresetWord, RuleRow> = {
  modus_cloud: { ...shipped, notices: 4 },
  proofpoint: shipped,
  mailprotector: creating,
  smart_create: { ...creating, need: 3, window_days: 14, settle_minutes: 60, welcome: true },
  smtp_autocreate: { ...creating, evidence: "rcpt_ok" },
  careful_office: { ...shipped, settle_minutes: 60, per_sender_domain: 2, on_expiry: "keep" },
};

function createsUsers(rule: RuleRow): boolean {
  return [rule.on_reached, rule.on_expiry, rule.outbound].includes("create_user") || rule.evidence === "rcpt_ok";
}

/** The preset whose rule it is, whatever role new users get and what happens while discovery is off. */
function presetOf(rule: RuleRow): PresetWord | null {
  const { role, unknown_when_off } = rule;
  const same = (word: PresetWord): boolean =>
    (Object.keys(shipped) as (keyof RuleRow)[]).every(
      (key) => ({ ...RULES[word], role, unknown_when_off })[key] === rule[key],
    );
  return (Object.keys(RULES) as PresetWord[]).find(same) ?? null;
}

/** The switch, the rules and the week. `how` is `off`, `held-back`, `frozen`, `holiday`, `young`, `long`, or nothing. */
export class FakeDiscovery {
  private readonly rules = new Map<string, RuleRow>();
  private on: boolean;
  private weekday: Discovery["weekday"] = "monday";
  private hour = 9;
  private holiday: number | null;
  private authserv = "";
  private seen = false;

  constructor(
    private readonly told: Told,
    private readonly domains: () => string[],
    private readonly waiting: () => string[],
    private readonly administrator: () => boolean,
    private readonly office: Pick<Office, "rows" | "forecast">,
    private readonly how: string | null,
  ) {
    this.on = how !== "off";
    this.holiday = how === "holiday" ? data.at(-56, 9, 0) : null;
  }

  answer(): Discovery {
    const waiting = this.waiting();
    return {
      on: this.on,
      presets: (Object.keys(RULES) as PresetWord[]).map((preset): PresetRow => {
        const rule = RULES[preset];
        return { preset, rule, creates_users: createsUsers(rule) };
      }),
      domains: this.domains().map((domain) => {
        const rule = this.rules.get(domain) ?? shipped;
        return {
          domain,
          preset: presetOf(rule),
          rule,
          creates_users: createsUsers(rule),
          held_back: this.how === "held-back",
          frozen_since_ms: this.on ? (this.how === "frozen" ? data.at(2, 11, 0) : null) : this.told.now,
        };
      }),
      weekday: this.weekday,
      hour: this.hour,
      next_tick_ms: data.at(-4, this.hour, 0),
      holiday_until_ms: this.holiday,
      notice: this.seen || waiting.length === 0 ? null : { at_ms: data.at(3, 9, 0), addresses: waiting },
      upstream_authserv: this.authserv,
      learning_since_ms: data.at(this.how === "long" ? 44 : 9, 9, 0),
    };
  }

  /** A rule that is tried (X09). */
  dryRun(args: DryRunArgs): DryRun {
    const before = this.rules.get(args.domain) ?? shipped;
    const { role, unknown_when_off } = before;
    const rule = args.preset === undefined ? args.rule : { ...RULES[args.preset], role, unknown_when_off };
    if (rule === undefined) throw fault("invalid", "Give a preset or a rule, one of the two.");
    const { now } = this.told;
    return dryRun(args, { ...this.office, now, preset: presetOf(rule), before, rule, young: this.how === "young" });
  }

  /** Carries out what it knows; undefined for a command about something else. */
  command(command: Command): unknown {
    switch (command.name) {
      case "set_discovery":
        this.on = command.args.on;
        return this.changed();
      case "set_rule":
        return this.setRule(command.args);
      case "set_weekly":
        [this.weekday, this.hour] = [command.args.weekday, command.args.hour];
        return this.changed();
      case "set_holiday":
        this.holiday = command.args.until_ms;
        return this.changed();
      case "set_upstream_authserv":
        this.authserv = command.args.name;
        return this.changed();
      case "notice_shown": {
        const counted = this.answer().notice?.addresses.length ?? 0;
        this.seen = true;
        this.told.tell(["addresses"]);
        return { counted };
      }
      default:
        return undefined;
    }
  }

  private setRule({ domain, preset, rule }: SetRuleArgs): Discovery {
    const before = this.rules.get(domain) ?? shipped;
    const { role, unknown_when_off } = before;
    const next = preset === undefined ? rule : { ...RULES[preset], role, unknown_when_off };
    if (next === undefined) throw fault("invalid", "Give a preset or a rule, one of the two.");
    if (createsUsers(next) && !this.administrator())
      throw fault("forbidden", "Only the Organization Administrator can change this.");
    this.rules.set(domain, next);
    return this.changed();
  }

  private changed(): Discovery {
    this.told.tell(["setup", "addresses", "journal"]);
    return this.answer();
  }
}
