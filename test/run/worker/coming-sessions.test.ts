// Sessions that come, take their turns and leave, against a real server that keeps account of them.
import type { ServerResponse } from "node:http";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { passesOfSession } from "../../../src/load/pacer.js";
import type { StartCounts } from "../../../src/model/log/starts.js";
import { type Asked, sendJson, startHttpServer, type TestServer } from "../../support/http-server.js";
import { type RunHere, runHere } from "../../support/run-here.js";

const OPTIONS = {
  transport: "sse",
  login: { request: { path: "/login", body: { email: "{email}", password: "{password}" } } },
  threads: { create: { path: "/threads" } },
  stream: {
    request: { path: "/ask", body: { thread: "{threadId}", text: "{text}" } },
    health: "/health",
  },
  events: [{ when: { path: "end", exists: true }, kind: "agent_completed", text: "end" }],
};
const JOURNEY = ["connect", { loop: [{ send: { prompt: "optimisation" } }, { think: "20ms" }] }];

let server: TestServer;
/** Turns in each thread, by the number of the thread. */
let turns: number[];
let logins: number;
let connects: number;
let answerAfterMs: number;

beforeEach(async () => {
  [turns, logins, connects, answerAfterMs] = [[], 0, 0, 0];
  server = await startHttpServer();
  server.answer = answer;
});
afterEach(() => server.close());

function answer({ path, body }: Asked, response: ServerResponse): void {
  if (path === "/login") {
    logins++;
    sendJson(response, 200, { token: (body as { email: string }).email });
  } else if (path === "/threads") {
    sendJson(response, 200, { id: String(turns.length) });
    turns.push(0);
  } else if (path === "/health") {
    connects++;
    sendJson(response, 200, {});
  } else {
    const { thread, text } = body as { thread: string; text: string };
    turns[Number(thread)] = (turns[Number(thread)] ?? 0) + 1;
    response.writeHead(200, { "content-type": "text/event-stream" });
    const say = () => response.end(`data: ${JSON.stringify({ end: `Here is the answer to ${text}` })}\n\n`);
    setTimeout(say, answerAfterMs);
  }
}

function run(sessions: object, more: object = {}, workers = 1): Promise<RunHere> {
  const target = { profile: "generic", url: server.url, clock: "same", options: OPTIONS };
  const keys = {
    load: { sessions, hold: "3s" },
    journey: JOURNEY,
    checks: [],
    turn: { grace: "50ms" },
    ...more,
  };
  return runHere(target, keys, { workers });
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);
const counted = ({ snapshots }: RunHere, what: keyof StartCounts) =>
  sum(snapshots.map(({ starts }) => starts?.[what] ?? 0));

/** All that came due but for those that a busy machine made too late, in their order. */
function expectSessions(result: RunHere, taken: readonly number[], drawn: readonly number[]): void {
  expect(taken).toHaveLength(drawn.length - counted(result, "droppedByGenerator"));
  let at = 0;
  for (const turnsTaken of taken) at = drawn.indexOf(turnsTaken, at) + 1 || Number.NaN;
  expect(at, `[${taken}] in the order of [${drawn}]`).not.toBeNaN();
}

describe("sessions that come and go", () => {
  it("each log in, connect, talk in their own thread, take the turns drawn for them, and leave", async () => {
    const result = await run({ rate: "4/s", turns: "1..4", users: 6 }, { seed: 5 });
    // 12 begin, at 0 s, 0.25 s … 2.75 s; each is over long before the load ends.
    const drawn = Array.from({ length: 12 }, (_, start) => passesOfSession({ from: 1, to: 4 }, 5, start));
    expect(new Set(drawn).size).toBeGreaterThan(2);
    expectSessions(result, turns, drawn);
    expect(counted(result, "planned")).toBe(12);
    expect(counted(result, "made")).toBe(turns.length);
    expect(result.ledger).toMatchObject({ attempted: sum(turns), completed: sum(turns), failed: 0 });
    // Six log in to prepare, and the six that come again once more each.
    expect(logins).toBe(turns.length);
    expect(connects).toBeGreaterThanOrEqual(turns.length);
    // Who has left is not there.
    expect(Math.max(...result.snapshots.map(({ usersLive }) => usersLive))).toBeLessThan(6);
    expect(result.snapshots.at(-1)?.usersLive).toBe(0);
    const judged = result.sla.map(({ metric }) => metric);
    expect(judged).toContain("arrivals.dropped");
    expect(judged).not.toContain("users.live");
    expect(result.sla.filter(({ verdict }) => verdict === "fail")).toEqual([]);
  });

  it("are the same ones for any number of workers", async () => {
    const result = await run({ rate: "4/s", turns: "1..4", users: 6 }, { seed: 5 }, 2);
    const drawn = Array.from({ length: 12 }, (_, start) => passesOfSession({ from: 1, to: 4 }, 5, start));
    expectSessions(result, turns.sort(), drawn.sort());
    expect(result.ledger.completed).toBe(sum(turns));
  });

  it("that find no free user are dropped and counted", async () => {
    answerAfterMs = 400;
    const result = await run({ rate: "4/s", turns: 3, users: 2 });
    const [planned, made, dropped] = (["planned", "made", "droppedByTarget"] as const).map((what) =>
      counted(result, what),
    );
    expect(planned).toBe(12);
    expect(made).toBe(turns.length);
    expect(dropped).toBeGreaterThan(2);
    expect((made ?? 0) + (dropped ?? 0) + counted(result, "droppedByGenerator")).toBe(12);
  });

  it("start no turn once the load is over", async () => {
    answerAfterMs = 600;
    const result = await run({ rate: "1/s", turns: 50, users: 3 });
    expect(turns).toHaveLength(3 - counted(result, "droppedByGenerator"));
    expect(Math.max(...turns)).toBeLessThanOrEqual(6);
    expect(result.ledger).toMatchObject({ completed: sum(turns), inFlightAtEnd: 0 });
  });

  it("also walk the steps after the loop", async () => {
    const journey = [...JOURNEY, { send: { prompt: "latency" } }];
    const result = await run({ rate: "2/s", turns: 2, users: 6 }, { journey });
    expectSessions(result, turns, [3, 3, 3, 3, 3, 3]);
    expect(result.ledger.completed).toBe(sum(turns));
  });
});
