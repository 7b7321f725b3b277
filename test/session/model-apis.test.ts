// Model APIs as targets, over real sockets: what each profile makes of their streams, and of the usage that they report.
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { LLMock } from "@copilotkit/aimock";
import { describe, expect, it, onTestFinished } from "vitest";
import { defaultBrain } from "../../src/llm/brain.js";
import { NO_DELAY } from "../../src/llm/delays.js";
import { startModelEndpoint } from "../../src/llm/server.js";
import { type RunHere, runHere } from "../support/run-here.js";

const JOURNEY = {
  journey: ["connect", { loop: [{ send: { prompt: "optimisation" } }, { think: "20ms..40ms" }] }],
};
const SHORT = {
  load: { users: 2, ramp: 0, hold: "1s" },
  settle: 0,
  turn: { timeout: "3s", grace: "20ms" },
  ...JOURNEY,
};

/** All samples of a metric, of all phases and workers; censored attempts as `Infinity`. */
function samplesOf({ snapshots }: RunHere, metric: string): readonly number[] {
  return snapshots.flatMap(({ batches }) =>
    Object.values(batches).flatMap((metrics) => {
      const batch = metrics[metric];
      return batch
        ? [...batch.samples, ...new Array<number>(batch.censored).fill(Number.POSITIVE_INFINITY)]
        : [];
    }),
  );
}

function usageOf({ snapshots }: RunHere): unknown {
  return snapshots.at(-1)?.state.usage;
}

