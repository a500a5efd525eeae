import type { CsvColumn, CsvDelimiter, CsvEncoding, CsvLayout, CsvWhat } from "../api/types";
import { count, size } from "../format/time";
import { plural } from "./plural";

export const csv = {
  title: "Import people from a file",
  pick: {
    lead: "A list of your people as a CSV file: from a spreadsheet, from another mail service, or from your mail server.",
    choose: "Choose a file…",
    drop: "or drop it here",
    dropping: "Let go to read it",
    hint: "CSV or text, at most 20 MB and 100,000 rows. Nothing changes before you have seen what it would do.",
    help: "How should the file look?",
    helpText:
      "One person a line: address, first name, surname, other addresses. A header line helps but isn’t needed. Files exported by Proofpoint, Postini, Mailprotector, Mail Assure or Rollcall are recognised by themselves.",
    example: "Example",
    exampleText: "address,first name,surname,aliases\nkim.cedar@fabrikam.example,Kim,Cedar,kim@fabrikam.example",
    tooBig: (name: string, bytes: number) => `${name} has ${size(bytes)}. A file may have at most 20 MB.`,
    unreadable: (name: string) => `${name} could not be read.`,
    other: "Another file…",
    reading: "Reading the file. Nothing changes.",
  },
  read: {
    title: "How it is read",
    layout: "Layout",
    layouts: {
      own: "Rollcall",
      proofpoint: "Proofpoint Essentials",
      postini_users: "Postini users",
      postini_aliases: "Postini aliases",
      mailprotector: "Mailprotector",
      mail_assure: "Mail Assure",
      mapped: "Other: I say what the columns are",
    } satisfies Record<CsvLayout, string>,
    encoding: {
      utf_8: "UTF-8",
      utf_8_bom: "UTF-8 with a mark",
      utf_16_le: "UTF-16",
      utf_16_be: "UTF-16",
      windows_1252: "Windows-1252",
    } satisfies Record<CsvEncoding, string>,
    delimiter: { comma: "Commas", semicolon: "Semicolons", tab: "Tabs", pipe: "Bars" } satisfies Record<
      CsvDelimiter,
      string
    >,
    header: "The first row is a header",
    facts: (rows: number, delimiter: string, encoding: string) =>
      `${plural(rows, "row", "rows")}, ${delimiter.toLowerCase()}, ${encoding}`,
    columns: "What the columns hold",
    column: (n: number) => `Column ${n}`,
    holds: (name: string) => `What ${name} holds`,
    words: {
      ignore: "Leave out",
      address: "Address",
      local: "Address before the @",
      domain: "Address after the @",
      first_name: "First name",
      surname: "Surname",
      full_name: "Whole name",
      aliases: "Other addresses",
      kind: "User or functional",
      role: "Role",
      owner: "Belongs to",
    } satisfies Record<CsvColumn, string>,
  },
  how: {
    mode: "People who are not in the file",
    merge: "Stay",
    replace: "Are taken off",
    mergeText: "The file adds to what is here.",
    replaceText:
      "Who came from a file or by hand, in the file’s domains, and isn’t in it, is deleted. Undo brings them back.",
    update: "Update people who are here already",
    updateText: "They get the file’s names, role and aliases. Off: they stay as they are.",
    updateNever: "Files of Proofpoint only create.",
    role: "New users",
  },
  filters: {
    all: (n: number) => `All ${count(n)}`,
    add: (n: number) => `${count(n)} new`,
    update: (n: number) => `${count(n)} changed`,
    unchanged: (n: number) => `${count(n)} the same`,
    duplicate: (n: number) => plural(n, "duplicate", "duplicates"),
    foreign: (n: number) => `${count(n)} not yours`,
    conflict: (n: number) => plural(n, "conflict", "conflicts"),
    bad: (n: number) => plural(n, "bad line", "bad lines"),
    remove: (n: number) => `${count(n)} taken off`,
  },
  filterLabel: "Show only",
  what: {
    add: "New",
    update: "Changed",
    unchanged: "The same",
    duplicate: "Duplicate",
    foreign: "Not your domain",
    conflict: "Conflict",
    bad: "Bad line",
    remove: "Taken off",
  } satisfies Record<CsvWhat, string>,
  list: "What becomes of each line",
  line: "Line",
  person: "Person",
  becomes: "What happens",
  aliases: (n: number) => `${plural(n, "alias comes", "aliases come")} with them.`,
  first200: "The first 200 of each are listed.",
  none: "Nothing of this sort.",
  removals: {
    title: (n: number) => `${plural(n, "person", "people")} would be taken off`,
    text: (n: number, limit: number) =>
      `Up to ${count(limit)} go without asking; ${count(n)} are more than that. Undo brings them back.`,
    label: (n: number) => `Type ${count(n)} to agree`,
  },
  act: (add: number, update: number, remove: number) => {
    const parts = [
      ...(add > 0 ? [`add ${count(add)}`] : []),
      ...(update > 0 ? [`change ${count(update)}`] : []),
      ...(remove > 0 ? [`take off ${count(remove)}`] : []),
    ];
    const text = parts.join(", ");
    return text === "" ? "Import" : text.slice(0, 1).toUpperCase() + text.slice(1);
  },
  nothing: "Nothing would change.",
  done: {
    title: "Imported",
    nothing: "Nothing had to change",
    undo: "Undo the import",
    undone: "The import is taken back.",
    show: "Show people",
    another: "Another file…",
    left: (n: number) => `${plural(n, "line was", "lines were")} left out:`,
  },
};

export const backup = {
  title: "Backup",
  file: "One file for another computer",
  fileText: "Settings, people and history. Mail that waits here is not in it.",
  passphrase: "Passphrase",
  again: "Once more",
  how: "Passwords and keys",
  with: "With passwords",
  without: "Without",
  sealed: "With passwords and keys, sealed with a passphrase",
  open: "Without passwords and keys",
  sealedText:
    "Whoever has the passphrase can set up Rollcall anew as it is. Without it, the file is of no use to anybody.",
  openText: "Passwords of mail servers and of your directory have to be typed again on the other computer.",
  short: "At least 8 characters.",
  differ: "These two are not the same.",
  act: "Save a backup",
  saved: (path: string) => `Saved as ${path}.`,
  inIt: {
    sealed: "Settings, people, history, passwords and keys. Mail that waits here is not in it.",
    open: "Settings, people and history. Passwords, keys and mail that waits here are not in it.",
  },
  restore: "To bring it back",
  restoreText:
    "On the new computer, Rollcall’s first screen brings it back. Without a desktop, this command does, before an office is set up:",
  command: "rollcallctl backup import office.backup --ask-passphrase",
  copy: "Copy the command",
};
