import { count } from "../format/time";
import { plural } from "./plural";

export const discovered = {
  title: "Discovered",
  toDecide: (n: number) => `${count(n)} to decide`,
  allDecided: "Nothing to decide",
  searchLabel: "Search addresses",
  list: "Discovered addresses",
  columns: { address: "Address", evidence: "Evidence", found: "Found", lastSeen: "Last mail", clean: "Clean" },
  filters: { discovered: "Waiting for you", watching: "Still watching" },
  filterLabel: "Which addresses",
  mailGoesOn: "Mail is delivered while you decide",
  end: "That’s all. New addresses appear here as mail arrives.",
  sortedBy: (column: string) => `Sorted by ${column}`,
  selected: (n: number) => `${count(n)} selected`,
  allSelected: (n: number) => `All ${count(n)} that match`,
  selectionDetail: (people: number, functional: number) =>
    functional === 0
      ? plural(people, "user", "users")
      : people === 0
        ? plural(functional, "functional account", "functional accounts")
        : `${plural(people, "user", "users")}, ${plural(functional, "functional", "functional")}`,
  showingOneOf: (n: number) => `Showing 1 of ${count(n)} selected`,
  previous: "Previous address",
  next: "Next address",
  actions: {
    asSuggested: "Add as suggested",
    users: "Users",
    functional: "Functional",
    notReal: "Not real",
    makeUser: "Make user",
  },
  clearSelection: "Clear the selection",
  rowName: (address: string, suggestion: string, strength: string, reason: string, found: string) =>
    `${address.replace("@", " at ")}, ${suggestion.toLowerCase()}, evidence ${strength.toLowerCase()}, ${reason}, ${found}`,
  foundAt: (time: string) => `found ${time}`,
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
    watchingTitle: "Nothing is being watched",
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
    suggested: (users: number, functional: number) =>
      `${plural(users, "user", "users")} and ${plural(functional, "functional account", "functional accounts")} added.`,
    named: (name: string) => `The name is now ${name}.`,
    nameCleared: "The name is cleared.",
    nothing: "Nothing had to change.",
  },
};
