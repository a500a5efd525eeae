import { describe, expect, it } from "vitest";
import { createHost } from "../../lib/host/fake/fake";
import type { Host } from "../../lib/host/host";
import { Session } from "../../lib/session/session.svelte";
import { SetUp } from "./setup.svelte";

describe("Setting up a directory", () => {
  async function opened(kind: "ldap" | "entra", search = "") {
    const asked: [string, unknown][] = [];
    const inner = createHost(search);
    const host: Host = {
      ...inner,
      command: (name, args) => {
        asked.push([name, structuredClone(args)]);
        return inner.command(name, args);
      },
    };
    const session = new Session(host, await host.house());
    const now = search === "" ? null : await session.bus.query("sync", {});
    return { form: new SetUp(session, kind, now), asked, names: () => asked.map(([name]) => name) };
  }

  function typed(form: SetUp): void {
    [form.host, form.account, form.password] = ["dc1.fabrikam.example", "rollcall@fabrikam.example", "secret"];
    form.guessBase();
  }

  it("m02_the_port_follows_the_encryption_unless_somebody_typed_another", async () => {
    const { form } = await opened("ldap");

    expect(form.port).toBe("636");
    form.encrypt(true, true);
    expect([form.port, form.ldap().security]).toEqual(["389", "starttls"]);
    form.encrypt(false);
    expect([form.port, form.ldap().security]).toEqual(["389", "none"]);
    form.port = "3269";
    form.encrypt(true);
    expect([form.port, form.ldap().security]).toEqual(["3269", "ldaps"]);
  });

  it("m03_an_address_does_with_encryption_only_once_its_certificate_was_looked_at", async () => {
    const { form, asked } = await opened("ldap");
    typed(form);
    form.host = "192.168.1.10";

    expect(form.hostWrong).toContain("it MUST be a hostname");
    expect(await form.test()).toBe(false);
    expect(form.look?.sentence).toContain("it MUST be a hostname");
    await form.trust(form.look?.certificate?.sha256 ?? "");
    expect(form.look?.usable).toBe(true);
    expect(asked.map(([name]) => name)).toEqual(["look_directory", "look_directory"]);
  });

  it("m02_where_to_look_is_guessed_from_a_full_name_only_and_never_written_over", async () => {
    const { form } = await opened("ldap");
    typed(form);

    expect(form.base, "the domain of a sign-in name is often not the directory's").toBe("");
    form.base = "OU=Office,DC=fabrikam,DC=example";
    form.guessBase();
    expect(form.base).toBe("OU=Office,DC=fabrikam,DC=example");
    [form.base, form.account] = ["", "uid=reader,ou=Service Accounts,dc=office,dc=test"];
    form.guessBase();
    expect(form.base).toBe("dc=office,dc=test");
  });

  it("m02_whoever_does_not_know_where_to_look_leaves_it_empty_and_gets_all_of_it", async () => {
    const { form, asked } = await opened("ldap");
    [form.host, form.account, form.password] = ["dc1", "FABRIKAM\\rollcall", "secret"];
    form.guessBase();

    expect(form.base).toBe("");
    expect(await form.test()).toBe(true);
    expect((asked[0]?.[1] as { ldap: Record<string, unknown> }).ldap.search_base).toBe("");
  });

  it("v09_a_test_saves_nothing_and_the_preview_turns_nothing_on", async () => {
    const { form, names } = await opened("ldap");
    typed(form);

    await form.test();
    expect(names()).toEqual(["look_directory"]);
    await form.prepare();
    expect(names().slice(1)).toEqual(["set_ldap_source", "set_sync_options", "preview_sync"]);
    await form.turnOn(true);
    expect(names().slice(4)).toEqual(["run_sync", "set_sync_schedule"]);
  });

  it("v21_an_authority_is_taken_from_a_file_as_pem_or_as_windows_writes_it", async () => {
    const { form } = await opened("ldap");
    typed(form);
    const bytes = (...all: number[]) => new File([new Uint8Array(all)], "office-ca.cer");

    await form.takeAuthority(bytes(0x30, 0x03, 0x02, 0x01, 0x05));
    expect(form.ldap().ca_pem).toBe("-----BEGIN CERTIFICATE-----\nMAMCAQU=\n-----END CERTIFICATE-----\n");
    await form.takeAuthority(bytes(1, 2, 3));
    expect(form.authorityWrong).toContain("office-ca.cer");
    expect(form.authority?.name).toBe("office-ca.cer");
    await form.takeAuthority(new File(["-----BEGIN CERTIFICATE-----\nx"], "ca.pem"));
    expect(form.ldap().ca_pem).toContain("\nx");
  });

  it("z08_a_certificate_is_tried_without_being_saved", async () => {
    const { form, asked, names } = await opened("entra");
    [form.tenant, form.client, form.proof] = ["fabrikam.example", "1", "certificate"];
    form.pem = { name: "app.pem", text: "PEM" };

    await form.test();
    expect(names()).toEqual(["look_directory"]);
    expect(asked[0]?.[1]).toMatchObject({ entra: { certificate_pem: "PEM" } });
  });

  it("v09_only_the_first_run_is_accepted_and_many_missing_only_when_they_were_shown", async () => {
    const { form, asked } = await opened("entra", "?sync=stopped");
    await form.prepare();
    await form.turnOn(false);

    expect(asked.find(([name]) => name === "run_sync")?.[1]).toEqual({ accept_missing: true });
  });

  it("z08_a_secret_is_sent_only_when_one_was_typed_and_its_end_goes_with_it", async () => {
    const { form, asked } = await opened("entra", "?sync=on");
    expect([form.kept, form.tenant, form.secret]).toEqual([true, "fabrikam.example", ""]);

    await form.test();
    const kept = (asked[0]?.[1] as { entra: Record<string, unknown> }).entra;
    expect(kept).not.toHaveProperty("secret");
    expect(kept.graph_url).toBe("https://graph.microsoft.com");
    form.secret = " new ";
    form.ends = "2028-11-12";
    await form.test();
    const fresh = (asked[1]?.[1] as { entra: Record<string, unknown> }).entra;
    expect(fresh.secret).toBe("new");
    expect(new Date(fresh.secret_expires_ms as number).getFullYear()).toBe(2028);
  });
});
