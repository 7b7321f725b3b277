// What errors say, and which exit code wins.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  asUserError,
  codeOf,
  EXIT,
  EXIT_PRECEDENCE,
  type ExitCode,
  messageOf,
  orUserError,
  tried,
  UserError,
  worstExit,
} from "../../src/support/errors.js";

const system = (code: string, message = "it broke") => Object.assign(new Error(message), { code });

describe("the exit code", () => {
  it("that wins is the first of 70, 2, 130, 1, 74, 3, 0 that applies", () => {
    expect(EXIT_PRECEDENCE).toEqual([70, 2, 130, 1, 74, 3, 0]);
    fc.assert(
      fc.property(fc.array(fc.constantFrom<ExitCode>(...EXIT_PRECEDENCE), { minLength: 1 }), (codes) => {
        const winner = worstExit(codes);
        expect(codes).toContain(winner);
        for (const code of codes) {
          expect(EXIT_PRECEDENCE.indexOf(winner)).toBeLessThanOrEqual(EXIT_PRECEDENCE.indexOf(code));
        }
      }),
    );
  });

  it("of nothing is a pass", () => {
    expect(worstExit([])).toBe(EXIT.pass);
  });
});

describe("the text of an error", () => {
  it("starts with its system code, once", () => {
    expect(messageOf(system("ECONNREFUSED"))).toBe("ECONNREFUSED: it broke");
    expect(messageOf(system("ECONNREFUSED", "connect ECONNREFUSED ::1"))).toBe("connect ECONNREFUSED ::1");
    expect(messageOf(new Error("outer", { cause: system("EPIPE") }))).toBe("EPIPE: outer");
  });

  it("of several attempts is that of the first", () => {
    expect(messageOf(new AggregateError([system("ECONNREFUSED")]))).toBe("ECONNREFUSED: it broke");
    expect(codeOf(new AggregateError([system("ECONNREFUSED")]))).toBe("ECONNREFUSED");
  });

  it("can be had of anything that was thrown", () => {
    expect(messageOf("text")).toBe("text");
    expect(messageOf(undefined)).toBe("undefined");
    expect(messageOf(new Error(""))).toBe("Error");
    expect(codeOf("text")).toBeUndefined();
    const circle = new Error("round");
    circle.cause = circle;
    expect(codeOf(circle)).toBeUndefined();
  });

  it("for the user carries a hint", () => {
    expect(new UserError("no such file", "look again")).toMatchObject({
      name: "UserError",
      hint: "look again",
    });
  });
});

describe("what is tried", () => {
  const fails = (): never => {
    throw system("EACCES");
  };

  it("is its value, or nothing where it throws", () => {
    expect(tried(() => 0)).toBe(0);
    expect(tried(fails)).toBeUndefined();
  });

  it("is its value, or an error for the user that says what failed, why, and what to do", async () => {
    const said = new UserError("cannot read x: EACCES: it broke", "name another");
    expect(orUserError(() => 0, "cannot read x")).toBe(0);
    expect(() => orUserError(fails, "cannot read x", "name another")).toThrow(said);
    const late = Promise.reject(system("EACCES")).catch(asUserError("cannot read x", "name another"));
    await expect(late).rejects.toEqual(said);
  });
});
