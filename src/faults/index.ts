// The table of fault actions: to add one, write its file and add its line here.
import type { FaultSurroundings } from "../scenarios/axes.js";
import type { Fault } from "../scenarios/parse/explain.js";
import type { FaultSpec, LoadSpec } from "../scenarios/scenario.js";
import type { FaultAction } from "./action.js";
import { abandon } from "./actions/abandon.js";
import { bandwidth } from "./actions/bandwidth.js";
import { blackhole } from "./actions/blackhole.js";
import { defect } from "./actions/defect.js";
import { disconnect } from "./actions/disconnect.js";
import { duplicateSend } from "./actions/duplicate-send.js";
import { exec } from "./actions/exec.js";
import { expireToken } from "./actions/expire-token.js";
import { halfOpen } from "./actions/half-open.js";
import { http } from "./actions/http.js";
import { idle } from "./actions/idle.js";
import { kill } from "./actions/kill.js";
import { latency } from "./actions/latency.js";
import { lockDatabase } from "./actions/lock-database.js";
import { mark } from "./actions/mark.js";
import { reconnectStorm } from "./actions/reconnect-storm.js";
import { reset } from "./actions/reset.js";
import { slowReader } from "./actions/slow-reader.js";
import { split } from "./actions/split.js";
import { problemsWithTarget } from "./target-problems.js";
import { problemsOfTimeline } from "./timeline-problems.js";

export const FAULTS = {
  // By the users themselves.
  disconnect,
  "half-open": halfOpen,
  "slow-reader": slowReader,
  "reconnect-storm": reconnectStorm,
  "expire-token": expireToken,
  "duplicate-send": duplicateSend,
  abandon,
  idle,
  // In the network: the fault proxy.
  latency,
  bandwidth,
  blackhole,
  reset,
  split,
  // On the target.
  http,
  exec,
  defect,
  kill,
  "lock-database": lockDatabase,
  // By others: only timed.
  mark,
} as const satisfies Record<string, FaultAction>;

/** The action of that name. Throws for an unknown one: the scenario file was checked, so that would be our bug. */
export function faultNamed(name: string): FaultAction {
  if (!Object.hasOwn(FAULTS, name)) throw new Error(`no fault action named ${name}`);
  return FAULTS[name as keyof typeof FAULTS];
}

export function timelineProblems(faults: readonly FaultSpec[], load: LoadSpec): readonly Fault[] {
  return problemsOfTimeline(FAULTS, faults, load);
}

export function targetProblems(
  faults: readonly FaultSpec[],
  surroundings: FaultSurroundings,
): readonly Fault[] {
  return problemsWithTarget(FAULTS, faults, surroundings);
}
