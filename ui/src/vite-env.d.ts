/// <reference types="svelte" />
/// <reference types="vite/client" />

declare module "#host" {
  import type { Host } from "./lib/host/host";
  export function createHost(): Host;
}
