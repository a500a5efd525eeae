import { addresses } from "./addresses";
import { cards } from "./cards";
import { common } from "./common";
import { backup, csv } from "./csv";
import { discovered } from "./discovered";
import { domains } from "./domains";
import { dryRun } from "./dryrun";
import { frame } from "./frame";
import { inbox, notificationSettings } from "./inbox";
import { keys } from "./keys";
import { mailflow } from "./mailflow";
import { outgoing } from "./outgoing";
import { overview } from "./overview";
import { people } from "./people";
import { period } from "./period";
import { reasons } from "./reasons";
import { receiving } from "./receiving";
import { report } from "./report";
import { reporting, reports } from "./reports";
import { roles } from "./roles";
import { rule } from "./rule";
import { settings } from "./settings";
import { fresh, observed, shadow } from "./shadow";
import { sync } from "./sync";
import { truth } from "./truth";
import { welcome } from "./welcome";

/** Every text of the window. Components and controllers hold none of their own; a test enforces it. */
export const words = {
  common,
  frame,
  inbox,
  notificationSettings,
  addresses,
  discovered,
  domains,
  dryRun,
  people,
  overview,
  mailflow,
  period,
  reasons,
  report,
  reporting,
  reports,
  receiving,
  outgoing,
  roles,
  rule,
  settings,
  shadow,
  fresh,
  observed,
  sync,
  csv,
  backup,
  truth,
  cards,
  welcome,
  keys,
};

export { plain, type Phrase } from "./plural";
