// `gp-load run`: one scenario after another, each from its plan to its report; the composition root.
import type { RunReport } from "../model/report.js";
import { EXIT, type ExitCode, UserError, worstExit } from "../support/errors.js";
import {
  type CommandInput,
  type CommandModule,
  FILE_OPTION,
  flagOption,
  listOption,
  textOption,
} from "./command.js";

export const runCommand: CommandModule = {
  name: "run",
  summary: "run scenarios and judge them: PASS, FAIL or INVALID",
  argument: { name: "[scenario...]", description: "scenarios to run, one after another" },
  options: [
    FILE_OPTION,
    {
      flags: "-t, --tag <tag>",
      description: "run the scenarios with this tag (repeatable)",
      repeatable: true,
    },
    { flags: "--target <name|url>", description: "run against this target of the file, or this URL" },
    { flags: "--profile <name>", description: "profile of a target that is given as a URL" },
    { flags: "--users <n>", description: "users at once" },
    { flags: "--ramp <duration>", description: "how long users take to join" },
    { flags: "--hold <duration>", description: "how long all users stay" },
    { flags: "--seed <n>", description: "seed of all randomness" },
    { flags: "--max-turns <n>", description: "most turns that may be started" },
    { flags: "--set <key=value>", description: "set any key of the scenario (repeatable)", repeatable: true },
    { flags: "--workers <n>", description: "worker processes", default: "1" },
    { flags: "--reports <dir>", description: "folder of the reports", default: "reports" },
    {
      flags: "--allow-host <host>",
      description: "a host off this machine that may be loaded (repeatable)",
      repeatable: true,
    },
    { flags: "--strict", description: "what could not be checked makes the run INVALID" },
    { flags: "--json", description: "print the report as JSON on stdout, and nothing else" },
    { flags: "-q, --quiet", description: "no progress; only the result" },
    { flags: "--no-color", description: "no colours" },
  ],
  examples: [
    "gp-load run enterprise-100",
    "gp-load run smoke --target http://127.0.0.1:8000",
    "gp-load run enterprise-100 --users 200 --hold 60s --set 'sla.history.query=p99 < 50ms'",
    "gp-load run --tag smoke --json > result.json",
  ],
  async run(input, context) {
    const { AXES } = await import("./axes.js");
    const { loadScenarios } = await import("../scenarios/load-file.js");
    const { openScenarios } = await import("../scenarios/source.js");
    const { problemText } = await import("../scenarios/problems.js");
    const { runOne } = await import("./run-one.js");
    if (input.args.length === 0 && listOption(input, "tag").length === 0) {
      throw new UserError("which scenario?", "name one (`gp-load list` shows them), or use --tag");
    }
    const source = openScenarios(
      textOption(input, "file") ?? "scenarios.yaml",
      context.cwd,
      AXES,
      context.env,
    );
    const { scenarios, warnings } = loadScenarios(
      source,
      { names: input.args, tags: listOption(input, "tag") },
      overridesOf(input),
    );
    for (const warning of warnings) context.stderr(`warning: ${problemText(warning)}\n`);
    const settings = {
      workers: wholeOption(input, "workers", 1, 64),
      reports: textOption(input, "reports") ?? "reports",
      strict: flagOption(input, "strict"),
      json: flagOption(input, "json"),
      quiet: flagOption(input, "quiet"),
      noColor: input.options.color === false,
    };
    const reports: RunReport[] = [];
    for (const scenario of scenarios) {
      const report = await runOne(scenario, settings, context);
      reports.push(report);
      if (report.exitCode === EXIT.interrupted) break;
    }
    if (settings.json) context.stdout(`${JSON.stringify(jsonOf(reports), null, 2)}\n`);
    return worstExit(reports.map(({ exitCode }) => exitCode as ExitCode));
  },
};

/** One report as it is; several as one suite. */
function jsonOf(reports: readonly RunReport[]): unknown {
  if (reports.length === 1) return reports[0];
  return {
    schemaVersion: 1,
    exitCode: worstExit(reports.map(({ exitCode }) => exitCode as ExitCode)),
    reports,
  };
}

function overridesOf(input: CommandInput) {
  const overrides: Record<string, string | readonly string[]> = {};
  for (const name of ["users", "ramp", "hold", "seed", "maxTurns", "target", "profile"]) {
    const value = textOption(input, name);
    if (value !== undefined) overrides[name] = value;
  }
  return { ...overrides, set: listOption(input, "set"), allowHosts: listOption(input, "allowHost") };
}

function wholeOption(input: CommandInput, name: string, min: number, max: number): number {
  const text = textOption(input, name) ?? String(min);
  const value = Number(text);
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new UserError(`--${name} ${text} is not a whole number from ${min} to ${max}`);
  }
  return value;
}
