// Nonces in text that comes in pieces, or that was wrapped and dressed up on its way.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nonceCodec } from "../../../src/model/turn/nonce.js";
import { mayHoldNonce, NonceReader, readNonces } from "../../../src/model/turn/nonce-reader.js";

const CODEC = nonceCodec(0x1234_5678);
const numbers = fc.integer({ min: 0, max: 1_000_000 });

/** What a reader finds, given the text in these pieces. */
function read(pieces: readonly string[], codec = CODEC): readonly (readonly [number, number])[] {
  const all: (readonly [number, number])[] = [];
  const reader = new NonceReader(codec);
  for (const piece of pieces) reader.feed(piece, ({ user, turn }) => all.push([user, turn]));
  reader.end(({ user, turn }) => all.push([user, turn]));
  return all;
}

/** Cuts a text at these places. */
function cut(text: string, places: readonly number[]): readonly string[] {
  const at = [0, ...new Set(places.map((place) => place % (text.length + 1)))].sort((a, b) => a - b);
  return at.map((from, i) => text.slice(from, at[i + 1] ?? text.length));
}

describe("a nonce in pieces", () => {
  it("is found once, wherever the text is cut, and with whatever around it", () => {
    const around = fc.string({ maxLength: 60 }).map((text) => text.replaceAll(CODEC.prefix, ""));
    fc.assert(
      fc.property(
        numbers,
        numbers,
        around,
        around,
        fc.array(fc.nat(), { maxLength: 40 }),
        (user, turn, before, after, at) => {
          const text = `${before}. ${CODEC.encode(user, turn)}. ${after}`;
          expect(read(cut(text, at))).toEqual([[user, turn]]);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it("is found letter by letter, several of them, in their order", () => {
    const text = [3, 1, 2].map((user) => `about ${CODEC.encode(user, user * 7)}, and`).join(" ");
    expect(read([...text])).toEqual([
      [3, 21],
      [1, 7],
      [2, 14],
    ]);
  });

  it("is reported by the piece that ends it, and by the end of the text at the latest", () => {
    const found: number[] = [];
    const reader = new NonceReader(CODEC);
    const nonce = CODEC.encode(5, 6);
    const note = ({ user }: { user: number }): void => void found.push(user);
    reader.feed(nonce.slice(0, 9), note);
    reader.feed(nonce.slice(9), note);
    expect(found).toEqual([]);
    reader.feed(" ", note);
    expect(found).toEqual([5]);
    reader.feed(nonce, note);
    reader.end(note);
    expect(found).toEqual([5, 5]);
  });

  it("does not outlive the end of its text: the next text starts again", () => {
    const nonce = CODEC.encode(5, 6);
    const found: number[] = [];
    const reader = new NonceReader(CODEC);
    reader.feed(nonce.slice(0, 9), ({ user }) => found.push(user));
    reader.end(({ user }) => found.push(user));
    reader.feed(nonce.slice(9), ({ user }) => found.push(user));
    reader.end(({ user }) => found.push(user));
    expect(found).toEqual([]);
  });
});

describe("a nonce in disguise", () => {
  const nonce = CODEC.encode(70_000, 300);
  const escapedIn = (backslashes: number) =>
    [...nonce]
      .map((one) => `${"\\".repeat(backslashes)}u${one.charCodeAt(0).toString(16).padStart(4, "0")}`)
      .join("");
  it.each([
    ["wrapped", nonce.replace("-", "-\n    ")],
    ["cut by white space within a word", `${nonce.slice(0, 3)} ${nonce.slice(3, 12)}\t${nonce.slice(12)}`],
    ["in capitals", nonce.toUpperCase()],
    ["with typographic hyphens", nonce.replaceAll("-", "\u2011")],
    ["with soft hyphens and zero-width spaces", [...nonce].join("\u00ad\u200b")],
    ["set in bold, half of it", `**${nonce.slice(0, 8)}**${nonce.slice(8)}`],
    ["wrapped in a quoted block", nonce.replace("-", "-\n> ")],
    ["stuck to the word behind it", `${nonce}and then`],
    ["with escaped marks, as in Markdown", nonce.replaceAll("-", "\\-")],
    ["escaped letter by letter", escapedIn(1)],
    ["escaped again by JSON within JSON", escapedIn(2)],
    ["escaped by JSON within JSON within JSON, in capitals", escapedIn(4).toUpperCase().replaceAll("U", "u")],
    ["with a break of lines that is escaped twice", nonce.replace("-", "-\\\\n")],
    ["with typographic hyphens that are escaped twice", nonce.replaceAll("-", "\\\\u2011")],
    ["behind a backslash that escapes nothing", `C:\\${nonce}`],
  ])("that is %s is found", (_name, text) => {
    expect(read([`Your reference: ${text}`])).toEqual([[70_000, 300]]);
    expect(read([...`Your reference: ${text}`])).toEqual([[70_000, 300]]);
  });

  it("is not seen if none is, however near it comes", () => {
    const words = nonce.slice(0, nonce.lastIndexOf("-"));
    for (const text of [
      words,
      `${words}-00000`,
      escapedIn(2).slice(0, -1),
      escapedIn(2).replaceAll("u", "v"),
      escapedIn(2).replace("u00", "u0"),
      CODEC.prefix.repeat(50),
      nonce.slice(1),
      "the run of words - 12ab34",
    ])
      expect(read([text])).toEqual([]);
  });

  it("is found behind a backslash, with whichever letter it begins, and through as many levels of JSON as there are", () => {
    for (let seed = 0; seed < 256; seed++) {
      const codec = nonceCodec(seed);
      let text = codec.encode(7, 3).replace("-", "-\n");
      for (let level = 0; level < 4; level++) {
        expect(read([`\\${text}`], codec), text).toEqual([[7, 3]]);
        text = JSON.stringify(text).slice(1, -1);
      }
    }
  });

  it("is taken for its own user's if another's seems to start within it", () => {
    const codec = nonceCodec(3_450_571_044);
    expect(read([`(${codec.encode(36, 197)})`], codec)).toEqual([[36, 197]]);
  });
});

describe("hostile text", () => {
  it.each([
    ["the run's word again and again", CODEC.prefix],
    ["half a nonce again and again", CODEC.encode(9, 9).slice(0, -3)],
    ["words of nonces without end", `${CODEC.prefix}zebra-lamp-`],
    ["gaps within a nonce", `${CODEC.prefix}zebra `],
    ["a nonce and gaps", `${CODEC.prefix}zebra-1${" ".repeat(50)}`],
    ["nothing but gaps", " \n"],
    ["nothing but backslashes", "\\"],
    ["escapes that never end", "\\u00"],
    ["half a nonce, escaped", "\\\\u006d\\\\u0061"],
    ["letters that begin the word", CODEC.prefix[0] ?? ""],
  ])("of %s is looked at no oftener than its length allows, at once or letter by letter", (_name, part) => {
    for (const length of [0, 1, 1000, 400_000]) {
      const text = part.repeat(Math.ceil(length / part.length)).slice(0, length);
      for (const pieces of [[text], [...text]]) {
        let looks = 0;
        let longest = 0;
        const counted = {
          ...CODEC,
          decodeAt: (held: string, at: number) => {
            looks++;
            return CODEC.decodeAt(held, at);
          },
          decodeGathered: (held: string) => {
            looks++;
            longest = Math.max(longest, held.length);
            return CODEC.decodeGathered(held);
          },
        };
        read(pieces, counted);
        expect(looks).toBeLessThanOrEqual(length / 4 + 1);
        expect(longest).toBeLessThanOrEqual(64);
      }
    }
  });
});

describe("a nonce that is known beforehand", () => {
  it("changes nothing of what a text shows, whoever else's it holds and whatever is stuck to them", () => {
    const found = (text: string, known?: { user: number; turn: number }): readonly string[] => {
      const all: string[] = [];
      const nonce = known && CODEC.encode(known.user, known.turn);
      const own = known && nonce ? { nonce, owner: { ...known, length: nonce.length } } : undefined;
      readNonces(CODEC, text, ({ user, turn }) => all.push(`${user}/${turn}`), own);
      return all;
    };
    const glue = fc.constantFrom("", ". ", " ", "-", "a", "0", "7f", CODEC.prefix, "\n> ", "z", "ABC");
    const owner = fc.record({ user: fc.nat(3), turn: fc.nat(300) });
    const parts = fc.array(fc.tuple(owner, glue), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(owner, parts, fc.boolean(), (own, others, loud) => {
        const told = [[own, ""] as const, ...others].map(
          ([{ user, turn }, end]) => CODEC.encode(user, turn) + end,
        );
        const text = loud ? told.join("").toUpperCase() : told.join("");
        expect(found(text, own)).toEqual(found(text));
      }),
      { numRuns: 2000 },
    );
    expect(found(CODEC.encode(1, 2), { user: 1, turn: 2 })).toEqual(["1/2"]);
  });
});

describe("a whole text", () => {
  it("shows at once what it shows letter by letter, in whatever dress", () => {
    const own = CODEC.encode(1, 2);
    const known = { nonce: own, owner: { user: 1, turn: 2, length: own.length } };
    const word = CODEC.prefix;
    const dressed = fc
      .tuple(fc.constantFrom(own, CODEC.encode(2, 7), word, word.slice(0, 3)), fc.nat(40), fc.nat(7))
      .map(([text, at, how]) => {
        const [before, after] = [text.slice(0, at), text.slice(at)];
        const glue = [" ", "*", "\n> ", "\u00ad", "\u200b", ".", "\\n", ""][how] ?? "";
        return how === 7 ? before.toUpperCase() + after.replaceAll("-", "\u2011") : before + glue + after;
      });
    const between = fc.constantFrom("", " ", ". ", word[0] ?? "", "-", "\u00e9", "7f", "\\u0061");
    fc.assert(
      fc.property(fc.array(fc.tuple(dressed, between), { maxLength: 5 }), (parts) => {
        const text = parts.flat().join("");
        const found: (readonly [number, number])[] = [];
        readNonces(CODEC, text, ({ user, turn }) => found.push([user, turn]), known);
        expect(found).toEqual(read([...text]));
      }),
      { numRuns: 5000 },
    );
  });

  it("skips, and takes for a hyphen, the same characters as the reader", () => {
    const own = CODEC.encode(1, 2);
    const at = CODEC.word.length;
    const shown: number[] = [];
    const found = (text: string): number => {
      let count = 0;
      readNonces(CODEC, text, () => count++);
      return count;
    };
    for (let code = 0; code < 0x1_0000; code++) {
      const one = String.fromCharCode(code);
      const inside = `${own.slice(0, 2)}${one}${own.slice(2)}`;
      const asHyphen = `${own.slice(0, at)}${one}${own.slice(at + 1)}`;
      const both = found(inside) + found(asHyphen);
      if (both !== read([inside]).length + read([asHyphen]).length) throw new Error(`differs at ${code}`);
      if (both > 0) shown.push(code);
    }
    expect(shown).toContain(0x2011);
    expect(shown).toContain(0xad);
  });
});

describe("a frame of JSON", () => {
  const own = CODEC.encode(1, 2);
  const known = (text: string, at: number): number => (text.startsWith(own, at) ? own.length : 0);

  it("that may hold no nonce leaves every text of it at rest", () => {
    const word = CODEC.prefix;
    const part = fc
      .tuple(fc.constantFrom(CODEC.encode(2, 7), word), fc.nat(12), fc.nat(30))
      .map(([text, from, size]) => text.slice(from, from + size));
    const glue = fc.constantFrom("", " ", "*", "\u00ad", "\u2011", ". ", "x");
    const value = fc.array(fc.oneof(part, glue), { maxLength: 5 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(fc.dictionary(fc.oneof(part, fc.constant("key")), value, { maxKeys: 4 }), (frame) => {
        if (mayHoldNonce(CODEC, JSON.stringify(frame), known)) return;
        for (const text of Object.values(frame)) {
          const reader = new NonceReader(CODEC);
          const found: number[] = [];
          reader.feed(text, ({ user }) => found.push(user));
          expect([text, reader.rests(known), found]).toEqual([text, true, []]);
        }
      }),
      { numRuns: 5000 },
    );
  });

  it("may hold one if a value ends within the word, but not if a key does, or if it shows the user's own", () => {
    const half = CODEC.prefix.slice(0, 2);
    expect(mayHoldNonce(CODEC, JSON.stringify({ delta: `the ${half}` }), known)).toBe(true);
    expect(mayHoldNonce(CODEC, JSON.stringify({ [half]: "the", id: own }), known)).toBe(false);
  });
});
