// Rules between the keys of one scenario: journey, deadline, thresholds.
import { WITHIN_TURN } from "../../model/metric.js";
import { formatUs } from "../../support/units.js";
import { hostOf, isLoopback } from "../accounts/hosts.js";
import type { Axes, StepRole } from "../axes.js";
import type { Fault } from "../parse/explain.js";
import { suggestion } from "../parse/suggest.js";
import type { PromptSet } from "../prompts/library.js";
import { MIX } from "../prompts/prompt.js";
import type { Accounts, GroupSpec, LoadSpec, SlaSpec, StepSpec, Target } from "../scenario.js";
import { groupFaults } from "./groups.js";
import { nestedJourneys } from "./nested.js";

/** A journey and its path in the scenario. */
interface PlacedJourney {
  readonly journey: readonly StepSpec[];
  readonly path: readonly (string | number)[];
}

/** Faults in the order of steps; at least one journey must send something. Paths start at the scenario. */
export function journeyFaults(journeys: readonly PlacedJourney[], steps: Axes["steps"]): Fault[] {
  const walked = journeys.map(({ journey, path }) => ({ path, roles: walkRoles(journey, steps, path) }));
  const [first] = walked;
  if (first && walked.every(({ roles }) => roles.every(({ role }) => role !== "sends-turn"))) {
    const message = "sends nothing: a run without a turn has nothing to judge";
    return [{ path: first.path, message, hint: "add a step such as `send: { prompt: mix }`" }];
  }
  return walked.flatMap(({ path, roles }) => orderFaults(path, roles));
}

function orderFaults(path: PlacedJourney["path"], roles: readonly Role[]): Fault[] {
  const opens = roles.findIndex(({ role }) => role === "opens-channel");
  const sends = roles.find(({ role }) => role === "sends-turn");
  const hint = "put `connect` before it";
  if (sends && !(opens >= 0 && opens < roles.indexOf(sends)))
    return [{ path: sends.path, message: `\`${sends.step}\` comes before a channel is open`, hint }];
  return opens >= 0 ? [] : [{ path, message: "opens no channel", hint: "begin it with `connect`" }];
}

/** There is one journey for all, or groups that add up to the users of the load. */
export function userFaults({
  load,
  journey,
  groups,
}: {
  readonly load?: LoadSpec | undefined;
  readonly journey?: readonly StepSpec[] | undefined;
  readonly groups?: readonly GroupSpec[] | undefined;
}): Fault[] {
  if (!groups) return [];
  const hint = "give each group its own journey, and drop the one for all";
  if (journey)
    return [{ path: ["groups"], message: "cannot be used together with a `journey`", hint, atKey: true }];
  return load ? groupFaults(groups, mostUsers(load)) : [];
}

/** Faults in prompts named by steps; paths start at the scenario. */
export function promptFaults(
  { journey, path: root }: PlacedJourney,
  steps: Axes["steps"],
  { ids, weights }: Pick<PromptSet, "ids" | "weights">,
  conversations: boolean,
): Fault[] {
  const known = [MIX, ...ids];
  return walkRoles(journey, steps, root).flatMap(({ options, path, step }): Fault[] => {
    const given = (options ?? {}) as Readonly<Partial<Record<"prompt" | "weight" | "same", unknown>>>;
    const { prompt = MIX, weight, same } = given;
    const drawing = weight !== undefined ? "weight" : same === true ? "same" : undefined;
    if (conversations && prompt === MIX && drawing !== undefined) {
      const message = "chooses among prompts, and the mix is the scenario's `conversations`";
      return [{ path: [...path, step, drawing], message, hint: "name a prompt, or leave it out" }];
    }
    if (typeof prompt === "string" && !known.includes(prompt)) {
      const message = `unknown prompt \`${prompt}\``;
      return [{ path: [...path, step, "prompt"], message, hint: suggestion(prompt, known) }];
    }
    if (weight === undefined) return [];
    const at = [...path, step, "weight"];
    if (prompt !== MIX)
      return [{ path: at, message: `chooses among the mix, and \`${prompt}\` is one prompt` }];
    if (weights.some((one) => one === weight)) return [];
    const message = `no prompt of the mix is ${weight}`;
    return [{ path: at, message, hint: `available: ${weights.join(", ")}` }];
  });
}

interface Role {
  readonly step: string;
  readonly options: unknown;
  readonly role: StepRole;
  readonly path: readonly (string | number)[];
}

/** All steps that matter for the order, in the order of execution. */
function walkRoles(
  journey: readonly StepSpec[],
  steps: Axes["steps"],
  path: readonly (string | number)[],
): readonly Role[] {
  return journey.flatMap(({ step, options }, at) => {
    const role = steps[step]?.role;
    const own = role ? [{ step, options, role, path: [...path, at] }] : [];
    return [
      ...own,
      ...nestedJourneys(options, [...path, at, step], (inner, to) => walkRoles(inner, steps, to)),
    ];
  });
}

/** The deadline must exceed every limit on a turn, or late turns could not be distinguished from lost ones. */
export function deadlineFaults(sla: SlaSpec, timeoutUs: number): Fault[] {
  return sla.rules
    .filter((rule) => WITHIN_TURN.some((metric) => metric === rule.metric) && rule.limit >= timeoutUs)
    .map((rule) => ({
      path: ["sla", rule.written ?? rule.metric],
      message: `the limit of ${rule.text} is not below the turn's timeout of ${formatUs(timeoutUs)}`,
      hint: `turn: { timeout: ${Math.ceil((rule.limit * 1.2) / 1_000_000)}s }`,
    }));
}

function mostUsers(load: LoadSpec): number {
  if (load.kind === "arrivals") return load.sessions;
  return Math.max(...load.stages.map((stage) => stage.users));
}

/** A list of accounts must be long enough for all users. */
export function accountFaults(load: LoadSpec, accounts: Accounts): Fault[] {
  if (accounts.kind === "pattern") return [];
  const held = accounts.kind === "list" ? accounts.accounts.length : accounts.tokens.length;
  const users = mostUsers(load);
  if (users <= held) return [];
  const closedPath = load.stages.length > 1 ? ["load", "stages"] : ["load", "users"];
  const path = load.kind === "arrivals" ? ["load", "sessions"] : closedPath;
  const noun = accounts.kind === "list" ? "accounts" : "tokens";
  return [{ path, message: `requires ${users} users, but the target has only ${held} ${noun}` }];
}

/** The target's host if it was not allowed by name. A run must not load somebody else's host because of a typo. */
export function strangeHost(target: Target): string | undefined {
  if (target.embedded || isLoopback(target.url)) return undefined;
  const host = hostOf(target.url) ?? target.url;
  return target.allowedHosts.includes(host) ? undefined : host;
}
