// The echo server of a calibration: starts it as a separate process, and makes sure that it ends.
import { z } from "zod";
import { startChild, untilReady } from "../../support/child-process.js";

export interface Echo {
  readonly url: string;
  stop(): Promise<void>;
}

const listening = z.object({ port: z.int() });

/** Rejects if it fails to start listening. */
export async function startEcho(): Promise<Echo> {
  const child = startChild<never, z.infer<typeof listening>>({
    entry: "reference/echo-main",
    parse: (message) => listening.parse(message),
  });
  const port = await untilReady(child, {
    name: "the echo server",
    answerIn: (message) => message.port,
  });
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      await child.end();
    },
  };
}
