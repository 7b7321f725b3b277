// The profile netra on a server of its shapes: every envelope, every carrier, and answers that are none.
import { describe, expect, it, onTestFinished } from "vitest";
import { settledTurn } from "../../src/session/turn/ending/outcome.js";
import { liveUser } from "../support/live-user.js";
import { runHere } from "../support/run-here.js";
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
  it.each(["A", "B", "E", "F", "M"] as const)(
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

describe("a token that is refused on a socket that was accepted", () => {
  const LOAD = { users: 1, ramp: "0s", hold: "2s", baseline: false };
  const run = async (refused: readonly number[]) => {
    const { url } = await netraServer({ refused });
    const journey = ["connect", { send: { prompt: "optimisation" } }];
    return runHere(
      { profile: "netra", url },
      { load: LOAD, journey, turn: { timeout: "70s", grace: "50ms" } },
    );
  };

  it("is reported as a refusal, not as a connection without a word, and another one is asked for", async () => {
    // The first connection is the one that is tried before the load.
    const { ledger, snapshots } = await run([1]);
    expect(ledger).toMatchObject({ attempted: 1, completed: 1 });
    expect(snapshots.at(-1)?.state.failures).toMatchObject([
      { step: "connect", closeCode: 1008, message: "code 1008: token expired" },
    ]);
  });

  it("keeps its user out if the other one is refused as well", async () => {
    const { ledger } = await run(Array.from({ length: 50 }, (_, connection) => connection));
    expect(ledger.completed).toBe(0);
    expect(ledger.reasons.not_connected).toBeGreaterThan(0);
  });

  it("is no refusal if nobody says so", async () => {
    const { ledger, snapshots } = await run([]);
    expect([ledger.completed, snapshots.at(-1)?.state.failures]).toEqual([1, []]);
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

  it("finds question and answer in a history that always starts with the oldest", async () => {
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
