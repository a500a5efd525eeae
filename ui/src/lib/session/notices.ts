import type { Notice } from "../api/types";
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
    case "destination":
      // The banner on top of every screen says it.
      return;
  }
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
