// The neutral server for the time of one test.
import { onTestFinished } from "vitest";
import { type NeutralOptions, type NeutralServer, startNeutralServer } from "./neutral-service.js";

/** Listens on a free port of loopback; gone at the end of the test. */
export async function neutralServer(options: NeutralOptions = {}): Promise<NeutralServer> {
  const server = await startNeutralServer(options);
  onTestFinished(() => server.die());
  return server;
}
