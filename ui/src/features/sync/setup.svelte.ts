import { faultOf } from "../../lib/api/contract";
import type {
  DirectoryLook,
  Fault,
  LookDirectoryArgs,
  SetEntraSourceArgs,
  SetLdapSourceArgs,
  Sync,
  SyncOptions,
  SyncPreview,
  SyncSource,
} from "../../lib/api/types";
import { looksLikeIp, portOf } from "../../lib/format/address";
import type { Session } from "../../lib/session/session.svelte";
import { words } from "../../lib/words";

type Cloud = keyof typeof words.sync.entra.clouds;
/** Where Microsoft's clouds are. */
const CLOUDS: Record<Cloud, { login_url: string; graph_url: string }> = {
  global: { login_url: "https://login.microsoftonline.com", graph_url: "https://graph.microsoft.com" },
  us: { login_url: "https://login.microsoftonline.us", graph_url: "https://graph.microsoft.us" },
  dod: { login_url: "https://login.microsoftonline.us", graph_url: "https://dod-graph.microsoft.us" },
  china: {
    login_url: "https://login.partner.microsoftonline.cn",
    graph_url: "https://microsoftgraph.chinacloudapi.cn",
  },
};

/** As the engine ships them (Z02), until it has said so itself. */
export const SHIPPED: SyncOptions = {
  active_users: true,
  disabled_accounts: true,
  functional_accounts: true,
  security_groups: true,
  hidden: true,
  add: true,
  update: true,
  delete: false,
  disabled_people: "deliver",
  disabled_functional: "deliver",
};

