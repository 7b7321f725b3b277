// Nonces: written, found again anywhere, and never taken for another's.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type NonceOwner, nonceCodec } from "../../../src/model/turn/nonce.js";
import { NONCE_WORDS } from "../../../src/model/turn/nonce-words.js";
import { randomFrom } from "../../../src/support/random.js";
import { isSecretName } from "../../../src/support/redaction.js";

const seeds = fc.integer({ min: 0, max: 0xffff_ffff });
const numbers = fc.integer({ min: 0, max: 1_000_000 });

function found(text: string, seed: number): (NonceOwner & { index: number })[] {
  const all: (NonceOwner & { index: number })[] = [];
  nonceCodec(seed).scan(text, (owner, index) => all.push({ ...owner, index }));
  return all;
}

describe("a nonce", () => {
  it("says run, user and turn again, up to a million users and turns", () => {
    fc.assert(
      fc.property(seeds, numbers, numbers, (seed, user, turn) => {
        const codec = nonceCodec(seed);
        const nonce = codec.encode(user, turn);
        expect(codec.decodeAt(`${nonce}.`, 0)).toEqual({ user, turn, length: nonce.length });
      }),
      { numRuns: 2000 },
    );
  });

  it("is found wherever it is, each one in order", () => {
    const gap = fc.string({ maxLength: 40 }).filter((text) => !/[0-9a-f]$|^[0-9a-f-]/i.test(text));
    fc.assert(
      fc.property(fc.array(fc.tuple(gap, numbers, numbers), { maxLength: 5 }), gap, (parts, last) => {
        const codec = nonceCodec(77);
        const text =
          parts.map(([before, user, turn]) => `${before} ${codec.encode(user, turn)} `).join("") + last;
        expect(found(text, 77).map(({ user, turn }) => [user, turn])).toEqual(
          parts.map(([, user, turn]) => [user, turn]),
        );
      }),
    );
  });

  // One in 65,536 turns of the users whose word is the run's own: often enough in a long run.
  it("is one nonce also if a shorter one of someone else seems to start within it", () => {
    const codec = nonceCodec(3_450_571_044);
    const nonce = codec.encode(36, 197);
    expect(codec.decodeAt(nonce, codec.prefix.length)).toMatchObject({ user: 0, turn: 197 });
    expect(found(`"${nonce}" and ${nonce}`, 3_450_571_044).map(({ user }) => user)).toEqual([36, 36]);
  });

  it("is found inside JSON, quotes and sentences", () => {
    const nonce = nonceCodec(5).encode(3, 14);
    for (const text of [JSON.stringify({ a: `«${nonce}»` }), `(${nonce}).`, `**${nonce}**\n`, `x${nonce}`]) {
      expect(found(text, 5).map(({ user, turn }) => [user, turn])).toEqual([[3, 14]]);
    }
  });

  it("with one character changed is hardly ever taken for another's", () => {
    const random = randomFrom("mutations");
    const codec = nonceCodec(0xbeef);
    const letters = "abcdefghijklmnopqrstuvwxyz0123456789-";
    let taken = 0;
    for (let round = 0; round < 20_000; round++) {
      const user = random.below(100_000);
      const turn = random.below(10_000);
      const nonce = codec.encode(user, turn);
      const at = random.below(nonce.length);
      const changed = `${nonce.slice(0, at)}${letters[random.below(letters.length)]}${nonce.slice(at + 1)}`;
      if (changed === nonce) continue;
      const owner = codec.decodeAt(changed, 0);
      if (owner && (owner.user !== user || owner.turn !== turn)) taken++;
    }
    // 16 bits of checksum: a third of one is to be expected among so many.
    expect(taken).toBeLessThanOrEqual(3);
  });

  it("of another run with the same first word is not taken for one of this run", () => {
    const other = nonceCodec(0x0001_00aa);
    const here = nonceCodec(0x0002_00aa);
    expect(other.prefix).toBe(here.prefix);
    let taken = 0;
    for (let user = 0; user < 2000; user++) if (here.decodeAt(other.encode(user, 1), 0)) taken++;
    expect(taken).toBeLessThanOrEqual(2);
  });

  it("is looked for without ever throwing, whatever the text", () => {
    const word = fc.constantFrom(...NONCE_WORDS.slice(0, 8), "-", "--", "0", "ffff", "é", "\u0000");
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.array(word).map((all) => all.join("-")),
    );
    fc.assert(
      fc.property(text, fc.integer({ min: -5, max: 50 }), (hostile, index) => {
        for (const { user, turn } of found(hostile, 0)) {
          expect(Number.isInteger(user) && Number.isInteger(turn)).toBe(true);
        }
        nonceCodec(0).decodeAt(hostile, index);
      }),
      { numRuns: 2000 },
    );
  });

  it("costs little to look for in a long hostile text", () => {
    const { prefix } = nonceCodec(0);
    expect(found(prefix.repeat(20_000), 0)).toEqual([]);
    expect(found(`${prefix}${"a-".repeat(100_000)}`, 0)).toEqual([]);
  });

  it("looks like no secret: no sign that masks look for, no long run of letters and digits", () => {
    fc.assert(
      fc.property(seeds, numbers, numbers, (seed, user, turn) => {
        const nonce = nonceCodec(seed).encode(user, turn);
        expect(nonce).toMatch(/^[a-z0-9-]+$/);
        expect(nonce.split("-").every((part) => part.length <= 10)).toBe(true);
        expect(nonce.length).toBeLessThanOrEqual(64);
        expect(nonce.split("-").some(isSecretName)).toBe(false);
      }),
    );
  });
});

describe("the words of nonces", () => {
  it("are 256 different ones in small letters, and every one of them is used", () => {
    expect(new Set(NONCE_WORDS).size).toBe(256);
    expect(NONCE_WORDS).toHaveLength(256);
    expect(NONCE_WORDS.every((word) => /^[a-z]{3,8}$/.test(word))).toBe(true);
  });
});
