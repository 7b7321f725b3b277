// Approvals over the AI SDK itself: its streamText asks, and takes a decision as its own client sends it.
import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { convertToModelMessages, stepCountIs, streamText, tool, type UIMessage } from "ai";
import { MockLanguageModelV3, simulateReadableStream } from "ai/test";
import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import type { Ledger } from "../../src/model/turn/ledger.js";
import { type Asked, sendJson, startHttpServer, type TestServer } from "../support/http-server.js";
import { runHere } from "../support/run-here.js";

const open: TestServer[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

type Parts =
  Extract<
    Awaited<ReturnType<MockLanguageModelV3["doStream"]>>["stream"],
    ReadableStream
  > extends ReadableStream<infer Part>
    ? Part[]
    : never;

const usage = {
  inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 1, text: 1, reasoning: 0 },
};

/** Pays twice, one payment after the other, and sums up. */
const model = new MockLanguageModelV3({
  async doStream({ prompt }) {
    const decided = prompt.filter(({ role }) => role === "tool").length;
    const results = prompt.flatMap(({ role, content }) =>
      role === "tool" ? content.filter(({ type }) => type === "tool-result") : [],
    ).length;
    const question = JSON.stringify(prompt.filter(({ role }) => role === "user").at(-1)?.content);
    const text = `${decided} of your wishes are decided: ${question}`;
    const call = { toolName: "payment", input: JSON.stringify({ amount: results }) };
    const said: Parts =
      results < 2
        ? [
            { type: "tool-call", toolCallId: `call-${results}-${crypto.randomUUID()}`, ...call },
            { type: "finish", finishReason: { unified: "tool-calls", raw: undefined }, usage },
          ]
        : [
            { type: "text-start", id: "t" },
            { type: "text-delta", id: "t", delta: text },
            { type: "text-end", id: "t" },
            { type: "finish", finishReason: { unified: "stop", raw: undefined }, usage },
          ];
    return {
      stream: simulateReadableStream<Parts[number]>({
        chunks: [{ type: "stream-start", warnings: [] }, ...said],
      }),
    };
  },
});

interface Chat {
  readonly server: TestServer;
  /** Amounts that were paid. */
  readonly paid: number[];
}

/** A chat route as the SDK's guides have it. `before` may tamper with what the client sent. */
async function startChat(
  before: (messages: UIMessage[]) => UIMessage[] = (same) => same,
  refuses: (asked: Asked, owner: string | undefined) => boolean = () => false,
  othersWaitMs = 0,
): Promise<Chat> {
  const server = await startHttpServer();
  open.push(server);
  const paid: number[] = [];
  const payment = tool({
    description: "pays",
    inputSchema: z.object({ amount: z.number() }),
    needsApproval: true,
    execute({ amount }) {
      paid.push(amount);
      return "paid";
    },
  });
  /** Chats by their ids: whoever began one owns it. */
  const owners = new Map<string, string | undefined>();
  const chat = async (asked: Asked, response: ServerResponse): Promise<void> => {
    const { id, messages: sent } = asked.body as { id: string; messages: UIMessage[] };
    const { authorization } = asked.headers;
    if (!owners.has(id)) owners.set(id, authorization);
    if (refuses(asked, owners.get(id))) return sendJson(response, 403, { detail: "not your chat" });
    if (owners.get(id) !== authorization) await sleep(othersWaitMs);
    const messages = before(sent);
    const result = streamText({
      model,
      messages: await convertToModelMessages(messages),
      tools: { payment },
      stopWhen: stepCountIs(5),
      onError() {},
    });
    result.pipeUIMessageStreamToResponse(response);
  };
  server.answer = (asked, response) => void chat(asked, response);
  return { server, paid };
}

const journeyOf = (...decisions: readonly (string | object)[]) => ({
  load: { users: 2, ramp: "0s", hold: "2s", baseline: false },
  journey: ["connect", { loop: [{ send: { prompt: "optimisation" } }, ...decisions, { think: "20ms" }] }],
  checks: ["approvals", "critical-events", "isolation", "contract"],
});

/** Some turns completed, and the rest was cut off by the end of the run while it waited. */
const allWell = ({ completed, waiting, attempted }: Ledger): boolean =>
  completed > 1 && completed + waiting === attempted;
/** Turns that are cut off may or may not have come as far. */
const within = (count: number, { completed, attempted }: Ledger): boolean =>
  count >= completed && count <= attempted;

describe("an agent of the AI SDK that asks before it runs a tool", () => {
  it("goes on once with each decision, runs what was approved and not what was rejected", async () => {
    const { server, paid } = await startChat();
    const { ledger, failures, anomalies, checks } = await runHere(
      { profile: "ai-sdk", url: server.url },
      journeyOf("approve", "reject"),
    );
    expect(failures).toEqual({});
    expect(Object.entries(anomalies).filter(([, count]) => count > 0)).toEqual([]);
    expect(allWell(ledger)).toBe(true);
    // The first payment of each turn was approved, and the second rejected.
    expect([...new Set(paid)]).toEqual([0]);
    expect(within(paid.length, ledger)).toBe(true);
    expect(checks.find(({ check }) => check === "approvals")?.status).toBe("clean");
  });

  it("is found out if it takes a rejection for an approval", async () => {
    const { server, paid } = await startChat((messages) =>
      JSON.parse(JSON.stringify(messages).replaceAll('"approved":false', '"approved":true')),
    );
    const { ledger, failures } = await runHere(
      { profile: "ai-sdk", url: server.url },
      journeyOf("reject", "approve"),
    );
    expect(allWell(ledger)).toBe(true);
    expect(failures).toEqual({ "approvals/ran-rejected": paid.filter((amount) => amount === 0).length });
  });

  const ownersAlone = (asked: Asked, owner: string | undefined) => asked.headers.authorization !== owner;

  it.each([
    ["refuses another user's decision", ownersAlone],
    ["acts on another user's decision", undefined],
    ["acts on it in its own time", undefined, 700],
  ])("that %s: the check says so", async (_what, refuses, othersWaitMs = 0) => {
    const { server, paid } = await startChat(undefined, refuses, othersWaitMs);
    const { ledger, failures, checks } = await runHere(
      { profile: "ai-sdk", url: server.url, accounts: { tokens: "tokens.txt" } },
      journeyOf({ approve: { by: "other" } }, "approve", "approve"),
      { fileText: "token-one\ntoken-two\n" },
    );
    expect(allWell(ledger)).toBe(true);
    const { "approvals/wrong-approver": forged = 0, ...rest } = failures;
    expect(rest).toEqual({});
    expect(refuses ? forged === 0 : within(forged, ledger)).toBe(true);
    const note = checks.find(({ check }) => check === "approvals")?.note;
    expect(within(Number(/^(\d+) of them tried by another user$/.exec(note ?? "")?.[1]), ledger)).toBe(true);
    expect(within(paid.length / 2, ledger)).toBe(true);
  });

  it("is not tried by another user if users have no tokens to be told apart by", async () => {
    const { server } = await startChat();
    const { failures, checks } = await runHere(
      { profile: "ai-sdk", url: server.url },
      journeyOf({ approve: { by: "other" } }, "approve", "approve"),
    );
    expect(failures).toEqual({});
    expect(checks.find(({ check }) => check === "approvals")).toMatchObject({ status: "clean" });
    expect(checks.find(({ check }) => check === "approvals")?.note).toBeUndefined();
  });
});
