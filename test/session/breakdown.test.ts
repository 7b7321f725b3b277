// Rules on only some turns, judged over two workers: by prompt, group and tool, each beside a twin that holds.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it, onTestFinished } from "vitest";
import { runHere } from "../support/run-here.js";

/** Answers at once, but for questions that hold the word; its tool `slow` takes 60 ms, and `quick` none. */
async function service(slowWord: string): Promise<string> {
  const server = createServer((request, reply) => {
    let body = "";
    request.on("data", (piece: Buffer) => {
      body += piece.toString();
    });
    request.on("end", async () => {
      const event = (type: string, rest: object = {}): void => {
        reply.write(`data: ${JSON.stringify({ type, ...rest })}\n\n`);
      };
      reply.writeHead(200, { "content-type": "text/event-stream" });
      for (const [tool, ms] of [
        ["quick", 0],
        ["slow", 60],
      ] as const) {
        event("start", { tool, id: tool });
        if (ms > 0) await sleep(ms);
        event("stop", { id: tool });
      }
      if (body.includes(slowWord)) await sleep(250);
      event("piece", { text: "done" });
      event("end");
      reply.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

it("judges the turns of a prompt, of a group and of a phase, and the tools of a name", async () => {
  const options = {
    transport: "sse",
    stream: { request: { path: "/", body: { question: "{text}" } } },
    events: [
      {
        path: "type",
        kinds: {
          start: "tool_executing",
          stop: "tool_completed",
          piece: "answer_delta",
          end: "agent_completed",
        },
      },
    ],
    text: "text",
    tool: { name: "tool", id: "id" },
  };
  const walk = (prompt: string) => ["connect", { loop: [{ send: { prompt } }, { think: "10ms..20ms" }] }];
  const run = await runHere(
    { profile: "generic", url: await service("milliseconds"), options },
    {
      load: { users: 4, ramp: 0, hold: "2s" },
      settle: 0,
      turn: { timeout: "5s", grace: "20ms" },
      groups: {
        calm: { users: 2, journey: walk("hiring") },
        late: { users: 2, journey: walk("latency") },
      },
      sla: {
        "agent.response{prompt=latency}": "max < 200ms",
        "agent.response{prompt=hiring}": "max < 4s",
        "ttft{group=late}": "max < 200ms",
        "ttft{group=calm, step=send}": "max < 4s",
        "agent.response{phase=hold}": "max < 200ms",
        "tool.duration{tool=slow}": "max < 50ms",
        "tool.duration{tool=quick}": "max < 4s",
        "tool.duration{tool=none}": "max < 4s",
      },
    },
    { workers: 2 },
  );
  expect(run.ledger.completed).toBeGreaterThan(8);
  const judged = run.sla
    .filter(({ rule, step }) => rule.startsWith("{") && step === undefined)
    .map(({ metric, rule, verdict }) => `${metric} ${rule}: ${verdict}`);
  expect(judged.toSorted()).toEqual(
    [
      "agent.response {prompt=latency} max < 200ms: fail",
      "agent.response {prompt=hiring} max < 4s: pass",
      "ttft {group=late} max < 200ms: fail",
      "ttft {group=calm, step=send} max < 4s: pass",
      "agent.response {phase=hold} max < 200ms: fail",
      "tool.duration {tool=slow} max < 50ms: fail",
      "tool.duration {tool=quick} max < 4s: pass",
      "tool.duration {tool=none} max < 4s: no-data",
    ].toSorted(),
  );
  const n = (rule: string): number => run.sla.find((one) => one.rule === rule)?.n ?? -1;
  expect(n("{prompt=latency} max < 200ms")).toBe(n("{group=late} max < 200ms"));
  const both = n("{prompt=latency} max < 200ms") + n("{prompt=hiring} max < 4s");
  expect(both).toBe(n("{phase=hold} max < 200ms"));
  // The defaults of the whole stay: a rule on some turns takes none away.
  expect(run.sla.some(({ metric, origin }) => metric === "agent.response" && origin === "default")).toBe(
    true,
  );
});
