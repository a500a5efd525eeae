// What is settled for the fake's domains.
import type { Command, DomainRow, DomainSettings } from "../../api/types";

/** A domain as it is shipped. */
export function settings(): DomainSettings {
  return {
    aliases: [],
    tag_delimiter: "+",
    strip_subdomains: false,
    deliver_to_primary: false,
    unknown: "learn",
    defer_strangers: false,
    inactive: "reject",
    verification: null,
    routes: [],
  };
}

/** A domain somebody has settled things for. */
export function livedIn(): DomainSettings {
  const hosted = { host: "hosted.fabrikam.example", port: 25, tls: "required" as const };
  return {
    ...settings(),
    aliases: ["fabrikam.test"],
    routes: [{ address: "kim.cedar@fabrikam.example", destination: hosted }],
  };
}

/** A command that settles a domain. */
export type SettleDomain = Extract<Command, { name: "set_domain" | "set_alias_domains" | "set_route" }>;

/** The rows after it, as the engine would answer. */
export function settled(rows: DomainRow[], command: SettleDomain): DomainRow[] {
  const domain = command.name === "set_route" ? command.args.address.split("@")[1] : command.args.name;
  const row = rows.find((row) => row.name === domain);
  if (row === undefined) throw { code: "not_found", message: `${domain} isn't one of your domains.`, detail: [] };
  if (command.name === "set_alias_domains") refuseTaken(rows, row, command.args.aliases);
  const settings = changed(row.settings, command);
  return rows.map((one) => (one === row ? { ...row, settings } : one));
}

/** The same sentences as the engine's. */
function refuseTaken(rows: DomainRow[], row: DomainRow, aliases: string[]): void {
  for (const alias of aliases) {
    if (rows.some((one) => one.name === alias)) {
      const message = `${alias} is one of your domains, so it can't be another name of ${row.name}.`;
      throw { code: "conflict", message, detail: [] };
    }
    const other = rows.find((one) => one !== row && one.settings.aliases.includes(alias));
    if (other !== undefined)
      throw { code: "conflict", message: `${alias} is another name of ${other.name} already.`, detail: [] };
  }
}

function changed(before: DomainSettings, command: SettleDomain): DomainSettings {
  switch (command.name) {
    case "set_alias_domains":
      return { ...before, aliases: [...command.args.aliases].sort() };
    case "set_route": {
      const { address, destination } = command.args;
      const others = before.routes.filter((route) => route.address !== address);
      const routes = destination ? [...others, { address, destination }] : others;
      return { ...before, routes: routes.sort((a, b) => a.address.localeCompare(b.address)) };
    }
    case "set_domain": {
      const { name: _, verification, ...change } = command.args;
      const asked =
        verification === undefined ? before.verification : verification === "destination" ? null : verification;
      return { ...before, ...change, verification: asked };
    }
  }
}
