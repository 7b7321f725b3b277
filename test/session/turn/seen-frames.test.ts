// Which frames are the same again: by number, letter by letter, or but for their stamp.
import { describe, expect, it } from "vitest";
import type { AgentEvent } from "../../../src/model/turn/event.js";
import { SeenFrames } from "../../../src/session/turn/frames/seen-frames.js";
import { event } from "../../support/turns.js";

type Said = readonly [kind: AgentEvent["kind"], frame: string, fields?: Partial<AgentEvent>];

function told(rules: ConstructorParameters<typeof SeenFrames>[0], ...said: readonly Said[]) {
  const frames = new SeenFrames(rules);
  return said.map(([kind, frame, fields]) => {
    const again = frames.isRepeated(event(kind, fields), frame);
    return again ? "again" : frames.suspected ? "suspected" : "new";
  });
}

const STRICT = { sameFrames: "duplicates" } as const;
const TELLING = { text: "First I compare the bills of both years." };
const stamped = (second: number): Partial<AgentEvent> => ({
  emittedAtWallUs: 1_700_000_000_000_000 + second,
});

describe("frames without number and stamp", () => {
  it("are duplicates if identical and the contract makes events distinguishable", () => {
    const same: Said = ["agent_thinking", '{"thought":"hm"}'];
    expect(told(STRICT, same, ["agent_thinking", '{"thought":"oh"}'], same)).toEqual(["new", "new", "again"]);
    const tool: Said = ["tool_executing", '{"tool":"calc"}'];
    expect(told(STRICT, tool, tool)).toEqual(["new", "again"]);
  });

  it("are suspected if agents may repeat themselves and the text says something, otherwise not", () => {
    expect(told({}, ["agent_thinking", "a", TELLING], ["agent_thinking", "a", TELLING])).toEqual([
      "new",
      "suspected",
    ]);
    expect(told({}, ["agent_thinking", "step"], ["agent_thinking", "step"])).toEqual(["new", "new"]);
  });

  it("are compared by their hashes: long ones take no room", () => {
    const long: Said = ["agent_thinking", "x".repeat(1_000_000)];
    expect(told(STRICT, long, ["agent_thinking", `${"x".repeat(999_999)}y`], long)).toEqual([
      "new",
      "new",
      "again",
    ]);
  });
});

