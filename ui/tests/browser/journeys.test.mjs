// What people do, by mouse and by keyboard, against the engine stand-in.
import { readFileSync } from "node:fs";
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { id, row, start } from "./lib/harness.mjs";

let window;
before(async () => {
  window = await start();
});
after(() => window?.stop());

const focused = (page) => page.evaluate(() => document.activeElement?.getAttribute("data-testid"));
const badge = (page) => page.locator(id("badge")).textContent();

test("U U U makes three users, the focus stays in the list, Ctrl Z takes the last one back", async () => {
  const page = await window.open("#/discovered");
  await page.click(row("k.cedar"));

  for (const left of [6, 5, 4]) {
    await page.keyboard.press("u");
    await page.waitForFunction((n) => document.querySelector('[data-testid="badge"]')?.textContent === String(n), left);
  }

  assert.match(await focused(page), /^row-/);
  assert.equal(
    await focused(page),
    await page.evaluate(() => document.querySelector(".tr.cur")?.getAttribute("data-testid")),
  );
  await page.keyboard.press("Control+z");
  await page.waitForFunction(() => document.querySelector('[data-testid="badge"]')?.textContent === "5");
  assert.deepEqual(page.errors, []);
  await page.finish();
});

test("all discovered addresses are settled as suggested with four keys", async () => {
  const page = await window.open("#/overview");
  await page.keyboard.press("Control+2");
  await page.waitForSelector(row("jordan.larch"));
  await page.keyboard.press("/");
  await page.keyboard.press("ArrowDown");
  await page.waitForFunction(() => document.activeElement?.getAttribute("role") === "row");
  await page.keyboard.press("Control+a");
  await page.waitForSelector(id("selection-bar"));
  assert.match(await page.locator(id("selection-bar")).textContent(), /All 7 that match/);

  await page.keyboard.press("Enter");

  await page.getByText("Everyone is accounted for").waitFor();
  assert.match(await page.locator(id("toast")).textContent(), /7 addresses are added as suggested/);
  await page.click(id("undo"));
  await page.waitForSelector(row("jordan.larch"));
  assert.equal(await badge(page), "7");
  await page.finish();
});

test("a click, a control-click and a shift-click select as everywhere else", async () => {
  const page = await window.open("#/discovered");
  await page.click(row("jordon.larch"));
  await page.click(row("k.cedar"), { modifiers: ["Control"] });
  assert.match(await page.locator(id("selection-bar")).textContent(), /1 selected/);
  await page.click(row("jordan.larch"), { modifiers: ["Shift"] });
  assert.match(await page.locator(id("selection-bar")).textContent(), /3 selected/);

  await page.keyboard.press("Escape");
  assert.equal(await page.locator(id("selection-bar")).count(), 0);
  await page.keyboard.press("Escape");
  assert.equal(await page.locator("[data-region=panel]").count(), 0);
  await page.finish();
});

test("names are filled in from the address, can be changed, and are what the user gets", async () => {
  const page = await window.open("#/discovered");
  await page.click(row("jordan.larch"));
  assert.equal(await page.inputValue(id("first-name")), "Jordan");
  await page.fill(id("first-name"), "Jo");
  await page.click(id("make-user"));
  await page.waitForSelector(id("undo"));

  await page.click(id("nav-people"));
  await page.fill(id("search"), "jordan");
  await page.getByText("Jo Larch").first().waitFor();
  await page.finish();
});

test("d20 another name is given to the account that was typed", async () => {
  const page = await window.open("#/discovered");
  await page.click(row("jordon.larch"));
  await page.click(id("panel-more"));
  await page.click(id("alias-of"));
  await page.fill(id("alias-search"), "robin");
  await page.waitForSelector(id("alias-robin.alder@fabrikam.example"));
  await page.keyboard.press("Enter");
  await page.waitForSelector(id("undo"));
  assert.match(await page.locator(id("toast")).textContent(), /jordon\.larch is an alias of robin\.alder now\./);
  await page.waitForFunction(() => document.querySelector('[data-testid="badge"]')?.textContent === "6");
  assert.deepEqual(page.errors, []);
  await page.finish();
});

test("d08 m13 what makes users is locked, and with the password its warning is read first", async () => {
  const page = await window.open("?access=signed-in#/settings?filter=discovery");
  await page.click(id("preset-mailprotector"));
  await page.click(id("rule-save"));
  await page.locator(id("creates-dialog")).getByText("All addresses are added as billable mailboxes").waitFor();
  await page.click(id("creates-go"));
  await page.locator(id("toast")).getByText("fabrikam.example follows Mailprotector now.").waitFor();
  assert.equal(await page.locator(id("save-bar")).count(), 0);
  await page.click(id("undo"));
  await page.waitForFunction(() => document.querySelector('[data-testid="preset-proofpoint"]')?.checked === true);
  assert.deepEqual(page.errors, []);
  await page.finish();

  const locked = await window.open("#/settings?filter=discovery");
  assert.equal(await locked.locator(id("preset-mailprotector")).isDisabled(), true);
  await locked.finish();
});

test("p05 p09 p11 what each preset asks for first is read before it makes users", async () => {
  const page = await window.open("?access=signed-in#/settings?filter=discovery");
  for (const [preset, ...warnings] of [
    ["mailprotector", "everybody in the domain should be protected"],
    ["smart_create", "Set aliases first", "belong to different organizations"],
    [
      "smtp_autocreate",
      "says yes to every address",
      "everybody in the domain should be protected",
      "Set aliases first",
    ],
  ]) {
    await page.click(id(`preset-${preset}`));
    await page.click(id("rule-save"));
    for (const warning of warnings) await page.locator(id("creates-dialog")).getByText(warning).waitFor();
    await page.keyboard.press("Escape");
    await page.waitForSelector(id("creates-dialog"), { state: "detached" });
  }
  await page.click(id("preset-smart_create"));
  await page.locator(id("dry-run-now")).getByText("names are at another of your domains too").waitFor();
  assert.deepEqual(page.errors, []);
  await page.finish();
});

