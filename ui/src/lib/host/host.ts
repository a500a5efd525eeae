import type { Event, ExportBackupArgs, ExportMailLogArgs, ExportPeopleArgs, PeopleReportArgs } from "../api/types";

/** The open data folder. */
export interface House {
  kind: "real" | "practice";
  /** Its path, for people to read. */
  data: string;
  /** True when the engine runs in another process and this window only attached to it. */
  attached: boolean;
}

/** A place in the window, as the tray and notifications ask for it. */
export interface ViewRequest {
  section: string;
  filter?: string;
  address?: string;
}

/** A file that was written for the person. */
export interface Saved {
  path: string;
  rows: number;
}

export type Stop = () => void;

/** Everything the window may ask of its host. Only `tauri.ts` imports `@tauri-apps/*`. Refusals are `Fault` objects. */
export interface Host {
  query(name: string, args: unknown): Promise<unknown>;
  command(name: string, args: unknown): Promise<unknown>;
  /** Delivers the current revision with all tags at once, then every change. */
  subscribe(onEvent: (event: Event) => void): Stop;
  /** Writes the part of the mail log that is wanted to a file in the person's folder for downloads. */
  saveMailLog(wanted: Omit<ExportMailLogArgs, "before">): Promise<Saved>;
  /** Writes the list of people to a new file in the same folder; one of that name gets a number. */
  savePeople(wanted: ExportPeopleArgs): Promise<Saved>;
  /** The same as a page to print. */
  savePeopleReport(wanted: PeopleReportArgs): Promise<Saved>;
  /** Settings, people and history in one file there. */
  saveBackup(wanted: ExportBackupArgs): Promise<Saved>;
  /** Brings a backup back where no office was set up yet; `onHouseChanged` tells of what is open then. Until all of
   * it was read, `signal` stops it. */
  restoreBackup(
    file: File,
    passphrase: string | null,
    progress: (part: number) => void,
    signal: AbortSignal,
  ): Promise<void>;
  house(): Promise<House>;
  openHouse(kind: House["kind"]): Promise<House>;
  /** The shell opened another folder: everything known so far belongs to the old one. */
  onHouseChanged(callback: (house: House) => void): Stop;
  onOpenView(callback: (view: ViewRequest) => void): Stop;
}
