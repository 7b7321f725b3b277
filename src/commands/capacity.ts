// `gp-load capacity`: how much load the target takes within every SLA, and what limits it.

import { flagOption, textOption } from "../app/context.js";
import { UserError } from "../support/errors.js";
import { visibleJson } from "../support/json.js";
import { type CommandModule, LOG_OPTIONS, repeatable, SOURCE_OPTIONS } from "./command.js";
import { loadChosen, workersOption } from "./run-options.js";

export const capacityCommand: CommandModule = {
  name: "capacity",
  summary: "find the largest load at which a scenario still meets every SLA",
  argument: { name: "<scenario>", description: "scenario whose journey, SLAs and checks apply" },
  options: {
    ...SOURCE_OPTIONS,
    "--target <name|url>": "use this target of the file, or this URL",
    "--profile <name>": "profile of a target that is given as a URL",
    "--start <n>": "first load to try (default: a tenth of the scenario's)",
    "--max <n>": "largest load to try (default: a hundred times the scenario's)",
    "--at-least <n>": "required load: less is a FAIL",
    "--budget <duration>": { description: "most time the search may take", default: "10m" },
    "--precision <share>": { description: "stop when the gap is smaller than this", default: "5%" },
    "--probe <duration>": "how long each probe holds its load (default: long enough for its samples)",
    "--hold <duration>": "how long each confirmation holds its load (default: the scenario's hold)",
    "--seed <n>": "seed for all random choices",
    "--set <key=value>": repeatable("set any key of the scenario"),
    "--workers <n|auto>": {
      description: "number of worker processes; auto: by cores and users",
      default: "auto",
    },
    "--reports <dir>": { description: "reports folder", default: "reports" },
    "--allow-host <host>": repeatable("allow load on this host, not just on this machine"),
    ...LOG_OPTIONS,
    "--json": "print the answer as JSON on stdout, and nothing else",
    "-q, --quiet": "no progress; only the result",
    "--no-color": "no colours",
  },
  examples: [
    "gp-load capacity enterprise-100",
    "gp-load capacity enterprise-100 --target staging --at-least 300 --budget 20m",
    "gp-load capacity smoke --start 10 --max 200 --hold 20s --json",
  ],
  async run(input, context) {
    const { openChosenFile } = await import("../app/chosen-file.js");
    const { logSettings } = await import("../app/run/diagnostic-log.js");
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