test("d26 after thirty days of discovery a tip says what comes next, once, and is put away for good", async () => {
  const page = await window.open("?discovery=long#/discovered");
  await page.waitForSelector(id("onboarding-tip"));
  await page.click(id("hide-tip"));
  await page.waitForSelector(id("onboarding-tip"), { state: "detached" });
  await page.reload();
  await page.waitForSelector("html[data-ready=true]");
  assert.equal(await page.locator(id("onboarding-tip")).count(), 0);
  assert.deepEqual(page.errors, []);
  await page.finish();

  const young = await window.open("#/discovered");
  await young.waitForSelector(row("jordan.larch"));
  assert.equal(await young.locator(id("onboarding-tip")).count(), 0);
  await young.finish();
});

test("x09 before a preset is saved the window says what it changes and would have done, with the list a click away", async () => {
  const page = await window.open("?access=signed-in#/settings?filter=discovery");
  await page.click(id("preset-smart_create"));
  await page.waitForSelector(id("dry-run-past"));
  assert.match(
    await page.locator(id("dry-run-past")).textContent(),
    /^With SmartCreate you would have created \d+ users, \d+ of them bogus\.$/,
  );
  await page.click(id("dry-run-list"));
  await page.waitForSelector(id("dry-run-bogus"));
  await page.getByText("an alias of kim.cedar@fabrikam.example").waitFor();
  await page.keyboard.press("Escape");
  await page.click(id("rule-discard"));
  assert.equal(await page.locator(id("preview")).count(), 0);
  assert.equal(await page.locator(id("preset-proofpoint")).isChecked(), true);
  assert.deepEqual(page.errors, []);
  await page.finish();
});

test("x09 a preset that is locked can be tried on past mail without choosing it", async () => {
  const page = await window.open("#/settings?filter=discovery");
  await page.click(id("try-presets"));
  await page.selectOption(id("dry-run-preset"), "mailprotector");
  await page.locator(id("dry-run-past")).getByText("With Mailprotector you would have created").waitFor();
  await page.keyboard.press("Escape");
  assert.equal(await page.locator(id("save-bar")).count(), 0);
  assert.deepEqual(page.errors, []);
  await page.finish();
});

test("d16 leaving discovery with changes asks, whatever way one leaves", async () => {
  const page = await window.open("#/settings?filter=discovery");
  await page.click(id("preset-careful_office"));
  await page.click(id("nav-people"));
  await page.waitForSelector(id("leave-dialog"));
  assert.match(page.url(), /settings\?filter=discovery$/);
  await page.click(id("leave-stay"));
  assert.equal(await page.locator(id("preset-careful_office")).isChecked(), true);

  await page.click(id("settings-general"));
  await page.waitForSelector(id("leave-dialog"));
  await page.click(id("leave-save"));
  await page.waitForFunction(() => location.hash === "#/settings?filter=general" || location.hash === "#/settings");
  await page.click(id("settings-discovery"));
  await page.waitForFunction(() => document.querySelector('[data-testid="preset-careful_office"]')?.checked === true);

  await page.click(id("preset-proofpoint"));
  await page.keyboard.press("Control+1");
  await page.waitForSelector(id("leave-dialog"));
  await page.click(id("leave-discard"));
  await page.waitForFunction(() => location.hash === "#/overview");
  assert.deepEqual(page.errors, []);
  await page.finish();
});

test("single letters never act while a person types, and can be switched off", async () => {
  const page = await window.open("#/discovered");
  await page.click(row("jordan.larch"));
  await page.click(id("search"));
  await page.keyboard.type("ux");
  assert.equal(await badge(page), "7");
  await page.keyboard.press("Escape");

  await page.click(id("nav-settings"));
  await page.click(id("letters"));
  await page.click(id("nav-discovered"));
  await page.click(row("jordan.larch"));
  await page.keyboard.press("x");
  await page.waitForTimeout(300);
  assert.equal(await badge(page), "7");
  await page.finish();
});

test("the technical reply is three clicks from the start", async () => {
  const page = await window.open("#/overview");
  await page.click(id("nav-discovered"));
  await page.click(row("jordan.larch"));
  await page.locator("[data-region=panel] [data-reply]").first().click();
  await page.getByText("250 2.6.0 Queued for delivery").first().waitFor();
  await page.finish();
});

test("a newly discovered address appears without reload", async () => {
  const page = await window.open("#/discovered");
  await page.evaluate(() => globalThis.fake.arrive("lou.hawthorn"));
  await page.waitForSelector(row("lou.hawthorn"));
  assert.equal(await badge(page), "8");
  await page.finish();
});

test("new mail waits behind a pill while a person reads further down", async () => {
  const page = await window.open("#/mail-flow");
  const first = () => page.locator("[data-index='0']").getAttribute("data-testid");
  const before = await first();
  await page.evaluate(() => globalThis.fake.arrive("kim.cedar"));
  await page.waitForFunction(
    (old) => document.querySelector("[data-index='0']")?.getAttribute("data-testid") !== old,
    before,
  );

  await page.locator(".vlist").evaluate((list) => list.scrollTo({ top: 600 }));
  await page.waitForTimeout(100);
  for (let times = 0; times < 3; times += 1) await page.evaluate(() => globalThis.fake.arrive("kim.cedar"));
  await page.locator(id("new-pill")).waitFor();
  assert.match(await page.locator(id("new-pill")).textContent(), /3 new messages/);
  await page.click(id("new-pill"));
  await page.waitForSelector(id("mail-244"));
  await page.finish();
});

