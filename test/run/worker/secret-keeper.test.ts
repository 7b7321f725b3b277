// What a worker tells the coordinator holds no secret of the run, issued ones included, and is otherwise as it was.
import { describe, expect, it } from "vitest";
import type { Failure, Session } from "../../../src/profiles/profile.js";
import type { FromWorker, Snapshot } from "../../../src/run/process/messages.js";
import { SecretKeeper } from "../../../src/run/worker/secret-keeper.js";
import { FakeClock } from "../../support/fake-clock.js";
import { FakeService, SESSION } from "../../support/fake-service.js";
import { scenario, TARGET } from "../../support/scenario.js";

const PASSWORD = "Load-users-0-only";
const ISSUED: Session = { ...SESSION, token: "opaque-token-1", refreshToken: "refresh-token-1" };

async function keeper(most?: number) {
  const secrets = new SecretKeeper(
    scenario({
      target: {
        ...TARGET,
        accounts: { kind: "pattern", pattern: "u{n}@example.com", password: PASSWORD, register: true },
      },
    }),
    most,
  );
  let issued = ISSUED;
  const protocol = secrets.watch({
    ...new FakeService(new FakeClock()).protocol,
    login: async () => ({ ok: true, doneUs: 1, session: issued }),
    refresh: async () => ({ ok: true, doneUs: 1, session: { ...issued, token: "opaque-token-2" } }),
  });
  return {
    secrets,
    protocol,
    login: (session = ISSUED) => {
      issued = session;
      return protocol.login({ email: "a@x.org", password: "of-one-account" }, false);
    },
  };
}

describe("secrets of a run", () => {
  it("are those of the scenario, and issued ones as soon as they are issued", async () => {
    const { secrets, protocol, login } = await keeper();
    const said = `bad ${ISSUED.token} of ${ISSUED.refreshToken}, ${PASSWORD}, of-one-account, opaque-token-2`;
    expect(secrets.redact(said)).toContain(ISSUED.token);
    expect(secrets.redact(said)).not.toContain(PASSWORD);
    await login();
    expect(secrets.redact(said)).toBe("bad *** of ***, ***, ***, opaque-token-2");
    await protocol.refresh(ISSUED);
    expect(secrets.redact(said)).toBe("bad *** of ***, ***, ***, ***");
    expect(secrets.redact("opaque words of a token")).toBe("opaque words of a token");
  });

  it("are remembered up to a limit, the latest ones", async () => {
    const { secrets, login } = await keeper(4);
    for (let count = 0; count < 10; count++)
      await login({ ...ISSUED, token: `token-number-${count}`, refreshToken: undefined });
    expect(secrets.redact("token-number-9 token-number-8")).toBe("*** ***");
    expect(secrets.redact("token-number-0")).toBe("token-number-0");
  });

  it("are also removed from texts that end in the middle of one", async () => {
    const { secrets, login } = await keeper();
    await login();
    expect(secrets.redact(`refused: ${ISSUED.token.slice(0, 10)}`)).toBe("refused: ***");
    expect(secrets.redact(`refused: ${ISSUED.token.slice(0, 10)}…`)).toBe("refused: ***…");
    expect(secrets.redact("refused: opaque-thing")).toBe("refused: opaque-thing");
  });
});

describe("a message to the coordinator", () => {
  const failure: Omit<Failure, "ok" | "doneUs"> = {
    kind: "auth",
    status: 401,
    code: undefined,
    message: `HTTP 401: no ${ISSUED.token}`,
  };
  const finding = (text: string) => ({
    check: "isolation",
    code: "x",
    severity: "fail",
    message: text,
    count: 1,
    evidence: [{ user: 1, seen: text, expected: "this" }],
  });
  const snapshot = (text: string) =>
    ({
      type: "snapshot",
      worker: 0,
      second: 3,
      errors: { [`login ${text}`]: 2, "closed code 1006": 1 },
      kept: [{ why: "failed", threadId: "thread-a", error: text, events: [{ name: "agent_error", text }] }],
      probes: [{ kind: "history", answer: text, user: 1 }],
      directory: [["thread", "opaque-token-1", 0]],
      batches: {},
      labels: [[1, ["tool", text]]],
      state: {
        checks: {
          isolation: {
            counters: { a: 1 },
            findings: [finding(text)],
            memo: {
              a: text,
              b: encodeURIComponent(JSON.stringify([{ seen: text, user: 4711, turns: ["4711"] }])),
              c: encodeURIComponent(text),
              d: "greeting:12:4711:3",
            },
          },
        },
        unrecognised: [[text, 3]],
        stores: { redis: { cause: text } },
        failures: [
          { step: "turn", status: 0, closeCode: 0, message: text, count: 4711, users: 1, firstMs: 2 },
        ],
        ledgers: {},
      },
    }) as unknown as Snapshot;

  it("has no secret in any text that a record or a report shows", async () => {
    const { secrets, login } = await keeper();
    await login();
    const said = `it said ${ISSUED.token} and ${ISSUED.refreshToken} and ${PASSWORD}`;
    const messages: FromWorker[] = [
      snapshot(said),
      { type: "done", worker: 0, last: snapshot(said) },
      { type: "bug", worker: 0, stack: said },
      {
        type: "log",
        worker: 0,
        lines: [{ level: "warn", event: "request failed", timeMs: 1, fields: { user: 1, message: said } }],
      },
      {
        type: "prepared",
        worker: 0,
        userIds: [["opaque-token-1", 0]],
        ready: 1,
        failures: [{ ...failure, at: "login", count: 1 }],
        notes: [said],
        batches: {},
      },
      { type: "note", worker: 0, text: said },
    ];
    for (const message of messages) {
      const clean = JSON.parse(JSON.stringify(secrets.cleaned(message))) as Record<string, unknown>;
      // What workers must know of each other is no text for people.
      const shown = JSON.stringify(clean, (key, value: unknown) =>
        ["directory", "userIds"].includes(key) ? undefined : value,
      );
      for (const secret of [ISSUED.token, ISSUED.refreshToken ?? "", PASSWORD])
        expect(shown).not.toContain(secret);
      expect(shown).toContain("***");
    }
  });

  it("keeps its numbers and the words of its own that a secret also has", async () => {
    const { secrets, login } = await keeper();
    for (const token of ["4711", "turn", "snapshot", "note", "warn"]) await login({ ...ISSUED, token });
    const clean = secrets.cleaned(snapshot("it said 4711")) as Snapshot;
    const { memo } = clean.state.checks.isolation ?? {};
    expect(clean).toMatchObject({ type: "snapshot", state: { failures: [{ step: "turn", count: 4711 }] } });
    expect(JSON.parse(decodeURIComponent(memo?.b ?? ""))).toEqual([
      { seen: "it said ***", user: 4711, turns: ["***"] },
    ]);
    expect(memo?.d).toBe("greeting:12:4711:3");
    expect(secrets.cleaned({ type: "note", worker: 0, text: "warn" })).toEqual({
      type: "note",
      worker: 0,
      text: "***",
    });
  });

  it("is the same if there is no secret in it, and keeps its counts if two causes become one", async () => {
    const { secrets, login } = await keeper();
    await login();
    const plain = snapshot("nothing to hide");
    expect(secrets.cleaned(plain)).toEqual(plain);
    const errors = { [`login ${ISSUED.token}`]: 2, [`login ${ISSUED.refreshToken}`]: 3 };
    expect(secrets.cleaned({ ...plain, errors })).toMatchObject({ errors: { "login ***": 5 } });
  });
});
