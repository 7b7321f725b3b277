// Chooses the view of a run's progress by the stream's abilities and the user's options.
import { liveView, type TerminalStream } from "./live.js";
import { plainView } from "./plain.js";
import type { ProgressView } from "./state.js";

export interface ViewWishes {
  /** The stream is a terminal. */
  readonly isTTY: boolean;
  readonly quiet: boolean;
  /** stdout is a single JSON report, so nothing else is printed. */
  readonly json: boolean;
  /** `--no-color`. */
  readonly noColor: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export type ViewKind = "silent" | "plain" | "live";

/** Terminals that can move the cursor get the live view; pipes, `TERM=dumb` and CI logs get plain lines. */
export function viewKind(wishes: ViewWishes): ViewKind {
  if (wishes.quiet || wishes.json) return "silent";
  if (!wishes.isTTY || wishes.env.TERM === "dumb" || isSet(wishes.env.CI)) return "plain";
  return "live";
}

/**
 * Whether to use colours on a stream. `NO_COLOR` (unless empty) and `--no-color` win over
 * `FORCE_COLOR`, which wins over what the stream is. See no-color.org and force-color.org.
 */
export function wantsColour(wishes: Pick<ViewWishes, "isTTY" | "noColor" | "env">): boolean {
  if (wishes.noColor || isSet(wishes.env.NO_COLOR)) return false;
  if (isSet(wishes.env.FORCE_COLOR))
    return wishes.env.FORCE_COLOR !== "0" && wishes.env.FORCE_COLOR !== "false";
  return wishes.isTTY && wishes.env.TERM !== "dumb";
}

/** The view for `stream` (usually stderr). */
export function chooseView(stream: TerminalStream, wishes: ViewWishes): ProgressView {
  switch (viewKind(wishes)) {
    case "silent":
      return { update: () => undefined, note: () => undefined, end: () => undefined };
    case "plain":
      return plainView(stream);
    case "live":
      return liveView(stream, { colour: wantsColour(wishes) });
  }
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== "";
}
