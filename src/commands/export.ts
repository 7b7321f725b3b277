// `gp-load export`: a run in the chosen format.
import { type CommandInput, textOption } from "../app/context.js";
import { EXIT, UserError } from "../support/errors.js";
import type { CommandModule } from "./command.js";

export const exportCommand: CommandModule = {
  name: "export",
  summary: "print one format of a run's results, or write it to a file",
  argument: { name: "[dir]", description: "folder of the run (default: reports/latest)" },
  options: {
    "--format <format>": "csv, jsonl (one line per turn), json, html, junit, summary, svg, hlog or llm",
    "--out <path>": "write to this file instead of stdout",
  },
  examples: [
    "gp-load export --format csv",
    "gp-load export reports/20260131T101500000Z-smoke --format jsonl --out turns.jsonl",
    "gp-load export reports/latest --format llm",
  ],
  async run(input, context) {
    const { exportRun } = await import("../app/run/export-run.js");
    await exportRun({ ...chosen(input), out: textOption(input, "out") }, context);
    return EXIT.pass;
  },
};

function chosen(input: CommandInput): { readonly given: string | undefined; readonly format: string } {
  const format = textOption(input, "format");
  if (format === undefined) throw new UserError("no format given", "name one: --format csv");
  return { given: input.args[0], format };
}
