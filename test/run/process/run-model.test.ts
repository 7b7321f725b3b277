// The model endpoint as a process of the run: it answers, tells of every call, fails on the run's timeline, and ends.
import { describe, expect, it, onTestFinished } from "vitest";
import { nonceCodec } from "../../../src/model/turn/nonce.js";
import type { CallBatch } from "../../../src/run/model-server/messages.js";
import { startRunModel } from "../../../src/run/process/run-model.js";
import { nowUs } from "../../../src/support/clock.js";
import { UserError } from "../../../src/support/errors.js";
import { fileWith, loadOne } from "../../scenarios/load.fixture.js";

const LOAD = "load: { users: 2, hold: 1s }\n    ";
const PROMPTS = { runSeed: 99, tellsFacts: false, plantsRecords: false };
const codec = nonceCodec(PROMPTS.runSeed);

async function started(model: string) {
  const server = await startRunModel(loadOne(fileWith(`${LOAD}model: ${model}`)), PROMPTS);
  if (!server) throw new Error("no model was started");
  onTestFinished(() => server.stop());
  const batches: CallBatch[] = [];
  server.listen(
    (batch) => batches.push(batch),
    () => {},
  );
  const ask = (content: string) =>
    fetch(`${server.url}/v1/chat/completions`, {
      method: "POST",
      body: JSON.stringify({ model: "m", messages: [{ role: "user", content }] }),
    });
  return { server, batches, ask };
}

describe("the model endpoint of a run", () => {
  it("is started only if a scenario asks for it", async () => {
    expect(await startRunModel(loadOne(fileWith(LOAD)), PROMPTS)).toBeUndefined();
  });

  it("reports each call: whose it is and how long it took, even if it is nobody's", async () => {
    const { server, batches, ask } = await started("{ ttft: 30ms }");
    const beforeUs = nowUs();
    expect((await ask(`hello ${codec.encode(3, 5)}`)).status).toBe(200);
    await ask("hello");
    const heads = await server.sync();
    const begun = batches.flatMap((batch) => batch.begun);
    const ended = batches.flatMap((batch) => batch.ended);
    expect(begun.map(({ id, user, turn }) => [id, user, turn])).toEqual([
      [0, 3, 5],
      [1, undefined, undefined],
    ]);
    expect(ended.map(({ id, status, whole }) => [id, status, whole])).toEqual([
      [0, 200, true],
      [1, 200, true],
    ]);
    expect(begun[0]?.startedUs).toBeGreaterThanOrEqual(beforeUs);
    expect((ended[0]?.endedUs ?? 0) - (begun[0]?.startedUs ?? 0)).toBeGreaterThanOrEqual(30_000);
    expect(heads).toEqual([{ kind: "/v1/chat/completions", calls: 2, blocks: expect.any(Array) }]);
  });

  it("fails on the run's timeline, and only for the users that the fault names", async () => {
    const { server, ask } = await started('{ faults: [{ kind: "500", users: ["3"] }] }');
    const statusOf = async (user: number) => (await ask(codec.encode(user, 0))).status;
    expect(await statusOf(3)).toBe(200);
    server.beginTimeline(nowUs() - 1000);
    await expect.poll(() => statusOf(3)).toBe(500);
    expect(await statusOf(4)).toBe(200);
  });

  it("on a port in use is a user error, with what to do", async () => {
    const { server } = await started("true");
    const { port } = new URL(server.url);
    const again = startRunModel(loadOne(fileWith(`${LOAD}model: { port: ${port} }`)), PROMPTS);
    await expect(again).rejects.toBeInstanceOf(UserError);
    await expect(again).rejects.toThrow(/cannot be started.*EADDRINUSE/);
  });

  it("is gone after its end, then answers no sync, and is not lost", async () => {
    const { server, ask } = await started("true");
    let gone = "";
    server.listen(
      () => {},
      (how) => {
        gone = how;
      },
    );
    await server.stop();
    expect(await server.sync()).toEqual([]);
    await expect(ask("x")).rejects.toThrow();
    expect(gone).toBe("");
  });
});
