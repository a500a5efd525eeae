// Every screen and state, light and dark, at both window sizes: no rule of axe broken, nothing too small to click,
// nothing cut, no error in the console. Pictures go to the folder SHOTS names, or shots/.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { after, before, test } from "node:test";
import { id, overflow, row, smallTargets, start, violations } from "./lib/harness.mjs";

const SHOTS = process.env.SHOTS ?? "shots";
let window;
before(async () => {
  mkdirSync(SHOTS, { recursive: true });
  window = await start();
});
after(() => window?.stop());

/** A list with one line of each sort. */
const PEOPLE_CSV = [
  "mail;first;last;other",
  "kim.cedar@fabrikam.example;Kim;Cedar;",
  "new.one@fabrikam.example;New;One;no@fabrikam.example",
  "new.two@fabrikam.example;New;Two;",
  "nobody;No;Body;",
  "x@elsewhere.example;X;Y;",
  "r.alder@fabrikam.example;R;Alder;",
].join("\n");
const SIZES = [
  [1200, 800],
  [900, 640],
];

/** name, path, and what to do before looking. */
const screens = [
  ["overview", "#/overview"],
  ["overview-table", "#/overview", (page) => page.click(id("hours-table"))],
  ["discovered", "#/discovered", (page) => page.click(row("jordan.larch"))],
  [
    "discovered-selection",
    "#/discovered",
    async (page) => {
      await page.click(row("alex.hazel"));
      await page.keyboard.press("Space");
      await page.keyboard.press("Shift+ArrowDown");
      await page.waitForSelector(id("selection-bar"));
    },
  ],
  ["discovered-alias", "#/discovered", (page) => page.click(row("k.cedar"))],
  ["discovered-watching", "#/discovered?filter=watching", (page) => page.click(row("press"))],
  ["discovered-never", "#/discovered?filter=never_add", (page) => page.click(row("fax"))],
  ["people-alias", "#/people?filter=alias", (page) => page.click(row("r.alder"))],
  ["people", "#/people", (page) => page.click(row("kim.cedar"))],
  ["people-invalid", "#/people?filter=invalid", (page) => page.click(row("jon.larch"))],
  ["sync", "?sync=on#/sync"],
  ["sync-not-set-up", "#/sync"],
  ["settings-backup", "#/settings?filter=backup"],
  ["mail-flow", "#/mail-flow", (page) => page.click(id("mail-239"))],
  [
    "mail-flow-stop",
    "#/mail-flow",
    async (page) => {
      await page.click(id("mail-239"));
      await page.click(id("stop"));
    },
  ],
  [
    "mail-flow-held",
    "#/mail-flow",
    async (page) => {
      await page.click(id("mail-239"));
      await page.click(id("hold"));
      await page.getByText("Held by you since").waitFor();
    },
  ],
  [
    "mail-flow-when",
    "#/mail-flow",
    async (page) => {
      await page.click(id("period"));
      await page.fill(id("period-from"), "yesterday 14:00");
      await page.fill(id("period-until"), "soon");
      await page.click(id("period-show"));
    },
  ],
  ["mail-flow-report", "#/mail-flow?filter=report"],
  [
    "mail-flow-report-table",
    "#/mail-flow?filter=report",
    async (page) => {
      await page.click(id("report-chart-table"));
    },
  ],
  [
    "mail-flow-paused",
    "#/mail-flow",
    async (page) => {
      await page.click(id("live"));
      for (let times = 0; times < 3; times += 1) await page.evaluate(() => globalThis.fake.arrive("kim.cedar"));
      await page.waitForSelector(id("live-fresh"));
      await page.click(id("mail-234"));
    },
  ],
  ["history", "#/history"],
  ["reports", "#/reports"],
  ["settings-reports", "#/settings?filter=reports"],
  ["settings-general", "#/settings"],
  ["settings-mail-server", "#/settings?filter=mail-server"],
  ["settings-receiving", "#/settings?filter=receiving"],
  ["settings-outgoing", "#/settings?filter=outgoing"],
  [
    "settings-outgoing-tested",
    "#/settings?filter=outgoing",
    async (page) => {
      await page.click(id("test-outbound"));
      await page.waitForSelector(id("test-result"));
      await page.locator(id("test-result")).scrollIntoViewIfNeeded();
      await page.getByRole("button", { name: "Technical reply" }).nth(3).click();
    },
  ],
  ["settings-discovery", "#/settings?filter=discovery"],
  ["settings-notifications", "#/settings?filter=notifications"],
  [
    "settings-notifications-kinds",
    "#/settings?filter=notifications",
    (page) => page.locator(id("kind-server_back")).scrollIntoViewIfNeeded(),
  ],
  [
    "inbox",
    "#/overview",
    async (page) => {
      for (let times = 0; times < 3; times += 1) await page.evaluate(() => globalThis.fake.arrive("press"));
      await page.click(id("bell"));
      await page.waitForSelector(id("inbox-make_user"));
    },
  ],
  ["settings-roles", "#/settings?filter=roles"],
  ["settings-licence", "#/settings?filter=licence"],
  ["settings-about", "#/settings?filter=about"],
];

