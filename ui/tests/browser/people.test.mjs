// People, lists from files, and sync with a directory, as people use them, against the engine stand-in.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { id, row, start } from "./lib/harness.mjs";

let window;
before(async () => {
  window = await start();
});
after(() => window?.stop());

const focused = (page) => page.evaluate(() => document.activeElement?.getAttribute("data-testid"));
const said = (page, text) => page.locator(id("toast")).getByText(text).waitFor();
const list = (...rows) => ({ name: "people.csv", mimeType: "text/csv", buffer: Buffer.from(rows.join("\n")) });

async function finish(page) {
  assert.deepEqual(page.errors, []);
  await page.finish();
}

async function openCsv(page, ...rows) {
  await page.click(id("add-person"));
  await page.click(id("add-csv"));
  await page.setInputFiles(id("csv-file"), list(...rows));
  await page.waitForSelector(id("csv-lines"));
}

async function typeLdap(page, host) {
  await page.click(id("connect-ldap"));
  await page.fill(id("ldap-host"), host);
  await page.fill(id("ldap-account"), "rollcall@fabrikam.example");
  await page.fill(id("ldap-password"), "secret");
}

test("m06 somebody added by hand is looked at, and Escape leads back to the list with the row selected", async () => {
  const page = await window.open("#/people");
  await page.click(id("add-person"));
  await page.click(id("add-hand"));
  await page.fill(id("add-address"), "new.person@fabrikam.example");
  await page.click(id("add-and-open"));
  await page.getByRole("complementary", { name: "new.person@fabrikam.example" }).waitFor();

  await page.focus(id("add-alias"));
  await page.keyboard.press("Escape");
  await page.waitForSelector("[data-region=panel]", { state: "detached" });

  assert.equal(await focused(page), "row-new.person@fabrikam.example");
  assert.equal(await page.getAttribute(row("new.person"), "aria-selected"), "true");
  await page.keyboard.press("Enter");
  await page.waitForSelector("[data-region=panel]");
  await finish(page);
});

test("an alias is added to a person and taken off again, each with undo", async () => {
  const page = await window.open("#/people");
  await page.click(row("lee.elm"));
  await page.click(id("add-alias"));
  await page.fill(id("alias-address"), "lee");
  await page.keyboard.press("Enter");
  await page.waitForSelector(id("alias-row-lee@fabrikam.example"));

  await page.click(id("remove-alias-lee@fabrikam.example"));
  await page.waitForSelector(id("alias-row-lee@fabrikam.example"), { state: "detached" });
  await page.click(id("undo"));
  await page.waitForSelector(id("alias-row-lee@fabrikam.example"));
  await finish(page);
});

