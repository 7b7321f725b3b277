// From `init` to the first right turn in one attempt, for each profile: on a real server of its shape, with nothing but its URL.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { defaultBrain } from "../../src/llm/brain.js";
import { NO_DELAY } from "../../src/llm/delays.js";
import { startModelEndpoint } from "../../src/llm/server.js";
import type { PROFILES } from "../../src/profiles/index.js";
import { a2aServer } from "../profiles/servers/a2a.js";
import { agUiServer } from "../profiles/servers/ag-ui.js";
import { aiSdkServer } from "../profiles/servers/ai-sdk.js";
import { langGraphServer } from "../profiles/servers/langgraph.js";
import { netraServer } from "../profiles/servers/netra.js";
import { openAiServer } from "../profiles/servers/openai.js";
import { realtimeServer } from "../profiles/servers/realtime.js";
import { starterServer } from "../profiles/servers/starter.js";
import { startBackend } from "../reference/backend.js";
import { run } from "./command.fixture.js";

type Start = () => Promise<{ readonly url: string }>;

async function reference(): Promise<{ readonly url: string }> {
  const backend = await startBackend();
  onTestFinished(() => backend.close());
  return backend;
}

async function modelEndpoint(): Promise<{ readonly url: string }> {
  const endpoint = await startModelEndpoint({
    ...{ brain: defaultBrain, firstToken: NO_DELAY, tokenGap: NO_DELAY, faults: [], seed: 7 },
  });
  onTestFinished(() => endpoint.close());
  return endpoint;
}

const SERVERS: Readonly<Record<keyof typeof PROFILES, Start>> = {
  "golden-path": reference,
  generic: starterServer,
  netra: netraServer,
  "ag-ui": agUiServer,
  "ai-sdk": aiSdkServer,
  langgraph: langGraphServer,
  "openai-responses": openAiServer,
  "openai-chat": modelEndpoint,
  "anthropic-messages": modelEndpoint,
  ollama: openAiServer,
  "openai-realtime": realtimeServer,
  a2a: a2aServer,
};

async function expectFirstTurn(start: Start, args: readonly string[]): Promise<void> {
  const { url } = await start();
  const ran = await run(["init", "--url", url, ...args]);
  expect(ran.stdout).toMatch(/✓ a turn completed: /);
  expect([ran.exit, ran.stderr]).toEqual([0, ""]);
  const file = readFileSync(join(ran.cwd, "scenarios.yaml"), "utf8");
  const tried = await run(["try", "--turns", "2"], { "scenarios.yaml": file });
  expect(tried.stdout).toContain("✓ turn 1 completed");
  expect(tried.exit).toBe(0);
}

describe("from a URL to the first right turn", () => {
  it.each(Object.entries(SERVERS))("with the profile %s", { timeout: 30_000 }, (kind, start) =>
    expectFirstTurn(start, ["--kind", kind]),
  );

  it.each(["sse", "socket.io"])("with the profile generic over %s", (transport) =>
    expectFirstTurn(starterServer, ["--kind", "generic", "--transport", transport]),
  );

  it("with answers given at a terminal", async () => {
    const { url } = await starterServer();
    const answers = [url, "generic", "sse"];
    const asked: string[] = [];
    const ask = async (question: string): Promise<string> => {
      asked.push(question);
      return answers[asked.length - 1] ?? "";
    };
    const ran = await run(["init"], {}, undefined, { ask });
    expect(ran.exit).toBe(0);
    expect(asked).toEqual([
      expect.stringContaining("URL"),
      expect.stringContaining("Which profile fits it"),
      "Which transport does it use (websocket, sse, socket.io)? [websocket] ",
    ]);
  });

  it("with no transport that is not there", async () => {
    const args = ["--kind", "generic", "--transport", "carrier-pigeon"];
    const ran = await run(["init", "--url", "http://127.0.0.1:1", ...args]);
    expect([ran.exit, ran.stderr]).toEqual([2, expect.stringContaining("no transport named carrier-pigeon")]);
  });
});
