// Check `persistence`: rows of stores against the turns that they should belong to, and the judgement of each store.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mergeParts } from "../../src/checks/check.js";
import { type EndedTurn, ExpectedTurns } from "../../src/checks/persistence/expected.js";
import { type Matched, matchThreads } from "../../src/checks/persistence/match.js";
import { persistence } from "../../src/checks/persistence.js";
import type { StoreFault, StoreReading } from "../../src/model/log/observation.js";
import type { Outcome } from "../../src/model/turn/ledger.js";
import { nonceCodec } from "../../src/model/turn/nonce.js";
import { fingerprintOf } from "../../src/session/turn/text/fingerprint.js";
import type { StoredRow } from "../../src/stores/row.js";
import { defined } from "../support/defined.js";

const codec = nonceCodec(7);
const nonce = (turn: number, user = 0): string => codec.encode(user, turn);
const question = (turn: number, user = 0): string => `What of ${nonce(turn, user)}?`;
const answer = (turn: number, user = 0): string => `Plenty of ${nonce(turn, user)}.`;

function ended(turn: number, changes: Partial<EndedTurn> = {}): EndedTurn {
  const user = changes.user ?? 0;
  return {
    user,
    turn,
    threadId: "t",
    runId: `run-${user}-${turn}`,
    startedUs: 5,
    terminalUs: 10,
    outcome: "completed",
    texts: {
      acked: true,
      message: fingerprintOf(question(turn, user)),
      answer: fingerprintOf(answer(turn, user)),
    },
    ...changes,
  };
}

function row(changes: Partial<StoredRow> = {}): StoredRow {
  return { id: "r", threadId: "t", userId: "u0", role: "user", text: question(0), links: [], ...changes };
}
const message = (turn: number, changes: Partial<StoredRow> = {}): StoredRow =>
  row({ id: `m${turn}`, text: question(turn), links: [nonce(turn)], ...changes });
const reply = (turn: number, changes: Partial<StoredRow> = {}): StoredRow =>
  row({ id: `a${turn}`, role: "assistant", text: answer(turn), links: [`run-0-${turn}`], ...changes });

function match(
  turns: readonly EndedTurn[],
  rows: readonly StoredRow[],
  holds: "both" | "messages" | "answers" = "both",
  trimmed: readonly string[] = [],
): Matched {
  const expected = new ExpectedTurns();
  for (const turn of turns) expected.add(turn, true, 20);
  const context = { store: "postgres", holds, codec, userIdOf: (user: number) => `u${user}` } as const;
  return matchThreads([...expected.threads()], rows, context, new Set(trimmed));
}
const said = ({ faults }: Matched): string[] =>
  faults.map(({ kind, what, user, turn }) => `${kind} ${what} ${user}.${turn}`);

describe("rows as they should be", () => {
  it("are all found: by the message's id, by the run, by the nonce in the text", () => {
    const rows = [message(0), reply(0), message(1, { links: [] }), reply(1, { links: [nonce(1)] })];
    expect(match([ended(0), ended(1)], rows)).toEqual({
      messages: 2,
      answers: 2,
      faults: [],
      lacking: new Set(),
    });
  });

  it("may be wrapped in other words, and lack what their store does not keep", () => {
    const rows = [message(0, { text: `[10:00] ${question(0)}`, userId: "" }), reply(0, { text: undefined })];
    expect(said(match([ended(0)], rows))).toEqual([]);
  });

  it("may belong to nobody: rows of before the run, and of other runs", () => {
    const old = [row({ text: "hello", links: ["x"] }), row({ role: "other", text: "tool" })];
    expect(said(match([ended(0)], [...old, message(0), reply(0)]))).toEqual([]);
  });

  it("are matched to turns without an answer if they name nothing", () => {
    const rows = [message(0), row({ id: "a", role: "assistant", text: answer(0), links: [] })];
    expect(said(match([ended(0)], rows))).toEqual([]);
  });
});

