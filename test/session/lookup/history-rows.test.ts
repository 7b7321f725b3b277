// Whose a stored row is, by the nonces that it quotes.
import { describe, expect, it } from "vitest";
import { nonceCodec } from "../../../src/model/turn/nonce.js";
import { TurnIndex } from "../../../src/session/lookup/history-rows.js";
import { CODEC, turn } from "../../support/turns.js";

describe("a stored row", () => {
  it("is of the first turn that it quotes, and shows somebody else's data where it quotes another user's", () => {
    const own = turn({ user: 2, number: 7 });
    const index = new TurnIndex([own], 2, CODEC);
    expect(index.scan(`${own.nonce} ${CODEC.encode(2, 3)}`)).toEqual({ quoted: 7, foreign: undefined });
    expect(index.scan(`${CODEC.encode(2, 3)} ${CODEC.encode(5, 1)}`)).toMatchObject({
      quoted: 3,
      foreign: { user: 5, turn: 1 },
    });
  });

  it("shows nobody else's where another's nonce seems to begin within one's own", () => {
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
