import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { build, preview } from "vite";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** The fake build behind a local server, and one Chromium for the whole file. */
export async function start() {
  if (process.env.SKIP_BUILD === undefined) await build({ root, mode: "fake", logLevel: "error" });
  const server = await preview({
    root,
    mode: "fake",
    logLevel: "error",
    build: { outDir: "dist-mock" },
    preview: { port: 0, host: "127.0.0.1", strictPort: false },
  });
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
  });
  const base = `http://127.0.0.1:${server.httpServer.address().port}/`;
  return {
    /** A page of its own; its errors are collected in `errors`. */
    open: (path, options = {}) => open(browser, base + path, options),
    stop: async () => {
      await browser.close();
      await server.close();
    },
  };
}

async function open(browser, url, { width = 1200, height = 800, dark = false, forced = false, waits = true } = {}) {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: dark ? "dark" : "light",
    forcedColors: forced ? "active" : "none",
    reducedMotion: "reduce",
    locale: "en-GB",
    permissions: ["clipboard-read", "clipboard-write"],
  });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const errors = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (line) => ["error", "warning"].includes(line.type()) && errors.push(line.text()));
  await page.goto(url);
  if (waits) await page.waitForSelector("html[data-ready=true]");
  return Object.assign(page, { errors, finish: () => context.close() });
}

export const id = (name) => `[data-testid="${name}"]`;
export const row = (local) => id(`row-${local}@fabrikam.example`);

/** Rule violations of axe-core, as short lines. */
export async function violations(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(() =>
    globalThis.axe.run(document, {
      resultTypes: ["violations"],
      rules: { "color-contrast-enhanced": { enabled: false } },
    }),
  );
  return found.violations.flatMap((rule) =>
    rule.nodes.map((node) => `${rule.id}: ${node.target.join(" ")} ${node.failureSummary?.split("\n")[1] ?? ""}`),
  );
}

/** Everything that can be clicked and is smaller than 24 by 24, by hit area. Links inside sentences are exempt. */
export function smallTargets(page) {
  return page.evaluate(() => {
    const NEED = 24;
    const all = [...document.querySelectorAll("button, a[href], input, select, [role=switch], [data-tick]")];
    const shown = all.filter((element) => element.checkVisibility() && !element.closest("[inert]"));
    return shown
      .filter((element) => {
        const box = element.getBoundingClientRect();
        if (box.bottom > innerHeight || box.right > innerWidth || box.top < 0 || box.width === 0) return false;
        const x = box.left + box.width / 2;
        const y = box.top + box.height / 2;
        const reach = (dx, dy) => {
          const hit = document.elementFromPoint(x + dx, y + dy);
          return (
            hit !== null && (element.contains(hit) || hit.contains(element) === false ? element.contains(hit) : false)
          );
        };
        const half = NEED / 2 - 0.5;
        const own = (atX, atY) => element.contains(document.elementFromPoint(atX, atY));
        // Covered by something that floats, or half scrolled away.
        const upright = [y, box.top + 2, box.bottom - 2].every((at) => own(x, at));
        const across = [box.left + 2, box.right - 2].every((at) => own(at, y));
        if (!upright || !across) return false;
        return !(reach(-half, 0) && reach(half, 0) && reach(0, -half) && reach(0, half));
      })
      .map(
        (element) =>
          `${element.tagName} ${element.getAttribute("aria-label") ?? element.textContent.trim().slice(0, 30)}`,
      );
  });
}

/** Things whose text is cut without an ellipsis, and sideways scrolling of the page. */
export function overflow(page) {
  return page.evaluate(() => {
    const found = [];
    if (document.documentElement.scrollWidth > innerWidth) found.push("the page scrolls sideways");
    for (const element of document.querySelectorAll("button, h1, h2, h3, .st, .chip, .fchip, dd, dt, td, th, label")) {
      if (
        !element.checkVisibility() ||
        element.matches(".cb, .sw") ||
        getComputedStyle(element).textOverflow === "ellipsis"
      )
        continue;
      if (element.querySelector(".ell, .addr, .vh") !== null || element.closest(".vh") !== null) continue;
      if (
        element.scrollWidth > element.clientWidth + 1 &&
        element.clientWidth > 0 &&
        getComputedStyle(element).display !== "inline"
      ) {
        found.push(`${element.tagName} ${element.className}: ${element.textContent.trim().slice(0, 40)}`);
      }
    }
    return found;
  });
}
