// `gp-load worker`: serves a fleet from this machine, one run after another, until it is stopped.
import { availableParallelism, hostname } from "node:os";
import { type CommandInput, flagOption, listOption, textOption } from "../app/context.js";
import { fleetKey, fleetUrl } from "../app/run/fleet-settings.js";
import { toolVersion } from "../app/version.js";
import { EXIT, UserError } from "../support/errors.js";
import { type CommandModule, repeatable } from "./command.js";
import { wholeOption } from "./run-options.js";

/** Users that one core can easily run. */
const USERS_PER_CORE = 2500;
const MAX_CAPACITY = 1_000_000;

export const workerCommand: CommandModule = {
  name: "worker",
  summary: "join a fleet: run users for runs started on other machines",
  options: {
    "--redis <url>": "the fleet's Redis (redis:// or rediss://); $GP_LOAD_FLEET",
    "--fleet-key-file <file>": "file with the key shared by the fleet's runs and workers",
    "--capacity <n>": "most users this worker accepts (default: 2,500 per core)",
    "--label <key=value>": repeatable("a label for this worker, shown in the report"),
    "--allow-host <host>": repeatable("allow load on this host, not just on this machine"),
    "--name <name>": "name in reports (default: host name and process id)",
    "--once": "exit after the first run",
  },
  examples: [
    "gp-load worker --redis rediss://fleet.example.com:6379 --fleet-key-file fleet.key --allow-host staging.example.com",
    "gp-load worker --redis redis://127.0.0.1:6379 --fleet-key-file fleet.key --capacity 5000 --label zone=a",
  ],
  async run(input, context) {
    const { serveFleet } = await import("../fleet/agent/agent.js");
    const secretUrl = textOption(input, "redis") ?? context.env.GP_LOAD_FLEET;
    if (secretUrl === undefined) throw new UserError("no fleet given: pass --redis URL");
    const stop = new AbortController();
    const ignore = context.onInterrupt?.(() => stop.abort());
    await serveFleet({
      secretUrl: fleetUrl(secretUrl, context.env),
      key: fleetKey(input, context.cwd),
      version: toolVersion(),
      name: textOption(input, "name") ?? `${hostname()}-${process.pid}`,
      capacity: wholeOption(input, "capacity", 1, MAX_CAPACITY, availableParallelism() * USERS_PER_CORE),
      labels: labelsOf(input),
      allowedHosts: listOption(input, "allowHost").map((host) => host.toLowerCase()),
      once: flagOption(input, "once"),
      note: (text) => context.stderr(`${text}\n`),
      signal: stop.signal,
    });
    ignore?.();
    return EXIT.pass;
  },
};

function labelsOf(input: CommandInput): readonly string[] {
  const labels = listOption(input, "label");
  const strange = labels.find((label) => !/^[\w.-]{1,40}=[\w.-]{1,60}$/.test(label));
  if (strange !== undefined) throw new UserError(`--label ${strange} is not like key=value`);
  return labels;
}
