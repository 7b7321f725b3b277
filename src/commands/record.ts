// `gp-load record`: a scenario file from a person's chat with a backend, through a proxy that watches it.
import { flagOption, listOption, textOption } from "../app/context.js";
import { UserError } from "../support/errors.js";
import type { CommandModule } from "./command.js";
import { wholeOption } from "./run-options.js";

export const recordCommand: CommandModule = {
  name: "record",
  summary: "watch a person chat with a backend, and write a scenario file from it",
  options: [
    { flags: "--target <url>", description: "where the backend is" },
    { flags: "--port <n>", description: "port of this machine to listen on; without it any that is free" },
    { flags: "-o, --out <file>", description: "the file to write", default: "recorded.yaml" },
    { flags: "--force", description: "replace a file that is there" },
    {
      flags: "--text <sentence>",
      description: "what you will type, in this order (repeatable); without it two sentences are given",
      repeatable: true,
    },
    { flags: "--turns <n>", description: "end after so many turns; without it on Enter or Ctrl-C" },
    { flags: "--within <minutes>", description: "end after so many minutes at the latest", default: "15" },
    { flags: "--insecure", description: "accept any certificate of the backend" },
  ],
  examples: [
    "gp-load record --target http://127.0.0.1:8000",
    "gp-load record --target https://chat.staging.example.com --port 8099 --out staging.yaml",
    'gp-load record --target http://127.0.0.1:8000 --text "Hello there" --text "And what else?" --turns 2',
  ],
  async run(input, context) {
    const { existsSync } = await import("node:fs");
    const { isAbsolute, join } = await import("node:path");
    const { isHttpUrl } = await import("../scenarios/accounts/hosts.js");
    const { record, SENTENCES } = await import("../app/record/record.js");
    const target = textOption(input, "target");
    if (target === undefined || !isHttpUrl(target))
      throw new UserError(
        target === undefined ? "where is the backend?" : `${target} is not an http or https URL`,
        "gp-load record --target http://127.0.0.1:8000",
      );
    const out = textOption(input, "out") ?? "recorded.yaml";
    if (existsSync(isAbsolute(out) ? out : join(context.cwd, out)) && !flagOption(input, "force"))
      throw new UserError(
        `${out} is there already`,
        "name another one with --out, or replace it with --force",
      );
    const texts = listOption(input, "text");
    if (texts.some((text) => text.trim().length < 3))
      throw new UserError("a --text needs at least 3 characters: it is looked for in the traffic");
    return record(
      {
        target: new URL(target),
        port: textOption(input, "port") === undefined ? 0 : wholeOption(input, "port", 1, 65_535),
        out,
        texts: texts.length > 0 ? texts : SENTENCES,
        turns: textOption(input, "turns") === undefined ? 0 : wholeOption(input, "turns", 1, 10),
        withinUs: wholeOption(input, "within", 1, 240) * 60_000_000,
        insecure: flagOption(input, "insecure"),
      },
      context,
    );
  },
};
