// What the fake engine says of a rule that is tried.
import type { AddressRow, DryRun, DryRunArgs, Forecast, PresetWord, RuleRow } from "../../api/types";
import * as data from "./data";

export interface Office {
  now: number;
  rows: (state: AddressRow["state"]) => AddressRow[];
  forecast: (users: number) => Forecast;
  preset: PresetWord | null;
  before: RuleRow;
  rule: RuleRow;
  /** Everything is recorded since so many days only. */
  young: boolean;
}

type Named = { count: number; first: { address: string; at_ms: number }[] };

const list = <One>(first: One[]) => ({ count: first.length, first });
const at = (row: AddressRow) => ({ address: row.address, at_ms: row.discovered_ms ?? row.last_seen_ms });
const none: Named = list([]);

function creates(rule: RuleRow): boolean {
  return rule.on_reached === "create_user" || rule.evidence === "rcpt_ok";
}

/** Why a user that would have been made is none. */
function why(row: AddressRow): { address: string; why: string; of: string | null } {
  const { kind, of } = row.suggestion;
  return {
    address: row.address,
    why: { alias: "alias", functional: "functional", person: "bounced", unlikely: "refused" }[kind],
    of,
  };
}

/** The rows that wait, under the rule that is tried: enough to draw every line of the preview. */
export function dryRun(args: DryRunArgs, office: Office): DryRun {
  const { now, rule } = office;
  const waiting = office.rows("discovered");
  const watched = office.rows("watching");
  const reached = watched.filter((row) => row.clean_count >= rule.need);
  const seen = creates(rule) ? [...waiting, ...reached] : [];
  const how = rule.evidence === "rcpt_ok" ? ("rcpt" as const) : ("messages" as const);
  return {
    domain: args.domain,
    preset: office.preset,
    rule,
    from_ms: now - 30 * data.DAY,
    to_ms: now,
    complete_since_ms: now - (office.young ? 9 : 60) * data.DAY,
    looked_at: waiting.length + watched.length,
    would_create: list(seen.map((row) => ({ ...at(row), how }))),
    bogus: list(seen.filter((row) => row.suggestion.kind !== "person" || row.strength.verdict === "weak").map(why)),
    would_list: creates(rule) ? none : list(waiting.map(at)),
    would_end: none,
    would_add_alias: rule.alias === "auto" ? list(office.rows("alias").slice(0, 1).map(at)) : none,
    added: list(seen.map(at)),
    removed: none,
    same_names: creates(rule) && rule.alias !== "auto" ? list(waiting.slice(0, 2).map(at)) : none,
    cost: office.forecast(seen.length),
    switch: switched(office, waiting, watched),
  };
}

function switched(office: Office, waiting: AddressRow[], watched: AddressRow[]): DryRun["switch"] {
  const { now, rule, before } = office;
  const same = before.on_expiry === rule.on_expiry && before.notices === rule.notices;
  const ending = same ? none : list(waiting.map((row) => ({ address: row.address, at_ms: row.ends_ms ?? now })));
  const eager = list(creates(rule) ? watched.filter((row) => row.clean_count + 1 >= rule.need).map(at) : []);
  const users = eager.count + (rule.on_expiry === "create_user" ? ending.count : 0);
  return {
    users: eager,
    listed: creates(rule) || rule.need >= before.need ? none : list(watched.map(at)),
    forgotten: rule.window_days < before.window_days ? list(watched.slice(0, 1).map(at)) : none,
    ends: rule.on_expiry === "invalid" ? ending : none,
    users_at_end: rule.on_expiry === "create_user" ? ending : none,
    stay: rule.on_expiry === "keep" ? ending : none,
    cost: office.forecast(users),
  };
}