test("a message that waits is held, released, tried with T, and stopped only after a question", async () => {
  const page = await window.open("#/mail-flow");
  const waiting = () => page.locator(`${id("tab-waiting")} span`).textContent();
  await page.click(id("mail-239"));
  await page.getByText("Waiting for your mail server.").waitFor();
  await page.click(id("hold"));
  await page.getByText("Held by you since").waitFor();
  assert.match(await page.locator(id("mail-239")).textContent(), /On hold/);
  await page.click(id("release"));
  await page.getByText("Waiting for your mail server.").waitFor();
  assert.equal(await waiting(), "2");

  await page.click(id("tab-waiting"));
  await page.click(id("mail-239"));
  await page.keyboard.press("t");
  await page.locator(id("mail-239")).waitFor({ state: "detached" });
  assert.equal(await waiting(), "1");

  await page.click(id("mail-231"));
  assert.match(await page.locator(id("mail-231")).textContent(), /2 of 3 delivered/);
  await page.click(id("stop"));
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Keep it");
  await page.click(id("confirm-stop"));
  await page.getByText("Nothing waits").waitFor();
  await page.finish();
});

test("the list is paused by mouse and by key: nothing moves until it goes on, and what came is counted", async () => {
  const page = await window.open("#/mail-flow");
  const first = () => page.locator("[data-index='0']").getAttribute("data-testid");
  const arrive = () => page.evaluate(() => globalThis.fake.arrive("kim.cedar"));
  await page.waitForSelector(id("mail-240"));
  await page.click(id("live"));
  await arrive();
  await arrive();
  await page.waitForFunction((live) => /2 new/.test(document.querySelector(live)?.textContent ?? ""), id("live"));
  assert.equal(await first(), "mail-240");

  await page.click(id("live"));
  await page.waitForSelector(id("mail-242"));
  assert.equal(await first(), "mail-242");

  await page.click(id("mail-242"));
  await page.keyboard.press("p");
  await page.getByRole("button", { name: "Resume" }).waitFor();
  await arrive();
  await page.waitForSelector(id("live-fresh"));
  assert.equal(await first(), "mail-242");
  await page.keyboard.press("p");
  await page.waitForSelector(id("mail-243"));
  assert.deepEqual(page.errors, []);
  await page.finish();
});

test("messages are found by time, by reason and by address together, with keys alone", async () => {
  const page = await window.open("#/mail-flow");
  const count = () => page.locator(`${id("tab-all")} span`).textContent();
  await page.waitForFunction((all) => document.querySelector(all)?.textContent !== "", `${id("tab-all")} span`);
  const day = Number(await count());
  await page.focus(id("period"));
  await page.keyboard.press("Enter");
  await page.waitForSelector(id("period-dialog"));
  await page.click(id("period-hour"));
  await page.waitForFunction(
    ([all, before]) => Number(document.querySelector(all)?.textContent) < before,
    [`${id("tab-all")} span`, day],
  );
  assert.match(await page.locator(id("period")).textContent(), /Last hour/);

  await page.click(id("period"));
  await page.fill(id("period-from"), "today 10:00");
  await page.fill(id("period-until"), "9:00");
  await page.keyboard.press("Enter");
  await page.getByText("This is before the time above.").waitFor();
  await page.fill(id("period-until"), "11:00");
  await page.keyboard.press("Enter");
  await page.waitForSelector(id("period-dialog"), { state: "detached" });
  assert.match(await page.locator(id("period")).textContent(), /12 Nov, 10:00 to 11:00/);
  assert.equal(await focused(page), "period");
  await page.selectOption(id("reason"), "marked_invalid");
  await page.fill(id("search"), "jon.larch");
  await page.waitForFunction(() => {
    const rows = [...document.querySelectorAll("[role=row][data-index]")];
    return (
      rows.length > 0 && rows.every((row) => /Refused/.test(row.textContent) && /jon\.larch/.test(row.textContent))
    );
  });
  await page.selectOption(id("reason"), "queue_expired");
  await page.getByText("Nothing matches").waitFor();
  await page.click(id("everything"));
  assert.match(await page.locator(id("period")).textContent(), /Everything kept/);

  await page.fill(id("search"), "marked_invalid");
  await page.keyboard.press("Enter");
  assert.equal(await page.inputValue(id("reason")), "marked_invalid");
  await page.fill(id("search"), "12 Nov 9:00");
  await page.keyboard.press("Enter");
  assert.match(await page.locator(id("period")).textContent(), /12 Nov, 09:00 to 10:00/);
  assert.equal(await page.inputValue(id("search")), "");
  assert.deepEqual(page.errors, []);
  await page.finish();
});

test("the report reads its bars by key, shows its table, and leads to the messages behind a bar or a reason", async () => {
  const page = await window.open("#/mail-flow");
  await page.click(id("tab-report"));
  await page.waitForSelector(id("report-chart"));
  const chart = page.locator(`${id("report-chart")} [role=slider]`);
  await chart.focus();
  await page.keyboard.press("End");
  await page.keyboard.press("ArrowLeft");
  assert.match(await chart.getAttribute("aria-valuetext"), /^13:00 to 14:00: \d+ passed on/);
  await page.click(id("report-chart-table"));
  assert.match(
    await page
      .locator(`${id("report-chart")} tbody tr`)
      .nth(1)
      .textContent(),
    /^13:00 to 14:00/,
  );
  await page.click(id("report-chart-table"));

  await page.getByRole("button", { name: /^Show the messages: Marked not real/ }).click();
  await page.waitForSelector("[role=row][data-index]");
  assert.equal(await page.inputValue(id("reason")), "marked_invalid");

  await page.click(id("tab-report"));
  await chart.focus();
  await page.keyboard.press("End");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Enter");
  await page.waitForSelector("[role=row][data-index]");
  assert.match(await page.locator(id("period")).textContent(), /13:00 to 14:00/);
  assert.deepEqual(page.errors, []);
  await page.finish();
});

test("an hour of the Overview leads to its messages, and Back leads back", async () => {
  const page = await window.open("#/overview");
  const chart = page.locator(`${id("hours")} [role=slider]`);
  await chart.focus();
  await page.keyboard.press("End");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Enter");
  await page.waitForSelector("[role=row][data-index]");
  assert.match(await page.locator(id("period")).textContent(), /12 Nov, 13:00 to 14:00/);
  await page.goBack();
  await page.waitForSelector(id("hours"));
  assert.deepEqual(page.errors, []);
  await page.finish();
});

