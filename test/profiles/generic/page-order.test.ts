// Histories of services that list rows in an order of their own, whether the file says it or not, against a real server.
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openGeneric } from "../../../src/profiles/generic/protocol.js";
import { genericOptions } from "../../../src/profiles/generic/schema/options.js";
import type { Session } from "../../../src/profiles/profile.js";
import { createHttpClient, type HttpClient } from "../../../src/wire/http/http.js";
import { sendJson, startHttpServer, type TestServer } from "../../support/http-server.js";
import { TARGET } from "../../support/scenario.js";

let server: TestServer;
let http: HttpClient;

beforeAll(async () => {
  server = await startHttpServer();
  http = createHttpClient({
    ...{ tls: TARGET.tls, proxy: undefined, headers: {}, timeoutUs: 5_000_000 },
    ...{ connections: 2, bodyBytes: 1_000_000 },
  });
});

afterAll(async () => {
  await http.close();
  await server.close();
});

interface Listed {
  readonly id: string;
  readonly role: string;
  readonly content: string;
  readonly [field: string]: unknown;
}

/** A thread of messages and answers, each with what the service tells of it; the oldest first. */
function threadOf(rows: number, told: (at: number) => object = () => ({})): Listed[] {
  return Array.from({ length: rows }, (_, at) => ({
    id: `row-${(at * 7919) % 1000}`,
    role: at % 2 === 0 ? "user" : "assistant",
    content: String(at),
    ...told(at),
  }));
}

interface Service {
  readonly rows: readonly Listed[];
  readonly history?: object;
  /** How many rows it says there are. */
  readonly total?: unknown;
  readonly by?: "offset" | "page";
  /** Most rows that it gives at once. */
  readonly most?: number;
}

/** What a user reads of a service that always lists `rows` as they are here. */
function reading({ rows, history = {}, total = rows.length, by = "offset", most = 1000 }: Service) {
  const asked: string[] = [];
  server.answer = (request, response) => {
    const query = new URL(request.path, "http://h").searchParams;
    asked.push(String(query));
    const limit = Math.min(most, Number(query.get("n")));
    const from = by === "page" ? (Number(query.get("page")) - 1) * limit : Number(query.get("from"));
    sendJson(response, 200, { rows: rows.slice(from, from + limit), count: total });
  };
  const query = by === "page" ? { n: "{limit}", page: "{page}" } : { n: "{limit}", from: "{offset}" };
  const parsed = genericOptions.parse({
    send: "{text}",
    events: [{ path: "type", kinds: { end: "agent_completed" } }],
    history: {
      ...{ request: { path: "/rows", query }, rows: "rows" },
      ...(total === null ? {} : { total: "count" }),
      ...history,
    },
  });
  const one = openGeneric({ ...TARGET, url: server.url }, parsed, http);
  const session = { token: "" } as Session;
  return {
    asked,
    async read(order: "asc" | "desc", limit: number, offset = 0) {
      const answer = await one.history(session, "t", { limit, offset, order });
      return answer.ok ? answer.page.rows.map(({ text }) => Number(text)) : answer.message;
    },
  };
}

const SECONDS = (at: number) => ({ created_at: new Date(1_760_000_000_000 + at * 1000).toISOString() });
const numbers = (count: number): number[] => Array.from({ length: count }, (_, at) => at);

