// The model endpoint of a run under a backend that knows its own time: overhead, and where prompts stopped being reusable.
import { once } from "node:events";
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import type { ComparisonReport } from "../../../src/model/report/comparison.js";
import { startCli } from "../support/cli.js";
import { type Workspace, workspace } from "../support/workspace.js";

const SYSTEM = "You are the supervisor of a team that answers questions about the cost of a fleet. ".repeat(
  6,
);
const OWN_MS = 40;
const MODEL_MS = 30;
/**
 * How far the quickest turns may be apart. What each side sees of the wire differs: the backend counts its way to the
 * model as the model's time, and gp-load as the backend's. On a busy machine the quickest turns tell it best.
 */
const MAX_APART_MS = 2;

interface Backend {
  readonly url: string;
  /** What each turn took but for its model calls, milliseconds, by the backend's own clock. */
  readonly ownMs: number[];
  system: string;
}

/** Answers each question as a stream, with some work of its own and then a model call. */
async function startBackend(modelPort: number): Promise<Backend> {
  const server = createServer(
    (request, response) => void answer(request, response).catch(() => response.destroy()),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    agent.destroy();
    server.closeAllConnections();
    server.close();
  });
  const agent = new Agent({ keepAlive: true });
  const backend: Backend = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ownMs: [],
    system: SYSTEM,
  };
  return backend;

  async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const begun = performance.now();
    const { question } = JSON.parse(await textOf(incoming)) as { question: string };
    response.writeHead(200, { "content-type": "text/event-stream" });
    const tell = (event: object): void => void response.write(`data: ${JSON.stringify(event)}\n\n`);
    tell({ type: "begun" });
    await sleep(OWN_MS);
    const asked = performance.now();
    const text = await ask(question);
    const modelMs = performance.now() - asked;
    tell({ type: "piece", text });
    tell({ type: "over" });
    response.end();
    backend.ownMs.push(performance.now() - begun - modelMs);
  }

  /** By an agent that keeps its connections: `fetch` takes a millisecond of its own. */
  async function ask(question: string): Promise<string> {
    const messages = [
      { role: "system", content: backend.system },
      { role: "user", content: question },
    ];
    const asked = request({
      host: "127.0.0.1",
      port: modelPort,
      method: "POST",
      path: "/v1/chat/completions",
      agent,
    });
    asked.end(JSON.stringify({ model: "any", messages }));
    const [response] = (await once(asked, "response")) as [IncomingMessage];
    const body = JSON.parse(await textOf(response)) as { choices: { message: { content: string } }[] };
    return body.choices[0]?.message.content ?? "";
  }
}

async function textOf(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

async function freePort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function fileFor(url: string, port: number): object {
  return {
    version: 1,
    targets: {
      own: {
        profile: "generic",
        url,
        options: {
          transport: "sse",
          stream: { request: { path: "/ask", body: { question: "{text}" } } },
          events: [
            {
              path: "type",
              kinds: { begun: "agent_started", piece: "answer_delta", over: "agent_completed" },
            },
          ],
          text: "text",
        },
      },
    },
    scenarios: {
      seam: {
        target: "own",
        model: { port, ttft: `${MODEL_MS}ms` },
        load: { users: 4, ramp: "0s", hold: "4s", baseline: false },
        journey: ["connect", { loop: [{ send: { prompt: "optimisation" } }, { think: "50ms..150ms" }] }],
        checks: ["prompt-isolation", "after-end"],
        sla: { "agent.response": "p50 < 5s", "message.processing": "off" },
      },
    },
  };
}

async function compared(space: Workspace): Promise<ComparisonReport> {
  const [before = "", after = ""] = space.runFolders().slice(-2);
  const { stdout } = await startCli(["compare", before, after, "--json"], { cwd: space.folder }).finished;
  return JSON.parse(stdout) as ComparisonReport;
}

describe("a backend with a model call in each turn", () => {
  it("is measured as it measures itself, and its changed system prompt is found by the byte", async () => {
    const port = await freePort();
    const backend = await startBackend(port);
    const space = workspace(fileFor(backend.url, port));
    const { report } = await space.run(["seam"]);
    expect([report.findings, report.verdict, report.summary]).toEqual([[], "PASS", expect.any(String)]);
    const { overhead, "model.time": time } = report.metrics;
    const calls = report.counts?.["model.calls"];
    expect([calls?.min, calls?.max]).toEqual([1, 1]);
    expect(overhead?.count).toBeGreaterThan(50);
    expect(time?.min).toBeGreaterThan(MODEL_MS - 2);
    const apartMs = (overhead?.min ?? Number.NaN) - Math.min(...backend.ownMs);
    expect(Math.abs(apartMs)).toBeLessThan(MAX_APART_MS);
    // Neither counts the model's time as the backend's.
    expect(overhead?.min).toBeLessThan(OWN_MS + MODEL_MS);

    await space.run(["seam"]);
    expect((await compared(space)).prompts).toEqual([]);

    backend.system = SYSTEM.replace("supervisor", "SUPERVISOR");
    await space.run(["seam"]);
    const byte = "system\n".length + SYSTEM.indexOf("supervisor");
    const [change, ...more] = (await compared(space)).prompts ?? [];
    expect(more).toEqual([]);
    expect(change).toMatchObject({ kind: "/v1/chat/completions", why: "other" });
    expect(change?.fromByte).toBeLessThanOrEqual(byte);
    expect(change?.toByte).toBeGreaterThanOrEqual(byte);
  });
});
