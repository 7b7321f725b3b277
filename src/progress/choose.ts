// Chooses how a run's progress is shown, from what the stream can do and what the user asked for.
import { liveView, type TerminalStream } from "./live.js";
import { plainView } from "./plain.js";
import type { ProgressView } from "./state.js";

export interface ViewWishes {
  /** The stream is a terminal. */
  readonly isTTY: boolean;
  readonly quiet: boolean;
  /** stdout carries one JSON report, and nothing else is to be said. */
  readonly json: boolean;
  /** `--no-color`. */
  readonly noColor: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export type ViewKind = "silent" | "plain" | "live";

/** A terminal that can move its cursor gets the live view; pipes, `TERM=dumb` and CI logs get plain lines. */
export function viewKind(wishes: ViewWishes): ViewKind {
  if (wishes.quiet || wishes.json) return "silent";
  if (!wishes.isTTY || wishes.env.TERM === "dumb" || isSet(wishes.env.CI)) return "plain";
  return "live";
}

/**
 * Whether to colour what goes to a stream. `NO_COLOR` (any value but the empty one) and `--no-color` win over
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
