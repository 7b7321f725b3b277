// The view for terminals: a block redrawn in place once a second, with the newest notes below it.
import { Chalk } from "chalk";
import { wrapText } from "../support/terminal-text.js";
import { oneLine } from "../support/text.js";
import { frameLines } from "./frame.js";
import { openScreen, type Screen, type TerminalStream } from "./screen.js";
import type { ProgressState, ProgressView } from "./state.js";

export type { TerminalStream } from "./screen.js";

/** Draws on `stream`, which must be a terminal. Shows nothing before the first state; `end` keeps the last one. */
export function liveView(stream: TerminalStream, options: { readonly colour: boolean }): ProgressView {
  const paint = new Chalk({ level: options.colour ? 1 : 0 });
  let screen: Screen | undefined;
  let state: ProgressState | undefined;
  let ended = false;
  const draw = (): void => {
    if (!screen || !state) return;
    screen.draw(frameLines(state, paint, screen.columns, screen.rows));
  };
  return {
    update(next) {
      if (ended) return;
      state = next;
      screen ??= openScreen(stream, draw);
      draw();
    },
    note(text) {
      const line = `${paint.yellow("!")} ${oneLine(text)}`;
      if (screen) screen.note(line);
      else stream.write(`${wrapText(line, Math.max(20, stream.columns ?? 80) - 1)}\n`);
    },
    end() {
      ended = true;
      screen?.end();
      screen = undefined;
    },
  };
}
