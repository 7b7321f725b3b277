// The profile `openai-realtime` against a server whose frames are those of the official client library, which talks to it too.
import { connect } from "node:net";
import { OpenAIRealtimeWS } from "openai/realtime/ws";
import { describe, expect, it } from "vitest";
import { type RunHere, runHere } from "../support/run-here.js";
import { type RealtimeManner, realtimeServer } from "./servers/realtime.js";

async function ran(manner: RealtimeManner, failing = false): Promise<RunHere> {
  const { url } = await realtimeServer({ failing }, manner);
  const keys = {
    load: { users: 2, ramp: 0, hold: "1s", baseline: false },
    journey: ["connect", { loop: [{ send: { prompt: "optimisation" } }, { think: "50ms" }] }],
    checks: ["contract", "critical-events", "isolation"],
    turn: { timeout: "5s", grace: "20ms" },
    settle: 0,
    sla: { "tokens.output": "max <= 11" },
  };
  return runHere({ profile: "openai-realtime", url }, keys);
}

describe("the Realtime API", () => {
  it("is clean if the model answers, and its usage is read", async () => {
    const { ledger, anomalies, failures, sla, snapshots } = await ran("answers");
    expect(ledger.completed).toBeGreaterThan(1);
    expect(ledger.attempted).toBe(ledger.completed);
    const odd = { duplicate: 0, late: 0, outOfOrder: 0, unrecognised: 0, orphan: 0, leaked: 0 };
    expect(anomalies).toMatchObject(odd);
    expect(failures).toEqual({});
    const { completed } = ledger;
    expect(snapshots.at(-1)?.state.usage).toMatchObject({
      turns: completed,
      reported: completed,
      invalid: 0,
    });
    const judged = Object.fromEntries(sla.map(({ metric, verdict }) => [metric, verdict]));
    expect(judged).toMatchObject({ "tokens.output": "pass", "turns.success": "pass" });
  });

  it.each(["calls a function", "is cut off"] as const)("completes no turn if it %s", async (manner) => {
    const { ledger } = await ran(manner);
    expect(ledger.attempted).toBeGreaterThan(1);
    expect(ledger).toMatchObject({ completed: 0, failed: ledger.attempted });
  });

  it("completes no turn if the model fails", async () => {
    const { ledger, sla } = await ran("answers", true);
    expect(ledger).toMatchObject({ completed: 0, failed: ledger.attempted });
    expect(sla.find(({ metric }) => metric === "turns.success")?.verdict).toBe("fail");
  });

  it("rejects the turn that its error names", async () => {
    const { ledger } = await ran("refuses");
    expect(ledger.attempted).toBeGreaterThan(1);
    expect(ledger).toMatchObject({ completed: 0, rejected: ledger.attempted });
  });

  it("is the one that the official client speaks", async () => {
    const { url } = await realtimeServer();
    const client = { apiKey: "none", baseURL: `${url}/v1` };
    // The client insists on TLS; this server has none.
    const options = { createConnection: () => connect(Number(new URL(url).port), "127.0.0.1") };
    const talk = new OpenAIRealtimeWS({ model: "gpt-realtime", options }, client);
    const said: string[] = [];
    const status = await new Promise((resolve, reject) => {
      talk.on("error", reject);
      talk.on("session.created", () => {
        const content = [{ type: "input_text" as const, text: "hello" }];
        talk.send({ type: "conversation.item.create", item: { type: "message", role: "user", content } });
        talk.send({ type: "response.create" });
      });
      talk.on("response.output_text.delta", ({ delta }) => said.push(delta));
      talk.on("response.done", ({ response }) => resolve(response.status));
    });
    talk.close();
    expect([status, said.join("")]).toEqual(["completed", expect.stringContaining("You wrote: hello")]);
  });
});
