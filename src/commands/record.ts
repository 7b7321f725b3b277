// `gp-load record`: writes a scenario file from a person's chat with a backend, watched through a proxy.
import { flagOption, listOption, textOption } from "../app/context.js";
import { UserError } from "../support/errors.js";
import type { CommandModule } from "./command.js";
import { wholeOption } from "./run-options.js";

export const recordCommand: CommandModule = {
  name: "record",
  summary: "watch you chat with a backend, and write a scenario file from what it saw",
  options: {
    "--target <url>": "URL of the backend",
    "--port <n>": "port to listen on (default: a free one)",
    "-o, --out <file>": { description: "the file to write", default: "recorded.yaml" },
    "--force": "overwrite an existing file",
    "--text <sentence>": {
      description: "what you will type, in this order (repeatable; default: two suggested sentences)",
      repeatable: true,
    },
    "--turns <n>": "stop after this many turns (default: on Enter or Ctrl-C)",
    "--within <minutes>": { description: "stop after this many minutes at the latest", default: "15" },
    "--insecure": "accept any certificate from the backend",
  },
  examples: [
    "gp-load record --target http://127.0.0.1:8000",
    "gp-load record --target https://chat.staging.example.com --port 8099 --out staging.yaml",
    'gp-load record --target http://127.0.0.1:8000 --text "Hello there" --text "And what else?" --turns 2',
  ],
  async run(input, context) {
    const { existsSync } = await import("node:fs");
    const { resolve } = await import("node:path");
    const { isHttpUrl } = await import("../scenarios/accounts/hosts.js");
    const { record, SENTENCES } = await import("../app/record/record.js");
    const target = textOption(input, "target");
    if (target === undefined || !isHttpUrl(target))
      throw new UserError(
        target === undefined ? "no backend given" : `${target} is not an http or https URL`,
        "gp-load record --target http://127.0.0.1:8000",
      );
    const out = textOption(input, "out") ?? "recorded.yaml";
    if (existsSync(resolve(context.cwd, out)) && !flagOption(input, "force"))
      throw new UserError(`${out} already exists`, "choose another with --out, or overwrite it with --force");
    const texts = listOption(input, "text");
    if (texts.some((text) => text.trim().length < 3))
      throw new UserError("--text needs at least 3 characters, because it is searched for in the traffic");
    return record(
      {
        target: new URL(target),
        port: wholeOption(input, "port", 1, 65_535, 0),
        out,
        texts: texts.length > 0 ? texts : SENTENCES,
        turns: wholeOption(input, "turns", 1, 10, 0),
        withinUs: wholeOption(input, "within", 1, 240) * 60_000_000,
        insecure: flagOption(input, "insecure"),
      },
      context,
    );
  },
};
