// Users who are not all alike: groups of different journeys in one run, and the defects that only these show.
import { describe, expect, test } from "vitest";
import { imbalance } from "../../src/model/turn/ledger.js";
import { FULL_ONLY } from "../support/tags.js";
import { runWithDefects as run } from "./support/with-defects.js";

const COUNT = 3;

const LISTENER = {
  load: { users: 5, ramp: "500ms", hold: "4s", baseline: false },
  groups: {
    listener: { users: 1, note: "sends nothing", journey: ["connect", "observe"] },
    sender: {
      share: "100%",
      journey: ["connect", { loop: { times: 3, steps: [{ send: {} }, { think: "100ms" }] } }, "observe"],
    },
  },
  checks: ["isolation", "critical-events"],
};

describe("one who only listens", { tags: FULL_ONLY }, () => {
  test("hears nothing of others, is live, and takes no turn", async () => {
    const { report } = await run(LISTENER, [], ["--workers", "2"]);
    expect(report.findings.filter(({ severity }) => severity === "fail")).toEqual([]);
    expect(report.checks.map(({ status }) => status)).toEqual(["clean", "clean"]);
    expect(report.groups).toEqual([
      { name: "listener", users: 1, note: "sends nothing" },
      { name: "sender", users: 4 },
    ]);
    expect([report.ledger.attempted, report.ledger.completed]).toEqual([12, 12]);
    expect(report.sla.find(({ metric }) => metric === "users.live")).toMatchObject({
      verdict: "pass",
      observed: 5,
    });
    expect(report.verdict, report.summary).not.toBe("FAIL");
  });

  test("gets what goes to the wrong socket, counted one by one", async () => {
    const astray = { name: "event-to-wrong-socket", count: COUNT };
    const { report, code, injected } = await run(LISTENER, [astray], ["--workers", "2"]);
    expect(injected).toEqual([COUNT]);
    const leaks = report.findings.filter(({ severity }) => severity === "fail");
    expect(leaks.map(({ check, code: kind, count }) => [check, kind, count])).toEqual([
      ["isolation", "leak-frame", COUNT],
    ]);
    // The first who connected is the one that the backend sends strays to: the listener, user 0.
    expect(leaks[0]?.evidence.map(({ user }) => user)).toEqual([0, 0, 0]);
    expect(report.anomalies.leaked).toBe(COUNT);
    expect([report.verdict, code, imbalance(report.ledger)]).toEqual(["FAIL", 1, 0]);
  });
});

/** Asks for nothing on its return: whatever comes, comes by itself. */
const WAITS = { options: { resume: false } };

/** Everybody asks twice, is gone before the first event, and comes back after both turns have ended. */
const AWAY = {
  load: { users: COUNT, ramp: "0s", hold: "3s", baseline: false },
  journey: [
    "connect",
    { send: { weight: "light" } },
    { burst: { messages: 2, weight: "light", wait: false } },
    { offline: { for: "1200ms" } },
    { think: "800ms" },
  ],
  turn: { timeout: "5s" },
  checks: ["redelivery", "history"],
  sla: { "users.live": "off", "message.processing": "max < 4s", "agent.response": "max < 4s" },
};

describe("who was away", { tags: FULL_ONLY }, () => {
  test("gets all that ended meanwhile on its return, and the ledger says how it came", async () => {
    const { report } = await run(AWAY, [], [], WAITS);
    expect(report.findings.filter(({ severity }) => severity === "fail")).toEqual([]);
    expect(report.checks).toMatchObject([{ status: "clean", judged: 2 * COUNT }, { status: "clean" }]);
    expect(report.ledger.delivery).toEqual({ live: COUNT, replayed: 2 * COUNT, history: 0 });
    expect(report.anomalies).toMatchObject({ duplicate: 0, outOfOrder: 0, late: 0, orphan: 0 });
    expect(report.verdict, report.summary).not.toBe("FAIL");
  });

  test.each([
    ["lost-while-offline", "not-delivered", { live: COUNT, replayed: COUNT, history: COUNT }],
    ["delivered-twice", "delivered-twice", { live: COUNT, replayed: 2 * COUNT, history: 0 }],
    ["offline-wrong-order", "wrong-order", { live: COUNT, replayed: 2 * COUNT, history: 0 }],
  ])("is seen to suffer from %s, once for each time", async (name, finding, delivery) => {
    const { report, code, injected } = await run(AWAY, [{ name, count: COUNT }], [], WAITS);
    expect(injected).toEqual([COUNT]);
    const found = report.findings.filter(({ severity }) => severity === "fail");
    expect(found.map(({ check, code: kind, count }) => [check, kind, count])).toEqual([
      ["redelivery", finding, COUNT],
    ]);
    expect(found[0]?.evidence.map(({ turn, seen }) => [typeof turn, typeof seen])).toEqual(
      Array(COUNT).fill(["number", "string"]),
    );
    expect(report.ledger.delivery).toEqual(delivery);
    expect([report.verdict, code, imbalance(report.ledger)]).toEqual(["FAIL", 1, 0]);
  });
});

const TALKS = {
  load: { users: 4, ramp: "0s", hold: "8s", baseline: false },
  journey: ["connect", { loop: { times: 2, steps: ["dialogue"] } }],
  checks: ["context", "critical-events", "isolation"],
  sla: { "users.live": "off", "quality.recall": ">= 99%" },
};

describe("dialogues", () => {
  test("are remembered in their thread, and nowhere else", { tags: FULL_ONLY }, async () => {
    const { report } = await run(TALKS, [], ["--workers", "2"]);
    expect(report.findings.filter(({ severity }) => severity === "fail")).toEqual([]);
    // Of the six turns of each of eight dialogues two ask for what was told, and two for what may not be known.
    expect(report.checks[0]).toMatchObject({ status: "clean", judged: 32 });
    expect(report.sla.find(({ metric }) => metric === "quality.recall")).toMatchObject({
      verdict: "pass",
      n: 16,
    });
    expect([report.ledger.attempted, report.ledger.completed]).toEqual([48, 48]);
    expect(report.verdict, report.summary).not.toBe("FAIL");
  });

  test("that are forgotten, stale or leaked are found one by one", async () => {
    const defects = ["forget-context", "stale-context", "leak-context"].map((name) => ({
      name,
      count: COUNT,
    }));
    const { report, code, injected } = await run(TALKS, defects, []);
    expect(injected).toEqual([COUNT, COUNT, COUNT]);
    const found = report.findings.filter(({ severity }) => severity === "fail");
    expect(
      Object.fromEntries(found.map(({ check, code: kind, count }) => [`${check}/${kind}`, count])),
    ).toEqual({
      "context/forgotten": COUNT,
      "context/stale": COUNT,
      "context/leaked": COUNT,
    });
    for (const { evidence } of found) expect(evidence).toHaveLength(COUNT);
    const recall = report.sla.find(({ metric }) => metric === "quality.recall");
    expect(recall?.verdict).toBe("fail");
    expect([report.verdict, code, imbalance(report.ledger)]).toEqual(["FAIL", 1, 0]);
  });
});
