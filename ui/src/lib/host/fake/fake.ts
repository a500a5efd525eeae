import type { BackupExported, Event, MailLogExport, PeopleExport, PeopleReport } from "../../api/types";
import type { Host, House, Saved, Stop, ViewRequest } from "../host";
import { FakeEngine } from "./engine";
import { fault, type Mood } from "./told";

declare global {
  interface Window {
    /** For tests: makes mail arrive or something happen, opens a view as the tray does. */
    fake?: {
      arrive: (local: string) => void;
      happen: (what: "blocked" | "undelivered" | "report") => void;
      openView: (view: ViewRequest) => void;
    };
  }
}

const HOUSES: Record<House["kind"], House> = {
  real: { kind: "real", data: "/home/kim/.local/share/rollcall", attached: false },
  practice: { kind: "practice", data: "/home/kim/.local/share/rollcall/practice", attached: false },
};

const FILE = "rollcall-mail-log.csv";

/** A browser saves a file that a link names; the real window's may not. */
function download(pages: readonly string[], name = FILE): void {
  const url = URL.createObjectURL(new Blob([...pages], { type: "text/csv;charset=utf-8" }));
  Object.assign(document.createElement("a"), { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

function saved(text: string, name: string, rows: number): Saved {
  download([text], name);
  return { path: `/home/kim/Downloads/${name}`, rows };
}

/** The browser stand-in: `?state=empty|learning|down|closed|loading|failed|away|first-run|locked|practice`, `?rows=10000`, `?access=none|signed-in|waiting|nearly|full|unlimited`, `?discovery=off|held-back|frozen|holiday`, `?shadow=on`, `?reporting=trouble|welcoming`, `?sync=on|ldap|waiting|running|blocked|failed|signin|stopped|paused|calm`, `?live=1`. */
export function createHost(search: string = location.search): Host {
  const params = new URLSearchParams(search);
  const state = params.get("state") ?? "ready";
  const rows = Number(params.get("rows") ?? 0);
  const mood: Mood = state === "practice" ? "ready" : (state as Mood);
  let house: House = HOUSES[state === "practice" ? "practice" : "real"];
  let engine = new FakeEngine(
    mood,
    house.kind === "practice",
    rows,
    params.get("access"),
    params.get("discovery"),
    params.get("shadow") === "on",
    params.get("reporting"),
    params.get("sync"),
  );
  const houses = new Set<(house: House) => void>();
  const views = new Set<(view: ViewRequest) => void>();

  async function answer(ask: () => unknown, name: string): Promise<unknown> {
    if (mood === "loading" && name !== "health") return new Promise(() => undefined);
    if (mood === "away") throw fault("unavailable", "The relay service can’t be reached.", "connect: no such file");
    if (mood === "failed" && name !== "health")
      throw fault("internal", "The list could not be read from disk.", "query addresses", "disk I/O error (10)");
    await Promise.resolve();
    return structuredClone(ask());
  }

  function on<T>(set: Set<T>, callback: T): Stop {
    set.add(callback);
    return () => set.delete(callback);
  }

  if (typeof window !== "undefined") {
    window.fake = {
      arrive: (local) => engine.arrive(local),
      happen: (what) => engine.happen(what),
      openView: (view) => views.forEach((callback) => callback(view)),
    };
    if (params.get("live") === "1") setInterval(() => engine.arrive("kim.cedar"), 2000);
  }

  return {
    query: (name, args) => answer(() => engine.query(name, args), name),
    command: (name, args) => answer(() => engine.command(name, args), name),
    subscribe: (onEvent: (event: Event) => void) => (mood === "away" ? () => undefined : engine.subscribe(onEvent)),
    saveMailLog: async (wanted) => {
      const pages: string[] = [];
      let rows = 0;
      for (let before: number | null | undefined; before !== null;) {
        const args = { ...wanted, ...(before === undefined ? {} : { before }) };
        const page = (await answer(() => engine.query("export_mail_log", args), "export_mail_log")) as MailLogExport;
        pages.push(page.text);
        rows += page.rows;
        before = page.next;
      }
      download(pages);
      return { path: `/home/kim/Downloads/${FILE}`, rows };
    },
    savePeople: async (wanted) => {
      const list = (await answer(() => engine.query("export_people", wanted), "export_people")) as PeopleExport;
      return saved(list.text, list.file_name, list.rows);
    },
    savePeopleReport: async (wanted) => {
      const page = (await answer(() => engine.query("people_report", wanted), "people_report")) as PeopleReport;
      return saved(page.html, page.file_name, page.rows);
    },
    saveBackup: async (wanted) => {
      const file = (await answer(() => engine.command("export_backup", wanted), "export_backup")) as BackupExported;
      return saved(file.sentence, file.path.split("/").at(-1) ?? FILE, 0);
    },
    restoreBackup: async (file, passphrase, progress, signal) => {
      progress(0.4);
      await new Promise((resolve) => setTimeout(resolve, Number(params.get("slow") ?? 0)));
      signal.throwIfAborted();
      progress(1);
      if (!file.name.endsWith(".backup")) throw fault("invalid", `${file.name} is not a backup of Rollcall.`);
      if (passphrase === null)
        throw fault("invalid", `${file.name} is sealed. Give the passphrase that it was made with.`);
      if (passphrase !== "correct horse")
        throw fault("invalid", `This is not the passphrase that ${file.name} was made with.`);
      engine = new FakeEngine("ready", false, 0);
      house = { ...house };
      houses.forEach((callback) => callback(house));
    },
    house: async () => house,
    openHouse: async (kind) => {
      house = HOUSES[kind];
      engine = new FakeEngine(kind === "practice" ? "ready" : mood, kind === "practice", 0);
      houses.forEach((callback) => callback(house));
      return house;
    },
    onHouseChanged: (callback) => on(houses, callback),
    onOpenView: (callback) => on(views, callback),
  };
}