/** A certificate file as PEM: some write it so, others its bytes (DER). Null when it is none. */
export function pemOf(bytes: Uint8Array): string | null {
  const text = new TextDecoder().decode(bytes);
  if (text.includes("BEGIN CERTIFICATE")) return text;
  if (bytes[0] !== 0x30 || bytes.length > 65_536) return null;
  const base64 = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  const lines = base64.match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

/** A directory as it is typed, step by step. Nothing about people changes before `turnOn`. */
export class SetUp {
  step = $state(0);
  // LDAP
  host = $state("");
  encrypted = $state(true);
  startTls = $state(false);
  port = $state("636");
  account = $state("");
  password = $state("");
  base = $state("");
  filter = $state("");
  /** An authority of the office's own: its file's name and its text (PEM). */
  authority = $state.raw<{ name: string; pem: string } | null>(null);
  authorityWrong = $state<string | null>(null);
  trusted = $state<string | null>(null);
  /** The rare settings are shown. */
  advanced = $state(false);
  // Entra
  tenant = $state("");
  client = $state("");
  proof = $state<"secret" | "certificate">("secret");
  secret = $state("");
  /** `2028-11-12`, as the field writes it. */
  ends = $state("");
  pem = $state<{ name: string; text: string } | null>(null);
  cloud = $state<Cloud>("global");

  options = $state<SyncOptions>(SHIPPED);
  hours = $state(24);
  wrong = $state.raw<Partial<Record<"host" | "port" | "account" | "tenant" | "client", string>>>({});
  look = $state.raw<DirectoryLook | null>(null);
  looking = $state(false);
  refused = $state.raw<Fault | null>(null);
  preview = $state.raw<SyncPreview | null>(null);
  /** A source of this kind is there already, with its secret. */
  readonly kept: boolean;

  constructor(
    private readonly session: Session,
    readonly kind: "ldap" | "entra",
    now: Sync | null,
  ) {
    const source = now?.source?.kind === kind ? now.source : null;
    this.kept = source?.has_secret ?? false;
    if (now !== null) this.options = now.options;
    if (now !== null && now.accepted) this.hours = now.hours;
    if (source !== null) this.fill(source);
  }

  /** The fields as the source is set; its secret is known to nobody here. */
  private fill(source: SyncSource): void {
    const { ldap, entra, secret_expires_ms: until } = source;
    if (ldap !== null) {
      [this.host, this.account, this.base] = [ldap.host, ldap.bind_dn, ldap.search_base];
      [this.encrypted, this.startTls] = [ldap.security !== "none", ldap.security === "starttls"];
      [this.port, this.filter] = [String(ldap.port), ldap.filter ?? ""];
      this.trusted = ldap.trusted_sha256;
      if (ldap.ca_pem !== null) this.authority = { name: words.sync.ldap.caKept, pem: ldap.ca_pem };
    }
    if (entra === null) return;
    [this.tenant, this.client] = [entra.tenant, entra.client_id];
    if (entra.ca_pem !== null) this.authority = { name: words.sync.ldap.caKept, pem: entra.ca_pem };
    const clouds = Object.keys(CLOUDS) as Cloud[];
    this.cloud = clouds.find((cloud) => CLOUDS[cloud].graph_url === entra.graph_url) ?? "global";
    this.proof = entra.credential ?? "secret";
    if (until !== null) this.ends = new Date(until).toISOString().slice(0, 10);
  }

  /** The switch, and the port that goes with it. */
  encrypt(on: boolean, startTls = false): void {
    const usual = this.port === "389" || this.port === "636" || this.port === "";
    [this.encrypted, this.startTls] = [on, on && startTls];
    if (usual) this.port = on && !startTls ? "636" : "389";
    this.touched();
  }

  touched(): void {
    this.look = this.refused = this.preview = null;
    this.wrong = {};
  }

  /**
   * Where to look, from an account that says so (`CN=reader,DC=fabrikam,DC=example`). A name for signing in says nothing: its
   * domain is often not the directory's. Empty is all of it, which is right for most.
   */
  guessBase(): void {
    if (this.base.trim() !== "") return;
    this.base = /(?:^|,)\s*(dc=.+)$/i.exec(this.account.trim())?.[1] ?? "";
  }

  /** Why the server's name does not do, or null (M03). */
  get hostWrong(): string | null {
    const host = this.host.trim();
    return this.encrypted && looksLikeIp(host) && this.trusted === null ? words.sync.ldap.needsName : null;
  }

  /** Whether what is typed is enough to read the directory with; what is wrong is marked. */
  isReady(): boolean {
    return this.read() !== null && this.hostWrong === null;
  }

  /** Takes an authority from a file as Windows and others write them, or says what is wrong with it. */
  async takeAuthority(file: File): Promise<void> {
    const pem = pemOf(new Uint8Array(await file.arrayBuffer()));
    this.authorityWrong = pem === null ? words.sync.ldap.caNone(file.name) : null;
    if (pem !== null) this.authority = { name: file.name, pem };
    this.touched();
  }

  /** The directory as typed, or null with what is wrong marked. */
  private read(): LookDirectoryArgs | null {
    const need = (text: string): string | undefined => (text.trim() === "" ? words.common.missing : undefined);
    if (this.kind === "entra") {
      const wrong = { tenant: need(this.tenant), client: need(this.client) };
      return this.judged(wrong, () => ({ entra: this.entra() }));
    }
    const port = portOf(this.port);
    const wrong = {
      // An address instead of a name: its certificate can be looked at, and trusted (M03).
      host: need(this.host),
      port: port === null || port === 0 ? words.common.notAPort : undefined,
      account: need(this.account),
    };
    return this.judged(wrong, () => ({ ldap: this.ldap() }));
  }

  private judged<T>(wrong: Partial<Record<string, string | undefined>>, give: () => T): T | null {
    this.wrong = Object.fromEntries(Object.entries(wrong).filter(([, text]) => text !== undefined));
    return Object.keys(this.wrong).length > 0 ? null : give();
  }

  ldap(): SetLdapSourceArgs {
    const maybe = (name: string, text: string) => (text.trim() === "" ? {} : { [name]: text.trim() });
    return {
      host: this.host.trim(),
      port: portOf(this.port) ?? 636,
      security: !this.encrypted ? "none" : this.startTls ? "starttls" : "ldaps",
      bind_dn: this.account.trim(),
      search_base: this.base.trim(),
      ...maybe("filter", this.filter),
      ...(this.authority === null ? {} : { ca_pem: this.authority.pem }),
      ...(this.password === "" ? {} : { secret: this.password }),
      ...(this.trusted === null ? {} : { trusted_sha256: this.trusted }),
    };
  }

  private entra(): SetEntraSourceArgs {
    const until = this.ends === "" ? null : new Date(`${this.ends}T23:59:59`).getTime();
    const secret = this.proof === "secret" && this.secret.trim() !== "";
    const certificate = this.proof === "certificate" && this.pem !== null ? this.pem.text : null;
    return {
      ...(certificate === null ? {} : { certificate_pem: certificate }),
      ...(this.authority === null ? {} : { ca_pem: this.authority.pem }),
      tenant: this.tenant.trim(),
      client_id: this.client.trim(),
      ...CLOUDS[this.cloud],
      ...(secret ? { secret: this.secret.trim() } : {}),
      ...(this.proof === "secret" && until !== null ? { secret_expires_ms: until } : {}),
    };
  }

  /** Asks the directory, and shows what it would find. Nothing is saved. */
  async test(): Promise<boolean> {
    const asked = this.read();
    if (asked === null || this.looking) return false;
    this.looking = true;
    this.look = this.refused = null;
    try {
      this.look = await this.session.bus.command("look_directory", asked);
      return this.look.usable;
    } catch (thrown) {
      this.refused = faultOf(thrown);
      return false;
    } finally {
      this.looking = false;
    }
  }

  /** Believes the certificate that was shown, and asks again (V21). */
  async trust(sha256: string): Promise<void> {
    this.trusted = sha256;
    await this.test();
  }

  /** Saves the source and what to include, and asks what a run would do. No person changes. */
  async prepare(): Promise<void> {
    this.preview = this.refused = null;
    this.looking = true;
    try {
      if (this.kind === "ldap") await this.session.bus.command("set_ldap_source", this.ldap());
      else await this.session.bus.command("set_entra_source", this.entra());
      await this.session.bus.command("set_sync_options", $state.snapshot(this.options));
      this.preview = await this.session.bus.command("preview_sync", {});
    } catch (thrown) {
      this.refused = faultOf(thrown);
    } finally {
      this.looking = false;
    }
  }

  /** The last button: the first run, then the schedule. */
  async turnOn(first: boolean): Promise<string | null> {
    this.refused = null;
    const { bus } = this.session;
    const missing = this.preview?.would_stop !== null;
    const run = async () => {
      const done = await bus.command("run_sync", {
        ...(first ? { accept_first: true } : {}),
        ...(missing ? { accept_missing: true } : {}),
      });
      await bus.command("set_sync_schedule", { hours: this.hours });
      return done;
    };
    const done = await this.session.attempt("sync", run, (fault) => (this.refused = fault));
    if (done?.entry != null) this.session.remember(done.entry);
    return done?.sentence ?? null;
  }
}
