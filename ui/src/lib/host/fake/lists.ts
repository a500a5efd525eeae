import type {
  AddressRow,
  Command,
  CsvColumn,
  CsvCounts,
  CsvLine,
  CsvPreview,
  Forecast,
  PreviewCsvArgs,
} from "../../api/types";
import type { FakeAddresses } from "./addresses";
import { fault } from "./told";

const NONE: CsvCounts = {
  add: 0,
  update: 0,
  unchanged: 0,
  duplicate: 0,
  foreign: 0,
  conflict: 0,
  bad: 0,
  remove: 0,
  aliases: 0,
};

/** Lists of people from files and into files: as much of it as the screens need. */
export class FakeLists {
  constructor(
    private readonly addresses: FakeAddresses,
    private readonly forecast: (count: number) => Forecast,
  ) {}

  query(name: string, args: unknown): unknown {
    const rows = this.addresses.rowsIn("user");
    if (name === "people_report") return { html: "<!doctype html>", rows: rows.length, file_name: "people.html" };
    const { layout = "own" } = args as { layout?: string };
    const text = rows.map((row) => `${row.address},${row.first_name ?? ""},${row.surname ?? ""}`).join("\r\n");
    return { text, rows: rows.length, file_name: `rollcall-people-${layout}.csv` };
  }

  command(command: Command): unknown {
    switch (command.name) {
      case "preview_csv":
        return this.preview(command.args);
      case "import_csv": {
        const preview = this.preview(command.args);
        if (preview.accept_removals !== null && command.args.accept_removals !== preview.accept_removals)
          throw fault("conflict", `${preview.accept_removals} people would go. Agree to exactly that.`);
        const users = preview.lines.filter((line) => line.what === "add").map(({ address }) => ({ address }));
        const { entry } = this.addresses.createUsers({ users }) as { entry: number | null };
        const counts = preview.counts;
        return { entry, counts, sentence: `${counts.add} added, ${counts.remove} taken off.` };
      }
      case "export_backup": {
        const sealed = command.args.passphrase !== undefined;
        const path = "/home/kim/.local/share/rollcall/backups/rollcall-2026-11-12.backup";
        const sentence = sealed
          ? "Settings, people, history, passwords and keys. Mail that waits is not in it."
          : "Settings, people and history. Passwords, keys and mail that waits are not in it.";
        return { path, bytes: 1_840_000, sealed, sentence };
      }
      default:
        return undefined;
    }
  }

  private preview(args: PreviewCsvArgs): CsvPreview {
    const rows = atob(args.content_base64)
      .split(/\r?\n/)
      .filter((row) => row !== "")
      .map((row) => row.split(/[,;\t|]/));
    const header = args.has_header ?? rows[0]?.some((cell) => cell.includes("@")) === false;
    const body = header ? rows.slice(1) : rows;
    const width = Math.max(...rows.map((row) => row.length));
    const usual: CsvColumn[] = ["address", "first_name", "surname", "aliases"];
    const columns = args.columns ?? Array.from({ length: width }, (_, at) => usual[at] ?? "ignore");
    const counts = { ...NONE };
    const lines: CsvLine[] = body.map((row, at) => this.line(row, at + (header ? 2 : 1), columns, args));
    if (args.mode === "replace") lines.push(...this.gone(new Set(lines.map((line) => line.address))));
    for (const line of lines) counts[line.what] += 1;
    return {
      encoding: "windows_1252",
      delimiter: rows[0]?.join("").includes(";") === true ? "semicolon" : "comma",
      layout: args.layout ?? "mapped",
      has_header: header,
      columns,
      heads: header ? (rows[0] ?? []) : [],
      sample: body.slice(0, 5),
      rows: body.length,
      counts,
      lines: lines.slice(0, 400),
      seats: this.forecast(counts.add),
      removal_limit: 3,
      accept_removals: counts.remove > 3 ? counts.remove : null,
      refusal: null,
      sentence: `${counts.add} would be added, ${counts.update} changed, ${counts.remove} taken off.`,
    };
  }

  private line(row: string[], line: number, columns: CsvColumn[], args: PreviewCsvArgs): CsvLine {
    const cell = (column: CsvColumn): string => row[columns.indexOf(column)]?.trim() ?? "";
    const address = cell("address");
    const named = { line, address, first_name: cell("first_name") || null, surname: cell("surname") || null };
    if (!/^[^\s@]+@[^\s@]+$/.test(address))
      return { ...named, address: address || (row[0] ?? ""), what: "bad", sentence: "This is no address." };
    if (!address.endsWith("@fabrikam.example"))
      return { ...named, what: "foreign", sentence: "Its domain isn’t one of yours." };
    return { ...named, ...this.becomes(address, named.first_name, args.update === true) };
  }

  private becomes(address: string, first: string | null, update: boolean): Pick<CsvLine, "what" | "sentence"> {
    const known: AddressRow | undefined = this.addresses.rowOf(address);
    if (known === undefined) return { what: "add", sentence: null };
    if (known.state === "alias") return { what: "conflict", sentence: "It is an alias here." };
    if (known.state === "invalid") return { what: "conflict", sentence: "It is not real here." };
    if (update && known.first_name !== first)
      return { what: "update", sentence: `Name changes from “${known.first_name ?? ""} ${known.surname ?? ""}”.` };
    return { what: "duplicate", sentence: "It is here already and stays as it is." };
  }

  private gone(there: Set<string>): CsvLine[] {
    const rows = this.addresses.rowsIn("user").filter((row) => row.source !== "mail" && !there.has(row.address));
    return rows.map(({ address, first_name, surname }) => ({
      line: null,
      what: "remove",
      address,
      first_name,
      surname,
      sentence: null,
    }));
  }
}