const openCsv = async (page) => {
  await page.click(id("add-person"));
  await page.click(id("add-csv"));
  await page.waitForSelector(id("csv-drop"));
};
const csv = async (page) => {
  await openCsv(page);
  await page.setInputFiles(id("csv-file"), {
    name: "people.csv",
    mimeType: "text/csv",
    buffer: Buffer.from(PEOPLE_CSV),
  });
  await page.waitForSelector(id("csv-lines"));
};
const typeLdap = async (page, host) => {
  await page.click(id("connect-ldap"));
  await page.fill(id("ldap-host"), host);
  await page.fill(id("ldap-account"), "rollcall@fabrikam.example");
  await page.fill(id("ldap-password"), "secret");
  await page.fill(id("ldap-base"), "DC=fabrikam,DC=example");
};
const typeEntra = async (page) => {
  await page.click(id("connect-entra"));
  await page.fill(id("entra-tenant"), "fabrikam.example");
  await page.fill(id("entra-client"), "11111111-2222-3333-4444-555555555555");
  await page.fill(id("entra-secret"), "secret");
};
const include = async (page) => {
  await typeEntra(page);
  await page.click(id("setup-next"));
  await page.waitForSelector(id("option-delete"));
};
const openRules = async (page) => {
  await page.getByRole("button", { name: "Rules for its addresses" }).click();
  await page.locator(id("rules-fabrikam.example")).evaluate((rules) => rules.scrollIntoView({ block: "start" }));
};
const choose = (name) => (page) => page.getByRole("radio", { name }).click();