describe("a fault", () => {
  it.each<[string, readonly StoredRow[], readonly string[]]>([
    ["a message is missing", [reply(0)], ["missing message 0.0"]],
    ["an answer is missing", [message(0)], ["missing answer 0.0"]],
    ["all is missing", [], ["missing message 0.0", "missing answer 0.0"]],
    [
      "a message is there three times",
      [message(0), message(0, { id: "x" }), message(0), reply(0)],
      ["duplicate message 0.0", "duplicate message 0.0"],
    ],
    ["an answer is there twice", [message(0), reply(0), reply(0, { id: "x" })], ["duplicate answer 0.0"]],
    [
      "a message has another text",
      [message(0, { text: `Who of ${nonce(0)}?` }), reply(0)],
      ["altered message 0.0"],
    ],
    ["an answer has another text", [message(0), reply(0, { text: "Nothing." })], ["altered answer 0.0"]],
    [
      "an answer ends in mid-sentence",
      [message(0), reply(0, { text: answer(0).slice(0, -1) })],
      ["altered answer 0.0"],
    ],
    [
      "an unlinked answer has another text",
      [message(0), row({ role: "assistant", text: "No." })],
      ["altered answer 0.0"],
    ],
    [
      "a message is kept as an answer",
      [message(0, { role: "assistant" }), reply(0)],
      ["altered message 0.0"],
    ],
    ["an answer is kept as a message", [message(0), reply(0, { role: "user" })], ["altered answer 0.0"]],
    ["a row has another owner", [message(0, { userId: "u9" }), reply(0)], ["foreign message 0.0"]],
    [
      "another user's message is in the thread",
      [message(0), reply(0), row({ text: question(3, 1), userId: "u1" })],
      ["foreign message 1.3"],
    ],
    [
      "another user's answer is in the thread",
      [message(0), reply(0), reply(0, { links: [nonce(3, 1)] })],
      ["foreign answer 1.3"],
    ],
    ["another thread's turn is in the thread", [message(0), reply(0), message(9)], ["foreign message 0.9"]],
    [
      "a row elsewhere names the message",
      [message(0), reply(0), message(0, { threadId: "elsewhere" })],
      ["foreign message 0.0"],
    ],
  ])("is told when %s", (_what, rows, faults) => {
    expect(said(match([ended(0)], rows))).toEqual(faults);
  });

  it("is a stored answer that goes on in mid-sentence, unless its user stopped it; notes behind it are none", () => {
    const seen = answer(0).slice(0, -1);
    const texts = { acked: true, message: fingerprintOf(question(0)), answer: fingerprintOf(seen) };
    const stored = (text: string, outcome: Outcome = "completed"): string[] =>
      said(match([ended(0, { texts, outcome })], [message(0), reply(0, { text })]));
    expect(stored(`${seen} and more.`)).toEqual(["altered answer 0.0"]);
    expect(stored(`${seen} and more.`, "stopped")).toEqual([]);
    for (const note of ["", "\n\nSources: none", " [1]", " (10:00)"]) expect(stored(seen + note)).toEqual([]);
  });

  it("keeps a thread open only if something is missing", () => {
    const other = ended(1, { threadId: "other" });
    const rows = [message(0), reply(0), reply(0, { id: "x" })];
    expect(match([ended(0), other], rows).lacking).toEqual(new Set(["other"]));
  });
});

