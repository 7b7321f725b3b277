// A child process of this program: forked, talked to by messages, and reliably ended.

import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { defined } from "./defined.js";
import { messageOf } from "./errors.js";

/** How a process ended: its exit code, the signal that killed it, or why it could not be started at all. */
export interface ChildExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly error?: Error;
}

/** When a child that should end gets which signal, milliseconds after the request; absent for never. */
export interface EndDeadlines {
  readonly termMs?: number;
  readonly killMs: number;
}

const USUAL_END: EndDeadlines = { killMs: 2000 };

export interface Child<To, From> {
  readonly pid: number | undefined;
  /** Drops messages to a child that is going away: its exit says more. */
  tell(message: To): void;
  listen(onMessage: (message: From) => void): void;
  /** Resolves when the process is gone, or could not be started; never rejects. */
  readonly exited: Promise<ChildExit>;
  /** Sends `farewell`, or disconnects, so that it ends by itself; then signals. May be called again. */
  end(deadlines?: EndDeadlines, farewell?: To): Promise<ChildExit>;
  /** KILL at once. */
  kill(): Promise<ChildExit>;
}

export interface ChildOptions<From> {
  /** Path of its compiled entry under the program's folder, such as `faults/proxy/main`. */
  readonly entry: string;
  /** Checks the child's messages. If it throws, the child is killed. */
  readonly parse: (message: unknown) => From;
  readonly execArgv?: readonly string[];
  /** Variables in addition to those of this process. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Structured clone instead of JSON: supports typed arrays, `NaN` and `Infinity`. */
  readonly structured?: boolean;
}

export function startChild<To extends object, From>(options: ChildOptions<From>): Child<To, From> {
  const child = fork(entryPath(options.entry), [], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    serialization: options.structured ? "advanced" : "json",
    execArgv: [...(options.execArgv ?? [])],
    ...(options.env ? { env: { ...process.env, ...options.env } } : {}),
  });
  let invalid: Error | undefined;
  const exited = new Promise<ChildExit>((resolve) => {
    child.once("exit", (code, signal) => resolve({ code, signal, ...defined({ error: invalid }) }));
    child.on("error", (error) => {
      // There is no exit event for a process that never was.
      if (child.pid === undefined) resolve({ code: null, signal: null, error });
    });
  });
  const tell = (message: To): void => {
    if (child.connected) child.send(message, () => {});
  };
  const kill = (): Promise<ChildExit> => {
    child.kill("SIGKILL");
    return exited;
  };
  return {
    pid: child.pid,
    tell,
    exited,
    kill,
    listen(onMessage) {
      child.on("message", (message) => {
        let valid: From;
        try {
          valid = options.parse(message);
        } catch (error) {
          invalid ??= new Error(`it sent a message that is not valid: ${messageOf(error)}`);
          void kill();
          return;
        }
        onMessage(valid);
      });
    },
    async end({ termMs, killMs } = USUAL_END, farewell) {
      if (farewell) tell(farewell);
      else if (child.connected) child.disconnect();
      const term = termMs === undefined ? undefined : setTimeout(() => child.kill("SIGTERM"), termMs);
      const last = setTimeout(kill, killMs);
      const exit = await exited;
      clearTimeout(term);
      clearTimeout(last);
      return exit;
    },
  };
}

/** How a process ended, for people: `SIGKILL`, `exit 1`, or why it could not be started. */
export function exitText({ code, signal, error }: ChildExit): string {
  return error?.message ?? signal ?? `exit ${code}`;
}

/** A child not ready by then hangs: a busy machine only makes it slow. */
const READY_MS = 60_000;

export interface ReadyOptions<From, Answer> {
  /** Of the child, for messages: `the fault proxy`. */
  readonly name: string;
  /** Milliseconds. Default {@link READY_MS}. */
  readonly withinMs?: number;
  /** The answer in a message, if any; throws for a refusal. */
  readonly answerIn: (message: From) => Answer | undefined;
}

/** Waits for a child just started. If it ends, refuses, or is late, kills it and rejects. */
export async function untilReady<From, Answer>(
  child: Child<never, From>,
  { name, withinMs = READY_MS, answerIn }: ReadyOptions<From, Answer>,
): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const answered = new Promise<Answer>((resolve, reject) => {
    timer = setTimeout(
      () => reject(new Error(`${name} was not ready within ${withinMs / 1000} s`)),
      withinMs,
    );
    void child.exited.then((exit) =>
      reject(new Error(`${name} ended before it was ready (${exitText(exit)})`)),
    );
    child.listen((message) => {
      try {
        const answer = answerIn(message);
        if (answer !== undefined) resolve(answer);
      } catch (error) {
        reject(error);
      }
    });
  });
  try {
    return await answered;
  } catch (error) {
    await child.kill();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** Requests to a child that wait for answers, by key. */
export class PendingRequests<Answer> {
  readonly #waiting = new Map<string | number, (answer: Answer) => void>();
  #gone = false;
  readonly #whenGone: Answer;
  #next = 0;

  /** @param whenGone the answer to all requests once the child is gone */
  constructor(child: Pick<Child<never, unknown>, "exited">, whenGone: Answer) {
    this.#whenGone = whenGone;
    void child.exited.then(() => {
      this.#gone = true;
      for (const answer of this.#waiting.values()) answer(whenGone);
      this.#waiting.clear();
    });
  }

  ask(key: string | number, send: () => void): Promise<Answer> {
    if (this.#gone) return Promise.resolve(this.#whenGone);
    return new Promise((resolve) => {
      this.#waiting.set(key, resolve);
      send();
    });
  }

  /** With the next number as its key. */
  askNumbered(send: (id: number) => void): Promise<Answer> {
    const id = this.#next++;
    return this.ask(id, () => send(id));
  }

  answer(key: string | number, answer: Answer): void {
    this.#waiting.get(key)?.(answer);
    this.#waiting.delete(key);
  }
}

/**
 * The absolute path of a compiled entry file, even if the caller runs from TypeScript sources.
 * @param entry path under the program's folder, without extension, such as `run/worker/main`
 */
function entryPath(entry: string): string {
  const compiled = import.meta.url.endsWith(".js") ? `../${entry}.js` : `../../dist/${entry}.js`;
  return fileURLToPath(new URL(compiled, import.meta.url));
}
