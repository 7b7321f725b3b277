// `gp-load compare`: is the candidate slower than its baseline, and is that more than chance?
import { EXIT, type ExitCode, UserError, worstExit } from "../support/errors.js";
import { type CommandModule, flagOption, textOption } from "./command.js";

export const compareCommand: CommandModule = {
  name: "compare",
  summary: "compare runs with a baseline: regression, none, or too few samples to tell",
  argument: { name: "<runs...>", description: "the baseline, then one candidate or several" },
  options: [
    {
      flags: "--worse <ratio>",
      description: "least change that matters, as a share of the baseline (default: the scenario's, or 10%)",
    },
    {
      flags: "--at-least <duration>",
      description: "and at least this much (default: the scenario's, or 5ms)",
    },
    { flags: "--out <dir>", description: "write comparison.json, comparison.html and comparison.md there" },
    { flags: "--json", description: "print the comparison as JSON on stdout, and nothing else" },
    { flags: "--markdown", description: "print it as Markdown" },
    { flags: "--no-color", description: "no colours" },
  ],
  examples: [
    "gp-load compare reports/20260131T101500000Z-smoke reports/latest",
    "gp-load compare main-1,main-2,main-3 branch-1,branch-2,branch-3",
    "gp-load compare baselines/enterprise-100 reports/latest --worse 20% --at-least 10ms --out comparison",
  ],
  async run(input, context) {
    const { compareFolders } = await import("./compare-folders.js");
    const [baseline, ...candidates] = input.args;
    if (baseline === undefined || candidates.length === 0) {
      throw new UserError(
        "a comparison needs a baseline and a candidate",
        "gp-load compare <baseline> <candidate>; runs that repeat each other are joined by commas",
      );
    }
    const json = flagOption(input, "json");
    const reports = [];
    for (const candidate of candidates) {
      reports.push(
        await compareFolders(
          {
            baseline,
            candidate,
            worse: textOption(input, "worse"),
            atLeast: textOption(input, "atLeast"),
            out: textOption(input, "out"),
            ownFolder: candidates.length > 1,
            print: json ? "nothing" : flagOption(input, "markdown") ? "markdown" : "terminal",
            noColor: input.options.color === false,
          },
          context,
        ),
      );
    }
    if (json) context.stdout(`${JSON.stringify(reports.length === 1 ? reports[0] : reports, null, 2)}\n`);
    return worstExit(reports.map(({ exitCode }) => exitCode as ExitCode)) ?? EXIT.bug;
  },
};