test("a late refusal and a blocked client are told, and a click leads to them", async () => {
  const page = await window.open("#/people");
  await page.evaluate(() => globalThis.fake.happen("undelivered"));
  await page.locator(id("toast")).getByText("A message that was kept here could not be delivered.").waitFor();
  await page.click(id("show-undelivered"));
  await page.waitForSelector(id("mail-239"));
  assert.equal(await page.locator(id("tab-problems")).getAttribute("aria-selected"), "true");
  assert.equal(await page.locator("[role=row][data-index]").count(), 1);

  await page.click(id("nav-people"));
  await page.evaluate(() => globalThis.fake.happen("blocked"));
  await page.locator(id("toast")).getByText("198.51.100.23 guessed addresses").waitFor();
  await page.click(id("show-blocked"));
  await page.waitForSelector(id("blocked-clients"));
  const heading = await page.getByRole("heading", { name: "Blocked for guessing addresses" }).boundingBox();
  assert.ok(heading.y < 400, `it stands at ${heading.y}`);

  await page.click(id("nav-overview"));
  await page.getByText("3 clients are blocked for guessing addresses").waitFor();
  assert.deepEqual(page.errors, []);
  await page.finish();
});

test("a remembered answer tells its age and is cleared from the address and from the trace", async () => {
  const page = await window.open("#/discovered");
  await page.click(row("jordan.larch"));
  await page.getByText("Answer from the cache, asked 3 hours ago.").waitFor();
  await page.click(id("clear-said"));
  await page.waitForSelector(id("said-before"), { state: "detached" });

  await page.click(id("nav-mail-flow"));
  await page.selectOption(id("reason"), "user_unknown");
  await page.locator("[data-index='0']").click();
  await page.getByText("Answer from the cache, asked 50 minutes ago.").waitFor();
  await page.click(id("clear-said"));
  await page.waitForSelector(id("said-before"), { state: "detached" });
  assert.deepEqual(page.errors, []);
  await page.finish();
});

test("the way out is tested as it is typed, with the dialogue one click away and no password in it", async () => {
  const page = await window.open("#/settings?filter=outgoing");
  await page.fill(id("outbound-password"), "hunter2");
  await page.click(id("test-outbound"));
  await page.getByText("It let us sign in as office@fabrikam.example.").waitFor();
  await page.getByRole("button", { name: "Technical reply" }).nth(3).click();
  await page.getByText(">> AUTH PLAIN (not shown)").waitFor();
  assert.equal(await page.getByText("hunter2").count(), 0);

  await page.fill(id("outbound-password"), "wrong");
  assert.equal(await page.locator(id("test-result")).count(), 0);
  await page.click(id("test-outbound"));
  await page.getByText("did not let Rollcall sign in").first().waitFor();

  await page.selectOption(id("disk-reserve"), "1024");
  await page.locator(id("toast")).getByText("Mail is kept only while that much stays free.").waitFor();
  assert.equal(await page.inputValue(id("disk-reserve")), "1024");
  assert.deepEqual(page.errors, []);
  await page.finish();
});

test("d27 what costs money is locked until the password was right, and locks again", async () => {
  const page = await window.open("#/settings?filter=licence");
  assert.ok(await page.locator(id("seats-total")).isDisabled());
  await page.click(id("licence-gate-unlock"));
  await page.fill(id("sign-in-password"), "wrong horse");
  await page.keyboard.press("Enter");
  await page.locator(id("sign-in-refused")).getByText("This isn't the password.").waitFor();
  assert.equal(await page.inputValue(id("sign-in-password")), "");
  await page.fill(id("sign-in-password"), "correct horse");
  await page.keyboard.press("Enter");
  await page.waitForSelector(id("unlock-dialog"), { state: "detached" });

  await page.fill(id("seats-total"), "12");
  await page.fill(id("price"), "2,50");
  await page.fill(id("currency"), "chf");
  await page.click(id("save-licence"));
  await page.locator(id("toast")).getByText("Seats and price are saved.").waitFor();
  await page
    .locator(id("users"))
    .getByText("of 12")
    .or(page.locator(id("users")).getByText("left"))
    .first()
    .waitFor();

  await page.click(id("settings-roles"));
  await page.click(id("sign-out"));
  await page.locator(id("role-now")).getByText("Technician").waitFor();
  await page.click(id("users"));
  await page.waitForSelector(id("licence-gate-unlock"));
  assert.ok(await page.locator(id("seats-total")).isDisabled());
  assert.deepEqual(page.errors, []);
  await page.finish();
});

test("x08 what a new user costs is said before it is added", async () => {
  const page = await window.open("#/people");
  await page.click(id("add-person"));
  await page.click(id("add-hand"));
  await page.fill(id("add-address"), "new.person@fabrikam.example");
  await page.locator(id("forecast")).getByText("This would be 1 new paid user (≈ +€3.00 a month).").waitFor();
  await page.getByRole("radio", { name: "Functional" }).click();
  assert.equal(await page.locator(id("forecast")).count(), 0);
  assert.deepEqual(page.errors, []);
  await page.finish();
});

test("d27 the first password is set once and typed twice", async () => {
  const page = await window.open("?access=none#/settings?filter=licence");
  await page.click(id("licence-gate-unlock"));
  await page.click(id("unlock-to-roles"));
  await page.click(id("set-password"));
  await page.fill(id("new-password"), "battery staple");
  await page.fill(id("password-again"), "battery stable");
  await page.click(id("save-password"));
  await page.getByText("These two are not the same.").waitFor();
  await page.fill(id("password-again"), "battery staple");
  await page.click(id("save-password"));
  await page.waitForSelector(id("password-dialog"), { state: "detached" });
  await page.locator(id("role-now")).getByText("Organization administrator").waitFor();
  assert.deepEqual(page.errors, []);
  await page.finish();
});

