import "./lib/tokens/tokens.css";
import "./lib/ui/styles/base.css";
import "./lib/ui/styles/controls.css";
import "./lib/ui/styles/list.css";
import "./lib/ui/styles/panel.css";
import "./lib/ui/styles/surfaces.css";

import { createHost } from "#host";
import { mount } from "svelte";
import App from "./App.svelte";

const target = document.getElementById("app");
if (target === null) throw new Error("index.html has an element with the id app");

export default mount(App, { target, props: { host: createHost() } });