/** States are looked at once: at the small size, in the dark. */
const states = [
  ["first-run", "?state=first-run"],
  [
    "restore",
    "?state=first-run",
    async (page) => {
      await page.click(id("restore"));
      const buffer = Buffer.alloc(3_400_000);
      await page.setInputFiles(id("restore-file"), { name: "rollcall-2026-11-12.backup", mimeType: "", buffer });
      await page.click(id("restore-do"));
      await page.getByText("is sealed").waitFor();
    },
  ],
  [
    "set-up",
    "?state=first-run",
    async (page) => {
      await page.click(id("set-up"));
      await page.fill(id("setup-domain"), "fabrikam.example");
      await page.keyboard.press("Enter");
      await page.click(id("test-server"));
      await page.waitForSelector(id("test-result"));
    },
  ],
  [
    "set-up-front",
    "?state=first-run",
    async (page) => {
      await page.click(id("set-up"));
      await page.fill(id("setup-domain"), "fabrikam.example");
      await page.keyboard.press("Enter");
      await page.keyboard.press("Enter");
      await page.fill(id("setup-address"), "0.0.0.0");
      await page.waitForSelector(id("setup-place"));
    },
  ],
  ["shadow", "?shadow=on#/overview"],
  [
    "shadow-mail-flow",
    "?shadow=on#/mail-flow?filter=would_refuse",
    async (page) => {
      await page.locator("[data-index='0']").click();
      await page.waitForSelector(id("would-refuse"));
    },
  ],
  [
    "shadow-settings",
    "?shadow=on#/settings?filter=receiving",
    (page) => page.locator(id("shadow-on")).scrollIntoViewIfNeeded(),
  ],
  [
    "people-doubted",
    "#/people",
    async (page) => {
      await page.locator("[data-testid^='doubted-']").click();
      await page.waitForSelector(id("suspect"));
    },
  ],
  [
    "invalid-kept",
    "#/people?filter=invalid",
    async (page) => {
      await page.click(row("test"));
      await page.waitForSelector(id("held"));
    },
  ],
  [
    "invalid-turned-away",
    "#/people?filter=invalid",
    async (page) => {
      await page.click(row("webmaster1"));
      await page.waitForSelector(id("fresh"));
    },
  ],
  [
    "observed",
    "?discovery=off#/discovered",
    async (page) => {
      await page.click(id("observed-show"));
      await page.waitForSelector(id("observed-list"));
    },
  ],
  ["hold-fresh", "#/settings?filter=discovery", (page) => page.locator(id("hold-fresh")).scrollIntoViewIfNeeded()],
  ["practice", "?state=practice#/discovered"],
  [
    "discovered-alias-of",
    "#/discovered",
    async (page) => {
      await page.click(row("k.cedar"));
      await page.click(id("panel-more"));
      await page.click(id("alias-of"));
      await page.waitForSelector(id("alias-kim.cedar@fabrikam.example"));
    },
  ],
  [
    "discovered-no-seat",
    "?access=full#/discovered",
    async (page) => {
      await page.click(row("jordan.larch"));
      await page.keyboard.press("u");
      await page.waitForSelector(id("no-seat-dialog"));
    },
  ],
  ["discovered-tip", "?discovery=long#/discovered"],
  ["discovered-likely-aliases", "#/discovered?filter=likely_alias"],
  ["discovery-off", "?discovery=off#/settings?filter=discovery"],
  ["discovery-held-back", "?access=signed-in&discovery=held-back#/settings?filter=discovery"],
  [
    "discovery-creates",
    "?access=signed-in#/settings?filter=discovery",
    async (page) => {
      await page.click(id("preset-smtp_autocreate"));
      await page.click(id("rule-save"));
      await page.waitForSelector(id("creates-dialog"));
    },
  ],
  [
    "discovery-preview",
    "?access=signed-in&discovery=young#/settings?filter=discovery",
    async (page) => {
      await page.click(id("preset-smart_create"));
      await page.waitForSelector(id("dry-run-past"));
      await page.locator(id("preview")).scrollIntoViewIfNeeded();
    },
  ],
  [
    "discovery-dry-run",
    "?access=signed-in#/settings?filter=discovery",
    async (page) => {
      await page.click(id("try-presets"));
      await page.selectOption(id("dry-run-preset"), "mailprotector");
      await page.waitForSelector(id("dry-run-bogus"));
    },
  ],
  [
    "discovery-leave",
    "#/settings?filter=discovery",
    async (page) => {
      await page.click(id("preset-careful_office"));
      await page.click(id("nav-overview"));
      await page.waitForSelector(id("leave-dialog"));
    },
  ],
  [
    "discovery-holiday",
    "?discovery=holiday#/settings?filter=discovery",
    (page) => page.locator(id("holiday-end")).scrollIntoViewIfNeeded(),
  ],
  ["reports-older", "#/reports?address=1"],
  ["reports-empty", "?state=empty#/reports"],
  ["reports-failed", "?state=failed#/reports"],
  ["reports-trouble", "?reporting=trouble#/settings?filter=reports"],
  [
    "reports-welcome",
    "?reporting=welcoming#/settings?filter=reports",
    (page) => page.locator(id("shipped-welcome")).scrollIntoViewIfNeeded(),
  ],
  [
    "reports-copy-needs-address",
    "#/settings?filter=reports",
    async (page) => {
      await page.click(id("copy-organization_administrator"));
      await page.click(id("save-organization_administrator"));
      await page.getByText("Give an e-mail address").waitFor();
    },
  ],
  ["reports-toast", "#/people", (page) => page.evaluate(() => globalThis.fake.happen("report"))],
  ["roles-no-password", "?access=none#/settings?filter=roles"],
  [
    "roles-set-password",
    "?access=none#/settings?filter=roles",
    async (page) => {
      await page.click(id("set-password"));
      await page.fill(id("new-password"), "short");
      await page.click(id("save-password"));
      await page.getByText("These two are not the same.").waitFor();
    },
  ],
  ["roles-signed-in", "?access=signed-in#/settings?filter=roles"],
  ["roles-waiting", "?access=waiting#/settings?filter=roles"],
  [
    "roles-wrong-password",
    "#/settings?filter=roles",
    async (page) => {
      await page.fill(id("sign-in-password"), "wrong horse");
      await page.click(id("sign-in"));
      await page.waitForSelector(id("sign-in-refused"));
    },
  ],
  [
    "licence-unlock",
    "#/settings?filter=licence",
    async (page) => {
      await page.click(id("licence-gate-unlock"));
      await page.waitForSelector(id("unlock-dialog"));
    },
  ],
  ["licence-unlocked", "?access=signed-in#/settings?filter=licence"],
  ["licence-nearly", "?access=nearly#/settings?filter=licence"],
  ["licence-full", "?access=full#/settings?filter=licence"],
  ["licence-unlimited", "?access=unlimited#/settings?filter=licence"],
  ["down", "?state=down#/overview"],
  ["closed", "?state=closed#/overview"],
  ["empty-discovered", "?state=empty#/discovered"],
  ["learning", "?state=learning#/discovered"],
  ["empty-people", "?state=empty#/people"],
  ["empty-mail", "?state=empty#/mail-flow"],
  ["empty-overview", "?state=empty#/overview"],
  ["failed", "?state=failed#/discovered"],
  ["many", "?rows=10000#/discovered"],
  [
    "no-match",
    "#/discovered",
    async (page) => {
      await page.fill(id("search"), "warehose");
      await page.waitForSelector(id("empty"));
    },
  ],
  ["palette", "#/overview", (page) => page.keyboard.press("Control+k")],
  ["keys", "#/overview", (page) => page.keyboard.press("F1")],
  [
    "add",
    "#/people",
    async (page) => {
      await page.click(id("add-person"));
      await page.click(id("add-hand"));
    },
  ],
  ["add-menu", "?state=empty#/people", (page) => page.click(id("add-person"))],
  ["people-functional", "#/people?filter=functional", (page) => page.click(row("sales"))],
  ["people-from-directory", "?sync=on#/people?filter=inactive", (page) => page.click(row("jo.fir"))],
  [
    "people-bar",
    "#/people",
    async (page) => {
      await page.click(row("kim.cedar"));
      await page.keyboard.press("Space");
      await page.keyboard.press("Shift+ArrowDown");
      await page.waitForSelector(id("people-bar"));
    },
  ],
  ["csv-pick", "#/people", openCsv],
  ["csv-preview", "#/people", csv],
  [
    "csv-replace",
    "#/people",
    async (page) => {
      await csv(page);
      await page.click(id("csv-replace"));
      await page.waitForSelector(id("csv-removals"));
    },
  ],
  [
    "csv-done",
    "#/people",
    async (page) => {
      await csv(page);
      await page.click(id("csv-import"));
      await page.waitForSelector(id("csv-done"));
    },
  ],
  ["sync-ldap", "?sync=ldap#/sync"],
  ["sync-calm", "?sync=calm#/sync"],
  ["sync-running", "?sync=running#/sync"],
  ["sync-failed", "?sync=failed#/sync"],
  ["sync-signed-out", "?sync=signin#/sync"],
  ["sync-stopped", "?sync=stopped#/sync"],
  ["sync-paused", "?sync=paused#/sync"],
  ["sync-waiting", "?sync=waiting#/sync"],
  ["sync-unreadable", "?state=failed#/sync"],
  ["sync-off-question", "?sync=on#/sync", (page) => page.click(id("turn-off"))],
  ["sync-runs", "?sync=on#/sync", (page) => page.click(id("runs-table"))],
  [
    "sync-preview",
    "?sync=on#/sync",
    async (page) => {
      await page.click(id("sync-more"));
      await page.click(id("sync-preview"));
      await page.getByRole("button", { name: "Every change" }).click();
    },
  ],
  [
    "sync-set-up-tree",
    "#/sync",
    async (page) => {
      await typeLdap(page, "dc1.fabrikam.example");
      await page.click(id("browse-base"));
      await page.waitForSelector("[role=treeitem]");
    },
  ],
  [
    "sync-set-up-certificate",
    "#/sync",
    async (page) => {
      await typeLdap(page, "old.fabrikam.example");
      await page.click(id("test-directory"));
      await page.waitForSelector(id("certificate-seen"));
      await page.locator(id("trust-certificate")).scrollIntoViewIfNeeded();
    },
  ],
  [
    "sync-set-up-address",
    "#/sync",
    async (page) => {
      await typeLdap(page, "192.168.1.10");
      await page.getByText("it MUST be a hostname").waitFor();
    },
  ],
  [
    "sync-set-up-address-seen",
    "#/sync",
    async (page) => {
      await typeLdap(page, "192.168.1.10");
      await page.click(id("test-directory"));
      await page.waitForSelector(id("certificate-seen"));
      await page.locator(id("trust-certificate")).scrollIntoViewIfNeeded();
    },
  ],
  [
    "sync-set-up-authority",
    "#/sync",
    async (page) => {
      await typeLdap(page, "dc1.fabrikam.example");
      await page.getByRole("button", { name: "More settings" }).click();
      const buffer = Buffer.from("-----BEGIN CERTIFICATE-----");
      await page.setInputFiles(id("ldap-ca"), { name: "office-ca.pem", mimeType: "text/plain", buffer });
      await page.getByText("office-ca.pem is believed").evaluate((says) => says.scrollIntoView({ block: "center" }));
    },
  ],
  ["sync-blocked", "?sync=blocked#/sync", (page) => page.waitForSelector(id("problem-blocked"))],
  [
    "sync-set-up-help",
    "#/sync",
    async (page) => {
      await page.click(id("connect-entra"));
      await page.getByRole("button", { name: "Show me how" }).click();
      await page.waitForSelector(id("entra-help"));
    },
  ],
  [
    "sync-set-up-found",
    "#/sync",
    async (page) => {
      await typeEntra(page);
      await page.click(id("test-directory"));
      await page.waitForSelector(id("look-found"));
      await page.locator(id("look-found")).scrollIntoViewIfNeeded();
    },
  ],
  ["sync-set-up-include", "#/sync", include],
  [
    "sync-set-up-preview",
    "#/sync",
    async (page) => {
      await include(page);
      await page.click(id("setup-next"));
      await page.getByText("42 match people you have already.").waitFor();
    },
  ],
  ["discovered-directory", "?sync=on#/discovered"],
  ["discovered-directory-list", "?sync=on#/discovered", (page) => page.click(id("show-found"))],
  ["settings-discovery-directory", "?sync=on#/settings?filter=discovery"],
  [
    "backup-done",
    "#/settings?filter=backup",
    async (page) => {
      await page.fill(id("backup-passphrase"), "correct horse");
      await page.fill(id("backup-again"), "correct horse");
      await page.click(id("save-backup"));
      await page.waitForSelector(id("backup-done"));
    },
  ],
  ["domain", "#/settings?filter=mail-server", (page) => page.click(id("add-domain"))],
  ["domain-rules", "#/settings?filter=mail-server", openRules],
  [
    "domain-rules-end",
    "#/settings?filter=mail-server",
    async (page) => {
      await openRules(page);
      await page.locator(id("clear-fabrikam.example")).scrollIntoViewIfNeeded();
    },
  ],
  [
    "domain-loop",
    "#/settings?filter=mail-server",
    async (page) => {
      await page.click(id("change-fabrikam.example"));
      await page.fill(id("server-host"), "127.0.0.1");
      await page.click(id("save-domain"));
      await page.locator(id("domain-dialog")).getByText("is where Rollcall itself receives mail").waitFor();
    },
  ],
  ["empty-report", "?state=empty#/mail-flow?filter=report"],
  ["failed-report", "?state=failed#/mail-flow?filter=report"],
  ["outgoing-locked", "?state=locked#/settings?filter=outgoing"],
  ["sync-locked", "?state=locked&sync=on#/sync"],
  ["overview-locked", "?state=locked#/overview"],
  ["outgoing-down", "?state=down#/settings?filter=outgoing"],
  ["outgoing-off", "#/settings?filter=outgoing", choose("Not at all")],
  [
    "outgoing-direct",
    "#/settings?filter=outgoing",
    async (page) => {
      await choose("Directly")(page);
      await page.fill(id("direct-domain"), "blocked.example");
      await page.keyboard.press("Enter");
      await page.waitForSelector(id("test-result"));
    },
  ],
  [
    "outgoing-wrong-password",
    "#/settings?filter=outgoing",
    async (page) => {
      await page.fill(id("outbound-password"), "wrong");
      await page.click(id("test-outbound"));
      await page.waitForSelector(id("test-result"));
      await page.locator(id("test-result")).scrollIntoViewIfNeeded();
    },
  ],
  [
    "outgoing-no-password",
    "#/settings?filter=outgoing",
    async (page) => {
      await page.fill(id("outbound-username"), "other@fabrikam.example");
      await page.click(id("save-outbound"));
      await page.getByText("The password is missing").waitFor();
    },
  ],
  [
    "discovery-closed",
    "#/settings?filter=mail-server",
    async (page) => {
      await openRules(page);
      await choose("Refuse")(page);
      await page.click(id("save-unknown"));
      await page.goto(page.url().replace("mail-server", "discovery"));
      await page.locator(id("learns-not-fabrikam.example")).scrollIntoViewIfNeeded();
    },
  ],
  ["blocked-toast", "#/people", (page) => page.evaluate(() => globalThis.fake.happen("blocked"))],
  ["undelivered-toast", "#/overview", (page) => page.evaluate(() => globalThis.fake.happen("undelivered"))],
  [
    "asked-before",
    "#/discovered?address=jordon.larch%40fabrikam.example",
    (page) => page.locator(id("said-before")).scrollIntoViewIfNeeded(),
  ],
  [
    "refused-before",
    "#/mail-flow",
    async (page) => {
      await page.selectOption(id("reason"), "user_unknown");
      await page.locator("[data-index='0']").click();
      await page.locator(id("said-before")).scrollIntoViewIfNeeded();
    },
  ],
  ["inbox-empty", "?state=empty#/overview", (page) => page.click(id("bell"))],
  ["inbox-failed", "?state=failed#/overview", (page) => page.click(id("bell"))],
  [
    "inbox-dealt-with",
    "#/overview",
    async (page) => {
      await page.click(id("bell"));
      await page.click(id("inbox-add_as_suggested"));
      await page.waitForSelector(id("undo"));
      await page.waitForFunction(() => document.querySelector('[data-testid="inbox-add_as_suggested"]') === null);
    },
  ],
  [
    "inbox-off",
    "#/settings?filter=notifications",
    async (page) => {
      await page.click(id("notifications"));
      await page.click(id("bell"));
    },
  ],
  ["relay", "#/overview", (page) => page.click(id("relay-state"))],
];

