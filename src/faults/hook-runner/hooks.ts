// Calls hooks: a request or a command, bounded in time and output; failures are returned as text.

import { spawn } from "node:child_process";
import { defined } from "../../support/defined.js";
import { plainHttpClient } from "../../wire/http/http.js";
import type { HookCall } from "../call.js";

/** Characters kept of a hook's output: the end, where the error is. */
const MAX_OUTPUT = 2000;
/** How long to wait for the rest of the output: a daemon started by the command may keep it open forever. */
const REST_OF_OUTPUT_MS = 100;

/** @returns what went wrong, with the hook's output; `undefined` for success. Never rejects. */
export function callHook(call: HookCall): Promise<string | undefined> {
  return call.kind === "http" ? request(call) : command(call);
}

async function request(call: Extract<HookCall, { kind: "http" }>): Promise<string | undefined> {
  const http = plainHttpClient(call.timeoutMs * 1000);
  const { method, url, headers, body } = call;
  const answer = await http.request({ method, url, headers, ...defined({ json: body }) });
  await http.close();
  if (answer.ok) return undefined;
  const where = `${method} ${new URL(url).host}${new URL(url).pathname}`;
  if (answer.status === 0) return `${where}: ${answer.error ?? "no answer"}`;
  return `${where} answered ${answer.status}: ${answer.body.slice(0, MAX_OUTPUT)}`;
}

function command({
  command: line,
  timeoutMs,
}: Extract<HookCall, { kind: "exec" }>): Promise<string | undefined> {
  return new Promise((resolve) => {
    // Its own process group, so that a hanging command can be killed with everything it started.
    const child = spawn("/bin/sh", ["-c", line], { stdio: ["ignore", "pipe", "pipe"], detached: true });
    let output = "";
    const take = (bytes: Buffer): void => {
      output = (output + bytes.toString("utf8")).slice(-MAX_OUTPUT);
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      endGroup(child.pid);
    }, timeoutMs);
    const over = (failure: string | undefined): void => {
      clearTimeout(timer);
      child.stdout.destroy();
      child.stderr.destroy();
      resolve(failure === undefined ? undefined : `${failure}${output === "" ? "" : `: ${output.trim()}`}`);
    };
    child.once("error", (error) => over(`the command could not be started: ${error.message}`));
    child.once("exit", (code, signal) => {
      const failure = timedOut
        ? `the command did not end within ${timeoutMs / 1000} s`
        : code === 0
          ? undefined
          : `the command ended with ${signal ?? `exit ${code}`}`;
      setTimeout(() => over(failure), REST_OF_OUTPUT_MS);
    });
  });
}

function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // It has just ended on its own.
  }
}
