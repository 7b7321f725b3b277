// What a timeline may not do to this target: faults on other machines, commands, and defects that only the reference has.

import { hostOf, isLoopback } from "../scenarios/accounts/hosts.js";
import type { FaultSurroundings } from "../scenarios/axes.js";
import type { Fault } from "../scenarios/parse/explain.js";
import type { FaultSpec } from "../scenarios/scenario.js";
import type { FaultAction } from "./action.js";
import { isHook } from "./call.js";

/** Paths start at the scenario. */
export function problemsWithTarget(
  actions: Readonly<Record<string, FaultAction>>,
  faults: readonly FaultSpec[],
  surroundings: FaultSurroundings,
): readonly Fault[] {
  const { target, via, allowed } = surroundings;
  const away = !target.embedded && !isLoopback(target.url);
  const problems: Fault[] = [];
  if (via === "proxy" && target.url.startsWith("https:")) {
    const message = "the fault proxy carries plain http only, and this target is https";
    problems.push({
      path: ["via"],
      message,
      hint: "put the proxy behind the TLS terminator, or leave out `via`",
    });
  }
  for (const [at, { action: name, options }] of faults.entries()) {
    const action = actions[name];
    if (!action || action.place === "nowhere") continue;
    const problem = (message: string, hint: string): void => {
      problems.push({ path: ["faults", at, name], message, hint, atKey: true });
    };
    if (away && allowed?.faults === false)
      problem(
        `would disturb ${hostOf(target.url) ?? target.url}, which is not this machine`,
        "--allow-faults",
      );
    if (action.place === "proxy" && via !== "proxy")
      problem(
        `\`${name}\` happens in the network, and there is no fault proxy`,
        "add to the scenario: via: proxy",
      );
    if (action.place === "target") targetProblems(action, options, surroundings, problem);
  }
  return problems;
}

function targetProblems(
  action: Extract<FaultAction, { place: "target" }>,
  options: unknown,
  { target, allowed }: FaultSurroundings,
  problem: (message: string, hint: string) => void,
): void {
  const calls = Object.values(action.calls(options));
  if (calls.some((call) => call.kind === "exec") && allowed?.exec === false)
    problem("runs a command of the scenario file on this machine", "if you may run it: --allow-exec");
  const strange = calls.find((call) => call.kind === "http" && !isLoopback(call.url));
  if (strange?.kind === "http" && allowed?.faults === false)
    problem(
      `calls ${hostOf(strange.url) ?? "a host"}, which is not this machine`,
      "if you may: --allow-faults",
    );
  if (!target.embedded && calls.some((call) => !isHook(call)))
    problem(
      "is only possible with the embedded reference backend, which this target is not",
      "use an `http` or `exec` hook",
    );
}