async function look(name, path, act, options) {
  const page = await window.open(path, options);
  try {
    await act?.(page);
    await page.waitForTimeout(60);
    await page.screenshot({ path: `${SHOTS}/${name}.png` });
    assert.deepEqual(await violations(page), [], "axe");
    assert.deepEqual(await smallTargets(page), [], "targets of at least 24 px");
    assert.deepEqual(await overflow(page), [], "nothing is cut");
    assert.deepEqual(page.errors, [], "console");
  } finally {
    await page.finish();
  }
}

for (const [name, path, act] of screens) {
  for (const dark of [false, true]) {
    for (const [width, height] of SIZES) {
      const look_ = `${name}-${width}-${dark ? "dark" : "light"}`;
      test(`${look_} keeps the rules`, () => look(look_, path, act, { width, height, dark }));
    }
  }
}
for (const [name, path, act] of states) {
  test(`state ${name} keeps the rules`, () =>
    look(`state-${name}`, path, act, { width: 900, height: 640, dark: true }));
  test(`state ${name} keeps the rules in light`, () =>
    look(`state-${name}-light`, path, act, { width: 1200, height: 800 }));
}

test("while the engine is away every screen says so", async () => {
  const page = await window.open("?state=away#/overview");
  await page.getByText("can’t reach its relay service").first().waitFor();
  assert.deepEqual(await violations(page), []);
  await page.finish();
});