describe("a service that was asked for no order", () => {
  it.each<[string, (at: number) => object]>([
    ["times", SECONDS],
    ["times in an object", (at) => ({ meta: { at: 1_760_000_000 + at / 10, tokens: (at * 37) % 11 } })],
    [
      "times of whole seconds, shared by a message and its answer",
      (at) => ({ at: 1_760_000_000 + Math.floor(at / 2) }),
    ],
    ["numbers as ids", (at) => ({ id: 9_007_199_254_740_000 + at * 3 })],
    ["numbers of their places", (at) => ({ seq: at, tokens: 500 - at })],
  ])("shows it by the %s of its rows, whichever it is", async (_what, told) => {
    const thread = threadOf(11, told);
    for (const rows of [thread, thread.toReversed()]) {
      const { read } = reading({ rows });
      expect(await read("desc", 4)).toEqual([10, 9, 8, 7]);
      expect(await read("desc", 4, 4)).toEqual([6, 5, 4, 3]);
      expect(await read("desc", 4, 8)).toEqual([2, 1, 0]);
      expect(await read("desc", 4, 11)).toEqual([]);
      expect(await read("asc", 4, 4)).toEqual([4, 5, 6, 7]);
      expect(await read("asc", 20)).toEqual(numbers(11));
    }
  });

  it("shows it by who speaks first where nothing else tells, in a whole thread", async () => {
    for (const rows of [threadOf(6), threadOf(6).toReversed()]) {
      const { read } = reading({ rows });
      expect(await read("desc", 20)).toEqual([5, 4, 3, 2, 1, 0]);
      expect(await read("asc", 2, 2)).toEqual([2, 3]);
    }
  });

  it("is taken as asked where two things contradict each other, and once it told its order for what it is", async () => {
    const contrary = threadOf(8, (at) => ({ ...SECONDS(at), updated: SECONDS(9 - at).created_at }));
    expect(await reading({ rows: contrary }).read("desc", 4)).toEqual([0, 1, 2, 3]);
    const shuffled = threadOf(8, SECONDS);
    const { read } = reading({ rows: shuffled });
    expect(await read("asc", 8)).toEqual(numbers(8));
    shuffled.splice(2, 2, ...shuffled.slice(2, 4).toReversed());
    expect(await read("asc", 8)).toEqual([0, 1, 3, 2, 4, 5, 6, 7]);
    expect(await read("desc", 8)).toEqual([7, 6, 5, 4, 2, 3, 1, 0]);
  });

  it("keeps the order of rows in which the answer comes before its message, by their times", async () => {
    const swapped = threadOf(4, SECONDS).map((row, at) => ({
      ...row,
      role: at % 2 === 0 ? "assistant" : "user",
    }));
    expect(await reading({ rows: swapped }).read("desc", 10)).toEqual([3, 2, 1, 0]);
  });

  it("needs a total where the page is not the whole thread, and says so", async () => {
    const { read } = reading({ rows: threadOf(9, SECONDS), total: null });
    expect(await read("desc", 20)).toEqual(numbers(9).toReversed());
    expect(await read("asc", 4)).toEqual([0, 1, 2, 3]);
    expect(await read("desc", 4)).toMatch(/no total in the answer, which lists the oldest first/);
  });
});

describe("a service that lists the oldest first, as the file says", () => {
  it("is asked for the total, and for the rows at the end", async () => {
    const { read, asked } = reading({ rows: threadOf(9), history: { paging: "oldest-first" } });
    expect(await read("desc", 4)).toEqual([8, 7, 6, 5]);
    expect(asked).toEqual(["n=1&from=0", "n=4&from=5"]);
  });

  it("and gives fewer rows than it is asked for shows as many of the newest", async () => {
    const { read, asked } = reading({ rows: threadOf(30), history: { paging: "oldest-first" }, most: 8 });
    expect(await read("desc", 20)).toEqual([29, 28, 27, 26, 25, 24, 23, 22]);
    expect(await read("desc", 8, 8)).toEqual([21, 20, 19, 18, 17, 16, 15, 14]);
    expect(asked.slice(0, 3)).toEqual(["n=1&from=0", "n=20&from=10", "n=8&from=22"]);
    const numbered = reading({
      rows: threadOf(30),
      history: { paging: "oldest-first" },
      most: 8,
      by: "page",
    });
    expect(await numbered.read("desc", 20)).toMatch(/fewer rows on a page/);
  });

  it.each([1e308, 10.5, -1, "9"])("and tells a total of %s is not believed", async (total) => {
    const { read } = reading({ rows: threadOf(9), history: { paging: "oldest-first" }, total });
    expect(await read("desc", 4)).toMatch(/no total in the answer/);
  });

  it("whose pages have numbers shows the same rows, wherever they lie on its pages", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 20 }),
        fc.nat(60),
        async (count, limit, offset) => {
          const { read } = reading({
            rows: threadOf(count),
            history: { paging: "oldest-first" },
            by: "page",
          });
          fc.pre(offset < count);
          expect(await read("desc", limit, offset)).toEqual(
            numbers(count)
              .toReversed()
              .slice(offset, offset + limit),
          );
        },
      ),
      { numRuns: 60 },
    );
  });
});
