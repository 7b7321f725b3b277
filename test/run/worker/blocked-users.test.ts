// Users who cannot do what the journey says: their turns count as attempted and failed, and they are not live.
import type { ServerResponse } from "node:http";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sendsTurns } from "../../../src/session/steps/index.js";
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
const CLOSED = { users: 4, ramp: "100ms", hold: "3s", baseline: false };
const OPEN = { arrivals: "8/s", sessions: 4, hold: "4s", ramp: "0s" };
const JOURNEY = ["connect", { loop: [{ send: { prompt: "optimisation" } }, { think: "200ms" }] }];
const WITHOUT_PAUSE = ["connect", { loop: [{ send: { prompt: "optimisation" } }] }];

type Refused = "login" | "threads" | "health" | "nothing";

let server: TestServer;
beforeEach(async () => {
  server = await startHttpServer();
});
afterEach(() => server.close());

/** Users with an odd number are refused at one place, with a status of their own. */
function refuse(place: Refused, status: number): void {
  server.answer = (asked, response) => {
    const odd = isOdd(asked);
    if (asked.path === `/${place}` && odd) sendJson(response, status, { error: "no room" });
    else answer(asked, response);
  };
}

function isOdd({ path, headers, body }: Asked): boolean {
  const name = path === "/login" ? (body as { email: string }).email : (headers.authorization ?? "");
  return Number(/-(\d+)@/.exec(name)?.[1]) % 2 === 1;
}

function answer({ path, body }: Asked, response: ServerResponse): void {
  if (path === "/login") sendJson(response, 200, { token: (body as { email: string }).email });
  else if (path === "/threads") sendJson(response, 200, { id: globalThis.crypto.randomUUID() });
  else if (path === "/health") sendJson(response, 200, {});
  else {
    const { text } = body as { text: string };
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.end(`data: ${JSON.stringify({ end: `Here is the answer to ${text}` })}\n\n`);
  }
}

function run(load: object, more: object = {}): Promise<RunHere> {
  const journey = "arrivals" in load ? WITHOUT_PAUSE : JOURNEY;
  const target = { profile: "generic", url: server.url, clock: "same", options: OPTIONS, ...more };
  return runHere(target, { load, journey, checks: [], turn: { grace: "100ms", timeout: "70s" } });
}

const failures = ({ snapshots }: RunHere) => snapshots.at(-1)?.state.failures ?? [];
const success = ({ sla }: RunHere) => sla.find(({ metric }) => metric === "turns.success");
const mostLive = ({ snapshots }: RunHere) => Math.max(...snapshots.map(({ usersLive }) => usersLive));

const PLACES = [
  ["login", 429, "no_login", "login", "POST"],
  ["threads", 500, "no_thread", "thread", "POST"],
  ["health", 503, "not_connected", "connect", "GET"],
] as const;

describe.each(PLACES)("users who are refused at /%s with %s", (place, status, reason, step, method) => {
  it("count in a closed load as turns that failed, are not live, and their cause is kept", async () => {
    refuse(place, status);
    const result = await run(CLOSED);
    const { ledger } = result;
    // Two users of four, about one turn a second each.
    expect(ledger.reasons[reason]).toBeGreaterThanOrEqual(4);
    expect(ledger.reasons[reason]).toBeLessThanOrEqual(10);
    expect(ledger.failed).toBe(ledger.reasons[reason]);
    expect(ledger.completed).toBeGreaterThan(0);
    expect(ledger.attempted).toBe(ledger.completed + ledger.failed);
    expect(success(result)?.verdict).toBe("fail");
    expect(mostLive(result)).toBe(2);
    expect(failures(result)).toMatchObject([
      { step, request: `${method} ${server.url}/${place}`, status, users: 2 },
    ]);
    // Log-ins come before the start, and the rest within the run.
    const [{ firstMs } = { firstMs: Number.NaN }] = failures(result);
    expect(firstMs).toBeGreaterThanOrEqual(0);
    expect(firstMs).toBeLessThan(place === "login" ? 1 : 5000);
  });

  it("fail in an open load the starts that come to them", async () => {
    refuse(place, status);
    const result = await run(OPEN);
    const { ledger } = result;
    expect(ledger.reasons[reason]).toBeGreaterThanOrEqual(4);
    expect(ledger.failed).toBe(ledger.reasons[reason]);
    expect(ledger.completed).toBeGreaterThan(10);
    // Each start is one turn: none is counted twice, and none gets lost.
    expect(ledger.attempted).toBe(result.snapshots.reduce((sum, { starts }) => sum + (starts?.made ?? 0), 0));
    expect(success(result)?.verdict).toBe("fail");
    expect(mostLive(result)).toBe(2);
  });
});

describe("users who wait for a thread that is never opened", () => {
  it("are not live meanwhile", async () => {
    server.answer = (asked, response) => {
      if (asked.path !== "/threads" || !isOdd(asked)) answer(asked, response);
    };
    const result = await run(CLOSED, { connect: { timeout: "2s" } });
    expect(mostLive(result)).toBe(2);
    expect(result.sla.find(({ metric }) => metric === "users.live")).toMatchObject({
      verdict: "fail",
      observed: 2,
    });
  });
});

describe("users who all get in", () => {
  it.each([
    ["closed", CLOSED],
    ["open", OPEN],
  ])("leave no failed turn and no failed request in an %s load", async (_name, load) => {
    refuse("nothing", 0);
    const result = await run(load);
    expect(result.ledger).toMatchObject({ failed: 0, reasons: {} });
    expect(result.ledger.completed).toBeGreaterThan(10);
    expect(mostLive(result)).toBe(4);
    expect(failures(result)).toEqual([]);
  });
});

describe("a journey", () => {
  it("sends turns if one of its steps does, even in a loop; a listener has none to fail", () => {
    const send = { step: "send", options: {} };
    const observe = { step: "observe", options: {} };
    expect(sendsTurns([observe, { step: "loop", options: { steps: [send] } }])).toBe(true);
    expect(sendsTurns([observe, { step: "loop", options: { steps: [observe] } }])).toBe(false);
  });
});
