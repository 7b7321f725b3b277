// Real servers whose turns are stopped, and whose agents ask: what they do right passes, and what they do wrong is found.
import { createServer, request as httpRequest } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RunReport } from "../../src/model/report/report.js";
import { runFile } from "../e2e/support/profile-run.js";
import { type AgentServer, startAgent } from "./support/server.js";

type Keys = Readonly<Record<string, unknown>>;

const DECISIONS = [
  { send: { prompt: "optimisation" } },
  "approve",
  { send: { prompt: "optimisation" } },
  "reject",
];
const STOPS = [{ stop: { after: "text" } }, { send: { prompt: "optimisation" } }];

function fileFor(target: Keys, steps: readonly unknown[]): object {
  return {
    version: 1,
    targets: { system: target },
    scenarios: {
      real: {
        target: "system",
        load: { users: 3, ramp: "500ms", hold: "6s", baseline: false },
        journey: ["connect", { loop: [...steps, { think: "100ms..300ms" }] }],
        checks: ["stop", "approvals", "isolation", "contract"],
      },
    },
  };
}

/** Findings that fail, as `check/code`, and what else speaks against the turns. */
function told({ findings, anomalies, ledger }: RunReport) {
  const { attempted, completed, stopped = 0, waiting = 0 } = ledger;
  return {
    found: findings
      .filter(({ severity }) => severity === "fail")
      .map(({ check, code }) => `${check}/${code}`),
    odd: Object.entries(anomalies).filter(([, count]) => count > 0),
    bad: attempted - completed - stopped - waiting,
  };
}

const CLEAN = { found: [], odd: [], bad: 0 };
const judged = ({ checks }: RunReport, name: string) =>
  checks.find(({ check }) => check === name)?.judged ?? 0;

/** Which tool an interrupt is about is the graph's own affair, and so is what comes of one that was rejected. */
const langgraph = (url: string, assistant: string): Keys => ({
  profile: "langgraph",
  url,
  options: {
    stream: { request: { body: { assistant_id: assistant } } },
    control: { decide: { body: { assistant_id: assistant } } },
    events: [
      {
        each: "__interrupt__",
        when: {
          all: [
            { path: "@label", matches: "^(updates|values)" },
            { path: "__interrupt__[0]", exists: true },
          ],
        },
        kind: "waiting",
        ask: "@item.id",
        tool: "@item.value.tool",
        text: "@item.value.question",
      },
      {
        when: {
          all: [
            { path: "@label", matches: "^messages" },
            { path: "[0].type", equals: "tool" },
            { path: "[0].status", equals: "error" },
          ],
        },
        kind: "tool_refused",
      },
    ],
  },
});
const aiSdk = (url: string, mode: string): Keys => ({
  profile: "ai-sdk",
  url,
  options: { stream: { request: { path: `/${mode}/api/chat` } } },
});
const agUi = (url: string, name: string): Keys => ({
  profile: "ag-ui",
  url,
  options: { stream: { request: { path: `/${name}` } } },
});

const SUBJECTS = {
  "LangGraph's API server": {
    server: ["langgraph"],
    target: langgraph,
    asks: "approve",
    wrong: { approve_ignored: "approvals/ran-rejected" },
    slow: "slow",
  },
  "the AI SDK": {
    server: ["ai-sdk", "6"],
    target: aiSdk,
    asks: "approval",
    wrong: { "approval-ignored": "approvals/ran-rejected" },
    slow: "slow",
  },
  "an agent of AG-UI 1": {
    server: ["ag-ui"],
    target: agUi,
    asks: "interrupt",
    wrong: { interrupt_ignored: "approvals/ran-rejected" },
    slow: undefined,
  },
} as const;

describe.each(Object.entries(SUBJECTS))("%s", (_name, { server, target, asks, wrong, slow }) => {
  let agent: AgentServer;
  beforeAll(async () => {
    agent = await startAgent(server);
  });
  afterAll(() => agent.stop());

  test("goes on once with each decision, and does not run what was rejected", async () => {
    const { report } = await runFile(fileFor(target(agent.url, asks), DECISIONS));
    expect(told(report)).toEqual(CLEAN);
    expect(judged(report, "approvals")).toBeGreaterThan(6);
    expect(report.ledger.completed).toBeGreaterThan(6);
  });

  test.each(Object.entries(wrong))("is found out if it does wrong: %s", async (behaviour, finding) => {
    const { report } = await runFile(fileFor(target(agent.url, behaviour), DECISIONS));
    expect(report.verdict).toBe("FAIL");
    expect(told(report).found).toContain(finding);
  });

  test.runIf(slow)("stops where its user stops it, and takes the next message", async () => {
    const { report } = await runFile(fileFor(target(agent.url, slow ?? ""), STOPS));
    expect(told(report)).toEqual(CLEAN);
    expect(report.ledger.stopped).toBeGreaterThan(3);
    expect(report.ledger.completed).toBeGreaterThan(3);
    expect(judged(report, "stop")).toBeGreaterThan(3);
  });
});

test("an AG-UI agent that knows no more what it asked fails the turn", async () => {
  const agent = await startAgent(["ag-ui"]);
  try {
    const { report } = await runFile(fileFor(agUi(agent.url, "interrupt_forgotten"), DECISIONS));
    const { completed, failed, waiting, attempted } = report.ledger;
    expect([report.verdict, completed, failed + waiting]).toEqual(["FAIL", 0, attempted]);
  } finally {
    agent.stop();
  }
});

test("a LangGraph server that is never told of a stop is found out", async () => {
  const agent = await startAgent(["langgraph"]);
  const proxy = createServer((asked, answered) => {
    if (asked.url?.includes("/cancel")) {
      answered.writeHead(202).end();
      return;
    }
    const { method, url, headers } = asked;
    const onward = httpRequest(`${agent.url}${url}`, { method, headers }, (answer) => {
      answered.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(answered);
    });
    onward.on("error", () => answered.destroy());
    asked.pipe(onward);
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  try {
    const { port } = proxy.address() as AddressInfo;
    const target = langgraph(`http://127.0.0.1:${port}`, "slow");
    const file = fileFor(target, STOPS) as { scenarios: { real: Keys } };
    const { real } = file.scenarios;
    const strict = { ...real, checks: [{ stop: { within: "100ms" } }, "contract"] };
    const { report } = await runFile({ ...file, scenarios: { real: strict } });
    expect(told(report).found).toContain("stop/not-stopped");
    const late = report.findings.find(({ code }) => code === "not-stopped");
    expect(late?.count).toBe(judged(report, "stop"));
  } finally {
    proxy.closeAllConnections();
    proxy.close();
    agent.stop();
  }
});
