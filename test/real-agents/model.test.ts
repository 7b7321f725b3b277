// Real servers with gp-load's own model below them, by its base URL alone: each call belongs to its turn, and is judged.
import { type AddressInfo, createServer } from "node:net";
import { expect, test } from "vitest";
import type { RunReport } from "../../src/model/report/report.js";
import { runFile } from "../e2e/support/profile-run.js";
import { startAgent } from "./support/server.js";

type Keys = Readonly<Record<string, unknown>>;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function run(
  server: readonly string[],
  target: (url: string) => Keys,
  steps: readonly unknown[],
): Promise<RunReport> {
  const port = await freePort();
  const agent = await startAgent(server, { OPENAI_BASE_URL: `http://127.0.0.1:${port}/v1` });
  try {
    const { report } = await runFile({
      version: 1,
      targets: { system: target(agent.url) },
      scenarios: {
        real: {
          target: "system",
          model: { port, ttft: "20ms", gap: "2ms" },
          load: { users: 3, ramp: "500ms", hold: "5s", baseline: false },
          journey: ["connect", { loop: [...steps, { think: "100ms..300ms" }] }],
          checks: ["prompt-isolation", "after-end", "critical-events", "isolation", "contract"],
        },
      },
    });
    return report;
  } finally {
    agent.stop();
  }
}

const SEND = [{ send: { prompt: "optimisation" } }];
const aiSdk =
  (mode: string) =>
  (url: string): Keys => ({
    profile: "ai-sdk",
    url,
    options: { stream: { request: { path: `/${mode}/api/chat` } } },
  });
const SUBJECTS: readonly (readonly [string, readonly string[], (url: string) => Keys])[] = [
  [
    "LangGraph's API server",
    ["langgraph"],
    (url) => ({
      profile: "langgraph",
      url,
      options: { stream: { request: { body: { assistant_id: "agent" } } } },
    }),
  ],
  ["the AI SDK", ["ai-sdk", "6"], aiSdk("tools")],
  [
    "CopilotKit's runtime",
    ["copilotkit"],
    (url) => ({
      profile: "ag-ui",
      url,
      options: { stream: { request: { path: "/api/copilotkit/agent/tools/run" } } },
    }),
  ],
];

test.each(SUBJECTS)(
  "%s calls it once for the tool and once for the answer",
  async (_name, server, target) => {
    const report = await run(server, target, SEND);
    expect(report.findings.filter(({ severity }) => severity === "fail")).toEqual([]);
    expect(report.ledger.completed).toBe(report.ledger.attempted);
    expect(report.ledger.completed).toBeGreaterThan(1);
    const { overhead } = report.metrics;
    const calls = report.counts?.["model.calls"];
    expect([calls?.min, calls?.max]).toEqual([2, 2]);
    expect(overhead?.count).toBeGreaterThan(1);
    const statusOf = (name: string) => report.checks.find(({ check }) => check === name)?.status;
    expect([statusOf("prompt-isolation"), statusOf("after-end")]).toEqual(["clean", "clean"]);
  },
);

test("an agent that goes on after its user has hung up is found by its model calls, one that stops is not", async () => {
  const stops = [{ stop: { after: "tool_executing" } }, { think: "800ms" }];
  const [right, wrong] = await Promise.all([
    run(["ai-sdk", "6"], aiSdk("patient"), stops),
    run(["ai-sdk", "6"], aiSdk("deaf-patient"), stops),
  ]);
  const found = ({ findings }: RunReport) => findings.map(({ check, code }) => `${check}/${code}`);
  expect(right.ledger.stopped).toBeGreaterThan(1);
  expect(found(right)).toEqual([]);
  expect(wrong.ledger.stopped).toBeGreaterThan(1);
  expect(found(wrong)).toEqual(["after-end/call"]);
});