test("d20 an alias becomes the main address by keyboard, the profile stays open, and Undo takes it back", async () => {
  const page = await window.open("#/people");
  await page.click(row("lee.elm"));
  const [other, main] = ["lee.elm@fabrikam-shop.example", "lee.elm@fabrikam.example"];
  await page.focus(id(`make-main-${other}`));
  await page.keyboard.press("Enter");
  await said(page, `${other} is the main address now.`);
  await page.waitForSelector(id(`alias-row-${main}`));
  const shown = await page.locator(id("profile-addresses")).locator("li").first().textContent();
  assert.match(shown, /lee\.elm@fabrikam-shop\.example\s*Main/);
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/main-address.png` });
  assert.equal(await focused(page), "add-alias");
  await page.click(id("undo"));
  await page.waitForSelector(row("lee.elm"));
  await finish(page);
});

test("p12 an alias that is an account itself is merged only after a second click", async () => {
  const page = await window.open("#/people");
  await page.click(row("lee.elm"));
  await page.click(id("add-alias"));
  await page.fill(id("alias-address"), "nic.rowan@fabrikam.example");
  await page.keyboard.press("Enter");
  await page.getByText("is an account already").waitFor();
  await page.click(id("merge-alias"));
  await page.waitForSelector(id("alias-row-nic.rowan@fabrikam.example"));
  await finish(page);
});

test("several people become functional with one click, and people again with another", async () => {
  const page = await window.open("#/people");
  await page.click(row("kim.cedar"));
  await page.keyboard.press("Space");
  await page.keyboard.press("Shift+ArrowDown");
  await page.keyboard.press("Shift+ArrowDown");
  await page.locator(id("people-bar")).getByText("3 selected").waitFor();
  await page.click(id("bulk-functional"));
  await said(page, "3 addresses are now functional accounts.");
  assert.equal(await page.locator(id("people-bar")).count(), 0);
  await page.click(id("undo"));
  await page.waitForSelector(row("kim.cedar"));
  await finish(page);
});

test("m11 several accounts are merged into one, with the keyboard", async () => {
  const page = await window.open("#/people?filter=functional");
  await page.click(row("orders"));
  await page.keyboard.press("Space");
  await page.click(row("jobs"), { modifiers: ["Control"] });
  await page.click(id("bulk-merge"));
  await page.fill(id("alias-search"), "sales");
  await page.waitForSelector(id("alias-sales@fabrikam.example"));
  await page.keyboard.press("Enter");
  await said(page, "2 addresses are aliases of sales now.");
  await finish(page);
});

test("z07 what a functional account is for is chosen, shown and taken back", async () => {
  const page = await window.open("#/people?filter=functional");
  await page.click(row("info"));
  await page.selectOption(id("profile-kind"), "resource");
  await page.locator(row("info")).getByText("Room or equipment").last().waitFor();
  await page.click(id("undo"));
  await page.waitForFunction(() => document.querySelector('[data-testid="profile-kind"]')?.value === "none");
  await finish(page);
});

test("the third role needs the organization administrator", async () => {
  const page = await window.open("#/people");
  await page.click(row("kim.cedar"));
  await page.click(id("role-administrator"));
  await said(page, "Only the Organization Administrator can change this.");
  await page.click(id("role-end"));
  await said(page, "kim.cedar has another role now.");
  await finish(page);
});

test("mail for one address gets a route of its own, and goes back to its domain's", async () => {
  const page = await window.open("#/people");
  await page.click(row("lee.elm"));
  await page.click(id("change-route"));
  await page.fill(id("server-host"), "hosted.fabrikam.example");
  await page.click(id("save-route"));
  await page.click(id("route-back"));
  await said(page, "goes where its domain’s does");
  await finish(page);
});

test("m08 a list says what it would do, with bad lines by number, and is imported with undo", async () => {
  const page = await window.open("#/people");
  await openCsv(
    page,
    "mail;first;last",
    "new.one@fabrikam.example;New;One",
    "nobody;No;Body",
    "kim.cedar@fabrikam.example;Kim;Cedar",
  );
  const lines = page.locator(id("csv-lines"));
  await page.click(id("csv-filter-bad"));
  await lines.getByRole("row", { name: "3 nobody" }).getByText("This is no address.").waitFor();
  await page.click(id("csv-filter-duplicate"));
  await lines.getByText("kim.cedar@fabrikam.example").waitFor();
  await page.click(id("csv-import"));
  await page.locator(id("csv-done")).getByText("1 added").waitFor();
  await page.click(id("csv-undo"));
  await said(page, "Taken back.");
  await finish(page);
});

test("a column that nobody recognised is said by hand", async () => {
  const page = await window.open("#/people");
  await openCsv(page, "name;mail", "One;new.one@fabrikam.example");
  await page.selectOption(id("csv-column-0"), "first_name");
  await page.selectOption(id("csv-column-1"), "address");
  await page.waitForSelector(id("csv-filter-add"));
  await finish(page);
});

test("v12 many removals are agreed to by their number and by no other", async () => {
  const page = await window.open("#/people");
  await openCsv(page, "mail;first;last", "new.one@fabrikam.example;New;One");
  await page.click(id("csv-replace"));
  const asked = (await page.locator(id("csv-removals")).locator("b").textContent()).match(/\d+/)[0];
  const open = async () => (await page.getAttribute(id("csv-import"), "aria-disabled")) !== "true";
  assert.equal(await open(), false);
  await page.fill(id("csv-agreed"), String(Number(asked) + 1));
  assert.equal(await open(), false);
  await page.fill(id("csv-agreed"), asked);
  assert.equal(await open(), true);
  await page.click(id("csv-import"));
  await page.waitForSelector(id("csv-done"));
  await finish(page);
});

test("m02 an LDAP directory is connected in three steps, with nothing changed before the last button", async () => {
  const page = await window.open("#/sync");
  await typeLdap(page, "dc1.fabrikam.example");
  await page.click(id("browse-base"));
  await page.getByRole("treeitem", { name: "Office" }).click();
  assert.equal(await page.inputValue(id("ldap-base")), "OU=Office,DC=fabrikam,DC=example");
  await page.click(id("test-directory"));
  await page.locator(id("look-found")).getByText("41 people").waitFor();
  await page.click(id("setup-next"));
  await page.waitForSelector(id("option-delete"));
  assert.equal(await page.getAttribute(id("option-delete"), "aria-checked"), "false");
  await page.click(id("setup-next"));
  await page.getByText("42 match people you have already.").waitFor();
  assert.equal(await page.locator(id("discovered-off")).count(), 0);
  await page.click(id("setup-next"));
  await said(page, "Sync is on.");
  await page.waitForSelector(id("discovered-off"));
  await page.waitForSelector(id("sync-banner"));
  await finish(page);
});

test("the branches of a directory are walked with the keyboard", async () => {
  const page = await window.open("#/sync");
  await typeLdap(page, "dc1.fabrikam.example");
  await page.click(id("browse-base"));
  await page.locator("[role=treeitem]").first().focus();
  for (const key of ["ArrowDown", "ArrowDown", "ArrowRight"]) await page.keyboard.press(key);
  await page.getByRole("treeitem", { name: "Leeds" }).waitFor();
  for (const key of ["ArrowDown", "ArrowDown", "Enter"]) await page.keyboard.press(key);
  assert.equal(await page.inputValue(id("ldap-base")), "OU=Leeds,OU=Office,DC=fabrikam,DC=example");
  await finish(page);
});

test("m03 with encryption an address in place of the server's name does once its certificate was looked at", async () => {
  const page = await window.open("#/sync");
  await typeLdap(page, "192.168.1.10");
  await page.getByText("If using SSL it MUST be a hostname in the Host field").waitFor();
  await page.click(id("setup-next"));
  await page.locator(id("certificate-seen")).getByText("no certificate fits").waitFor();
  assert.equal(await page.locator(id("option-delete")).count(), 0);
  await page.click(id("trust-certificate"));
  await page.waitForSelector(id("look-found"));
  assert.equal(await page.getByText("it MUST be a hostname").count(), 0);
  await page.getByText("Trust it no more").click();
  await page.click(id("ldap-encrypted"));
  assert.equal(await page.inputValue(id("ldap-port")), "389");
  assert.equal(await page.getByText("it MUST be a hostname").count(), 0);
  await finish(page);
});

test("v21 a certificate that nobody trusts is looked at and then trusted", async () => {
  const page = await window.open("#/sync");
  await typeLdap(page, "old.fabrikam.example");
  await page.click(id("test-directory"));
  await page.locator(id("certificate-seen")).getByText("9f86 d081").waitFor();
  await page.click(id("trust-certificate"));
  await page.locator(id("look-found")).getByText("41 people").waitFor();
  await finish(page);
});

test("z08 the portal's steps are shown with the three permissions, and a refused secret is one sentence", async () => {
  const page = await window.open("#/sync");
  await page.click(id("connect-entra"));
  await page.getByRole("button", { name: "Show me how" }).click();
  for (const right of ["User.Read.All", "Group.Read.All", "OrgContact.Read.All"])
    await page.locator(id("entra-help")).getByText(right, { exact: true }).waitFor();
  await page.fill(id("entra-tenant"), "fabrikam.example");
  await page.fill(id("entra-client"), "1");
  await page.fill(id("entra-secret"), "wrong");
  await page.click(id("test-directory"));
  await page.getByText("doesn’t take this account and password").waitFor();
  await finish(page);
});

test("z03 an entry of the preview is left alone, and F5 syncs", async () => {
  const page = await window.open("?sync=on#/sync");
  await page.click(id("sync-more"));
  await page.click(id("sync-preview"));
  await page.getByRole("button", { name: "Every change" }).click();
  await page.getByRole("checkbox", { name: "Tick Ira Acacia" }).click();
  await page.click(id("preview-exempt"));
  await said(page, "leaves 1 entry alone");
  await page.keyboard.press("Escape");
  await page.keyboard.press("F5");
  await said(page, "2 added, 3 changed, 1 leaving.");
  await finish(page);
});

test("a problem is settled by a button, and who is leaving is kept", async () => {
  const page = await window.open("?sync=on#/sync");
  await page.locator(id("problem-two_owners")).getByRole("button", { name: "Sam Birch" }).click();
  await page.waitForSelector(id("problem-two_owners"), { state: "detached" });
  await page.click(id("keep-jo.juniper@fabrikam.example"));
  await page.waitForSelector(id("leaving-jo.juniper@fabrikam.example"), { state: "detached" });
  await finish(page);
});

test("v07 a run that would lose many asks, and says that nothing was changed", async () => {
  const page = await window.open("?sync=stopped#/sync");
  await page.locator(id("guard")).getByText("Nothing was changed.").waitFor();
  await page.click(id("guard-accept"));
  await page.locator(id("guard-dialog")).getByText("Put 9 accounts aside?").waitFor();
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), "Leave them");
  await page.click(id("confirm-guard"));
  await page.waitForSelector(id("guard"), { state: "detached" });
  await finish(page);
});

test("n16 keep everyone makes them the operator's, and the run goes on", async () => {
  const page = await window.open("?sync=stopped#/sync");
  await page.click(id("guard-keep"));
  await page.waitForSelector(id("guard"), { state: "detached" });
  await said(page, "1 account stays, whatever the directory says.");
  await finish(page);
});

test("pitfall 3 several blocked sign-ins are one question, or one by one", async () => {
  const page = await window.open("?sync=blocked#/sync");
  await page.locator(id("problem-blocked")).getByText("3 accounts can’t sign in").waitFor();
  assert.equal(await page.locator(id("problem-disabled")).count(), 0);
  await page.click(id("blocked-each"));
  assert.equal(await page.locator(id("problem-disabled")).count(), 3);
  await page.reload();
  await page.click(id("blocked-functional"));
  await page.waitForSelector(id("problem-blocked"), { state: "detached" });
  await said(page, "3 accounts settled.");
  await finish(page);
});

test("t15 t19 turning sync off is asked once, and discovery is back", async () => {
  const page = await window.open("?sync=on#/sync");
  await page.click(id("turn-off"));
  await page.click(id("confirm-off"));
  await said(page, "discovery is on again");
  await page.waitForSelector(id("discovered-off"), { state: "detached" });
  await page.waitForSelector(id("sync-paused"));
  await finish(page);
});

test("x10 while a directory decides, who gets mail and is not in it is listed, and nothing can be decided", async () => {
  const page = await window.open("?sync=on#/discovered");
  await page.locator(id("observed")).getByText("aren’t in Microsoft Entra").waitFor();
  await page.click(id("show-found"));
  await page.locator(id("found-list")).getByText("jordan.larch").waitFor();
  assert.equal(await page.locator(id("found-list")).getByRole("button").count(), 0);
  await page.goto(page.url().replace("discovered", "settings?filter=discovery"));
  await page.waitForSelector(id("off-by-sync"));
  assert.ok(await page.locator(id("discovery-on")).isDisabled());
  await finish(page);
});

test("x17 a passphrase is typed twice and is long enough", async () => {
  const page = await window.open("#/settings?filter=backup");
  await page.fill(id("backup-passphrase"), "short");
  await page.click(id("save-backup"));
  await page.getByText("At least 8 characters.").waitFor();
  await page.fill(id("backup-passphrase"), "correct horse");
  await page.fill(id("backup-again"), "correct house");
  await page.click(id("save-backup"));
  await page.getByText("These two are not the same.").waitFor();
  await page.click(id("backup-open"));
  await page.click(id("save-backup"));
  await page.waitForSelector(id("backup-done"));
  await finish(page);
});

test("x18 people are saved for another service", async () => {
  const page = await window.open("#/people");
  await page.click(id("people-more"));
  await page.click(id("export-proofpoint"));
  await said(page, "rollcall-people-proofpoint.csv");
  await finish(page);
});
