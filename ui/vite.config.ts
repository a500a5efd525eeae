import { svelte } from "@sveltejs/vite-plugin-svelte";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** `--mode fake` builds the same window on an engine stand-in, into a folder of its own that is never shipped. */
export default defineConfig(({ mode }) => ({
  plugins: [svelte()],
  clearScreen: false,
  base: "./",
  resolve: {
    alias: {
      "#host": here(mode === "fake" ? "src/lib/host/fake/fake.ts" : "src/lib/host/tauri.ts"),
    },
  },
  server: { port: 5173, strictPort: true, watch: { ignored: ["**/src-tauri/**", "**/target/**"] } },
  build: {
    target: "safari16",
    outDir: mode === "fake" ? "dist-mock" : "dist",
    emptyOutDir: true,
    modulePreload: { polyfill: false },
  },
}));
