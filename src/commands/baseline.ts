// `gp-load baseline`: saves runs under a name, small enough for git or a CI cache, and lists what was saved.

import { flagOption, textOption } from "../app/context.js";
import { EXIT, UserError } from "../support/errors.js";
import { visibleJson } from "../support/json.js";
import { BASELINES, BASELINES_OPTION, type CommandModule } from "./command.js";

export const baselineCommand: CommandModule = {
  name: "baseline",
  summary: "save runs as a named baseline, or show what was saved",
  argument: {
    name: "<action...>",
    description: "save <name> [run...], by default the newest run or suite; or show [name]",
  },
  options: {
    ...BASELINES_OPTION,
    "--reports <dir>": { description: "reports folder", default: "reports" },
    "--json": "print only JSON on stdout",
  },
  examples: [
    "gp-load baseline save main",
    "gp-load baseline save main reports/20260131T101500000Z-smoke",
    "gp-load baseline show",
  ],
  async run(input, context) {
    const { saveNamed, shownText } = await import("../app/compare/baseline-actions.js");
    const { listBaselines } = await import("../app/compare/baseline-folder.js");
    const baselines = textOption(input, "baselines") ?? BASELINES;
    const json = flagOption(input, "json");
    const [action, name, ...others] = input.args;
    const tell = (value: unknown, text: string): void =>
      context.stdout(json ? `${visibleJson(value, 2)}\n` : text);
    if (action === "save" && name !== undefined) {
      const reports = textOption(input, "reports") ?? "reports";
      const saved = await saveNamed(name, others, { baselines, reports }, context);
      tell(saved, shownText([saved], baselines));
      return EXIT.pass;
    }
    if (action === "show" && others.length === 0) {
      const all = listBaselines(baselines, context.cwd);
      const shown = all.filter((one) => name === undefined || one.name === name);
      if (name !== undefined && shown.length === 0) {
        const known = all.map((one) => one.name).join(", ");
        throw new UserError(
          `no baseline ${name} in ${baselines}`,
          known ? `available: ${known}` : `save one with \`gp-load baseline save ${name}\``,
        );
      }
      tell(name === undefined ? shown : shown[0], shownText(shown, baselines));
      return EXIT.pass;
    }
    throw new UserError(
      "no action given",
      "gp-load baseline save <name> [run...], or gp-load baseline show [name]",
    );
  },
};