test("the mail log is saved as one file, whatever it takes to read it", async () => {
  const page = await window.open("#/mail-flow");
  const saved = page.waitForEvent("download");
  await page.click(id("more"));
  await page.click(id("export-csv"));
  const text = readFileSync(await (await saved).path(), "utf8");
  assert.equal(text.trimEnd().split("\r\n").length, 241);
  await page.locator(id("toast")).getByText("240 rows written to /home/kim/Downloads/rollcall-mail-log.csv.").waitFor();
  await page.finish();
});

test("fewer days of the mail log are asked about first", async () => {
  const page = await window.open("#/settings");
  await page.selectOption(id("log-days"), "30");
  await page.waitForSelector(id("retention-dialog"));
  await page.keyboard.press("Escape");
  await page.waitForSelector(id("retention-dialog"), { state: "detached" });
  assert.equal(await page.inputValue(id("log-days")), "90");
  await page.selectOption(id("log-days"), "365");
  await page.getByText("Saved.").first().waitFor();
  assert.equal(await page.inputValue(id("log-days")), "365");
  await page.finish();
});

test("a list of 10,000 is one tab stop, draws few rows and reaches its end", async () => {
  const page = await window.open("?rows=10000#/discovered");
  assert.equal(await page.locator("[role=grid]").getAttribute("aria-rowcount"), "10001");
  assert.ok((await page.locator("[role=row][data-index]").count()) < 40);
  assert.equal(await page.locator("[role=row][tabindex='0']").count(), 1);

  await page.locator("[data-index='0']").click();
  await page.keyboard.press("End");
  await page.waitForSelector("[data-index='9999']");
  await page.waitForFunction(() => document.activeElement?.getAttribute("data-index") === "9999");
  await page.keyboard.press("Home");
  await page.waitForFunction(() => document.activeElement?.getAttribute("data-index") === "0");
  await page.finish();
});

test("F6 walks sidebar, header, list and panel", async () => {
  const page = await window.open("#/discovered");
  await page.click(row("jordan.larch"));
  const region = () =>
    page.evaluate(() => document.activeElement?.closest("[data-region]")?.getAttribute("data-region"));
  const walked = [];
  for (let times = 0; times < 4; times += 1) {
    await page.keyboard.press("F6");
    walked.push(await region());
  }
  assert.deepEqual(walked, ["panel", "sidebar", "header", "list"]);
  await page.keyboard.press("Shift+F6");
  assert.equal(await region(), "header");
  await page.finish();
});

test("a dialog takes the focus, Escape closes it and gives the focus back", async () => {
  const page = await window.open("#/people");
  await page.focus(id("add-person"));
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.activeElement?.getAttribute("data-testid") === "add-hand");
  await page.keyboard.press("Enter");
  await page.waitForSelector(id("add-dialog"));
  assert.equal(await focused(page), "add-address");
  await page.keyboard.press("Escape");
  await page.waitForSelector(id("add-dialog"), { state: "detached" });
  assert.equal(await focused(page), "add-person");
  await page.finish();
});

test("the add dialog stays open after Enter, and says what is wrong beside the field", async () => {
  const page = await window.open("#/people");
  await page.click(id("add-person"));
  await page.click(id("add-hand"));
  await page.fill(id("add-address"), "kim");
  await page.keyboard.press("Enter");
  await page.getByText("An address needs an @").waitFor();
  await page.fill(id("add-address"), "new.person@fabrikam.example");
  await page.keyboard.press("Enter");
  await page.getByText("new.person@fabrikam.example is added").waitFor();
  assert.equal(await page.inputValue(id("add-address")), "");
  await page.finish();
});

test("an invalid address comes off the list and back by undo", async () => {
  const page = await window.open("#/people?filter=invalid");
  await page.click(row("jon.larch"));
  await page.click(id("remove-invalid"));
  await page.waitForSelector(row("jon.larch"), { state: "detached" });
  await page.click(id("undo"));
  await page.waitForSelector(row("jon.larch"));
  await page.finish();
});

test("the toast stays while the pointer is on it", async () => {
  const page = await window.open("#/discovered");
  await page.clock.install();
  await page.click(row("jordan.larch"));
  await page.keyboard.press("u");
  await page.clock.runFor(300);
  await page.hover(id("toast"));
  await page.clock.runFor(30_000);
  assert.equal(await page.locator(id("toast")).count(), 1);
  await page.mouse.move(5, 5);
  await page.clock.runFor(11_000);
  assert.equal(await page.locator(id("toast")).count(), 0);
  await page.finish();
});

test("first start: one click opens the practice office, which says what it is and skips time", async () => {
  const page = await window.open("?state=first-run");
  await page.click(id("try-practice"));
  await page.waitForSelector(id("practice-bar"));
  assert.match(await page.locator(id("practice-clock")).textContent(), /12 November/);
  await page.click(id("skip-week"));
  await page.waitForFunction(() =>
    /19 November/.test(document.querySelector('[data-testid="practice-clock"]')?.textContent ?? ""),
  );
  await page.click(id("leave-practice"));
  await page.waitForSelector(id("try-practice"));
  assert.deepEqual(page.errors, []);
  await page.finish();
});

test("x17 first start: a backup of another computer comes back with its passphrase, and nothing is lost by a wrong one", async () => {
  const page = await window.open("?state=first-run");
  await page.click(id("restore"));
  await page.keyboard.press("Tab");
  await page.click(id("restore-do"));
  await page.getByText("Choose a backup first.").waitFor();
  const file = { name: "rollcall-2026-11-12.backup", mimeType: "application/octet-stream", buffer: Buffer.from("x") };
  await page.setInputFiles(id("restore-file"), file);
  await page.getByText(file.name).waitFor();
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("data-testid")), "restore-passphrase");
  await page.keyboard.press("Enter");
  await page.getByText("is sealed. Give the passphrase").waitFor();
  await page.keyboard.type("wrong");
  await page.keyboard.press("Enter");
  await page.getByText("This is not the passphrase").waitFor();
  await page.fill(id("restore-passphrase"), "correct horse");
  await page.keyboard.press("Enter");
  await page.getByRole("navigation").first().waitFor();
  assert.equal(await page.locator(id("restore-form")).count(), 0);
  await page.finish();
});

