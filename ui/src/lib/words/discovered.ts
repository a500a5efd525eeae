import { count } from "../format/time";
import { plural } from "./plural";

export const discovered = {
  title: "Discovered",
  toDecide: (n: number) => `${count(n)} to decide`,
  allDecided: "Nothing to decide",
  /** Some need nobody for now. */
  canWait: (n: number) => `${count(n)} can wait`,
  searchLabel: "Search addresses",
  list: "Discovered addresses",
  columns: { address: "Address", evidence: "Evidence", decideBy: "Decide by", lastSeen: "Last mail", clean: "Clean" },
  tabs: { discovered: "Waiting for you", watching: "Watching" },
  tab: (name: string, n: number) => `${name} ${count(n)}`,
  tabsLabel: "Which list",
  filters: {
    discovered: "All",
    ending_soon: "Ending soon",
    likely_alias: "Likely aliases",
    weak: "Weak",
    watching: "All",
    unblocked: "Unblocked only",
    never_add: "Blocked only",
  },
  filterLabel: "Only those",
  viewsLabel: "Which watched addresses",
  watched: (n: number) => `${count(n)} being watched`,
  neverAdded: (n: number) => `${count(n)} never added`,
  blocked: "Don’t add (mail still delivered)",
  mailGoesOn: "Mail is delivered while you decide",
  end: "That’s all. New addresses appear here as mail arrives.",
  sortedBy: (column: string) => `Sorted by ${column}`,
  selected: (n: number) => `${count(n)} selected`,
  allSelected: (n: number) => `All ${count(n)} that match`,
  /** As suggested: `3 users, 1 functional, 2 aliases`. */
  selectionDetail: (people: number, functional: number, aliases: number) =>
    [
      people > 0 ? plural(people, "user", "users") : "",
      functional > 0 ? plural(functional, "functional", "functional") : "",
      aliases > 0 ? plural(aliases, "alias", "aliases") : "",
    ]
      .filter((text) => text !== "")
      .join(", "),
  showingOneOf: (n: number) => `Showing 1 of ${count(n)} selected`,
  previous: "Previous address",
  next: "Next address",
  actions: {
    asSuggested: "Add as suggested",
    users: "Users",
    functional: "Functional",
    notReal: "Not real",
    makeUser: "Make user",
    makeAlias: "Make alias",
    aliasOf: "Alias of…",
    giveWeek: "Give it a week",
    neverAdd: "Don’t add (mail still delivered)",
    neverAddShort: "Don’t add",
    pin: "Keep it on the list",
    unpin: "Let it end by itself",
    promote: "Promote to user",
    remove: "Delete",
  },
  clearSelection: "Clear the selection",
  rowName: (address: string, suggestion: string, strength: string, reason: string, found: string) =>
    `${address.replace("@", " at ")}, ${suggestion.toLowerCase()}, evidence ${strength.toLowerCase()}, ${reason}, ${found}`,
  /** Under the date: how long there is, or why it doesn’t end. */
  daysLeft: (days: number) => (days <= 0 ? "ends now" : `${plural(days, "day", "days")} left`),
  endsAt: (date: string, left: string) => `decide by ${date}, ${left}`,
  stays: "Stays",
  canWaitUntil: (date: string) => `no hurry until ${date}`,
  staysDetail: { pinned: "kept on the list", until: "until you decide" },
  held: "held",
  alias: {
    title: (n: number, first: string) =>
      n === 1 ? `Whose other name is ${first}?` : `Whose other names are these ${count(n)}?`,
    search: "Name or address of the account",
    list: "Accounts",
    none: "No user or functional account fits.",
    hint: "Enter takes the first one. An alias uses no seat.",
    mergeTitle: "Merge two accounts?",
    mergeText:
      "It stops being an account of its own: mail for it goes to the other one, and its seat is free again. Undo brings both back.",
    merge: "Merge",
  },
  noSeat: {
    title: (people: number, waiting: number) =>
      people === 1
        ? "No seat is left"
        : waiting === people
          ? `No seat for these ${count(people)} people`
          : `No seat for ${count(waiting)} of these ${count(people)} people`,
    text: (free: number, total: number) => {
      const seats = `${free === 0 ? "None" : count(free)} of ${count(total)} seats ${free > 1 ? "are" : "is"} free.`;
      return `${seats} Nobody loses mail meanwhile.`;
    },
    some: (first: string, free: number) =>
      free === 0
        ? "Wait, and decide later"
        : free === 1
          ? `Add ${first}, the rest wait`
          : `Add the first ${count(free)}, the rest wait`,
    functional: (rest: number, all: boolean) =>
      all
        ? `Make ${rest === 1 ? "it" : `these ${count(rest)}`} functional, no seat`
        : `Make the other ${rest === 1 ? "one" : count(rest)} functional, no seat`,
    more: "Get more seats",
    add: (free: number) => (free === 0 ? "Wait" : `Add ${plural(free, "user", "users")}`),
    go: "Do it",
  },
  tip: {
    title: "Discovery has found your people",
    text: "It’s meant for the first weeks. A list that somebody keeps, by hand or from a directory, is right from the first day of a new person. Nothing changes by itself.",
    people: "Go to People",
    hide: "Don’t show again",
  },
  seenAt: (time: string) => `last mail ${time}`,
  empty: {
    doneTitle: "Everyone is accounted for",
    doneText: (need: number, days: number) =>
      `New addresses show up here once they’ve had ${plural(need, "clean message", "clean messages")} in ${plural(days, "day", "days")}.`,
    learningTitle: "Learning",
    learningText: (watching: number, need: number) =>
      `${plural(watching, "address has", "addresses have")} had mail so far. The first show up after ${plural(need, "clean message", "clean messages")} each.`,
    firstTitle: "No mail has come through yet",
    firstText: (need: number) =>
      `Addresses show up here by themselves once they’ve had ${plural(need, "clean message", "clean messages")}.`,
    noneTitle: {
      ending_soon: "Nothing ends within five days",
      likely_alias: "Nothing looks like an alias",
      weak: "Nothing rests on weak evidence",
    },
    noneText: "The other addresses that wait for you are under All.",
    all: "Show all that wait",
    watchingTitle: "Nothing is being watched",
    neverTitle: "Nobody is on this list",
    neverText: "Mail for an address here is delivered, but it never becomes a user, whatever comes.",
    watchingText: "An address stands here from its first clean message until it has had enough of them.",
    add: "Add an address",
    people: "Go to People",
    watching: "Show what is being watched",
  },
  done: {
    users: (n: number, first: string) =>
      n === 1 ? `${first} is now a user.` : `${plural(n, "address is", "addresses are")} now users.`,
    functional: (n: number, first: string) =>
      n === 1
        ? `${first} is now a functional account.`
        : `${plural(n, "address is", "addresses are")} now functional accounts.`,
    invalid: (n: number, first: string) =>
      n === 1
        ? `Mail to ${first} is refused from now on.`
        : `Mail to ${plural(n, "address", "addresses")} is refused from now on.`,
    removed: (n: number, first: string) =>
      n === 1
        ? `${first} is off the Invalid list.`
        : `${plural(n, "address is", "addresses are")} off the Invalid list.`,
    suggested: (n: number, first: string) =>
      n === 1 ? `${first} is added as suggested.` : `${plural(n, "address is", "addresses are")} added as suggested.`,
    aliases: (n: number, first: string, owner: string) =>
      n === 1
        ? `${first} is an alias of ${owner} now.`
        : `${plural(n, "address is", "addresses are")} aliases of ${owner} now.`,
    week: (n: number, first: string) =>
      n === 1 ? `${first} has a week more.` : `${plural(n, "address has", "addresses have")} a week more.`,
    never: (n: number, first: string) =>
      n === 1
        ? `${first} is never added. Its mail is delivered.`
        : `${plural(n, "address is", "addresses are")} never added.`,
    deleted: (n: number, first: string) =>
      n === 1 ? `${first} is deleted.` : `${plural(n, "address is", "addresses are")} deleted.`,
    pinned: (n: number, first: string) =>
      n === 1 ? `${first} stays on the list.` : `${plural(n, "address stays", "addresses stay")} on the list.`,
    unpinned: (n: number, first: string) =>
      n === 1 ? `${first} ends by itself again.` : `${plural(n, "address ends", "addresses end")} by themselves again.`,
    named: (name: string) => `The name is now ${name}.`,
    nameCleared: "The name is cleared.",
    nothing: "Nothing had to change.",
  },
};
