// `gp-load capacity`: how much load the target holds within every SLA, and what binds it.

import { flagOption, textOption } from "../app/context.js";
import { UserError } from "../support/errors.js";
import { visibleJson } from "../support/json.js";
import { type CommandModule, LOG_OPTIONS, SOURCE_OPTIONS } from "./command.js";
import { loadChosen, workersOption } from "./run-options.js";

export const capacityCommand: CommandModule = {
  name: "capacity",
  summary: "find the largest load at which a scenario still meets every SLA",
  argument: { name: "<scenario>", description: "scenario whose journey, SLAs and checks apply" },
  options: [
    ...SOURCE_OPTIONS,
    { flags: "--target <name|url>", description: "use this target of the file, or this URL" },
    { flags: "--profile <name>", description: "profile of a target that is given as a URL" },
    { flags: "--start <n>", description: "first load to try (default: a tenth of the scenario's)" },
    { flags: "--max <n>", description: "largest load to try (default: a hundred times the scenario's)" },
    { flags: "--at-least <n>", description: "required load: less is a FAIL" },
    { flags: "--budget <duration>", description: "most time the search may take", default: "10m" },
    { flags: "--precision <share>", description: "stop when the gap is smaller than this", default: "5%" },
    {
      flags: "--probe <duration>",
      description: "how long each probe holds its load (default: long enough for its samples)",
    },
    {
      flags: "--hold <duration>",
      description: "how long each confirmation holds its load (default: the scenario's hold)",
    },
    { flags: "--seed <n>", description: "seed for all random choices" },
    { flags: "--set <key=value>", description: "set any key of the scenario (repeatable)", repeatable: true },
    {
      flags: "--workers <n|auto>",
      description: "number of worker processes; auto: by cores and users",
      default: "auto",
    },
    { flags: "--reports <dir>", description: "reports folder", default: "reports" },
    {
      flags: "--allow-host <host>",
      description: "allow load on this host, not just on this machine (repeatable)",
      repeatable: true,
    },
    ...LOG_OPTIONS,
    { flags: "--json", description: "print the answer as JSON on stdout, and nothing else" },
    { flags: "-q, --quiet", description: "no progress; only the result" },
    { flags: "--no-color", description: "no colours" },
  ],
  examples: [
    "gp-load capacity enterprise-100",
    "gp-load capacity enterprise-100 --target staging --at-least 300 --budget 20m",
    "gp-load capacity smoke --start 10 --max 200 --hold 20s --json",
  ],
  async run(input, context) {
    const { openChosenFile } = await import("../app/chosen-file.js");
    const { logSettings } = await import("../app/run/run-log.js");
    const { answerCapacity } = await import("../app/capacity/capacity-answer.js");
    const [name, ...others] = input.args;
    if (name === undefined || others.length > 0)
      throw new UserError("a capacity search needs one scenario", "`gp-load list` shows them");
    const source = await openChosenFile(input, context);
    const { hold, ...options } = input.options;
    const [scenario] = await loadChosen(source, { names: [name] }, { ...input, options }, context);
    if (!scenario) throw new UserError(`no scenario named ${name}`, "`gp-load list` shows them");
    const report = await answerCapacity(
      scenario,
      {
        start: textOption(input, "start"),
        max: textOption(input, "max"),
        atLeast: textOption(input, "atLeast"),
        budget: textOption(input, "budget") ?? "10m",
        precision: textOption(input, "precision") ?? "5%",
        probe: textOption(input, "probe"),
        hold: typeof hold === "string" ? hold : undefined,
      },
      {
        workers: workersOption(input),
        reports: textOption(input, "reports") ?? "reports",
        strict: false,
        json: flagOption(input, "json"),
        quiet: flagOption(input, "quiet"),
        noColor: input.options.color === false,
        log: await logSettings(input, context),
      },
      context,
    );
    if (flagOption(input, "json")) context.stdout(`${visibleJson(report, 2)}\n`);
    return report.exitCode;
  },
};
