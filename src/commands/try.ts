// `gp-load try`: one user, a few turns, and everything that was sent, seen, and made of it.

import { flagOption, listOption, textOption } from "../app/context.js";
import { EXIT, UserError } from "../support/errors.js";
import { visibleJson } from "../support/json.js";
import { type CommandModule, SOURCE_OPTIONS } from "./command.js";
import { loadChosen } from "./run-options.js";

export const tryCommand: CommandModule = {
  name: "try",
  summary: "take a turn or two as one user, and explain how each frame was understood",
  argument: {
    name: "[scenario]",
    description: "scenario whose target and journey to try (default: the first)",
  },
  options: [
    ...SOURCE_OPTIONS,
    { flags: "--target <name|url>", description: "try this target of the file, or this URL" },
    { flags: "--profile <name>", description: "profile of a target that is given as a URL" },
    { flags: "--turns <n>", description: "number of turns", default: "1" },
    { flags: "--whole", description: "show frames in full" },
    { flags: "--save <file>", description: "save the transcript, without secrets, for --replay" },
    { flags: "--replay <file>", description: "decode a saved transcript again, without a target" },
    { flags: "--seed <n>", description: "seed for all random choices" },
    { flags: "--set <key=value>", description: "set any key of the scenario (repeatable)", repeatable: true },
    {
      flags: "--allow-host <host>",
      description: "allow requests to this host, not just to this machine (repeatable)",
      repeatable: true,
    },
    { flags: "--json", description: "print the transcript as JSON on stdout, and nothing else" },
    { flags: "--no-color", description: "no colours" },
  ],
  examples: [
    "gp-load try",
    "gp-load try smoke --target http://127.0.0.1:8000 --turns 3",
    "gp-load try smoke --save trial.json",
    "gp-load try smoke --replay trial.json",
  ],
  async run(input, context) {
    const { openChosenFile } = await import("../app/chosen-file.js");
    const { renderTranscript } = await import("../report/transcript/text.js");
    const { wantsColour } = await import("../progress/choose.js");
    const { exitOf, replayed, takeTrial } = await import("../app/trial/trial.js");
    const source = await openChosenFile(input, context);
    const selection = { names: input.args, tags: listOption(input, "tag") };
    const [scenario] = await loadChosen(source, selection, input, context);
    if (!scenario) throw new UserError(`${source.path} contains no scenario`, "`gp-load init` writes one");
    const recording = textOption(input, "replay");
    const transcript =
      recording === undefined
        ? await takeTrial(
            scenario,
            turnsOf(textOption(input, "turns") ?? "1"),
            textOption(input, "save"),
            context,
          )
        : replayed(recording, scenario, context);
    if (flagOption(input, "json")) context.stdout(`${visibleJson(transcript, 2)}\n`);
    else {
      const noColor = input.options.color === false;
      const colour = wantsColour({ isTTY: context.stdoutIsTTY ?? false, noColor, env: context.env });
      context.stdout(renderTranscript(transcript, { colour, whole: flagOption(input, "whole") }));
    }
    return recording === undefined ? exitOf(transcript) : EXIT.pass;
  },
};

const MOST_TURNS = 100;

function turnsOf(text: string): number {
  const turns = Number(text);
  if (Number.isInteger(turns) && turns >= 1 && turns <= MOST_TURNS) return turns;
  throw new UserError(`--turns ${text} is not a whole number from 1 to ${MOST_TURNS}`);
}