test("x17 first start: reading a large backup says how far it is and is cancelled", async () => {
  const page = await window.open("?state=first-run&slow=1500");
  await page.click(id("restore"));
  const file = { name: "large.backup", mimeType: "application/octet-stream", buffer: Buffer.from("x") };
  await page.setInputFiles(id("restore-file"), file);
  await page.fill(id("restore-passphrase"), "correct horse");
  await page.keyboard.press("Enter");
  await page.locator(id("restore-do")).getByText("Reading, 40 %").waitFor();
  await page.click(id("restore-cancel"));
  await page.waitForSelector(id("restore-back"));
  assert.equal(await page.locator(`${id("restore-form")} [role=alert]`).count(), 0);
  assert.equal(await page.locator(id("restore-form")).count(), 1);
  await page.finish();
});

test("first start: three steps set up the real office, and Back loses nothing", async () => {
  const page = await window.open("?state=first-run");
  await page.click(id("set-up"));
  await page.fill(id("setup-domain"), "gmail.com");
  await page.keyboard.press("Enter");
  await page.getByText("public mail provider").waitFor();
  await page.fill(id("setup-domain"), "fabrikam.example");
  await page.keyboard.press("Enter");
  assert.equal(await page.inputValue(id("server-host")), "mail.fabrikam.example");
  await page.fill(id("server-host"), "down.fabrikam.example");
  await page.click(id("test-server"));
  await page.getByText("doesn’t answer on port 25").waitFor();
  await page.click(id("setup-back"));
  assert.equal(await page.inputValue(id("setup-domain")), "fabrikam.example");
  await page.click(id("setup-next"));
  assert.equal(await page.inputValue(id("server-host")), "down.fabrikam.example");
  await page.click(id("setup-next"));
  assert.equal(await page.inputValue(id("setup-address")), "127.0.0.1");
  assert.equal(await page.inputValue(id("setup-port")), "2525");
  await page.click(id("setup-finish"));
  await page.getByText("Waiting for the first message").first().waitFor();
  await page.finish();
});

test("the tray opens one address with its panel", async () => {
  const page = await window.open("#/overview");
  await page.evaluate(() =>
    globalThis.fake.openView({ section: "discovered", address: "alex.hazel@fabrikam.example" }),
  );
  await page.waitForSelector("[data-region=panel]");
  assert.equal(await page.locator("[data-region=panel] h2").textContent(), "alex.hazel");
  await page.evaluate(() => globalThis.fake.openView({ section: "mail_flow" }));
  await page.waitForSelector(id("mail-240"));
  await page.finish();
});

test("a mail server is added, tested, and removed only after a question whose safe button has the focus", async () => {
  const page = await window.open("#/settings?filter=mail-server");
  await page.click(id("add-domain"));
  await page.fill(id("domain-name"), "second.example");
  await page.fill(id("server-host"), "mail.second.example");
  await page.click(id("test-server"));
  await page.getByText("Mail can go there.").waitFor();
  await page.click(id("save-domain"));
  await page.waitForSelector(id("domain-second.example"));
  await page.click(id("remove-second.example"));
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), "Keep it");
  await page.click(id("confirm-remove"));
  await page.waitForSelector(id("domain-second.example"), { state: "detached" });
  await page.finish();
});

test("what happens to mail for unknown addresses is saved after its line was shown, and other rules at once", async () => {
  const page = await window.open("#/settings?filter=mail-server");
  const name = "fabrikam.example";
  await page.getByRole("button", { name: "Rules for its addresses" }).click();
  await page.getByRole("radio", { name: "Refuse" }).click();
  await page.getByText(`550 5.1.1 <new@${name}>: Invalid recipient`).waitFor();
  await page.getByText("Unknown addresses are learned.").waitFor();
  await page.click(id("save-unknown"));
  await page.locator(id("toast")).getByText("Unknown addresses are refused.").waitFor();
  await page.waitForSelector(id("save-unknown"), { state: "detached" });

  await page.click(id(`subdomains-${name}`));
  await page.waitForSelector(`${id(`subdomains-${name}`)}[aria-checked=true]`);
  await page.fill(id("other-name"), name);
  await page.click(id("add-other-name"));
  await page.locator(id("toast")).getByText(`${name} is one of your domains`).waitFor();
  await page.fill(id("other-name"), "fabrikam.invalid");
  await page.click(id("add-other-name"));
  await page.getByRole("button", { name: "Remove fabrikam.invalid" }).waitFor();

  await page.click(id("change-verification"));
  assert.equal(await page.locator(id("server-port")).inputValue(), "2525");
  await page.click(id("save-verification"));
  await page.getByText("At mail.fabrikam.example:2525.", { exact: false }).waitFor();

  await page.click(id("add-route"));
  await page.fill(id("route-address"), "sam@elsewhere.example");
  await page.fill(id("server-host"), "hosted.example");
  await page.click(id("save-route"));
  await page.getByText(`The address ends with @${name}.`).waitFor();
  await page.fill(id("route-address"), "sam.birch");
  await page.click(id("save-route"));
  await page.getByRole("button", { name: `Send mail for sam.birch@${name}` }).waitFor();
  assert.equal(await page.evaluate(() => document.activeElement?.dataset.testid), "add-route");

  await page.click(id(`clear-${name}`));
  await page.locator(id("toast")).getByText("3 answers are cleared.").waitFor();
  await page.finish();
});

