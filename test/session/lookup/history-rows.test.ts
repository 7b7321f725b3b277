// Whose a stored row is, by the nonces that it quotes.
import { describe, expect, it } from "vitest";
import { nonceCodec } from "../../../src/model/turn/nonce.js";
import { matchRows, TurnIndex } from "../../../src/session/lookup/history-rows.js";
import { CODEC, turn } from "../../support/turns.js";

describe("a stored row", () => {
  it("belongs to the first turn that it quotes, and shows someone else's data if it quotes another user's", () => {
    const own = turn({ user: 2, number: 7 });
    const index = new TurnIndex([own], 2, CODEC);
    expect(index.scan(`${own.nonce} ${CODEC.encode(2, 3)}`)).toEqual({ quoted: 7, foreign: undefined });
    expect(index.scan(`${CODEC.encode(2, 3)} ${CODEC.encode(5, 1)}`)).toMatchObject({
      quoted: 3,
      foreign: { user: 5, turn: 1 },
    });
  });

  it("shows nobody else's if another's nonce seems to start within the user's own", () => {
    // The user's word is the run's own, and the rest has the right checksum by chance.
    const codec = nonceCodec(3_450_571_044);
    const nonce = codec.encode(36, 197);
    expect(codec.decodeAt(nonce, codec.prefix.length)).toMatchObject({ user: 0 });
    const asked = Object.assign(Object.create(turn({ user: 36, number: 197 })), { nonce });
    for (const turns of [[asked], []])
      expect(new TurnIndex(turns, 36, codec).scan(`re: ${nonce}`)).toEqual({
        quoted: 197,
        foreign: undefined,
      });
  });
});

describe("a message in a thread", () => {
  const asked = (number: number, sentUs: number, endedUs: number) =>
    turn({ user: 2, number, sentUs, endedUs, end: "completed" });
  const misplaced = (turns: readonly ReturnType<typeof asked>[], order: readonly number[]) => {
    const index = new TurnIndex(turns, 2, CODEC);
    const rows = order.flatMap((number) =>
      (["user", "assistant"] as const).map((role) => {
        const row = { id: `${role}-${number}`, role, text: CODEC.encode(2, number), links: [] };
        return { row, quoted: number, foreign: undefined };
      }),
    );
    const found = matchRows(rows, index);
    return turns.filter((one) => found.get(one)?.misplaced).map(({ number }) => number);
  };

  it("is in the wrong order after one that was sent after its answer", () => {
    const turns = [asked(0, 1000, 2000), asked(1, 3000, 4000), asked(2, 5000, 6000)];
    expect(misplaced(turns, [0, 1, 2])).toEqual([]);
    expect(misplaced(turns, [1, 0, 2])).toEqual([0]);
    expect(misplaced(turns, [2, 0, 1])).toEqual([0, 1]);
    expect(misplaced(turns, [1, 2, 0])).toEqual([0]);
  });

  it("may be in any order among those open at the same time, or without an end", () => {
    const turns = [asked(0, 1000, 4000), asked(1, 1000, 3000), asked(2, 1000, Number.NaN)];
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 0, 2],
    ])
      expect(misplaced(turns, order)).toEqual([]);
  });
});
