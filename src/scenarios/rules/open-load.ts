// Rules for the scenario of an open load: it needs a loop, with nothing in it that only waits.
import type { Axes } from "../axes.js";
import type { Fault } from "../parse/explain.js";
import type { LoadSpec, SlaSpec, StepSpec } from "../scenario.js";
import type { ConnectSpec } from "../schema/connect.js";
import { nestedJourneys } from "./nested.js";

type StepPath = readonly (string | number)[];

/** Paths start at the scenario. */
export function openJourneyFaults(
  load: LoadSpec,
  { journey, groups }: { readonly journey?: readonly StepSpec[] | undefined; readonly groups?: unknown },
  steps: Axes["steps"],
): readonly Fault[] {
  if (load.kind !== "arrivals") return [];
  if (groups !== undefined) {
    const message = "have no place in an open load: whoever is free takes the next start";
    return [{ path: ["groups"], message, hint: "load: { users: 20, hold: 30s }" }];
  }
  if (!journey) return [];
  const at = journey.findIndex((spec) => isEndless(spec, steps));
  const loop = journey[at];
  if (!loop) {
    const message = load.turns
      ? "has no loop without `times`: sessions take their turns in it"
      : "has no loop without `times`: an open load starts passes of it";
    return [{ path: ["journey"], message, hint: "journey: [connect, loop: [send: { prompt: mix }]]" }];
  }
  const behind = journey[at + 1];
  // Sessions that leave do reach the steps after the loop.
  const message = `\`${behind?.step}\` is never reached: the loop lasts to the end`;
  const never: Fault[] = behind && !load.turns ? [{ path: ["journey", at + 1], message }] : [];
  const inner = nested(loop, ["journey", at]);
  const faults = inner.flatMap((one) => innerFaults(one, load.turns !== undefined, steps));
  const sends = inner.some(({ spec }) => steps[spec.step]?.role === "sends-turn");
  const idle: Fault[] = sends
    ? []
    : [{ path: ["journey", at], message: "sends nothing: its starts would be no load" }];
  return [...never, ...faults, ...idle];
}

function innerFaults({ spec, path }: Nested, paced: boolean, steps: Axes["steps"]): readonly Fault[] {
  if (!paced && steps[spec.step]?.role === "waits") {
    const message = `\`${spec.step}\` in the loop of an open load would only keep its session busy: the rate says when passes start`;
    return [{ path, message, hint: `leave \`${spec.step}\` out` }];
  }
  if (!isEndless(spec, steps)) return [];
  return [{ path, message: "a loop without `times` inside the loop of an open load would never end" }];
}

function isEndless({ step, options }: StepSpec, steps: Axes["steps"]): boolean {
  const times = (options as { readonly times?: number } | undefined)?.times;
  return steps[step]?.role === "repeats" && times === undefined;
}

interface Nested {
  readonly spec: StepSpec;
  readonly path: StepPath;
}

function nested({ step, options }: StepSpec, path: StepPath): readonly Nested[] {
  return nestedJourneys(options, [...path, step], (inner, to) =>
    inner.flatMap((spec, at) => [{ spec, path: [...to, at] }, ...nested(spec, [...to, at])]),
  );
}

/** An open load has no baseline step to compare with. */
export function openSlaFaults(load: LoadSpec, sla: SlaSpec): readonly Fault[] {
  if (load.kind !== "arrivals" || !sla.rules.some(({ metric }) => metric === "degradation")) return [];
  const message = "needs a baseline step, which an open load has not";
  const hint = "write stages: each latency rule is then judged in every hold, and over all of them";
  return [{ path: ["sla", "degradation"], message, hint }];
}

/** Sessions must be able to connect before the first start; coming ones, as fast as they come. */
export function joinFaults(load: LoadSpec, { ratePerSecond }: ConnectSpec): readonly Fault[] {
  if (load.kind !== "arrivals" || ratePerSecond === undefined) return [];
  if (load.turns) {
    const comingPerSecond = Math.max(...load.stages.map(({ rate }) => rate)) / 3_600_000;
    if (comingPerSecond <= ratePerSecond) return [];
    const message = `${comingPerSecond} sessions per second begin, and the target's connect rate is ${ratePerSecond}/s`;
    const hint = `connect: { rate: ${Math.ceil(comingPerSecond)}/s }`;
    return [{ path: ["load", "sessions", "rate"], message, hint }];
  }
  const neededS = Math.ceil(load.sessions / ratePerSecond);
  if (load.joinUs >= neededS * 1_000_000) return [];
  const message = `${load.sessions} sessions at the target's connect rate of ${ratePerSecond}/s take ${neededS}s to connect, and have ${load.joinUs / 1_000_000}s`;
  return [{ path: ["load"], message, hint: `join: ${neededS}s` }];
}