test("the theme is kept over a restart, without a flash of the other one", async () => {
  const page = await window.open("#/settings");
  await page.getByRole("radio", { name: "Dark" }).click();
  await page.addInitScript(() => {
    document.addEventListener(
      "DOMContentLoaded",
      () => (globalThis.themeAtStart = document.documentElement.dataset.theme),
    );
  });
  await page.reload();
  await page.waitForSelector("html[data-ready=true]");
  assert.equal(await page.evaluate(() => globalThis.themeAtStart), "dark");
  await page.finish();
});

test("arrow keys read the chart hour by hour", async () => {
  const page = await window.open("#/overview");
  await page.locator("[role=slider][aria-label^='Mail per hour']").focus();
  await page.keyboard.press("ArrowLeft");
  await page
    .getByText(/^14:00 to 15:00: 49 delivered/)
    .first()
    .waitFor();
  await page.keyboard.press("ArrowLeft");
  await page
    .getByText(/^13:00 to 14:00/)
    .first()
    .waitFor();
  await page.finish();
});

test("the palette finds places, actions and addresses", async () => {
  const page = await window.open("#/overview");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("robin.al");
  await page.getByRole("option", { name: /robin\.alder@/ }).waitFor();
  await page.keyboard.press("Enter");
  await page.waitForSelector("[data-region=panel]");
  assert.equal(await page.locator("[data-region=panel] h2").textContent(), "Robin Alder");
  await page.finish();
});

test("x16 while Rollcall only watches it says what would be refused, shows it, and is ended with a click", async () => {
  const page = await window.open("?shadow=on#/overview");
  assert.match(
    await page.locator(id("shadow-count")).textContent(),
    /^24 recipients would have been refused so far\.$/,
  );
  await page.click(id("shadow-show"));
  await page.waitForSelector(`${id("tab-would_refuse")}[aria-selected=true]`);
  await page.locator("[data-index='0']").click();
  assert.match(await page.locator(id("would-refuse")).textContent(), /You marked this address not real\./);
  await page.click(id("shadow-end"));
  await page.waitForSelector(id("shadow"), { state: "detached" });
  assert.match(await page.locator(id("toast")).textContent(), /Refusals hold again\./);
  await page.click(id("nav-settings"));
  await page.getByRole("button", { name: "Receiving" }).first().click();
  await page.click(id("shadow-on"));
  await page.waitForSelector(`${id("shadow-on")}[aria-checked=true]`);
  assert.deepEqual(page.errors, []);
  await page.finish();
});

test("x06 an address that ended is restored with what was kept for it, and undo says what it can't take back", async () => {
  const page = await window.open("#/people?filter=invalid");
  await page.click(row("test"));
  await page.waitForSelector(id("held"));
  assert.match(await page.locator(id("fresh")).textContent(), /2 messages are kept here\./);
  await page.getByText("Messages that were delivered stay delivered.").waitFor();
  await page.click(id("restore"));
  await page.waitForSelector(id("undo"));
  assert.match(await page.locator(id("toast")).textContent(), /2 kept messages are delivered now\./);
  await page.click(id("nav-discovered"));
  await page.waitForSelector(row("test"));
  assert.deepEqual(page.errors, []);
  await page.finish();
});

test("x10 while discovery is off who gets mail and is on no list can be added by hand", async () => {
  const page = await window.open("?discovery=off#/discovered");
  assert.match(await page.locator(id("observed")).textContent(), /4 addresses get mail and are on no list\./);
  await page.click(id("observed-show"));
  await page.click(id("add-user-martha.oak"));
  await page.waitForSelector(id("observed-martha.oak@fabrikam.example"), { state: "detached" });
  await page.click(id("undo"));
  await page.waitForSelector(id("observed-martha.oak@fabrikam.example"));
  assert.deepEqual(page.errors, []);
  await page.finish();
});

test("x16 whoever sets Rollcall up in front of the mail server begins with a week of watching", async () => {
  const page = await window.open("?state=first-run");
  await page.click(id("set-up"));
  await page.fill(id("setup-domain"), "fabrikam.example");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  assert.equal(await page.locator(id("setup-place")).count(), 0, "inside this computer nothing is asked");
  await page.fill(id("setup-address"), "0.0.0.0");
  await page.getByText("it refuses nothing itself").waitFor();
  await page.click(id("setup-finish"));
  await page.waitForSelector(id("shadow"));
  assert.deepEqual(page.errors, []);
  await page.finish();
});

test("d11 the weekly report is told, leads to who came new, and older weeks are picked by key", async () => {
  const page = await window.open("#/people");
  await page.evaluate(() => globalThis.fake.happen("report"));
  assert.match(
    await page.locator(id("toast")).textContent(),
    /4 users and 2 aliases were created this week\. 7 addresses wait for you to decide\./,
  );
  await page.click(id("show-report"));
  await page.waitForSelector(id("new-user"));
  assert.equal(await page.locator(`${id("new-user")} li`).count(), 4);
  assert.match(await page.locator(id("new-jordan.larch@fabrikam.example")).textContent(), /waits for a decision again/);

  await page.locator(id("report-week")).focus();
  await page.keyboard.press("ArrowDown");
  await page.waitForFunction(() => document.querySelectorAll('[data-testid="new-user"] li').length === 1);
  assert.match(await page.locator(id("report-says")).textContent(), /1 user was created this week/);
  await page.goBack();
  await page.waitForFunction(() => document.querySelectorAll('[data-testid="new-user"] li').length === 4);
  await page.locator(id("show-sam.aspen@fabrikam.example")).focus();
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => location.hash.startsWith("#/people"));
  assert.deepEqual(page.errors, []);
  await page.finish();
});

