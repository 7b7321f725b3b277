// Conversations and traces from files, as a real server hears them.
import type { ServerResponse } from "node:http";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Asked, sendJson, startHttpServer, type TestServer } from "../../support/http-server.js";
import { type RunHere, runHere } from "../../support/run-here.js";

const OPTIONS = {
  transport: "sse",
  threads: { create: { path: "/threads" } },
  stream: {
    request: { path: "/ask", body: { thread: "{threadId}", text: "{text}", max: "{outputTokens}" } },
    health: "/health",
  },
  events: [{ when: { path: "end", exists: true }, kind: "agent_completed", text: "end" }],
};
const LOOP = ["connect", { loop: [{ send: {} }] }];
const NONCE = /\n\nPlease quote our reference (\S+) in your answer\.$/;

let server: TestServer;
/** What was said in each thread, without the nonces, and when. */
let threads: { readonly texts: string[]; readonly atMs: number[] }[];
let nonces: string[];
/** How long each answer should be, where the message asked for that. */
let wanted: (number | undefined)[];

beforeEach(async () => {
  [threads, nonces, wanted] = [[], [], []];
  server = await startHttpServer();
  server.answer = answer;
});
afterEach(() => server.close());

function answer({ path, body }: Asked, response: ServerResponse): void {
  if (path === "/threads") {
    sendJson(response, 200, { id: String(threads.length) });
    threads.push({ texts: [], atMs: [] });
  } else if (path === "/health") sendJson(response, 200, {});
  else {
    const { thread, text, max } = body as { thread: string; text: string; max?: number };
    wanted.push(max);
    threads[Number(thread)]?.texts.push(text.replace(NONCE, ""));
    threads[Number(thread)]?.atMs.push(performance.now());
    nonces.push(NONCE.exec(text)?.[1] ?? "none");
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.end(`data: ${JSON.stringify({ end: `Here is the answer to ${text}` })}\n\n`);
  }
}

function run(keys: object, files: Readonly<Record<string, string>>): Promise<RunHere> {
  const target = { profile: "generic", url: server.url, clock: "same", options: OPTIONS };
  return runHere(target, { journey: LOOP, checks: [], turn: { grace: "50ms" }, ...keys }, { files });
}

describe("conversations from a file", () => {
  const CHATS = [["one", "two", "three"], ["four"], ["five", "six"]];
  const files = { "chats.jsonl": CHATS.map((chat) => JSON.stringify(chat)).join("\n") };

  it("are sent message by message, each in its own thread, and every message has its nonce", async () => {
    const journey = ["connect", { loop: [{ send: {} }, { think: "20ms" }] }];
    const load = { users: 3, hold: "2s", baseline: false };
    const { ledger } = await run({ load, journey, conversations: "chats.jsonl" }, files);
    expect(threads.length).toBeGreaterThan(5);
    expect(new Set(nonces).size).toBe(ledger.attempted);
    expect(nonces).not.toContain("none");
    const held = threads.filter(({ texts }) => texts.length > 0).map(({ texts }) => texts);
    // Whatever was begun is held to its end, but for the last one of each user.
    const whole = held.filter((texts) => CHATS.some((chat) => chat.join() === texts.join()));
    expect(held.length - whole.length).toBeLessThanOrEqual(3);
    for (const texts of held) expect(CHATS.some((chat) => chat.join().startsWith(texts.join()))).toBe(true);
    expect(new Set(whole.map((texts) => texts.join())).size).toBe(3);
    expect(ledger).toMatchObject({ failed: 0, lost: 0, inFlightAtEnd: 0 });
  });

  it("end with the session that holds them", async () => {
    const load = { sessions: { rate: "4/s", turns: 2, users: 9 }, hold: "2s" };
    const { ledger, snapshots } = await run({ load, conversations: "chats.jsonl" }, files);
    // Eight begin, but for one that a busy machine would make too late.
    const made = snapshots.reduce((sum, { starts }) => sum + (starts?.made ?? 0), 0);
    expect(made).toBeGreaterThan(4);
    expect(ledger.completed).toBe(2 * made);
    const heads = [...CHATS.map(([first]) => first)];
    for (const { texts } of threads) expect(heads).toContain(texts[0]);
  });
});

describe("a trace from a file", () => {
  const rows = [
    [0, 1000],
    [100, 20],
    [400, 5000],
    [400, 100],
    [1200, 40],
  ] as const;
  const trace = rows
    .map(([timestamp, input_length]) => JSON.stringify({ timestamp, input_length, output_length: 9 }))
    .join("\n");
  const sizes = () =>
    threads.flatMap(({ texts, atMs }) => texts.map((text, at) => [atMs[at] ?? 0, text.length] as const));

  it("starts each request on time, with a message of about its length", async () => {
    const load = { trace: "trace.jsonl", sessions: 5, hold: "2s" };
    const { ledger, snapshots } = await run({ load }, { "trace.jsonl": trace });
    expect(ledger).toMatchObject({ attempted: 5, completed: 5 });
    expect(snapshots.reduce((sum, { starts }) => sum + (starts?.made ?? 0), 0)).toBe(5);
    const heard = [...sizes()].sort(([a], [b]) => a - b);
    const suffix = "\n\nPlease quote our reference mango-zebra-lamp-417c in your answer.".length;
    const tokens = heard.map(([, characters]) => Math.round((characters + suffix) / 4));
    expect([tokens[0], tokens[1], [tokens[2], tokens[3]].sort(), tokens[4]]).toEqual([
      1000,
      20,
      [100, 5000].sort(),
      40,
    ]);
    const since = heard.map(([atMs]) => atMs - (heard[0]?.[0] ?? 0));
    for (const [at, [ms]] of rows.entries()) expect(Math.abs((since[at] ?? 0) - ms)).toBeLessThan(200);
  });

  it("requests answers of the recorded length if there is one, otherwise of none", async () => {
    const lengths = [9, undefined, 0, 70] as const;
    const told = lengths.map((output_length, at) =>
      JSON.stringify({ timestamp: at * 50, input_length: 20, output_length }),
    );
    const load = { trace: "trace.jsonl", sessions: 5, hold: "1s" };
    const { ledger } = await run({ load }, { "trace.jsonl": told.join("\n") });
    expect(ledger).toMatchObject({ attempted: 4, completed: 4 });
    const sorted = (list: readonly (number | undefined)[]): readonly string[] => list.map(String).sort();
    expect(sorted(wanted)).toEqual(sorted([9, 70, undefined, undefined]));
  });

  it("is replayed at its speed, and counts starts that find every session busy as dropped", async () => {
    server.answer = (asked, response) => {
      if (asked.path !== "/ask") answer(asked, response);
      else setTimeout(() => answer(asked, response), 1400);
    };
    const load = { trace: "trace.jsonl", sessions: 1, hold: "4s", speed: "0.5x" };
    const { ledger, snapshots } = await run({ load }, { "trace.jsonl": trace });
    // At 0 and 2,400 ms one is made; at 200 and twice at 800 ms the only session is busy.
    expect(ledger).toMatchObject({ attempted: 2, completed: 2 });
    expect(snapshots.reduce((sum, { starts }) => sum + (starts?.droppedByTarget ?? 0), 0)).toBe(3);
  });
});
