// `gp-load history`: rebuilds the overview page of a reports folder.
import { EXIT, UserError } from "../support/errors.js";
import type { CommandModule } from "./command.js";

export const historyCommand: CommandModule = {
  name: "history",
  summary: "rebuild index.html, the overview of all runs in a reports folder",
  argument: { name: "[dir]", description: "reports folder (default: reports)" },
  options: {},
  examples: ["gp-load history", "gp-load history build/reports"],
  async run(input, context) {
    const { existsSync } = await import("node:fs");
    const { join, resolve } = await import("node:path");
    const { rebuildHistory } = await import("../report/history/folder.js");
    const { plural } = await import("../report/text/wording.js");
    const { toolVersion } = await import("../app/version.js");
    const given = input.args[0] ?? "reports";
    const folder = resolve(context.cwd, given);
    if (!existsSync(folder)) {
      throw new UserError(`no folder ${given}`, "pass the folder that contains the run folders");
    }
    const runs = await rebuildHistory(folder, toolVersion());
    context.stdout(`${join(given, "index.html")}: ${plural(runs, "run")}\n`);
    return EXIT.pass;
  },
};