/** A service on loopback that answers each POST as told. */
async function service(answer: (reply: ServerResponse) => Promise<void>): Promise<string> {
  const server = createServer((request, reply) => {
    request.resume().on("end", () => void answer(reply));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const chunk = (delta: object, rest: object = {}): string =>
  `data: ${JSON.stringify({ id: "c1", object: "chat.completion.chunk", model: "m-1", choices: [{ index: 0, delta, ...rest }] })}\n\n`;

/** Chat Completions of three pieces, 40 ms apart, after 60 ms, that report this usage. */
const chat = (usage: unknown) => async (reply: ServerResponse) => {
  reply.writeHead(200, { "content-type": "text/event-stream" });
  reply.write(chunk({ role: "assistant", content: "" }));
  for (const [ms, content] of [
    [60, "one "],
    [40, "two "],
    [40, "three"],
  ] as const) {
    await sleep(ms);
    reply.write(chunk({ content }));
  }
  reply.write(chunk({}, { finish_reason: "stop" }));
  const last = { id: "c1", object: "chat.completion.chunk", model: "m-1", choices: [], usage };
  reply.end(`data: ${JSON.stringify(last)}\n\ndata: [DONE]\n\n`);
};

const TRUTH = {
  prompt_tokens: 120,
  completion_tokens: 11,
  prompt_tokens_details: { cached_tokens: 100 },
  completion_tokens_details: { reasoning_tokens: 4 },
};

describe("a service that reports its usage", () => {
  it("gives it to every turn, exactly, with its cost at the scenario's prices", async () => {
    const url = await service(chat(TRUTH));
    const prices = { models: { "m-1": { input: 2, output: 10, cached: 0.5 } } };
    const sla = {
      "cost.turn": "max <= 0.0002",
      "tokens.output": "max <= 11",
      "tokens.rate": "> 0",
      itl: "max < 5s",
    };
    const run = await runHere({ profile: "openai-chat", url }, { ...SHORT, prices, sla });
    const { completed } = run.ledger;
    expect(completed).toBeGreaterThan(0);
    expect(run.anomalies).toMatchObject({ duplicate: 0, late: 0, outOfOrder: 0, unrecognised: 0, orphan: 0 });
    const all = (value: number) => new Array<number>(completed).fill(value);
    expect(samplesOf(run, "tokens.input")).toEqual(all(120));
    expect(samplesOf(run, "tokens.output")).toEqual(all(11));
    expect(samplesOf(run, "tokens.cached")).toEqual(all(100));
    expect(samplesOf(run, "tokens.reasoning")).toEqual(all(4));
    // 20 × 2 + 100 × 0.5 + 11 × 10 millionths
    expect(samplesOf(run, "cost.turn")).toEqual(all(200));
    expect(samplesOf(run, "model.calls")).toEqual([]);
    expect(usageOf(run)).toEqual({ turns: completed, reported: completed, invalid: 0, unpriced: 0 });
    const judged = Object.fromEntries(run.sla.map(({ metric, verdict }) => [metric, verdict]));
    expect(judged).toMatchObject({
      "cost.turn": "pass",
      "tokens.output": "pass",
      "tokens.rate": "pass",
      tpot: "pass",
    });
  });

  it("is timed by its pieces", async () => {
    const run = await runHere({ profile: "openai-chat", url: await service(chat(TRUTH)) }, SHORT);
    const { completed } = run.ledger;
    const gaps = samplesOf(run, "chunk.gap");
    expect(gaps).toHaveLength(2 * completed);
    // A busy machine may read two pieces at once, and never those of every turn.
    expect(Math.max(...gaps)).toBeGreaterThan(25_000);
    const perToken = samplesOf(run, "tpot");
    expect(perToken).toHaveLength(completed);
    // Two gaps of 40 ms over the ten tokens behind the first.
    expect(Math.max(...perToken)).toBeGreaterThanOrEqual(7500);
    const first = samplesOf(run, "ttft/service");
    expect(Math.min(...first)).toBeGreaterThan(55_000);
    const events = samplesOf(run, "ttfe/service");
    for (const [at, us] of events.entries()) expect(us).toBeLessThanOrEqual(first[at] ?? 0);
    expect(events.some((us, at) => us < (first[at] ?? 0))).toBe(true);
  });

  it.each([
    ["negative", { prompt_tokens: -1, completion_tokens: 11 }],
    ["a text", { prompt_tokens: "120", completion_tokens: 11 }],
    ["beyond belief", { prompt_tokens: 1e12, completion_tokens: 11 }],
    ["broken", { prompt_tokens: 1.5, completion_tokens: 11 }],
  ])("is not believed if a number is %s, and what it says besides is", async (_what, usage) => {
    const prices = { models: { "*": { input: 1, output: 1 } } };
    const run = await runHere(
      { profile: "openai-chat", url: await service(chat(usage)) },
      { ...SHORT, prices },
    );
    const { completed } = run.ledger;
    expect(completed).toBeGreaterThan(0);
    expect(samplesOf(run, "tokens.input")).toEqual([]);
    expect(samplesOf(run, "cost.turn")).toEqual([]);
    expect(samplesOf(run, "tokens.output")).toHaveLength(completed);
    expect(usageOf(run)).toEqual({
      turns: completed,
      reported: completed,
      invalid: completed,
      unpriced: completed,
    });
  });

  it("has unknown costs for a model without a price, and for more cached tokens than there are", async () => {
    const prices = { models: { other: { input: 1, output: 1 } } };
    const odd = { ...TRUTH, prompt_tokens_details: { cached_tokens: 121 } };
    const run = await runHere(
      { profile: "openai-chat", url: await service(chat(odd)) },
      { ...SHORT, prices },
    );
    expect(samplesOf(run, "cost.turn")).toEqual([]);
    expect(samplesOf(run, "tokens.cached")).toEqual([]);
    expect(usageOf(run)).toMatchObject({ invalid: run.ledger.completed, unpriced: run.ledger.completed });
  });
});

describe("a service that reports nothing", () => {
  it("has unknown tokens, and a rule on them is no-data", async () => {
    const sla = {
      "tokens.output": "max <= 11",
      "tokens.rate": ">= 0",
      tpot: "max < 1s",
      "cost.turn": "max < 1",
    };
    const run = await runHere(
      { profile: "openai-chat", url: await service(chat(undefined)) },
      { ...SHORT, sla },
    );
    expect(run.ledger.completed).toBeGreaterThan(0);
    for (const metric of ["tokens.input", "tokens.output", "tokens.cached", "cost.turn", "tpot"])
      expect([metric, samplesOf(run, metric)]).toEqual([metric, []]);
    expect(usageOf(run)).toMatchObject({ reported: 0, invalid: 0 });
    const judged = run.sla.filter(({ metric }) => metric in sla);
    expect(judged.map(({ verdict }) => verdict)).toEqual(["no-data", "no-data", "no-data", "no-data"]);
  });
});

describe("a service that hangs before its first text", () => {
  it("fails a rule on it, with `turns.success: off`", async () => {
    const url = await service(async (reply) => {
      reply.writeHead(200, { "content-type": "text/event-stream" });
      reply.write(chunk({ role: "assistant", content: "" }));
    });
    const sla = { "turns.success": "off", "turns.lost": "off", ttft: "max < 400ms", ttfe: "max < 400ms" };
    const turn = { timeout: "500ms", grace: "20ms" };
    const run = await runHere({ profile: "openai-chat", url }, { ...SHORT, sla, turn });
    const judged = Object.fromEntries(run.sla.map((rule) => [rule.metric, rule]));
    expect(judged.ttft).toMatchObject({ verdict: "fail", observedText: "> 500ms" });
    expect(judged.ttft?.censored).toBe(judged.ttft?.n);
    expect(judged.ttfe?.verdict).toBe("pass");
  });
});

describe("Chat Completions that were cut at their length", () => {
  it.each([
    ["fail", {}],
    [
      "complete where the target's own rule says so",
      { events: [{ when: { path: "choices[0].finish_reason", equals: "length" }, kind: "usage" }] },
    ],
  ] as const)("%s", async (_, options) => {
    const url = await service(async (reply) => {
      reply.writeHead(200, { "content-type": "text/event-stream" });
      reply.write(chunk({ role: "assistant", content: "one two" }));
      reply.end(`${chunk({}, { finish_reason: "length" })}data: [DONE]\n\n`);
    });
    const { ledger } = await runHere({ profile: "openai-chat", url, options }, SHORT);
    const { completed, failed } = ledger;
    const [some, none] = "events" in options ? [completed, failed] : [failed, completed];
    expect(some).toBeGreaterThan(0);
    expect(none).toBe(0);
  });
});

describe("lines of JSON that come over time", () => {
  it.each([
    ["application/json", 1000],
    ["application/x-ndjson", 100],
    ["text/plain", 100],
  ] as const)("as %s, %i ms apart, show the first text apart from the end", async (type, pauseMs) => {
    const url = await service(async (reply) => {
      reply.writeHead(200, { "content-type": type });
      for (const content of ["one ", "two ", "three"]) {
        reply.write(
          `${JSON.stringify({ model: "m", message: { role: "assistant", content }, done: false })}\n`,
        );
        await sleep(pauseMs);
      }
      const counts = { prompt_eval_count: 7, eval_count: 3 };
      reply.end(
        JSON.stringify({
          model: "m",
          message: { content: "" },
          done: true,
          done_reason: "stop",
          ...counts,
        }),
      );
    });
    const run = await runHere(
      { profile: "ollama", url },
      { ...SHORT, turn: { timeout: "10s", grace: "20ms" } },
    );
    expect(run.ledger.completed).toBeGreaterThan(0);
    expect(run.ledger.completed + run.ledger.inFlightAtEnd).toBe(run.ledger.attempted);
    expect(run.anomalies).toMatchObject({ unrecognised: 0, late: 0, duplicate: 0 });
    const [first = 0] = samplesOf(run, "ttft/service");
    const [end = 0] = samplesOf(run, "agent.response/service");
    // A timer may ring a moment early, and each gap is from one arrival to the next.
    const leastUs = pauseMs * 950;
    expect(end - first).toBeGreaterThan(3 * leastUs);
    const gaps = samplesOf(run, "chunk.gap");
    expect(gaps).toHaveLength(2 * run.ledger.completed);
    if (pauseMs === 1000) expect(Math.min(...gaps)).toBeGreaterThan(leastUs / 2);
    expect(samplesOf(run, "tokens.output")).toEqual(new Array(run.ledger.completed).fill(3));
  });
});

describe("the model endpoint of gp-load as a target", () => {
  it.each(["openai-chat", "anthropic-messages", "openai-responses"])("speaks to %s", async (profile) => {
    const endpoint = await startModelEndpoint({
      ...{ brain: defaultBrain, firstToken: NO_DELAY, tokenGap: NO_DELAY, faults: [], seed: 7 },
    });
    onTestFinished(() => endpoint.close());
    const run = await runHere(
      { profile, url: endpoint.url },
      { ...SHORT, checks: ["critical-events", "isolation"] },
    );
    expect(run.ledger.completed).toBeGreaterThan(3);
    expect(run.ledger.completed).toBe(run.ledger.attempted);
    expect(run.failures).toEqual({});
    expect(run.anomalies).toMatchObject({ unrecognised: 0, late: 0, duplicate: 0, outOfOrder: 0, orphan: 0 });
    expect(samplesOf(run, "tokens.input")).toHaveLength(run.ledger.completed);
    expect(Math.min(...samplesOf(run, "tokens.output"))).toBeGreaterThan(0);
    expect(usageOf(run)).toMatchObject({ reported: run.ledger.completed, invalid: 0 });
  });
});

describe("Ollama's API as aimock serves it", () => {
  it("is understood to the end, with its usage", async () => {
    const mock = new LLMock({ host: "127.0.0.1", port: 0, logLevel: "silent", journalMaxEntries: 4 });
    mock.on({}, () => ({ content: "Measure first, and then cut what costs the most." }));
    await mock.start();
    onTestFinished(() => mock.stop());
    const run = await runHere({ profile: "ollama", url: mock.baseUrl.replace(/\/$/, "") }, SHORT);
    expect(run.ledger.completed).toBeGreaterThan(3);
    expect(run.ledger.completed).toBe(run.ledger.attempted);
    expect(run.anomalies).toMatchObject({ unrecognised: 0, late: 0, duplicate: 0, outOfOrder: 0, orphan: 0 });
  });
});
