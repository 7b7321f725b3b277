// Trials, against a real reference backend and services that speak their own language.
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import type { Transcript } from "../../src/model/turn/transcript.js";
import { type Backend, FIVE, startBackend } from "../reference/backend.js";
import { sendJson, startHttpServer } from "../support/http-server.js";
import { run } from "./command.fixture.js";

const PASSWORD = "a-long-password-of-nobody";

let backend: Backend;
beforeAll(async () => {
  backend = await startBackend();
});
afterAll(() => backend.close());

const reference = (keys = ""): string => `version: 1
targets: { own: { url: "${backend.url}", clock: same, accounts: { pattern: "try-{n}@example.com", password: ${PASSWORD}, register: true } } }
scenarios:
  first:
    target: own
    load: { users: 50, ramp: 5s, hold: 60s }
    journey: [connect, loop: [send: { prompt: mix }, history, think: 20ms]]
    checks: [history]
    ${keys}
`;

async function transcript(args: readonly string[], file: string) {
  const ran = await run(["try", ...args, "--json"], { "scenarios.yaml": file });
  return { ...ran, transcript: JSON.parse(ran.stdout) as Transcript };
}

describe("gp-load try", () => {
  it("takes as many turns as asked, by one user, and says what every frame was taken for", async () => {
    const { exit, transcript: told } = await transcript(["--turns", "2"], reference());
    expect(exit).toBe(0);
    const kinds = told.entries.flatMap((entry) => (entry.type === "frame" ? [entry.kind] : []));
    for (const kind of FIVE) expect(kinds.filter((one) => one === kind)).toHaveLength(2);
    expect(told.entries.filter(({ type }) => type === "turn")).toMatchObject([
      { outcome: "completed", stored: "found", missing: [] },
      { outcome: "completed", stored: "found", missing: [] },
    ]);
  });

  it("shows no password and no token, neither sent nor received", async () => {
    const { stdout } = await transcript([], reference());
    expect(stdout).toContain("/auth/register");
    expect(stdout).not.toContain(PASSWORD);
    expect(stdout).not.toMatch(/eyJ[\w-]+\.[\w-]+\./);
  });

  it("tells a person times, ids and the end of the turn, in lines without an escape", async () => {
    const { exit, stdout } = await run(["try"], { "scenarios.yaml": reference() });
    expect(exit).toBe(0);
    expect(stdout).toMatch(/\d+\.\d{3}s {2}← agent_started/);
    expect(stdout).toMatch(
      /✓ turn 0 completed · started after .* · answer in the history: found · trace [0-9a-f]{32}\n/,
    );
    expect(stdout).not.toContain("\u001b");
  });

  it("exits with 3 and says why if nobody gets in", async () => {
    const file = reference().replace("register: true", "register: false").replace("try-", "nobody-");
    const { exit, stdout } = await run(["try"], { "scenarios.yaml": file });
    expect(exit).toBe(3);
    expect(stdout).toContain("✗ login: auth");
  });

  it("exits with 1 if a turn does not complete", async () => {
    await backend.switchOn({ name: "agent-throws", count: 1 } as never);
    const { exit, stdout } = await run(["try"], { "scenarios.yaml": reference() });
    expect([exit, stdout.includes("✗ turn 0 failed")]).toEqual([1, true]);
  });

  it("exits with 1 if a turn completes without an event that is expected", async () => {
    await backend.switchOn({ name: "drop-event", count: 1, params: { kind: "agent_thinking" } } as never);
    const { exit, stdout } = await run(["try"], { "scenarios.yaml": reference() });
    expect(stdout).toMatch(/✗ turn 0 completed · .*missing: agent_thinking/);
    expect(exit).toBe(1);
  });

  it.each([
    ["duplicate-event", {}, "critical-events/duplicate × 1"],
    ["swap-events", {}, "critical-events/out-of-order × 1"],
    ["row-stored-twice", {}, "history/duplicate-answer × 1"],
    ["stored-text-differs", {}, "history/text-differs × 1"],
  ] as const)("exits with 1 and says so where a turn completes with %s", async (name, params, told) => {
    await backend.switchOn({ name, count: 1, params } as never);
    // Also where the scenario itself asks for no check.
    const { exit, stdout } = await run(["try"], {
      "scenarios.yaml": reference().replace("[history]\n", "[]\n"),
    });
    expect(stdout).toContain(`✗ ${told}`);
    expect(stdout).toContain("turn 0 completed");
    expect(exit).toBe(1);
  });

  it("gives up after three equal failures, and names the step", async () => {
    const server = await startHttpServer();
    server.answer = (_asked, response) => sendJson(response, 500, { detail: "no room" });
    const file = `version: 1
targets:
  own:
    profile: generic
    url: "${server.url}"
    options:
      transport: sse
      threads: { create: { path: /threads } }
      stream: { request: { path: /ask, body: { thread: "{threadId}", text: "{text}" } } }
      events: [{ path: type, kinds: { end: agent_completed } }]
scenarios:
  first: { target: own, load: { users: 1, hold: 5s }, journey: [connect, loop: [send: { prompt: mix }]] }
`;
    const { exit, stdout } = await run(["try", "--turns", "9"], { "scenarios.yaml": file });
    await server.close();
    expect(stdout).toMatch(
      /✗ given up after 3 equal failures: thread: POST http:\/\/[\d.:]+\/threads HTTP 500: no room/,
    );
    expect(server.asked.filter(({ path }) => path === "/threads")).toHaveLength(3);
    expect(exit).toBe(1);
  });

  it("exits with 3 if the journey holds fewer turns than asked for", async () => {
    const file = reference().replace(
      "loop: [send: { prompt: mix }, history, think: 20ms]",
      "send: { prompt: mix }",
    );
    const few = await run(["try", "--turns", "3"], { "scenarios.yaml": file });
    expect(few.stdout).toContain("✓ turn 0 completed");
    expect(few.stdout).toContain("✗ only 1 of the 3 turns requested: the journey has no more");
    expect(few.exit).toBe(3);
    const all = await run(["try", "--turns", "1"], { "scenarios.yaml": file });
    expect([all.exit, all.stdout.includes("asked for")]).toEqual([0, false]);
  });

  it("exits with 130 if it is interrupted before the first turn", async () => {
    const { exit, stdout } = await run(["try"], { "scenarios.yaml": reference() }, undefined, {
      onInterrupt(callback) {
        callback();
        return () => undefined;
      },
    });
    expect([exit, stdout]).toEqual([
      130,
      expect.stringContaining("✗ interrupted: 0 of the 1 turns requested"),
    ]);
  });

  it.each([
    [["try", "--turns", "0"], "--turns 0 is not a whole number from 1 to 100"],
    [["try", "--replay", "nowhere.json"], "cannot read the transcript nowhere.json"],
    [["try", "--replay", "scenarios.yaml"], "cannot read the transcript"],
    [["try", "first", "second"], "too many arguments"],
  ])("refuses %j", async (args, message) => {
    const ran = await run(args, { "scenarios.yaml": reference() });
    expect([ran.exit, ran.stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});

describe("a trial of a service with words of its own", () => {
  let server: WebSocketServer;
  let url: string;
  /** What it does with the message of that number, counted over each connection from 0. */
  let answer: (socket: WebSocket, message: number) => void;
  const say = (socket: WebSocket, type: string, more: object = {}): void =>
    socket.send(JSON.stringify({ head: { type }, text: "so", ...more }));
  beforeEach(() => {
    answer = (socket) => {
      for (const type of ["begun", "reasoning_delta", "reasoning_delta", "answered"]) say(socket, type);
    };
  });
  beforeAll(async () => {
    server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
    await new Promise((resolve) => server.once("listening", resolve));
    server.on("connection", (socket: WebSocket) => {
      let messages = 0;
      socket.on("message", () => answer(socket, messages++));
    });
    url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const file = (reasoning = "", options = ""): string => `version: 1
targets:
  own:
    profile: generic
    url: "${url}"
    accounts: { tokens: tokens.txt }
    options:
      socket: { path: / }
      send: { say: "{text}" }
      events: [{ path: head.type, kinds: { begun: agent_started, answered: agent_completed, broke: agent_error${reasoning} } }]
      expects: [agent_completed]
      ${options}
scenarios:
  first: { target: own, load: { users: 1, hold: 5s }, journey: [connect, loop: [send: { prompt: mix }]] }
`;

  it("says which frames nothing matched, how often, and the YAML that would help", async () => {
    const { stdout } = await run(["try"], { "scenarios.yaml": file(), "tokens.txt": "one-token\n" });
    expect(stdout).toContain("unrecognised reasoning_delta seen 2 times: map it to agent_thinking?");
    expect(stdout).toContain("- path: head.type");
    expect(stdout).toContain("reasoning_delta: agent_thinking # seen 2 times");
    expect(stdout).toMatch(/← agent_started[\s\S]*because/);
  });

  it("sees a turn fail also behind more frames than it keeps", async () => {
    answer = (socket, message) => {
      say(socket, "begun");
      if (message === 0) for (let frame = 0; frame < 5100; frame++) say(socket, "reasoning_delta");
      say(socket, message === 0 ? "answered" : "broke");
    };
    const files = { "scenarios.yaml": file(), "tokens.txt": "one-token\n" };
    const { exit, stdout } = await run(["try", "--turns", "2", "--json"], files);
    const { entries, left } = JSON.parse(stdout) as Transcript;
    expect(left).toBeGreaterThan(0);
    expect(entries.filter(({ type }) => type !== "turn")).toHaveLength(5000);
    expect(entries.filter(({ type }) => type === "turn")).toMatchObject([
      { turn: 0, outcome: "completed" },
      { turn: 1, outcome: "failed" },
    ]);
    expect(exit).toBe(1);
  });

  it("exits with 130 if it is interrupted between two turns, also if the first went well", async () => {
    let interrupt = (): void => undefined;
    const usual = answer;
    answer = (socket, message) => (message === 0 ? usual(socket, 0) : interrupt());
    const files = { "scenarios.yaml": file(), "tokens.txt": "one-token\n" };
    const { exit, stdout } = await run(["try", "--turns", "3"], files, undefined, {
      onInterrupt(callback) {
        interrupt = callback;
        return () => undefined;
      },
    });
    expect(stdout).toContain("✓ turn 0 completed");
    expect(stdout).toMatch(/✗ interrupted: \d of the 3 turns requested/);
    expect(exit).toBe(130);
  });

  it("keeps of ids no secret, and no more than their beginning", async () => {
    const jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJub2JvZHkifQ.c2lnbmF0dXJlLW9mLW5vYm9keQ";
    answer = (socket) => {
      say(socket, "begun", { run: "r".repeat(100_000), who: `own one-token and ${jwt}` });
      say(socket, "answered");
    };
    const kept = join(mkdtempSync(join(tmpdir(), "gp-load-try-")), "trial.json");
    const files = {
      "scenarios.yaml": file("", "ids: { run: run, user: who }"),
      "tokens.txt": "one-token\n",
    };
    await run(["try", "--save", kept], files);
    const text = readFileSync(kept, "utf8");
    const { entries } = JSON.parse(text) as Transcript;
    const ids = entries.flatMap((entry) => (entry.type === "frame" ? [entry.ids] : []));
    expect(ids[0]).toEqual({ run: `${"r".repeat(200)}…`, user: "own *** and ***" });
    expect(text).not.toContain("one-token");
    expect(text).not.toContain(jwt.slice(0, 40));
    expect(text.length).toBeLessThan(20_000);
  });

  it("is kept, and decoded again without the service by rules that have changed", async () => {
    const kept = join(mkdtempSync(join(tmpdir(), "gp-load-try-")), "trial.json");
    const before = { "scenarios.yaml": file(), "tokens.txt": "one-token\n" };
    await run(["try", "--save", kept], before);
    expect(readFileSync(kept, "utf8")).not.toContain("one-token");
    const again = await run(["try", "--replay", kept], {
      "scenarios.yaml": file(", reasoning_delta: agent_thinking"),
      "tokens.txt": "one-token\n",
    });
    expect(again.stdout).toMatch(/← agent_thinking +\{"head":\{"type":"reasoning_delta"/);
    expect(again.stdout).not.toContain("unrecognised reasoning_delta");
  });
});
