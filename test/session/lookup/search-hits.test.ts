// What a search must show and must not.
import { describe, expect, it } from "vitest";
import type { HistoryRow } from "../../../src/profiles/profile.js";
import {
  type Found,
  rowsOfTurn,
  rowsWithWord,
  searchFaults,
} from "../../../src/session/lookup/search-hits.js";
import { searchedWords, wordsIn } from "../../../src/session/user/watched-words.js";
import { FakeClock } from "../../support/fake-clock.js";
import { scheduleOf } from "../../support/fake-service.js";
import { CODEC } from "../../support/turns.js";

const NONCE = CODEC.encode(3, 5);
const services = {
  codec: CODEC,
  schedule: scheduleOf(new FakeClock()),
  plantsRecords: false,
  registry: {
    addThread: () => {},
    threadOwner: (id: string) => (id === "theirs" ? 8 : id === "mine" ? 3 : undefined),
    userOf: () => undefined,
  } as unknown as Parameters<typeof searchFaults>[2]["registry"],
};

const hit = (fields: Partial<HistoryRow> = {}): HistoryRow => ({
  id: "a",
  role: "user",
  text: `please quote ${NONCE}`,
  links: [],
  ...fields,
});
const answer = hit({ id: "b", role: "assistant", text: `Reference: ${NONCE}` });

function judged(hits: readonly HistoryRow[], fields: Partial<Found> = {}) {
  const turn = "turn" in fields ? fields.turn : { number: 5, nonce: NONCE, quoted: true };
  const found: Found = {
    text: NONCE,
    role: undefined,
    threadId: undefined,
    turn,
    rows: turn ? rowsOfTurn(turn) : [],
    hits,
    complete: true,
    untold: 0,
    ...fields,
  };
  const { faults, leaks } = searchFaults(found, { number: 3 }, services);
  return { codes: faults.map(({ code }) => code), faults, leaks };
}

describe("a search for one's own message", () => {
  it("shows the message and the answer that quotes it, and nothing else is expected", () => {
    expect(judged([hit(), answer]).codes).toEqual([]);
    expect(judged([hit()], { turn: { number: 5, nonce: NONCE, quoted: false } }).codes).toEqual([]);
    expect(judged([answer], { role: "assistant" }).codes).toEqual([]);
  });

  it("misses each row that is not there, as long as no further page could hold it", () => {
    expect(judged([]).codes).toEqual(["hit-missing", "hit-missing"]);
    expect(judged([answer]).faults).toMatchObject([{ code: "hit-missing", turn: 5 }]);
    expect(judged([answer], { complete: false }).codes).toEqual([]);
  });

  it("shows nothing of others, found by nonce or by thread, and also reports it as a leak", () => {
    const foreign = hit({ id: "c", text: `quote ${CODEC.encode(8, 1)}` });
    expect(judged([foreign, hit(), answer])).toMatchObject({
      codes: ["foreign-hit"],
      leaks: [{ user: 3, owner: 8, where: "search", by: "nonce", turn: 1 }],
    });
    expect(judged([hit(), answer, hit({ id: "d", threadId: "theirs" })])).toMatchObject({
      codes: ["foreign-hit"],
      leaks: [{ owner: 8, by: "thread id" }],
    });
  });

  it("keeps to its role and its thread, holds the text, and shows each hit once", () => {
    const word = { turn: undefined, text: "Quote" };
    expect(judged([hit(), answer], { ...word, role: "user" }).codes).toEqual(["wrong-role"]);
    expect(judged([hit({ threadId: "other" })], { ...word, threadId: "mine" }).codes).toEqual([
      "wrong-thread",
    ]);
    expect(judged([hit({ text: "nothing" })], word).codes).toEqual(["hit-without-text"]);
    expect(judged([hit(), hit()], word).codes).toEqual(["duplicate-hit"]);
    expect(judged([], word).codes).toEqual([]);
  });
});

describe("a search for a word", () => {
  const turns = [
    { number: 4, nonce: CODEC.encode(3, 4), quoted: true, words: ["budget"], answerWords: ["budget"] },
    { number: 5, nonce: NONCE, quoted: true, words: ["budget", "cost"] },
    { number: 6, nonce: CODEC.encode(3, 6), quoted: false, answerWords: ["budget"] },
  ];
  const rowOf = (number: number, role: "user" | "assistant"): HistoryRow =>
    hit({ id: `${number}${role}`, role, text: `Our Budget, ${CODEC.encode(3, number)}` });
  const word = { turn: undefined, text: "Budget", rows: rowsWithWord(turns, "Budget") };
  const all = [rowOf(4, "user"), rowOf(4, "assistant"), rowOf(5, "user")];

  it("shows every message and every answer that is known to hold it, and may show more of one's own", () => {
    expect(judged(all, word).codes).toEqual([]);
    expect(judged([...all, rowOf(9, "user")], word).codes).toEqual([]);
  });

  it("misses each of them that is not there, within its filters", () => {
    expect(judged(all.slice(1), word).faults).toMatchObject([{ code: "hit-missing", turn: 4 }]);
    expect(judged([], word).codes).toEqual(Array(3).fill("hit-missing"));
    expect(judged([rowOf(4, "user")], { ...word, role: "user" }).faults).toMatchObject([{ turn: 5 }]);
    expect(judged([], { ...word, complete: false }).codes).toEqual([]);
  });
});

describe("the words that a journey searches for", () => {
  const search = (text: string) => ({ step: "search", options: { text } });

  it("are those of all its searches, at any depth, in lower case, each once", () => {
    const journey = [
      search("Budget"),
      search("nonce"),
      { step: "loop", options: { times: 2, steps: [search("cost"), { step: "connect", options: {} }] } },
    ];
    expect(searchedWords([journey, [search("budget")]])).toEqual(["budget", "cost"]);
  });

  it("are found in a text whatever its case, and cost nothing if there are none", () => {
    expect(wordsIn("What does our BUDGET hold?", ["budget", "cost"])).toEqual(["budget"]);
    expect(wordsIn("Nothing", ["budget"])).toBeUndefined();
    expect(wordsIn("budget", [])).toBeUndefined();
  });
});
