// What a user is shown piece by piece, watched for others' data at constant memory.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { NonceOwner } from "../../../src/model/turn/nonce.js";
import { NonceReader } from "../../../src/model/turn/nonce-reader.js";
import { UserRegistry } from "../../../src/run/worker/users/registry.js";
import { TextWatch } from "../../../src/session/turn/leaks.js";
import type { Leak } from "../../../src/session/turn/observer.js";
import { plantedRecord } from "../../../src/session/turn/text/planted-records.js";
import type { Turn } from "../../../src/session/turn/turn.js";
import { CODEC, event, turn } from "../../support/turns.js";

const END = { name: "end", runId: undefined, receivedAtUs: 9 };

function watched(plantsRecords = false) {
  const leaks: Leak[] = [];
  const services = { codec: CODEC, registry: new UserRegistry(), plantsRecords };
  const watch = new TextWatch(2, services, (leak) => leaks.push(leak));
  const one = turn({ user: 2, number: 4, runId: "run-4" });
  const say = (
    pieces: readonly string[],
    kind: "answer_delta" | "agent_thinking" = "answer_delta",
    into: Turn | undefined = one,
  ) => {
    for (const text of pieces) {
      const piece = event(kind, { text, receivedAtUs: 5 });
      watch.piece(piece, into);
      into?.apply(piece, text);
    }
  };
  return { leaks, watch, one, say };
}

/** As tokens come: cut within words. */
const tokens = (text: string): readonly string[] => text.match(/\w{1,4}|\W/g) ?? [];

describe("an answer that comes in pieces", () => {
  it("is a leak if the pieces make up another user's nonce, reported once", () => {
    const { leaks, watch, one, say } = watched();
    say(tokens(`You asked about ${CODEC.encode(7, 3)}. On ${CODEC.encode(7, 3)}: cache more.`));
    watch.answer(one, END);
    expect(leaks).toEqual([
      {
        user: 2,
        owner: 7,
        where: "frame",
        what: "answer_delta",
        turn: 3,
        runId: "run-4",
        atUs: 5,
        by: "nonce",
      },
    ]);
  });

  it("is a leak however it is split, and each other user is reported", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 60 }), (lengths) => {
        const { leaks, watch, one, say } = watched();
        const text = `${CODEC.encode(7, 3)} and ${CODEC.encode(8, 1)}`;
        const pieces: string[] = [];
        for (let at = 0, i = 0; at < text.length; i++) {
          const length = lengths[i % lengths.length] ?? 1;
          pieces.push(text.slice(at, at + length));
          at += length;
        }
        say(pieces);
        watch.answer(one, END);
        expect(leaks.map(({ owner }) => owner)).toEqual([7, 8]);
      }),
    );
  });

  it("is not a leak if they form the user's own, which is the positive control", () => {
    const { leaks, watch, one, say } = watched();
    say(tokens(`On ${one.nonce}: cache more.`));
    watch.answer(one, END);
    expect(leaks).toEqual([]);
    expect(one.answerShowsNonce).toBe(true);
    expect(one.quotedTurn).toBe(-1);
  });

  it("tells the turn which other message of its user it belongs to", () => {
    const { leaks, watch, one, say } = watched();
    say([`On ${CODEC.encode(2, 3)}: cache more.`]);
    watch.answer(one, END);
    expect(leaks).toEqual([]);
    expect([one.answerShowsNonce, one.quotedTurn]).toEqual([false, 3]);
  });

  it("is watched beyond the length for which the text is kept", () => {
    const { leaks, say } = watched();
    say(Array.from({ length: 300 }, () => "many words ".repeat(100)));
    say(tokens(`${CODEC.encode(7, 3)}.`));
    expect(leaks).toHaveLength(1);
  });

  it("is not mixed up with the thoughts between its pieces", () => {
    const { leaks, watch, one, say } = watched();
    const nonce = CODEC.encode(7, 3);
    say([nonce.slice(0, 8)]);
    say(["so far. "], "agent_thinking");
    say([`${nonce.slice(8)} `]);
    expect(leaks).toHaveLength(1);
    say([nonce.slice(0, 8)], "agent_thinking");
    watch.answer(one, END);
    expect(leaks).toHaveLength(1);
  });
});

describe("other texts", () => {
  it("of thoughts, and of frames that belong to no turn, are watched too", () => {
    const { leaks, say } = watched();
    say(tokens(`${CODEC.encode(7, 3)}.`), "agent_thinking");
    say(tokens(`${CODEC.encode(8, 3)}.`), "answer_delta", undefined);
    expect(leaks.map(({ owner, what }) => [owner, what])).toEqual([
      [7, "agent_thinking"],
      [8, "answer_delta"],
    ]);
  });
});

describe("planted records", () => {
  it("of others are found across pieces if records were planted, one's own are none", () => {
    for (const planted of [true, false]) {
      const { leaks, watch, one, say } = watched(planted);
      say(tokens(`${plantedRecord(2, "1")} ${plantedRecord(11, "1")}`));
      watch.answer(one, END);
      expect(leaks.map(({ owner, by }) => [owner, by])).toEqual(planted ? [[11, "record"]] : []);
    }
  });
});

