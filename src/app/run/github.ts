// Inside a GitHub job: annotations for its page, and output of which the runner takes nothing for a command.

import { withoutCommands } from "../../report/formats/annotations.js";
import type { AppContext } from "../context.js";

/** The same context elsewhere. */
export function insideGithub(context: AppContext): AppContext {
  if (context.env.GITHUB_ACTIONS !== "true") return context;
  return {
    ...context,
    // What we print as JSON begins so, and nothing else does.
    stdout: (text) => context.stdout(withoutCommands(text, /^[[{]/.test(text))),
    stderr: (text) => context.stderr(withoutCommands(text, false)),
    annotate(lines) {
      if (lines.length > 0) context.stderr(`${lines.join("\n")}\n`);
    },
  };
}
