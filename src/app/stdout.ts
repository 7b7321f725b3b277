// Text for people on stdout: wrapped to the terminal, and in colour if it wants colour.
import { wantsColour } from "../progress/choose.js";
import { wrapText } from "../support/terminal-text.js";
import type { AppContext } from "./context.js";

/** On a terminal, lines wrap between words. */
export function tell(text: string, { stdout, stdoutColumns }: AppContext): void {
  stdout(stdoutColumns === undefined ? text : wrapText(text, Math.max(20, stdoutColumns())));
}

export function wantsColourOn({ stdoutIsTTY = false, env }: AppContext, noColor: boolean): boolean {
  return wantsColour({ isTTY: stdoutIsTTY, noColor, env });
}
