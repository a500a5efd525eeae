import type { Notice } from "../api/types";
import { localOf } from "../format/address";
import { words } from "../words";
import type { Route } from "./route.svelte";
import type { Session } from "./session.svelte";

/** What the engine says of itself while the window is open: a toast, and a way to where it can be looked after. */
export function heard(session: Session, notice: Notice): void {
  switch (notice.kind) {
    case "discovered":
      return session.found(notice.addresses);
    case "strangers":
      return session.toast.say(notice.accepted ? words.truth.began(notice.domain) : words.truth.ended(notice.domain));
    case "blocked":
      return blocked(session, notice.clients);
    case "undelivered":
      return undelivered(session, notice.queue_ids);
    case "seats":
      return seats(session, notice.used, notice.total);
    case "access":
      return session.toast.say(words.roles.news[notice.happened], null, "note");
    case "shadow_ended":
      return shadowEnded(session, notice.would_refuse);
    case "weekly":
      return weekly(session, notice.waiting);
    case "report":
      return report(session, notice);
    case "about_address":
      return aboutAddress(session, notice.address, notice.what, notice.owner);
    case "destination":
      // The banner on top of every screen says it.
      return;
  }
}

/** Watching is over (X16): where there is something to see, it can be seen. */
function shadowEnded(session: Session, count: number): void {
  const text = words.shadow.over(count);
  if (count === 0) return session.toast.say(text, null, "note");
  const run = (): void => session.router.go("mail-flow", { filter: "would_refuse" });
  const there = (route: Route): boolean => route.section === "mail-flow" && route.filter === "would_refuse";
  session.toast.point(text, { label: words.frame.show, keys: null, testid: "show-would-refuse", run }, there);
}

/** The weekly notice: how many wait. It is said where the list isn't on the screen. */
function weekly(session: Session, waiting: number): void {
  if (waiting === 0 || showsList(session.router.now)) return;
  const run = (): void => session.router.go("discovered");
  const text = words.frame.weekly(waiting);
  session.toast.point(text, { label: words.frame.show, keys: null, testid: "show-weekly", run }, showsList);
}

/** The weekly report: how many came new, and the way to who they are (D11). */
function report(session: Session, told: Extract<Notice, { kind: "report" }>): void {
  const { id, users, aliases, waiting } = told;
  // It takes the place of the weekly notice of the same moment, so it says that too.
  const text = words.reports.told(users, aliases, waiting);
  const run = (): void => session.router.go("reports", { address: String(id) });
  const there = (route: Route): boolean => route.section === "reports";
  session.toast.point(text, { label: words.frame.show, keys: null, testid: "show-report", run }, there);
}

function aboutAddress(session: Session, address: string, what: string, owner: string | null): void {
  const text = words.frame.aboutAddress(what, localOf(address), owner === null ? null : localOf(owner));
  if (text === null || session.toast.now !== null) return;
  const filter =
    { ended: "invalid", alias_made: "alias", sent_but_refused: "invalid", held_mail_ends: "invalid" }[what] ?? null;
  const section = what === "server_says_no" || what === "no_seat" ? "discovered" : "people";
  const run = (): void => session.router.go(section, { filter, address });
  const there = (route: Route): boolean => route.section === section && route.address === address;
  session.toast.point(text, { label: words.frame.show, keys: null, testid: "show-address", run }, there);
}

function showsList(route: Route): boolean {
  return route.section === "discovered" && route.filter === null;
}

/** Told once at nine in ten and once when full. */
function seats(session: Session, used: number, total: number): void {
  const w = words.roles.seats;
  const text = used >= total ? w.toldFull : w.toldNearly(w.left(total - used));
  const run = (): void => session.router.go("settings", { filter: "licence" });
  session.toast.point(text, { label: w.show, keys: null, testid: "show-seats", run }, showsSeats);
}

/** The filter did its job: it waits until nothing else is being said. */
function blocked(session: Session, clients: readonly string[]): void {
  const first = clients[0];
  if (first === undefined || session.toast.now !== null || showsBlocked(session.router.now)) return;
  const text = clients.length === 1 ? words.frame.blockedOne(first) : words.frame.blockedMany(clients.length);
  const run = (): void => session.router.go("settings", { filter: "receiving", address: "blocked" });
  session.toast.point(text, { label: words.frame.show, keys: null, testid: "show-blocked", run }, showsBlocked);
}

function undelivered(session: Session, messages: readonly string[]): void {
  if (messages.length === 0 || showsProblems(session.router.now)) return;
  const one = messages.length === 1;
  const text = one ? words.frame.undeliveredOne : words.frame.undeliveredMany(messages.length);
  const address = one ? (messages[0] ?? null) : null;
  const run = (): void => session.router.go("mail-flow", { filter: "problems", address });
  session.toast.point(text, { label: words.frame.show, keys: null, testid: "show-undelivered", run }, showsProblems);
}

function showsBlocked(route: Route): boolean {
  return route.section === "settings" && route.filter === "receiving";
}

function showsSeats(route: Route): boolean {
  return route.section === "settings" && route.filter === "licence";
}

function showsProblems(route: Route): boolean {
  return route.section === "mail-flow" && route.filter === "problems";
}
