// The profile netra on a server of its shapes: every envelope, every carrier, and answers that are none.
import { describe, expect, it, onTestFinished } from "vitest";
import { settledTurn } from "../../src/session/turn/outcome.js";
import { liveUser } from "../support/live-user.js";
import { type NetraWishes, netraServer } from "./servers/netra.js";

async function turnOn(wishes: NetraWishes, options: object = {}) {
  const { url } = await netraServer(wishes);
  const one = await liveUser("netra", url, options);
  onTestFinished(() => one.close());
  const turn = await one.ask();
  const settled = settledTurn(turn, undefined, one.protocol.capabilities.expects);
  return { ...settled, text: turn.answerText, error: turn.errorText, strays: one.observer.strays, one };
}

describe("a turn", () => {
  it.each(["A", "B", "E", "F"] as const)(
    "in envelope %s shows all five events and its answer",
    async (envelope) => {
      const { outcome, missing, anomalies, text, nonce, strays } = await turnOn({ envelope });
      expect([outcome, missing, strays]).toEqual(["completed", [], []]);
      expect(anomalies).toMatchObject({ duplicate: 0, outOfOrder: 0, late: 0, unpairedTool: 0 });
      expect(text).toContain(`You wrote: What shall we do? ${nonce}`);
    },
  );

  it.each(["header", "query", "subprotocol", "subprotocol-raw"])(
    "is had with the token by %s",
    async (carrier) => {
      expect((await turnOn({}, { carrier })).outcome).toBe("completed");
    },
  );

  it("that is answered with a stand-in has failed, whatever its event says", async () => {
    const { outcome, reason } = await turnOn({ canned: true });
    expect([outcome, reason]).toEqual(["failed", "error_event"]);
  });

  it("whose model fails has failed with the service's words", async () => {
    expect(await turnOn({ failing: true })).toMatchObject({ outcome: "failed", error: "the model is away" });
  });
});

describe("a session", () => {
  it("lives as long as its token says, and not as long as the answer claims", async () => {
    const { one } = await turnOn({});
    const { expiresAtWallUs = 0 } = one.user.session;
    const left = expiresAtWallUs / 1_000_000 - Date.now() / 1000;
    expect(left).toBeGreaterThan(280);
    expect(left).toBeLessThan(301);
  });

  it("finds question and answer in a history that always begins with the oldest", async () => {
    const { one, threadId, nonce } = await turnOn({});
    const second = await one.ask("And then?");
    const read = (limit: number, offset: number, order: "asc" | "desc") =>
      one.protocol.history(one.user.session, threadId, { limit, offset, order });
    const newest = await read(2, 0, "desc");
    const rows = newest.ok ? newest.page.rows : [];
    expect(rows.map(({ role }) => role)).toEqual(["assistant", "user"]);
    expect(rows.every(({ text }) => text.includes(second.nonce))).toBe(true);
    const older = await read(2, 2, "desc");
    expect(older.ok && older.page.rows.map(({ text }) => text.includes(nonce))).toEqual([true, true]);
    const first = await read(1, 0, "asc");
    expect(first.ok && first.page).toMatchObject({ total: 4, rows: [{ role: "user" }] });
  });
});
