// `gp-load live`: the live page of a run in another process, or of one that has ended.
import { EXIT, UserError } from "../support/errors.js";
import type { CommandModule } from "./command.js";
import { wholeOption } from "./run-options.js";

export const liveCommand: CommandModule = {
  name: "live",
  summary: "watch a run in the browser while it is running",
  argument: { name: "<folder>", description: "folder of the run, such as reports/latest" },
  options: { "--port <n>": "port to serve the page on (default: a free one)" },
  examples: ["gp-load live reports/latest", "gp-load live reports/latest --port 8123"],
  async run(input, context) {
    const { existsSync } = await import("node:fs");
    const { join, resolve } = await import("node:path");
    const { watchFolder } = await import("../app/live/watch-folder.js");
    const [folder = ""] = input.args;
    const path = join(resolve(context.cwd, folder), "run.jsonl");
    if (!existsSync(path))
      throw new UserError(`${folder} has no run.jsonl`, "pass the folder of a run, such as reports/latest");
    const ended = new AbortController();
    const ignore = context.onInterrupt?.(() => ended.abort());
    try {
      await watchFolder({
        path,
        port: wholeOption(input, "port", 1, 65_535, 0),
        signal: ended.signal,
        onUrl: (url) => context.stdout(`live page: ${url}\nCtrl-C closes it; the run continues.\n`),
      });
    } finally {
      ignore?.();
    }
    return EXIT.pass;
  },
};
