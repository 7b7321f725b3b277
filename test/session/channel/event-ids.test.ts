// Server-sent events that come again under their id: within one answer, and when a broken one is taken up again.
import type { ServerResponse } from "node:http";
import { describe, expect, it, onTestFinished } from "vitest";
import { EventIds } from "../../../src/session/channel/event-ids.js";
import type { Turn } from "../../../src/session/turn/turn.js";
import { listen } from "../../profiles/servers/base.js";
import { liveUser } from "../../support/live-user.js";

function repeats(...events: readonly (readonly [id: string | undefined, data: string])[]): boolean[] {
  const ids = new EventIds();
  return events.map(([id, data]) => ids.isRepeated(id, data, undefined));
}

const COUNTED = ["1", "2", "3"].map((id) => [id, `data ${id}`] as const);

describe("an event's id", () => {
  it("that comes again with the same event is a repeat", () => {
    expect(repeats(...COUNTED, ["2", "data 2"], ["4", "data 4"])).toEqual([false, false, false, true, false]);
  });

  it.each<[string, readonly (readonly [id: string | undefined, data: string])[]]>([
    [
      "one id for all",
      [
        ["a", "ha"],
        ["a", "ha"],
        ["a", "ho"],
      ],
    ],
    [
      "an id for each message",
      [
        ["a", "ha"],
        ["b", "oh"],
        ["c", "ha"],
        ["c", "hm"],
        ["b", "oh"],
        ["a", "ha"],
      ],
    ],
    [
      "none",
      [
        [undefined, "ha"],
        [undefined, "ha"],
        ["", "ha"],
        ["", "ha"],
      ],
    ],
    [
      "the millisecond it was made in",
      ["1", "2", "3", "3"].map((ms) => [`170000000000${ms}`, "ha"] as const),
    ],
  ])("tells nothing in a stream that gives %s", (_, events) => {
    expect(repeats(...events)).not.toContain(true);
  });

  it("says nothing about another event", () => {
    const ids = new EventIds();
    for (const [id, data] of COUNTED) ids.isRepeated(id, data, "piece");
    expect(ids.isRepeated("1", "data 1", "other")).toBe(false);
  });

  it("is remembered for a long answer, but not forever", () => {
    const ids = new EventIds();
    for (let id = 0; id < 10_000; id++) ids.isRepeated(String(id), "same", undefined);
    expect(ids.isRepeated("9000", "same", undefined)).toBe(true);
    expect(ids.isRepeated("10", "same", undefined)).toBe(false);
  });
});

const EVENTS = [
  { e: "run", run: "r-1" },
  ...["Lower ", "the ", "the ", "batch ", "size."].map((t) => ({ e: "piece", t })),
  { e: "end" },
];

/** A service that breaks its first answer off behind the fourth event, and says from where it goes on. */
async function turnOf(
  answer: (write: (index: number) => void, asked: number | undefined) => void,
  idOf: (index: number) => string | undefined = String,
) {
  const { url } = await listen((request, response: ServerResponse) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    const write = (index: number): void =>
      void response.write(
        `${idOf(index) === undefined ? "" : `id: ${idOf(index)}\n`}data: ${JSON.stringify(EVENTS[index])}\n\n`,
      );
    if (request.method === "POST") {
      for (const index of [0, 1, 2, 3]) write(index);
      setTimeout(() => response.destroy(), 20);
      return;
    }
    const after = request.headers["last-event-id"];
    answer(write, after === undefined ? undefined : Number(after));
    response.end();
  });
  const one = await liveUser("generic", url, {
    transport: "sse",
    stream: {
      request: { path: "/go", body: { q: "{text}" } },
      resume: { path: "/runs/{runId}", method: "GET" },
    },
    events: [{ path: "e", kinds: { run: "agent_started", piece: "answer_delta", end: "agent_completed" } }],
    ids: { run: "run" },
    text: "t",
    expects: ["agent_started", "agent_completed"],
  });
  onTestFinished(() => one.close());
  return one.ask();
}

const seen = (turn: Turn) => [turn.end, turn.answerText, turn.anomalies?.duplicate ?? 0];

describe("an answer resumed", () => {
  const whole = ["completed", "Lower the the batch size.", 0];
  const from = (write: (index: number) => void, first: number): void => {
    for (let index = first; index < EVENTS.length; index++) write(index);
  };

  it("after the named event is complete", async () => {
    expect(seen(await turnOf((write, asked) => from(write, (asked ?? Number.NaN) + 1)))).toEqual(whole);
  });

  it("before it has one duplicate per repeated event, and they add nothing to its text", async () => {
    const [end, text] = whole;
    const turn = await turnOf((write, asked) => from(write, (asked ?? Number.NaN) - 1));
    expect(seen(turn)).toEqual([end, text, 2]);
  });

  it("and then brings an event twice has a duplicate", async () => {
    const [end, text] = whole;
    const turn = await turnOf((write, asked) => {
      write((asked ?? Number.NaN) + 1);
      from(write, (asked ?? Number.NaN) + 1);
    });
    expect(seen(turn)).toEqual([end, text, 1]);
  });

  it("from the start, if no event could be named, is not judged by ids", async () => {
    const turn = await turnOf(
      (write, asked) => from(write, asked ?? 4),
      () => undefined,
    );
    expect(seen(turn)).toEqual(whole);
  });

  it("from the start, if the last id was reset, is a replay", async () => {
    const turn = await turnOf(
      (write, asked) => {
        for (const index of asked === undefined ? [1, 2] : []) write(index);
        from(write, 4);
      },
      (index) => (index === 3 ? "" : String(index)),
    );
    expect([...seen(turn), turn.anomalies?.replayed]).toEqual([...whole, 2]);
  });
});