describe("stamped frames", () => {
  it("are duplicates with the same stamp, suspected with another one", () => {
    for (const [one, two] of [
      ['{"t":1700000000.125,"thought":"hm"}', '{"t":1700000000.25,"thought":"hm"}'],
      ['{"t":"2026-03-01T10:00:00Z","thought":"hm"}', '{"t":"2026-03-01T10:00:00.250+01:00","thought":"hm"}'],
    ] as const) {
      const first: Said = ["agent_thinking", one, stamped(0)];
      expect(told(STRICT, first, first)).toEqual(["new", "again"]);
      expect(told(STRICT, first, ["agent_thinking", two, stamped(1)])).toEqual(["new", "suspected"]);
    }
  });

  describe("of a few letters of thought, to the millisecond", () => {
    const thoughts = (...texts: readonly string[]): readonly Said[] =>
      texts.map((text) => [
        "agent_thinking",
        JSON.stringify({ t: "2026-03-01T10:00:00.250Z", text }),
        { text, ...stamped(250_000) },
      ]);
    const WORDS = "so the bills of last year and this one are to be compared".split(" ");
    const again = (...texts: readonly string[]) =>
      told({}, ...thoughts(...texts)).filter((one) => one === "again").length;

    it("may say one word many times", () => {
      expect(again("the", "bill", "the", "sum", "the", "the", "end", "\n", "\n", "\n", "\n")).toBe(0);
      expect(again(...Array.from({ length: 12 }, () => "ha"))).toBe(0);
      expect(
        again(...WORDS, "bills", "and", "the", "year", "compared", "so", "last", "one", "be", "are"),
      ).toBe(0);
      expect(again("no", "no", ...WORDS, "oh", "oh", "yes", "yes", "hm", "hm")).toBe(0);
    });

    it("are duplicates once several come in pairs, or all of them once more", () => {
      expect(again(...WORDS.flatMap((word) => [word, word]))).toBe(WORDS.length - 2);
      expect(again(...WORDS, ...WORDS)).toBe(WORDS.length - 7);
    });

    it("are suspected while there are few, which may be steps and no pieces", () => {
      expect(told({}, ...thoughts("Reading", "Reading"))).toEqual(["new", "suspected"]);
      expect(told({}, ...thoughts(...WORDS, "the")).at(-1)).toBe("new");
    });

    describe("with a new stamp", () => {
      type Piece = readonly [text: string, atMs: number, kind?: AgentEvent["kind"]];
      const later = (...pieces: readonly Piece[]) =>
        told(
          {},
          ...pieces.map(([text, atMs, kind = "agent_thinking"]): Said => {
            const us = 1_700_000_000_000_000 + atMs * 1000;
            return [kind, JSON.stringify({ at: us / 1e6, text }), { text, emittedAtWallUs: us }];
          }),
        ).map((one) => (one === "suspected" ? 1 : one === "new" ? 0 : one));

      it("are suspected if one of few comes again at once", () => {
        expect(later(["Reading", 101], ["Reading", 103])).toEqual([0, 1]);
        expect(later(["Reading", 101.001], ["Reading", 101.004])).toEqual([0, 1]);
        expect(later(["Reading", 101], ["Reading", 103], ["Counting", 420], ["Counting", 421])).toEqual([
          ...[0, 1, 0, 1],
        ]);
      });

      it("are progress if they come again after a while, or after something else", () => {
        expect(later(["Reading", 101], ["Reading", 601], ["Reading", 1101])).toEqual([0, 0, 0]);
        for (const kind of ["tool_executing", "tool_completed", "answer_delta"] as const)
          expect(later(["Reading", 101], ["calculator", 102, kind], ["Reading", 103])).toEqual([0, 0, 0]);
        expect(later(["Reading", 101], ["Counting", 102], ["Reading", 103])).toEqual([0, 0, 0]);
      });

      it("are pieces of a stream if they are letters, or come among many", () => {
        expect(later(...[..."well, all good"].map((one, at): Piece => [one, 101 + at]))).not.toContain(1);
        const words = [...WORDS.slice(0, 4), "very", "very", "well", "well"];
        expect(later(...words.map((one, at): Piece => [` ${one}`, 101 + at]))).not.toContain(1);
        expect(later(...Array.from({ length: 12 }, (_, at): Piece => ["ha", 101 + at]))).not.toContain(1);
      });

      it("are suspected once several come in pairs", () => {
        const pairs = WORDS.flatMap((one, at): Piece[] => [
          [one, 101 + 2 * at],
          [one, 102 + 2 * at],
        ]);
        expect(later(...pairs).filter((one) => one === 1)).toHaveLength(WORDS.length - 2);
      });
    });

    it("are always duplicates if the stamp is finer, the text longer, or the contract makes events distinguishable", () => {
      const empty: Said = ["agent_thinking", "a", stamped(250_000)];
      expect(told({}, empty, empty)).toEqual(["new", "again"]);
      const fine: Said = ["agent_thinking", "a", { text: "the", ...stamped(250_001) }];
      expect(told({}, fine, fine)).toEqual(["new", "again"]);
      const long: Said = ["agent_thinking", "a", { ...TELLING, ...stamped(250_000) }];
      expect(told({}, long, long)).toEqual(["new", "again"]);
      const [the] = thoughts("the");
      expect(the && told(STRICT, the, the)).toEqual(["new", "again"]);
    });
  });

  it("are new if anything else differs, and pieces of answers are always new", () => {
    const thought = (n: number): Said => [
      "agent_thinking",
      `{"t":170000000${n}.5,"thought":"step ${n}"}`,
      stamped(n),
    ];
    expect(told(STRICT, thought(1), thought(2))).toEqual(["new", "new"]);
    const piece: Said = ["answer_delta", '{"text":"very "}', stamped(1)];
    expect(told(STRICT, piece, piece)).toEqual(["new", "new"]);
  });
});