describe("what is expected", () => {
  const needs = (outcome: Outcome, changes: Partial<EndedTurn> = {}): string => {
    const { messages, answers } = match([ended(0, { outcome, ...changes })], [message(0), reply(0)]);
    return `${messages}${answers}`;
  };
  const unanswered = { startedUs: Number.NaN, terminalUs: Number.NaN };
  const acked = (yes: boolean) => ({ texts: { acked: yes, message: undefined, answer: undefined } });

  it("depends on how the turn ended: message and answer, message, or nothing", () => {
    expect(needs("completed")).toBe("11");
    expect(needs("timedOut")).toBe("11");
    expect(needs("failed")).toBe("10");
    expect(needs("lost", { ...unanswered, ...acked(true) })).toBe("10");
    expect(needs("lost", { ...unanswered, ...acked(false) })).toBe("00");
    expect(needs("rejected", unanswered)).toBe("00");
  });

  it("depends on what the store holds", () => {
    expect(said(match([ended(0)], [reply(0)], "answers"))).toEqual([]);
    expect(said(match([ended(0)], [message(0)], "messages"))).toEqual([]);
    expect(said(match([ended(0)], [message(0)], "answers"))).toEqual(["missing answer 0.0"]);
  });

  it("is less if the store keeps only the newest rows of a thread", () => {
    const { messages, answers, faults } = match([ended(0), ended(1)], [message(1), reply(1)], "both", ["t"]);
    expect([messages, answers, faults]).toEqual([1, 1, []]);
  });

  describe("of a store that keeps only the newest rows of a thread", () => {
    const TURNS = 40;
    const turns = Array.from({ length: TURNS }, (_, turn) => ended(turn));
    const all = turns.flatMap(({ turn }) => [message(turn), reply(turn)]);
    const kept = (rows: readonly StoredRow[], keep: number): Matched =>
      match(turns, rows.slice(-keep), "both", ["t"]);

    it("is all that is newer than the oldest row, wherever the cut lies", () => {
      fc.assert(
        fc.property(fc.integer({ min: 1, max: 2 * TURNS }), (keep) => {
          const { messages, answers, faults } = kept(all, keep);
          expect(faults).toEqual([]);
          expect(messages + answers).toBe(keep);
        }),
      );
    });

    it("lacks every second message if the store loses them", () => {
      const stored = all.filter(({ role }, at) => role !== "user" || (at / 2) % 2 === 0);
      const faults = said(kept(stored, 20));
      expect(faults.length).toBeGreaterThanOrEqual(5);
      for (const fault of faults) expect(fault).toMatch(/^missing message 0\.(27|29|3[13579])$/);
    });

    it("lacks its newest turn, all answers, all messages, or all that is the run's", () => {
      expect(said(kept(all.slice(0, -2), 20))).toEqual(["missing message 0.39", "missing answer 0.39"]);
      const without = (role: string) =>
        said(
          kept(
            all.filter((one) => one.role !== role),
            20,
          ),
        );
      expect(without("assistant")).toHaveLength(19);
      expect(without("user")).toHaveLength(19);
      expect(said(match(turns, [row({ text: "old" })], "both", ["t"]))).toHaveLength(2 * TURNS);
    });

    it("does not depend on the order in which turns that ran together were stored", () => {
      const burst = [message(1), message(2), message(0), message(3), reply(0), reply(2), reply(1), reply(3)];
      for (const keep of [4, 5, 6, 7]) {
        const rows = [...burst, ...all.slice(8, 12)].slice(-keep - 4);
        expect(said(match(turns.slice(0, 6), rows, "both", ["t"]))).toEqual([]);
      }
    });

    it("takes answers that name nothing for those of the newest turns", () => {
      const rows = all.map((one) =>
        one.role === "user" ? one : { ...one, text: "Plenty.", links: [] as string[] },
      );
      const told = turns.map((turn) => ({
        ...turn,
        texts: { acked: true, message: turn.texts?.message, answer: fingerprintOf("Plenty.") },
      }));
      expect(said(match(told, rows.slice(-20), "both", ["t"]))).toEqual([]);
    });
  });

  it("is bounded: what comes after the bound is counted, and not kept", () => {
    const expected = new ExpectedTurns(2);
    for (const turn of [0, 1, 2]) expected.add(ended(turn), true, 20);
    expect([expected.count, expected.forgotten]).toEqual([2, 1]);
  });

  it("is remembered turn by turn, however many there are", () => {
    const expected = new ExpectedTurns();
    for (let turn = 0; turn < 5000; turn++)
      expected.add(ended(turn, { threadId: `t${turn % 7}`, terminalUs: turn }), true, 0);
    const threads = [...expected.threads()];
    expect(threads.map(({ threadId }) => threadId)).toEqual(["t0", "t1", "t2", "t3", "t4", "t5", "t6"]);
    const turns = threads.flatMap((thread) => thread.turns);
    expect(turns.map(({ turn }) => turn).sort((a, b) => a - b)).toEqual([...Array(5000).keys()]);
    for (const { turn, message: told, endUs } of turns) {
      const { length, hash } = fingerprintOf(question(turn));
      expect([told, endUs]).toEqual([{ length, hash }, turn]);
    }
  });
});

