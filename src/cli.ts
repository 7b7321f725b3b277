#!/usr/bin/env node
// The entry of the command line: the real streams, and the only place that exits.
import { runProgram } from "./commands/program.js";
import { COMMANDS } from "./commands/table.js";
import { EXIT, type ExitCode, isOutOfRoom, worstExit } from "./support/errors.js";
import { wrapText } from "./support/terminal-text.js";

const GONE: ReadonlySet<string | undefined> = new Set(["EPIPE", "EIO", "ENXIO"]);

/** Results for a file on a full disk were lost: the exit code must say so. */
let unwritten = false;

const isLost = (error: NodeJS.ErrnoException | null | undefined): boolean =>
  isOutOfRoom(error) && !GONE.has(error?.code);

function exitWith(code: ExitCode): void {
  // Pipes are written asynchronously: exit only when both are flushed, or broken.
  process.stdout.write("", (error) => {
    unwritten ||= isLost(error);
    const words = unwritten ? "error: not all of the result could be written to stdout\n" : "";
    process.stderr.write(words, () => process.exit(unwritten ? worstExit([code, EXIT.unwritten]) : code));
  });
}

function bug(error: unknown): void {
  process.stderr.write(`gp-load has a bug: ${error instanceof Error ? error.stack : String(error)}\n`);
  exitWith(EXIT.bug);
}

process.on("uncaughtException", bug);
process.on("unhandledRejection", bug);
// A reader that stops early (`gp-load run a b | head -1`), or a terminal that is gone, is not an error: the work goes on,
// with its own exit code.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (stream === process.stdout && isLost(error)) unwritten = true;
    else if (!GONE.has(error.code) && !isOutOfRoom(error)) bug(error);
  });
}

/** Ctrl-C, TERM and a closed terminal: the first one asks the run to end and report, a second exits at once. */
function onInterrupt(callback: () => void): () => void {
  let asked = false;
  const listener = (): void => {
    if (asked) process.exit(EXIT.interrupted);
    asked = true;
    callback();
  };
  process.on("SIGINT", listener);
  process.on("SIGTERM", listener);
  process.on("SIGHUP", listener);
  return () => {
    process.off("SIGINT", listener);
    process.off("SIGTERM", listener);
    process.off("SIGHUP", listener);
  };
}

/** A line from the person at the terminal; empty at the end of the input. */
async function ask(question: string): Promise<string> {
  const { createInterface } = await import("node:readline/promises");
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const ended = new Promise<string>((resolve) => lines.once("close", () => resolve("")));
  const answer = await Promise.race([lines.question(question), ended]);
  lines.close();
  return answer;
}

/** Texts for people wrap between words, not within them at the edge of the terminal. */
function onTerminal(text: string): string {
  return process.stderr.isTTY ? wrapText(text, Math.max(20, process.stderr.columns)) : text;
}

async function stdin(): Promise<string> {
  const { text } = await import("node:stream/consumers");
  return text(process.stdin);
}

const code = await runProgram(process.argv.slice(2), COMMANDS, {
  stdout: (text) => void process.stdout.write(text),
  stderr: (text) => void process.stderr.write(onTerminal(text)),
  env: process.env,
  cwd: process.cwd(),
  stdoutIsTTY: process.stdout.isTTY === true,
  ...(process.stdout.isTTY ? { stdoutColumns: () => process.stdout.columns } : {}),
  onInterrupt,
  stdin,
  ...(process.stdin.isTTY && process.stderr.isTTY ? { ask } : {}),
  ...(process.stderr.isTTY ? { terminal: process.stderr } : {}),
});
exitWith(code);