test("d13 what is reported is switched with Undo, and a contact without an address gets no copy", async () => {
  const page = await window.open("#/settings?filter=reports");
  const isOn = () => page.locator(id("include_admin_contact")).getAttribute("aria-checked");
  await page.click(id("include_admin_contact"));
  await page.getByText("Only windows of the technician are told.").waitFor();
  await page.click(id("undo"));
  await page.getByText("Windows signed in as organization administrator are told as well.").waitFor();
  assert.equal(await isOn(), "true");

  await page.click(id("copy-organization_administrator"));
  await page.click(id("save-organization_administrator"));
  await page.getByText("Give an e-mail address, or no copy can be sent.").waitFor();
  await page.fill(id("email-organization_administrator"), "boss@fabrikam.example");
  await page.keyboard.press("Enter");
  await page.locator(id("toast")).getByText("The administrator’s contact is saved.").waitFor();

  await page.fill(id("letter-sender"), "it@elsewhere.example");
  await page.click(id("save-letter-sender"));
  await page.getByText("isn't one of your domains").waitFor();
  assert.deepEqual(page.errors, []);
  await page.finish();
});

test("p10 the welcome's own text is saved, and the shipped one comes back", async () => {
  const page = await window.open("#/settings?filter=reports");
  const text = () => page.locator(id("welcome-text")).inputValue();
  const shipped = await text();
  await page.fill(id("welcome-text"), "You are in, {name}.");
  await page.click(id("save-welcome"));
  await page.locator(id("toast")).getByText("The welcome is saved.").waitFor();
  assert.equal(await text(), "You are in, {name}.");
  await page.click(id("shipped-welcome"));
  await page.locator(id("toast")).getByText("The shipped text is back.").waitFor();
  assert.equal(await text(), shipped);
  await page.finish();
});

test("m11 a rule that makes users says that they are billable, and one click makes a user what it is", async () => {
  const page = await window.open("?access=signed-in#/settings?filter=discovery");
  assert.equal(await page.locator(id("billable")).count(), 0);
  await page.click(id("preset-mailprotector"));
  await page.click(id("rule-save"));
  await page.click(id("creates-go"));
  await page.locator(id("billable")).getByText("billable mailbox").waitFor();
  await page.locator(id("billable")).getByRole("button").click();

  await page.click(row("kim.cedar"));
  await page.click(id("make-alias"));
  await page.fill(id("alias-search"), "robin");
  await page.waitForSelector(id("alias-robin.alder@fabrikam.example"));
  await page.keyboard.press("Enter");
  await page.locator(id("toast")).getByText("kim.cedar is an alias of robin.alder now.").waitFor();
  await page.click(id("undo"));
  await page.click(row("kim.cedar"));
  await page.click(id("make-functional"));
  await page.locator(id("toast")).getByText("kim.cedar is now a functional account.").waitFor();
  assert.deepEqual(page.errors, []);
  await page.finish();
});

test("x11 a new operator goes from a notification to a user in two clicks, and takes it back with a third", async () => {
  const page = await window.open("#/people");
  await page.evaluate(() => {
    globalThis.clicks = 0;
    addEventListener("click", () => (globalThis.clicks += 1), true);
  });
  for (let times = 0; times < 3; times += 1) await page.evaluate(() => globalThis.fake.arrive("press"));
  await page.waitForFunction(() => document.querySelector('[data-testid="inbox-unread"]')?.textContent === "2");

  await page.click(id("bell"));
  await page.click(id("inbox-make_user"));
  await page.waitForSelector(id("undo"));

  assert.equal(await page.evaluate(() => globalThis.clicks), 2);
  assert.match(await page.locator(id("toast")).textContent(), /press is a user now/);
  await page.waitForSelector(row("press"));
  await page.click(id("undo"));
  await page.waitForFunction(() => document.querySelector('[data-testid="row-press@fabrikam.example"]') === null);
  assert.deepEqual(page.errors, []);
  await page.finish();
});

test("d25 a notification opens its row, and the inbox is read, walked and closed by keys", async () => {
  const page = await window.open("#/overview");
  for (let times = 0; times < 3; times += 1) await page.evaluate(() => globalThis.fake.arrive("press"));
  await page.waitForFunction(() => document.querySelector('[data-testid="inbox-unread"]')?.textContent === "2");

  await page.keyboard.press("Control+i");
  await page.waitForFunction(() => document.activeElement?.dataset.testid === "inbox-open-4");
  await page.keyboard.press("ArrowDown");
  assert.equal(await focused(page), "inbox-open-3");
  await page.keyboard.press("Escape");
  assert.equal(await page.locator(id("inbox-panel")).count(), 0);
  assert.equal(await focused(page), "bell");
  await page.waitForFunction(() => document.querySelector('[data-testid="inbox-unread"]') === null);

  await page.keyboard.press("Control+i");
  await page.waitForFunction(() => document.activeElement?.dataset.testid === "inbox-open-4");
  await page.keyboard.press("Enter");
  await page.locator("[data-region=panel]").getByText("press", { exact: true }).waitFor();
  assert.equal(new URL(page.url()).hash, "#/discovered?address=press%40fabrikam.example");
  assert.equal(await page.locator(id("inbox-panel")).count(), 0);
  assert.deepEqual(page.errors, []);
  await page.finish();
});

test("x12 quiet hours and kinds are chosen in the settings and kept", async () => {
  const page = await window.open("#/settings?filter=notifications");
  await page.fill(id("quiet-from"), "19:30");
  await page.getByText("Quiet hours are saved.").first().waitFor();
  await page.click(id("kind-seats"));
  await page.waitForFunction(
    () => document.querySelector('[data-testid="kind-seats"]')?.getAttribute("aria-checked") === "false",
  );
  await page.click(id("nav-people"));
  await page.click(id("nav-settings"));
  await page.click(id("settings-notifications"));
  assert.equal(await page.inputValue(id("quiet-from")), "19:30");
  assert.equal(await page.locator(id("kind-seats")).getAttribute("aria-checked"), "false");
  await page.click(id("quiet"));
  await page.waitForFunction(() => document.querySelector('[data-testid="quiet-from"]') === null);
  assert.deepEqual(page.errors, []);
  await page.finish();
});
