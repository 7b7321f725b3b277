// The table of checks: to add one, write its file and add a line here.
import { access } from "./access.js";
import { afterEnd } from "./after-end.js";
import { approvals } from "./approvals.js";
import { buffering } from "./buffering.js";
import type { Check } from "./check.js";
import { clearErrors } from "./clear-errors.js";
import { consistency } from "./consistency.js";
import { context } from "./context.js";
import { contract } from "./contract.js";
import { criticalEvents } from "./critical-events.js";
import { fairness } from "./fairness.js";
import { history } from "./history.js";
import { isolation } from "./isolation.js";
import { paging, search } from "./lookups.js";
import { ordering } from "./ordering.js";
import { ownCheck } from "./own-check.js";
import { persistence } from "./persistence.js";
import { promptIsolation } from "./prompt-isolation.js";
import { quality } from "./quality.js";
import { redelivery } from "./redelivery.js";
import { stop } from "./stop.js";

export const CHECKS = {
  "critical-events": criticalEvents,
  isolation,
  history,
  quality,
  consistency,
  context,
  search,
  access,
  paging,
  persistence,
  ordering,
  redelivery,
  "clear-errors": clearErrors,
  fairness,
  buffering,
  contract,
  stop,
  approvals,
  "prompt-isolation": promptIsolation,
  "after-end": afterEnd,
} as const satisfies Record<string, Check>;

/** Throws for an unknown name: the scenario file was checked, so that would be our bug. */
export function checkNamed(name: string): Check {
  if (name.includes("/")) return ownCheck(name);
  if (!Object.hasOwn(CHECKS, name)) throw new Error(`no check named ${name}`);
  return CHECKS[name as keyof typeof CHECKS];
}
