// `gp-load try`: one user, a few turns, and how everything sent and received was understood.

import { flagOption, listOption, textOption } from "../app/context.js";
import { EXIT, UserError } from "../support/errors.js";
import { visibleJson } from "../support/json.js";
import { type CommandModule, repeatable, SOURCE_OPTIONS } from "./command.js";
import { loadChosen, wholeOption } from "./run-options.js";

export const tryCommand: CommandModule = {
  name: "try",
  summary: "take a turn or two as one user, and explain how each frame was understood",
  argument: {
    name: "[scenario]",
    description: "scenario whose target and journey to try (default: the first)",
  },
  options: {
    ...SOURCE_OPTIONS,
    "--target <name|url>": "try this target of the file, or this URL",
    "--profile <name>": "profile of a target that is given as a URL",
    "--turns <n>": { description: "number of turns", default: "1" },
    "--whole": "show frames in full",
    "--save <file>": "save the transcript, without secrets, for --replay",
    "--replay <file>": "decode a saved transcript again, without a target",
    "--seed <n>": "seed for all random choices",
    "--set <key=value>": repeatable("set any key of the scenario"),
    "--allow-host <host>": repeatable("allow requests to this host, not just to this machine"),
    "--json": "print the transcript as JSON on stdout, and nothing else",
    "--no-color": "no colours",
  },
  examples: [
    "gp-load try",
    "gp-load try smoke --target http://127.0.0.1:8000 --turns 3",
    "gp-load try smoke --save trial.json",
    "gp-load try smoke --replay trial.json",
  ],
  async run(input, context) {
    const { openChosenFile } = await import("../app/chosen-file.js");
    const { renderTranscript } = await import("../report/transcript/text.js");
    const { tell, wantsColourOn } = await import("../app/stdout.js");
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
            wholeOption(input, "turns", 1, MAX_TURNS),
            textOption(input, "save"),
            context,
          )
        : replayed(recording, scenario, context);
    if (flagOption(input, "json")) context.stdout(`${visibleJson(transcript, 2)}\n`);
    else {
      const noColor = input.options.color === false;
      const colour = wantsColourOn(context, noColor);
      tell(renderTranscript(transcript, { colour, whole: flagOption(input, "whole") }), context);
    }
    return recording === undefined ? exitOf(transcript) : EXIT.pass;
  },
};

const MAX_TURNS = 100;
