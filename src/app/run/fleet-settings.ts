// The options of `--fleet` and of `gp-load worker`: the Redis and the key of a fleet.
import { resolve } from "node:path";
import type { FleetWish } from "../../fleet/coordinator/fleet.js";
import { type FleetKey, readFleetKey } from "../../fleet/messaging/fleet-key.js";
import { UserError } from "../../support/errors.js";
import { parseDurationUs } from "../../support/units.js";
import { type AppContext, type CommandInput, textOption } from "../context.js";
import { toolVersion } from "../version.js";

/** @param agents the value of `--workers` */
export function fleetSettings(
  input: CommandInput,
  { cwd, env }: Pick<AppContext, "cwd" | "env">,
  agents: number | "auto",
): FleetWish | undefined {
  const secretUrl = textOption(input, "fleet");
  if (secretUrl === undefined) {
    if (textOption(input, "fleetKeyFile") === undefined) return undefined;
    throw new UserError(
      "--fleet-key-file only works with --fleet",
      "pass the URL of the fleet's Redis with --fleet",
    );
  }
  return {
    secretUrl: fleetUrl(secretUrl, env),
    key: fleetKey(input, cwd),
    waitMs: durationMs(textOption(input, "fleetWait") ?? "60s"),
    agents: agents === "auto" ? undefined : agents,
    version: toolVersion(),
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

/** Reads the file of `--fleet-key-file`. */
export function fleetKey(input: CommandInput, cwd: string): FleetKey {
  const path = textOption(input, "fleetKeyFile");
  if (path !== undefined) return readFleetKey(resolve(cwd, path));
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