test("loading shows nothing for 300 ms, then rows in the shape of the real ones", async () => {
  const page = await window.open("?state=loading#/discovered", { waits: false });
  await page.waitForSelector(id("nav-discovered"));
  assert.equal(await page.locator(id("skeleton")).count(), 0);
  await page.waitForSelector(id("skeleton"));
  await page.screenshot({ path: `${SHOTS}/state-loading.png` });
  await page.finish();
});

test("forced colours tell selected, ticked and focused rows apart", async () => {
  const page = await window.open("#/discovered", { forced: true });
  await page.click(row("alex.hazel"));
  await page.keyboard.press("Space");
  await page.screenshot({ path: `${SHOTS}/forced-colours.png` });
  const [ticked, other] = await page.evaluate(() =>
    [...document.querySelectorAll("[role=row][data-index]")]
      .sort((a, b) => (b.ariaSelected === "true") - (a.ariaSelected === "true"))
      .map((element) => getComputedStyle(element).backgroundColor),
  );
  assert.notEqual(ticked, other);
  await page.finish();
});

/** Every screen of the mail flow and the settings beside it. */
const forced = [
  ["mail-flow", "#/mail-flow", (page) => page.click(id("mail-239"))],
  ["mail-flow-when", "#/mail-flow", (page) => page.click(id("period"))],
  ["mail-flow-paused", "#/mail-flow", (page) => page.click(id("live"))],
  ["mail-flow-report", "#/mail-flow?filter=report"],
  ["people", "#/people", (page) => page.click(row("kim.cedar"))],
  ["csv", "#/people", csv],
  ["sync", "?sync=on#/sync"],
  ["sync-stopped", "?sync=stopped#/sync"],
  ["overview", "#/overview"],
  ["settings-outgoing", "#/settings?filter=outgoing"],
  ["settings-receiving", "#/settings?filter=receiving"],
  ["settings-mail-server", "#/settings?filter=mail-server", openRules],
  ["settings-discovery", "#/settings?filter=discovery"],
  [
    "settings-notifications-kinds",
    "#/settings?filter=notifications",
    (page) => page.locator(id("kind-server_back")).scrollIntoViewIfNeeded(),
  ],
  [
    "inbox",
    "#/overview",
    async (page) => {
      for (let times = 0; times < 3; times += 1) await page.evaluate(() => globalThis.fake.arrive("press"));
      await page.click(id("bell"));
      await page.waitForSelector(id("inbox-make_user"));
    },
  ],
  ["settings-roles", "#/settings?filter=roles"],
  ["settings-licence", "#/settings?filter=licence"],
];
for (const [name, path, act] of forced) {
  for (const dark of [false, true]) {
    test(`in forced colours ${name} keeps the rules${dark ? " on black" : ""}`, () =>
      look(`forced-${name}${dark ? "-dark" : ""}`, path, act, { forced: true, dark }));
  }
}

test("at 200 % zoom of the smallest window nothing scrolls sideways and the panel is a page", async () => {
  const page = await window.open("#/discovered", { width: 450, height: 320 });
  await page.click(row("jordon.larch"));
  const panel = await page.locator("[data-region=panel]").boundingBox();
  assert.ok(panel.width > 380, `the panel is ${panel.width} px wide`);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
  await page.click(id("close-panel"));
  await page.finish();
});

test("11 discovered, 13 people and 13 mail rows fit at 1200 by 800", async () => {
  for (const [path, need] of [
    ["?rows=100#/discovered", 11],
    ["#/people", 13],
    ["#/mail-flow", 13],
  ]) {
    const page = await window.open(path);
    const fit = await page.evaluate(
      () =>
        [...document.querySelectorAll("[role=row][data-index]")].filter(
          (element) => element.getBoundingClientRect().bottom <= innerHeight,
        ).length,
    );
    assert.ok(fit >= need, `${path}: ${fit} rows`);
    await page.finish();
  }
});
