// The fleet of a run with `--fleet`: its key and Redis, its workers, and what they cannot do.
import { resolve } from "node:path";
import type { Fleet } from "../../fleet/coordinator/fleet.js";
import type { Scenario } from "../../scenarios/scenario.js";
import { UserError } from "../../support/errors.js";
import { parseDurationUs } from "../../support/units.js";
import { type AppContext, type CommandInput, textOption } from "../context.js";
import { toolVersion } from "../version.js";

export interface FleetSettings {
  readonly secretUrl: string;
  /** Absolute. */
  readonly keyFile: string;
  readonly waitMs: number;
  /** `undefined` for all free ones. */
  readonly agents: number | undefined;
}

/** @param agents the value of `--workers` */
export function fleetSettings(
  input: CommandInput,
  { cwd, env }: Pick<AppContext, "cwd" | "env">,
  agents: number | "auto",
): FleetSettings | undefined {
  const secretUrl = textOption(input, "fleet");
  const keyFile = textOption(input, "fleetKeyFile");
  if (secretUrl === undefined) {
    if (keyFile === undefined) return undefined;
    throw new UserError(
      "--fleet-key-file only works with --fleet",
      "pass the URL of the fleet's Redis with --fleet",
    );
  }
  return {
    secretUrl: fleetUrl(secretUrl, env),
    keyFile: resolve(cwd, requiredKeyFile(keyFile)),
    waitMs: durationMs(textOption(input, "fleetWait") ?? "60s"),
    agents: agents === "auto" ? undefined : agents,
  };
}

/** Everybody on the machine can read a command line: the password may come from the environment. */
export function fleetUrl(text: string, env: AppContext["env"]): string {
  const password = env.GP_LOAD_FLEET_PASSWORD;
  if (!password || !URL.canParse(text)) return text;
  const url = new URL(text);
  url.password = encodeURIComponent(password);
  return url.href;
}

export function requiredKeyFile(path: string | undefined): string {
  if (path !== undefined) return path;
  throw new UserError(
    "a fleet needs a shared key: pass --fleet-key-file",
    "make one with `openssl rand -base64 32 > fleet.key`, and copy it to every worker",
  );
}

function durationMs(text: string): number {
  const us = parseDurationUs(text);
  if (us === undefined) throw new UserError(`--fleet-wait ${text} is not a duration`, "such as 60s or 2m");
  return Math.round(us / 1000);
}

/** Rejects with a `UserError` if the fleet cannot serve this scenario. */
export async function joinFleet(
  scenario: Scenario,
  { secretUrl, keyFile, waitMs, agents }: FleetSettings,
  run: { readonly runId: string; readonly users: number; readonly signal: AbortSignal },
  note: (text: string) => void,
): Promise<Fleet> {
  const { gatherFleet, refuseApart } = await import("../../fleet/coordinator/fleet.js");
  const { readFleetKey } = await import("../../fleet/messaging/fleet-key.js");
  const { calledHosts } = await import("../../fleet/messaging/allowed-hosts.js");
  const wish = { secretUrl, key: readFleetKey(keyFile), agents, waitMs, version: toolVersion() };
  const { runId, users, signal } = run;
  const hosts = calledHosts(scenario.target);
  const fleet = await gatherFleet({ runId, users, hosts }, wish, note, signal);
  try {
    refuseApart(scenario, fleet);
  } catch (error) {
    await fleet.close();
    throw error;
  }
  return fleet;
}
