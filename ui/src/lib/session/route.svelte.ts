import type { StateWord } from "../api/types";

/** The places of the window. */
export const SECTIONS = [
  "overview",
  "discovered",
  "people",
  "sync",
  "mail-flow",
  "settings",
  "history",
  "reports",
] as const;
export type Section = (typeof SECTIONS)[number];

/** Where the window is: what Back should restore. Kept in the URL hash. */
export interface Route {
  section: Section;
  /** A filter, tab or settings section. */
  filter: string | null;
  /** The row whose panel is open. */
  address: string | null;
  /** A time that the list is about, in milliseconds; left out for the usual one. */
  time?: { from: number; until: number };
}

export function isSection(text: string): text is Section {
  return (SECTIONS as readonly string[]).includes(text);
}

/** `#/people?filter=invalid`; anything unknown is the Overview. `mail_flow` is taken for `mail-flow`. */
export function parseRoute(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?");
  const section = path.replaceAll("_", "-");
  const params = new URLSearchParams(query);
  const time = /^(\d{1,15})-(\d{1,15})$/.exec(params.get("time") ?? "");
  return {
    section: isSection(section) ? section : "overview",
    filter: params.get("filter"),
    address: params.get("address"),
    ...(time === null ? {} : { time: { from: Number(time[1]), until: Number(time[2]) } }),
  };
}

export function formatRoute(route: Route): string {
  const params = new URLSearchParams();
  if (route.filter !== null) params.set("filter", route.filter);
  if (route.address !== null) params.set("address", route.address);
  if (route.time !== undefined) params.set("time", `${route.time.from}-${route.time.until}`);
  const query = params.toString();
  return `#/${route.section}${query === "" ? "" : `?${query}`}`;
}

/** The list on which an address of this state stands. */
function listOf(state: StateWord): Pick<Route, "section" | "filter"> {
  if (state === "discovered") return { section: "discovered", filter: null };
  if (state === "watching" || state === "never_add") return { section: "discovered", filter: state };
  return { section: "people", filter: state === "user" ? null : state };
}

/** Asked before the window goes elsewhere: true lets it, else the guard calls `go` when it may. */
type Guard = (go: () => void) => boolean;

export class Router {
  now = $state.raw<Route>(parseRoute(location.hash));
  private guard: Guard | null = null;

  /** Has `guard` asked before the window leaves where it is, until the returned function is called. */
  guardedBy(guard: Guard): () => void {
    this.guard = guard;
    return () => {
      if (this.guard === guard) this.guard = null;
    };
  }

  /** Follows the hash until the returned function is called. */
  start(): () => void {
    const follow = (): void => {
      const route = parseRoute(location.hash);
      if (this.mayLeave(route)) this.now = route;
    };
    window.addEventListener("hashchange", follow);
    return () => window.removeEventListener("hashchange", follow);
  }

  go(
    section: Section,
    rest: { filter?: string | null; address?: string | null; time?: { from: number; until: number } } = {},
  ): void {
    const { filter = null, address = null, time } = rest;
    const route: Route = { section, filter, address, ...(time === undefined ? {} : { time }) };
    const hash = formatRoute(route);
    if (location.hash === hash) this.now = route;
    else if (this.mayLeave(route)) location.hash = hash;
  }

  /** Opens the list on which an address of this state stands, with its panel. */
  show(state: StateWord, address: string): void {
    const { section, filter } = listOf(state);
    this.go(section, { filter, address });
  }

  /** Whether the window may go to `route`; where it may not yet, the address stays what it was. */
  private mayLeave(route: Route): boolean {
    const guard = this.guard;
    if (guard === null || (route.section === this.now.section && route.filter === this.now.filter)) return true;
    const go = (): void => {
      this.guard = null;
      this.now = route;
      history.pushState(null, "", formatRoute(route));
    };
    if (guard(go)) return true;
    history.replaceState(null, "", formatRoute(this.now));
    return false;
  }

  /** Changes the filter in place, without a step for Back. */
  refine(filter: string | null): void {
    if (!this.mayLeave({ section: this.now.section, filter, address: null })) return;
    this.now = { section: this.now.section, filter, address: null };
    history.replaceState(null, "", formatRoute(this.now));
  }
}
