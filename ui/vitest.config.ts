import { svelte } from "@sveltejs/vite-plugin-svelte";
import { svelteTesting } from "@testing-library/svelte/vite";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [svelte(), svelteTesting()],
  resolve: { alias: { "#host": fileURLToPath(new URL("src/lib/host/fake/fake.ts", import.meta.url)) } },
  test: { include: ["src/**/*.test.ts", "tests/rules/**/*.test.ts"], environment: "happy-dom" },
});
