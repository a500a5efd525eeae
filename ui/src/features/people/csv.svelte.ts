import { faultOf } from "../../lib/api/contract";
import type {
  CsvColumn,
  CsvImported,
  CsvLayout,
  CsvMode,
  CsvPreview,
  CsvWhat,
  Fault,
  PreviewCsvArgs,
  RoleWord,
} from "../../lib/api/types";
import type { Session } from "../../lib/session/session.svelte";
import { words } from "../../lib/words";

const MOST_BYTES = 20_000_000;
const CHUNK = 0x8000;

/** The bytes of a file as the engine takes them. */
function base64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += CHUNK) text += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  return btoa(text);
}

/** A list of people that is read from a file: what it would do, and then does (M08, Z09, V12). */
export class CsvImport {
  name = $state<string | null>(null);
  layout = $state<CsvLayout | null>(null);
  columns = $state.raw<CsvColumn[] | null>(null);
  header = $state<boolean | null>(null);
  mode = $state<CsvMode>("merge");
  update = $state(false);
  role = $state<RoleWord>("silent");
  shown = $state<CsvWhat | "all">("all");
  /** What was typed to agree to many removals. */
  agreed = $state("");
  preview = $state.raw<CsvPreview | null>(null);
  reading = $state(false);
  refused = $state.raw<Fault | null>(null);
  done = $state.raw<CsvImported | null>(null);

  private content = "";
  private asked = 0;

  constructor(private readonly session: Session) {}

  /** Another file: nothing of the one before holds. */
  forget(): void {
    this.name = this.layout = this.columns = this.header = this.preview = this.refused = this.done = null;
    this.shown = "all";
    this.agreed = this.content = "";
  }

  async take(file: File): Promise<void> {
    this.forget();
    if (file.size > MOST_BYTES) {
      this.refused = { code: "invalid", message: words.csv.pick.tooBig(file.name, file.size), detail: [] };
      return;
    }
    try {
      this.content = base64(new Uint8Array(await file.arrayBuffer()));
    } catch (thrown) {
      this.refused = { code: "invalid", message: words.csv.pick.unreadable(file.name), detail: [String(thrown)] };
      return;
    }
    this.name = file.name;
    await this.look();
  }

  private args(): PreviewCsvArgs {
    return {
      content_base64: this.content,
      mode: this.mode,
      update: this.update,
      role: this.role,
      ...(this.layout === null ? {} : { layout: this.layout }),
      ...(this.layout === "mapped" && this.columns !== null ? { columns: this.columns } : {}),
      ...(this.header === null ? {} : { has_header: this.header }),
    };
  }

  /** Asks what the file would do. A later question overtakes an earlier one. */
  async look(): Promise<void> {
    const mine = (this.asked += 1);
    this.reading = true;
    this.refused = null;
    this.agreed = "";
    try {
      const preview = await this.session.bus.command("preview_csv", this.args());
      if (mine !== this.asked) return;
      this.preview = preview;
      if (this.shown !== "all" && preview.counts[this.shown] === 0) this.shown = "all";
    } catch (thrown) {
      if (mine === this.asked) this.refused = faultOf(thrown);
    } finally {
      if (mine === this.asked) this.reading = false;
    }
  }

  set(change: Partial<Pick<CsvImport, "layout" | "columns" | "header" | "mode" | "update" | "role">>): void {
    Object.assign(this, change);
    void this.look();
  }

  /** What a column holds; the layout is the person's own then. */
  setColumn(index: number, column: CsvColumn): void {
    const columns = [...(this.preview?.columns ?? [])];
    columns[index] = column;
    this.set({ layout: "mapped", columns });
  }

  /** The number that has to be typed, or null. */
  get asks(): number | null {
    return this.preview?.accept_removals ?? null;
  }

  get isReady(): boolean {
    const { preview, asks } = this;
    if (preview === null || this.reading || preview.refusal !== null) return false;
    const { add, update, remove, aliases } = preview.counts;
    return add + update + remove + aliases > 0 && (asks === null || Number(this.agreed.replaceAll(/\D/g, "")) === asks);
  }

  async run(): Promise<void> {
    if (!this.isReady) return;
    const args = { ...this.args(), ...(this.asks === null ? {} : { accept_removals: this.asks }) };
    const change = () => this.session.bus.command("import_csv", args);
    const done = await this.session.attempt("csv", change, (fault) => (this.refused = fault));
    if (done === null) return;
    if (done.entry !== null) this.session.remember(done.entry);
    this.done = done;
  }

  async undo(): Promise<void> {
    const entry = this.done?.entry ?? null;
    if (entry === null) return;
    await this.session.undo([entry]);
    this.session.dialog = null;
  }
}
