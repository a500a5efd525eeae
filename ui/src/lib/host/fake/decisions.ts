// Decisions about addresses, as the engine carries them out.
import type { AddAliasArgs, AddressRow, Command } from "../../api/types";
import type { FakeAddresses } from "./addresses";
import { DAY } from "./data";
import { fault } from "./told";

const accounts = new Set(["user", "functional"]);

/** Carries out a decision; undefined for a command about something else. */
export function decide(addresses: FakeAddresses, now: number, command: Command): unknown {
  switch (command.name) {
    case "add_as_suggested":
      return addresses.change(command.name, command.args.addresses, {}, asSuggested);
    case "add_alias":
      return addAlias(addresses, command.args);
    case "set_main_address":
      return setMain(addresses, command.args.address);
    case "set_kind": {
      const { kind } = command.args;
      return addresses.change(command.name, command.args.addresses, {}, () => ({ kind }));
    }
    case "never_add":
      return addresses.change(command.name, command.args.addresses, { ...bare, state: "never_add" });
    case "delete_address":
      return addresses.remove(command.name, command.args.addresses);
    case "give_week":
      return addresses.change(command.name, command.args.addresses, {}, (row) => ({
        held_until_ms: Math.max(row.held_until_ms ?? 0, now + 7 * DAY),
        ends_ms: row.ends_ms === null ? null : row.ends_ms + 7 * DAY,
      }));
    case "pin_address": {
      const { pinned } = command.args;
      return addresses.change(pinned ? "pin_address" : "unpin_address", command.args.addresses, {}, (row) => ({
        pinned,
        ends_ms: pinned ? null : (row.discovered_ms ?? now) + 25 * DAY,
      }));
    }
    default:
      return undefined;
  }
}

const bare = { role: null, invalid_reason: null, owner: null, ends_ms: null, held_until_ms: null, pinned: false };

function asSuggested(row: AddressRow): Partial<AddressRow> {
  const { kind, first_name, surname, of } = row.suggestion;
  if (kind === "alias") return { ...bare, state: "alias", owner: of, made_by: "operator" };
  if (kind === "functional") return { ...bare, state: "functional", made_by: "operator" };
  return { ...bare, state: "user", role: "silent", first_name, surname, made_by: "operator" };
}

function addAlias(addresses: FakeAddresses, { addresses: names, owner, merge }: AddAliasArgs): unknown {
  const account = addresses.rowOf(owner);
  if (account === undefined || !accounts.has(account.state))
    throw fault("not_found", `${owner} isn't a user or a functional account.`);
  const taken = names.find((name) => accounts.has(addresses.rowOf(name)?.state ?? ""));
  if (taken !== undefined && !merge)
    throw fault("conflict", `${taken} is an account already. Merge it into ${owner} to make it another name.`);
  const change = { ...bare, state: "alias" as const, owner, made_by: "operator" };
  return addresses.change(merge ? "merge_alias" : "add_alias", names, change);
}

function setMain(addresses: FakeAddresses, address: string): unknown {
  const name = addresses.rowOf(address);
  const account = name?.owner == null ? undefined : addresses.rowOf(name.owner);
  if (name === undefined || account === undefined)
    throw fault("conflict", `${address} isn't an alias, so it can't become a main address.`);
  const { state, role, kind, is_administrator, first_name, surname, made_by } = account;
  const others = addresses.rowsIn("alias").filter((row) => row.owner === account.address && row !== name);
  const names = [address, account.address, ...others.map((row) => row.address)];
  return addresses.change("set_main_address", names, {}, (row) => {
    if (row.address === address)
      return { state, role, kind, is_administrator, first_name, surname, made_by, owner: null };
    if (row.address !== account.address) return { owner: address };
    return { ...bare, state: "alias", owner: address, made_by: "operator", kind: null, is_administrator: false };
  });
}
