import js from "@eslint/js";
import prettier from "eslint-config-prettier";
import svelte from "eslint-plugin-svelte";
import globals from "globals";
import ts from "typescript-eslint";
import svelteConfig from "./svelte.config.js";

const no = (patterns, message) => ({
  "no-restricted-imports": ["error", { patterns: [{ regex: patterns, message }] }],
});
const TAURI = "^@tauri-apps/";

export default ts.config(
  { ignores: ["dist/", "dist-mock/", "shots/", "node_modules/", "src/lib/api/types.ts"] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  prettier,
  ...svelte.configs.prettier,
  { languageOptions: { globals: { ...globals.browser, ...globals.node } } },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: { parserOptions: { parser: ts.parser, svelteConfig, extraFileExtensions: [".svelte"] } },
  },
  {
    rules: {
      complexity: ["error", 14],
      eqeqeq: ["error", "always", { null: "ignore" }],
      "max-depth": ["error", 3],
      "no-console": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      // Sets and maps that no view reads stay plain; what a view reads is $state or a Svelte collection.
      "svelte/prefer-svelte-reactivity": "off",
      "svelte/no-at-html-tags": "error",
      "svelte/no-navigation-without-resolve": "off",
    },
  },
  // Tiers (see src/lib/ui/README.md): who may import whom.
  { files: ["src/**"], ignores: ["src/lib/host/tauri.ts"], rules: no(TAURI, "Only lib/host/tauri.ts talks to Tauri.") },
  {
    files: ["src/lib/ui/**"],
    rules: no(`${TAURI}|words|/api/|/host/|/session/|/parts/|features`, "lib/ui knows no product words."),
  },
  {
    files: ["src/lib/**"],
    ignores: ["src/lib/ui/**", "src/lib/host/tauri.ts"],
    rules: no(`${TAURI}|features/`, "lib knows no feature."),
  },
  {
    files: ["src/features/**"],
    ignores: ["**/*.test.ts"],
    rules: no(`${TAURI}|^\\.\\./(?!\\.\\./lib/)|/host/(tauri|fake)`, "A feature imports lib and itself only."),
  },
);