describe("frames that are not the agent's text", () => {
  const pieces = (text: string, length = 3) => text.match(new RegExp(`.{1,${length}}`, "g")) ?? [];
  const feed = (frames: readonly string[], into?: "turn") => {
    const { leaks, watch, one } = watched();
    const at = event("ignored", { receivedAtUs: 5 });
    for (const frame of frames) watch.frame(frame, at, into && one, [one]);
    if (into) watch.answer(one, END);
    return leaks;
  };
  const input = (delta: string) => JSON.stringify({ type: "tool-input-delta", id: "call-1", delta });

  it("are a leak if the pieces at one place of them make up another user's nonce", () => {
    const inside = pieces(`{"q":"${CODEC.encode(7, 3)}"}`).map(input);
    expect(feed(inside, "turn")).toMatchObject([{ user: 2, owner: 7, turn: 3, what: "ignored" }]);
    expect(feed(inside)).toMatchObject([{ owner: 7 }]);
    const nested = pieces(CODEC.encode(7, 3)).map((args) =>
      JSON.stringify({ choices: [{ delta: { tool_calls: [{ function: { arguments: args } }] } }] }),
    );
    expect(feed(nested, "turn")).toMatchObject([{ owner: 7 }]);
  });

  it("are none if they show the user's own nonce, halves of nonces, or one at each place", () => {
    expect(feed(pieces(CODEC.encode(2, 3)).map(input), "turn")).toEqual([]);
    expect(feed(pieces(CODEC.encode(7, 3)).slice(0, -1).map(input), "turn")).toEqual([]);
    const apart = pieces(CODEC.encode(7, 3)).map((piece, at) => JSON.stringify({ [`key${at}`]: piece }));
    expect(feed(apart, "turn")).toEqual([]);
  });

  it("are a leak if their pieces form another user's record, whatever came before", () => {
    const { leaks, watch } = watched(true);
    const record = plantedRecord(11, "1");
    const frames = ['{"n":1}', '{"n":2}', input(record.slice(0, 40)), input(record.slice(40)), input(" ")];
    for (const frame of frames) watch.frame(frame, event("ignored"), undefined, []);
    expect(leaks).toMatchObject([{ owner: 11, by: "record" }]);
  });

  it("are read as if each place had been read from the start, whatever is skipped", () => {
    const [own, foreign, capital] = [
      CODEC.encode(2, 4),
      CODEC.encode(7, 3),
      CODEC.encode(300, 9).toUpperCase(),
    ];
    const cut = fc
      .tuple(fc.constantFrom(own, foreign, capital, `${CODEC.prefix}${foreign}`), fc.nat(30), fc.nat(30))
      .map(([nonce, from, to]) => nonce.slice(from % nonce.length, to % (nonce.length + 1)));
    const joint = fc.constantFrom(
      "",
      " ",
      "*",
      "\n",
      '"',
      "\u00a0",
      "é",
      "7",
      "-",
      "a",
      CODEC.prefix,
      own,
      foreign,
    );
    const text = fc.array(fc.oneof(cut, joint), { maxLength: 3 }).map((parts) => parts.join(""));
    // Consecutive frames go on with one text, so that nonces are cut between them.
    const torn = fc.tuple(fc.constantFrom(own, foreign, capital), fc.integer({ min: 1, max: 20 }), joint);
    const series = torn.map(([nonce, at, gap]) => [nonce.slice(0, at), gap + nonce.slice(at)]);
    const frame = fc.oneof(
      text.map((one) => [{ a: one }]),
      fc.tuple(text, text).map(([a, b]) => [{ a, in: [{ b }] }]),
      series.map((parts) => parts.map((one) => ({ in: [{ b: one }], n: 5 }))),
      fc.constant([{ kind: "ready", f: null, "of-f": 1 }]),
    );
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 8 }), (parts) => {
        const frames = parts.flat();
        const readers = { a: new NonceReader(CODEC), b: new NonceReader(CODEC) };
        const told = new Set<string>();
        const found = ({ user, turn: number }: NonceOwner) => user !== 2 && told.add(`${user} ${number}`);
        for (const one of frames.length < 2 ? [] : frames) {
          if ("a" in one) readers.a.feed(one.a, found);
          if ("in" in one) readers.b.feed(one.in[0]?.b ?? "", found);
        }
        const leaks = feed(frames.map((one) => JSON.stringify(one)));
        const shown = new Set(leaks.map(({ owner, turn: number }) => `${owner} ${number}`));
        expect([...told].filter((one) => !shown.has(one))).toEqual([]);
        // What still waits for its end may be known already: an own nonce before it was passed over.
        for (const reader of Object.values(readers)) reader.end(found);
        expect([...shown].filter((one) => !told.has(one))).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });

  it("that are not JSON, deep, long or always have new places cost little", () => {
    const many = Array.from({ length: 2000 }, (_, at) => JSON.stringify({ [`k${at}`]: "x" }));
    const deep = "[".repeat(1000) + "]".repeat(1000);
    expect(feed(["", "null", "{", deep, deep, `"${"x".repeat(5_000_000)}"`, ...many], "turn")).toEqual([]);
  });
});

describe("what comes beside the frames", () => {
  it("is a leak if it shows another user's nonce, and not otherwise", () => {
    const { leaks, watch } = watched();
    watch.aside(`for ${CODEC.encode(2, 1)}`, 4, "comment");
    watch.aside("keep-alive", 4, "comment");
    expect(leaks).toEqual([]);
    watch.aside(`for ${CODEC.encode(7, 3)}`, 4, "comment");
    expect(leaks).toMatchObject([{ user: 2, owner: 7, turn: 3, what: "comment", atUs: 4 }]);
  });
});