describe("the judgement", () => {
  const fault = (changes: Partial<StoreFault> = {}): StoreFault => ({
    store: "postgres",
    kind: "missing",
    what: "message",
    user: 1,
    turn: 2,
    threadId: "t",
    rowId: "",
    rowThreadId: "",
    expected: "1 row",
    seen: "none",
    ...changes,
  });
  const READ = { kind: "read", store: "postgres", messages: 3, answers: 2, faults: [] } as const;
  const CONFIGURED = { kind: "configured", store: "postgres" } as const;
  const judged = (...workers: readonly (readonly StoreReading[])[]) => {
    const parts = workers.map((readings) => {
      const state = persistence.start({}, () => 0);
      for (const reading of readings) state.stored?.(reading);
      return state.part();
    });
    const whole = defined(persistence.conclude)(mergeParts(parts));
    return { results: defined(persistence.judgeEach)(whole), findings: whole.findings };
  };

  it("is not checked if the target names no stores, and by name if it names some", () => {
    expect(judged([]).results).toEqual([
      expect.objectContaining({
        check: "persistence",
        status: "not-checked",
        note: expect.stringMatching(/no stores/),
      }),
    ]);
    expect(judged([CONFIGURED, READ]).results.map(({ check, status }) => `${check} ${status}`)).toEqual([
      "persistence/postgres clean",
      "persistence/redis not-checked",
      "persistence/clickhouse not-checked",
    ]);
  });

  it("counts what all workers looked up", () => {
    const { results } = judged([CONFIGURED, READ, READ], [CONFIGURED, READ]);
    expect(results[0]).toMatchObject({ judged: 15, note: "9 messages and 6 answers, each once" });
  });

  it("is no-data if nothing was accepted", () => {
    expect(judged([CONFIGURED]).results[0]).toMatchObject({ status: "no-data" });
  });

  it("is not checked if a store could not be read, with the cause; what was found stays found", () => {
    const unread = {
      kind: "unread",
      store: "postgres",
      turns: 4,
      cause: "postgres at db: gone away",
    } as const;
    expect(judged([CONFIGURED, READ, unread], [CONFIGURED, unread]).results[0]).toMatchObject({
      status: "not-checked",
      note: "8 turns were not looked up: postgres at db: gone away",
    });
    const found = { ...READ, faults: [fault()] };
    expect(judged([CONFIGURED, found, unread]).results[0]).toMatchObject({ status: "found" });
  });

  it("has the faults by kind, exactly, with evidence", () => {
    const faults = [fault(), fault({ kind: "altered" }), fault({ kind: "missing", what: "answer" })];
    const { findings, results } = judged([CONFIGURED, { ...READ, faults }]);
    expect(results[0]).toMatchObject({ status: "found" });
    expect(findings.map(({ check, code, count, severity }) => [check, code, count, severity])).toEqual([
      ["persistence/postgres", "missing", 2, "fail"],
      ["persistence/postgres", "altered", 1, "fail"],
    ]);
    expect(findings[0]?.evidence).toEqual([
      { user: 1, turn: 2, thread: "t", expected: "message: 1 row", seen: "none" },
      { user: 1, turn: 2, thread: "t", expected: "answer: 1 row", seen: "none" },
    ]);
  });

  it("counts a foreign row once, although the worker of its owner and that of the thread both see it", () => {
    const foreign = fault({ kind: "foreign", rowId: "r1", rowThreadId: "theirs", seen: "in thread theirs" });
    const other = fault({ ...foreign, rowId: "r2" });
    const { findings } = judged(
      [CONFIGURED, { ...READ, faults: [foreign] }],
      [CONFIGURED, { ...READ, faults: [{ ...foreign, threadId: "theirs" }, other] }],
    );
    expect(findings).toEqual([
      expect.objectContaining({ check: "persistence/postgres", code: "foreign", count: 2 }),
    ]);
    expect(findings[0]?.evidence[0]).toMatchObject({ thread: "theirs", seen: "in thread theirs, row r1" });
  });
});
