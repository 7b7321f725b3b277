// Another user's data in a frame.
import { describe, expect, it } from "vitest";
import { nonceCodec } from "../../../src/model/turn/nonce.js";
import { UserRegistry } from "../../../src/run/worker/users/registry.js";
import { leakIn } from "../../../src/session/turn/leaks.js";
import { CODEC, event, turn } from "../../support/turns.js";

type Arguments = Parameters<typeof leakIn>;

function leak(frame: string, fields: Parameters<typeof event>[1] = {}) {
  const registry = new UserRegistry();
  registry.setUsers([
    ["id-of-2", 2],
    ["id-of-5", 5],
  ]);
  registry.addThread("thread-of-2", 2);
  registry.addThread("thread-of-5", 5);
  const open = [turn({ user: 2, number: 1 })];
  const user = { number: 2, open, userId: "id-of-2" } as unknown as Arguments[2];
  const services = { registry, codec: CODEC } as unknown as Arguments[3];
  return leakIn(frame, event("agent_completed", { receivedAtUs: 77, ...fields }), user, services);
}

describe("a frame", () => {
  it("of the user's own is not a leak, whichever of the user's nonces and ids it shows", () => {
    const own = `${CODEC.encode(2, 1)} and ${CODEC.encode(2, 0)}`;
    expect(leak(own, { userId: "id-of-2", threadId: "thread-of-2" })).toBeUndefined();
  });

  it("of the user's own is not a leak if someone else's nonce seems to start within its own, new or old", () => {
    const codec = nonceCodec(3_450_571_044);
    const nonce = codec.encode(36, 197);
    expect(codec.decodeAt(nonce, codec.prefix.length)).toMatchObject({ user: 0 });
    for (const open of [[{ nonce, threadId: "thread-a" }], []]) {
      const user = { number: 36, open, userId: undefined } as unknown as Arguments[2];
      const services = { registry: new UserRegistry(), codec } as unknown as Arguments[3];
      expect(leakIn(`{"a":"${nonce}"}`, event("agent_completed"), user, services)).toBeUndefined();
    }
  });

  it("that shows another user's nonce is a leak, even after the user's own", () => {
    expect(leak(`{"a":"${CODEC.encode(2, 1)} ${CODEC.encode(5, 3)}"}`, { runId: "r" })).toEqual({
      user: 2,
      owner: 5,
      where: "frame",
      what: "agent_completed",
      turn: 3,
      runId: "r",
      atUs: 77,
      by: "nonce",
    });
  });

  it("that carries another user's id or thread is a leak", () => {
    expect(leak("{}", { userId: "id-of-5" })).toMatchObject({ owner: 5, by: "user id" });
    expect(leak("{}", { threadId: "thread-of-5" })).toMatchObject({
      owner: 5,
      by: "thread id",
      turn: undefined,
    });
  });

  it("with ids that nobody in the run has is not a leak", () => {
    expect(leak("{}", { userId: "somebody", threadId: "somewhere" })).toBeUndefined();
  });

  it("that shows it in capitals, escaped, with other hyphens or across a line break is a leak too", () => {
    const formsOf = (nonce: string): readonly string[] => {
      const letters = [...nonce].map((one) => one.charCodeAt(0).toString(16).padStart(4, "0"));
      return [
        nonce.toUpperCase(),
        nonce.charAt(0).toUpperCase() + nonce.slice(1),
        letters.map((code) => `\\u${code}`).join(""),
        letters.map((code) => `\\u${code.toUpperCase()}`).join(""),
        letters.map((code) => `\\\\u${code}`).join(""),
        letters.map((code) => `\\\\\\\\u${code}`).join(""),
        nonce.replaceAll("-", "\\\\-"),
        nonce.replaceAll("-", "\\u002d"),
        nonce.replaceAll("-", "\u2011"),
        nonce.replace("-", "-\\n"),
        nonce.replace(/-(?=[a-z]+-[0-9a-f]+$)/, "-\\n"),
      ];
    };
    const nonce = CODEC.encode(5, 3);
    const wrong = nonce.slice(0, -1) + (nonce.endsWith("0") ? "1" : "0");
    for (const form of formsOf(nonce))
      expect(leak(`{"rows":["${form}"]}`), form).toMatchObject({ owner: 5, turn: 3, by: "nonce" });
    for (const form of [...formsOf(wrong), ...formsOf(CODEC.encode(2, 1))])
      expect(leak(`{"rows":["${form}"]}`), form).toBeUndefined();
  });

  it("that shows another user's record is a leak too, however its JSON escapes it", () => {
    const shows = (frame: string): unknown => {
      const user = { number: 2, open: [], userId: undefined } as unknown as Arguments[2];
      const services = { registry: new UserRegistry(), codec: CODEC, plantsRecords: true };
      return leakIn(frame, event("ignored"), user, services as unknown as Arguments[3])?.owner;
    };
    const csv = (user: number) =>
      `staff,account\nP\u2011${String(user).padStart(6, "0")},XX00\u00a00000\u00a0${"0".repeat(8)}`;
    const ascii = (json: string) =>
      json.replace(/[^ -~]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`);
    let frame = csv(5).split(",XX")[0] ?? "";
    let own = csv(2).split(",XX")[0] ?? "";
    for (let level = 0; level < 3; level++) {
      expect([shows(frame), shows(own)], frame).toEqual([5, undefined]);
      [frame, own] = [ascii(JSON.stringify({ frame })), ascii(JSON.stringify({ own }))];
    }
    expect(shows(ascii(JSON.stringify({ rows: csv(2) })))).toBe(0);
    expect(shows('{"part":"AP-000005"}')).toBeUndefined();
  });

  it("of any size is read in time that grows no faster than it", () => {
    const word = CODEC.prefix.slice(0, -1);
    for (const unit of [`${word} `, CODEC.prefix, "\\u002d", "\\\\u006d", word.toUpperCase(), "\\"]) {
      const startedMs = performance.now();
      expect(leak(unit.repeat(1_000_000 / unit.length))).toBeUndefined();
      expect(performance.now() - startedMs, unit).toBeLessThan(2000);
    }
  });

  it("that only looks like a nonce is not a leak", () => {
    expect(leak(`${CODEC.prefix}zebra-lamp-00000 ${CODEC.prefix}`)).toBeUndefined();
  });
});
