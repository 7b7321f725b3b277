// Two users of the run whom the service takes for one.
import { UnsecuredJWT } from "jose";
import { describe, expect, it } from "vitest";
import type { Session } from "../../../src/profiles/profile.js";
import { identitiesOf, sharedIdentities } from "../../../src/run/worker/users/identities.js";
import { UserRegistry } from "../../../src/run/worker/users/registry.js";
import type { Accounts } from "../../../src/scenarios/scenario.js";

const PATTERN: Accounts = {
  kind: "pattern",
  pattern: "load-{run}-{n}@example.com",
  password: "p",
  register: true,
};

function shared(sessions: readonly Partial<Session>[], accounts: Accounts = PATTERN) {
  const users = sessions.map((session, number) => ({
    number,
    session: {
      token: `t${number}`,
      refreshToken: undefined,
      userId: `u${number}`,
      expiresAtWallUs: undefined,
      ...session,
    },
  }));
  const registry = new UserRegistry();
  registry.setUsers(users.flatMap(identitiesOf));
  return sharedIdentities(users, registry, accounts, "r1", 9);
}

describe("users of a run", () => {
  it("are different ones by their ids and tokens, and if they have neither", () => {
    expect(shared([{}, {}, {}])).toEqual([]);
    expect(
      shared([
        { token: "", userId: undefined },
        { token: "", userId: undefined },
      ]),
    ).toEqual([]);
  });

  it("are one and the same if they share an id or a token; each is reported once", () => {
    expect(shared([{}, { userId: "u0" }, {}])).toMatchObject([
      { user: 1, owner: 0, where: "login", by: "user id" },
    ]);
    expect(shared([{}, { token: "t0" }])).toMatchObject([{ user: 1, owner: 0, by: "token" }]);
    expect(shared([{}, { token: "t0", userId: "u0" }, {}])).toHaveLength(1);
  });

  it("are suspected only if the accounts may be one", () => {
    const account = { email: "ann@example.com", password: "p" };
    const list: Accounts = { kind: "list", accounts: [account, account], register: false };
    expect(shared([{}, { userId: "u0" }], list)).toMatchObject([{ suspected: true }]);
    expect(shared([{}, { userId: "u0" }, {}])[0]?.suspected).toBeUndefined();
    const tokens: Accounts = { kind: "tokens", tokens: ["t0", "t0"] };
    expect(shared([{ userId: undefined }, { userId: undefined, token: "t0" }], tokens)).toMatchObject([
      { suspected: true },
    ]);
  });

  it("are only suspected if the service has the same id for all of them, which identifies nobody", () => {
    const same = shared([{ userId: "u" }, { userId: "u" }, { userId: "u" }]);
    expect(same.map(({ suspected }) => suspected)).toEqual([true, true]);
    expect(shared([{ userId: "u" }, { userId: "u" }])).toMatchObject([{ suspected: true }]);
    const two = shared([{ userId: "u" }, { userId: "u" }, {}]);
    expect(two.map(({ suspected }) => suspected)).toEqual([undefined]);
    // Tokens that name the user leave no doubt, and neither does one token for two.
    const named = new UnsecuredJWT({ sub: "u" }).encode();
    const other = new UnsecuredJWT({ sub: "u", jti: "2" }).encode();
    for (const tokens of [
      [named, other],
      ["t", "t"],
    ])
      expect(shared(tokens.map((token) => ({ token, userId: "u" })))[0]?.suspected).toBeUndefined();
    const tokens = shared([{ token: "t" }, { token: "t" }, { token: "t" }]);
    expect(tokens.map(({ suspected }) => suspected)).toEqual([undefined, undefined]);
  });

  it("are one and the same if the service calls all of them what one of them is called", () => {
    const suspicions = (userId: string, tokens = ["t0", "t1", "t2"], accounts: Accounts = PATTERN) =>
      shared(
        tokens.map((token) => ({ token, userId })),
        accounts,
      ).map(({ suspected }) => suspected ?? false);
    expect(suspicions("load-r1-2@example.com")).toEqual([false, false]);
    expect(suspicions("load-r1-0")).toEqual([false, false]);
    expect(suspicions("load-r2-0")).toEqual([true, true]);
    const named = ["a", "b", "c"].map((sub) => new UnsecuredJWT({ sub }).encode());
    expect(suspicions("b", named)).toEqual([false, false]);
    expect(suspicions("tenant", named)).toEqual([true, true]);
    // What all of them are called names nobody.
    const accounts = ["a.com", "b.com", "c.com"].map((host) => ({ email: `guest@${host}`, password: "p" }));
    expect(suspicions("guest", undefined, { kind: "list", accounts, register: false })).toEqual([true, true]);
  });

  it("reveal their tokens to no other process", () => {
    const names = identitiesOf({
      number: 1,
      session: { token: "a-secret", refreshToken: undefined, userId: "u", expiresAtWallUs: undefined },
    });
    expect(JSON.stringify(names)).not.toContain("a-secret");
    expect(names).toHaveLength(2);
  });
});
