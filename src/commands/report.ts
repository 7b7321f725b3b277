// `gp-load report`: judges a run again and renders its reports, from its log.

import { flagOption } from "../app/context.js";
import { UserError } from "../support/errors.js";
import { visibleJson } from "../support/json.js";
import { COPY_OPTIONS, type CommandModule, LLM_OPTION } from "./command.js";
import { llmOption } from "./run-options.js";

export const reportCommand: CommandModule = {
  name: "report",
  summary: "judge and render a run again from its run.jsonl",
  argument: { name: "[dir]", description: "folder of the run (default: reports/latest)" },
  options: {
    ...COPY_OPTIONS,
    ...LLM_OPTION,
    "--json": "print the report as JSON on stdout, and nothing else",
    "--no-color": "no colours",
  },
  examples: [
    "gp-load report",
    "gp-load report reports/20260131T101500000Z-smoke",
    "gp-load report reports/latest --json",
    "gp-load report reports/latest --junit junit.xml --summary summary.md",
  ],
  async run(input, context) {
    const { join, relative, resolve } = await import("node:path");
    const { existsSync, realpathSync } = await import("node:fs");
    const { renderRun } = await import("../app/run/finish-run.js");
    const { damagedFigures } = await import("../report/build/read-log.js");
    const { preparedCopies, writeCopies } = await import("../app/run/copies.js");
    const given = input.args[0] ?? join("reports", "latest");
    const folder = resolve(context.cwd, given);
    if (!existsSync(join(folder, "run.jsonl"))) {
      throw new UserError(`no run.jsonl in ${given}`, "pass the folder of a run, such as reports/latest");
    }
    const real = realpathSync(folder);
    const copies = await preparedCopies(input, context);
    const path = join(given, "run.jsonl");
    const report = await renderRun(
      real,
      {
        json: flagOption(input, "json"),
        noColor: input.options.color === false,
        shownFolder: relative(context.cwd, real) || real,
        keepLatest: true,
        stepSummary: false,
        brief: false,
        llm: llmOption(input),
      },
      context,
    ).catch((error: unknown) => {
      throw damagedFigures(path, error);
    });
    await writeCopies(copies, real, context);
    if (flagOption(input, "json")) context.stdout(`${visibleJson(report, 2)}\n`);
    return report.exitCode;
  },
};
