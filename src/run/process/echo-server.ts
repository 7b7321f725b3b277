// The echo server of a calibration: started as a process of its own, and ended for sure.
import { fork } from "node:child_process";
import { once } from "node:events";
import { entryPath } from "../../support/entry-path.js";

const READY_MS = 10_000;
const KILL_AFTER_MS = 2000;

export interface Echo {
  readonly url: string;
  stop(): Promise<void>;
}

/** Rejects where it does not listen within 10 s. */
export async function startEcho(): Promise<Echo> {
  const child = fork(entryPath("reference/echo-main"), [], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    execArgv: [],
  });
  const gone = once(child, "exit");
  const ready = once(child, "message", { signal: AbortSignal.timeout(READY_MS) });
  const died = gone.then(() => Promise.reject(new Error("the echo server ended before it listened")));
  died.catch(() => {});
  const [message] = await Promise.race([ready, died]).catch((error: unknown) => {
    child.kill("SIGKILL");
    throw error;
  });
  return {
    url: `http://127.0.0.1:${(message as { readonly port: number }).port}`,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const kill = setTimeout(() => child.kill("SIGKILL"), KILL_AFTER_MS);
      if (child.connected) child.disconnect();
      await gone;
      clearTimeout(kill);
    },
  };
}
