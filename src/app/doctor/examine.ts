// `gp-load doctor`: runs all checks, even if some fail, and prints a line for each.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism, freemem, loadavg, networkInterfaces, totalmem } from "node:os";
import { nowUs } from "../../support/clock.js";
import { EXIT, type ExitCode, messageOf } from "../../support/errors.js";
import { alignColumns } from "../../support/terminal-text.js";
import { oneLine } from "../../support/text.js";
import type { AppContext } from "../context.js";
import { toolVersion } from "../version.js";
import type { Check, Finding, Machine, State } from "./check.js";
import { MACHINE_CHECKS } from "./machine-checks.js";
import { SERVICE_CHECKS } from "./service-checks.js";

export interface DoctorReport {
  readonly schemaVersion: 1;
  readonly tool: { readonly name: "gp-load"; readonly version: string };
  readonly platform: string;
  readonly checks: readonly (Finding & { readonly name: string })[];
  /** 1 if a `problem` keeps every run from succeeding, else 0. */
  readonly exitCode: ExitCode;
}

const ALL_CHECKS: readonly Check[] = [...MACHINE_CHECKS, ...SERVICE_CHECKS];

const SHELL_MS = 2000;

const THIS_MACHINE: Machine = {
  platform: process.platform,
  node: process.versions.node,
  cores: availableParallelism,
  memory: () => ({ totalBytes: totalmem(), freeBytes: freemem() }),
  load: () => loadavg()[0] ?? 0,
  read: (path) => readFileSync(path, "utf8"),
  shell: (command) =>
    execFileSync("sh", ["-c", command], { encoding: "utf8", timeout: SHELL_MS, stdio: "pipe" }),
  interfaces: () =>
    Object.entries(networkInterfaces()).flatMap(([name, addresses = []]) =>
      addresses.some(({ internal }) => !internal) ? [name] : [],
    ),
  nowUs,
};

/** Never rejects: what cannot be checked is `unknown`. */
export async function examine(
  context: AppContext,
  machine: Machine = THIS_MACHINE,
  checks: readonly Check[] = ALL_CHECKS,
): Promise<DoctorReport> {
  const findings = await Promise.all(
    checks.map(async ({ name, look }) => {
      try {
        return { name, ...(await look({ machine, context })) };
      } catch (error) {
        const found = `cannot be checked: ${oneLine(messageOf(error))}`;
        return { name, state: "unknown" as const, found };
      }
    }),
  );
  return {
    schemaVersion: 1,
    tool: { name: "gp-load", version: toolVersion() },
    platform: machine.platform,
    checks: findings,
    exitCode: findings.some(({ state }) => state === "problem") ? EXIT.fail : EXIT.pass,
  };
}

const MARKS = { ok: "✓", note: "·", warn: "!", problem: "✗", unknown: "?" } as const satisfies Record<
  State,
  string
>;

export function doctorText({ checks, exitCode, tool, platform }: DoctorReport): string {
  const rows = checks.map(({ name, state, found, todo }) => [
    `${MARKS[state]} ${name}`,
    todo === undefined ? found : `${found} → ${todo}`,
  ]);
  const warnings = checks.filter(({ state }) => state === "warn").length;
  const verdict =
    exitCode === EXIT.pass
      ? `ready to run${warnings > 0 ? `; ${warnings} ${warnings === 1 ? "thing limits" : "things limit"} what can be measured` : ""}`
      : "not ready: fix the lines marked ✗";
  return [`gp-load ${tool.version} on ${platform}`, ...alignColumns(rows), verdict, ""].join("\n");
}
