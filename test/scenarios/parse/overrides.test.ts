// What flags change of a scenario, and how their mistakes are told.
import { describe, expect, it } from "vitest";
import { fileWith, LOAD, loadOne, problemsOf } from "../load.fixture.js";

const steady = fileWith("load: { users: 2, ramp: 1s, hold: 5s }");
const remote = fileWith(LOAD, {
  target: '{ url: "https://api.x.org", accounts: { pattern: "u{n}@x.org", password: pass-word } }',
});

describe("flags", () => {
  it("change load, seed and bound", () => {
    const overrides = { users: "30", ramp: "3s", hold: "1m", seed: "9", maxTurns: "100" };
    expect(loadOne(steady, { overrides })).toMatchObject({
      load: { stages: [{ users: 30, rampUs: 3_000_000, holdUs: 60_000_000 }], baseline: true },
      seed: 9,
      maxTurns: 100,
    });
  });

  it("change only the chosen scenarios", () => {
    const text = `${steady}  other: { extends: s, load: { stages: [{ users: 1, hold: 1s }] } }\n`;
    expect(
      loadOne(text, { selection: { names: ["s"] }, overrides: { users: 4 } }).load.stages[0],
    ).toMatchObject({ users: 4 });
  });

  it("are named instead of a line when they are wrong", () => {
    expect(problemsOf(steady, { overrides: { users: "0", hold: "5", seed: "x" } }).toSorted()).toEqual([
      "--hold: scenarios.s.load.hold: expected a duration with its unit, such as 30s (units: us, ms, s, m, h), got 5",
      "--seed: scenarios.s.seed: expected a whole number, such as 1, got `x`",
      "--users: scenarios.s.load.users: must be at least 1, is 0",
    ]);
  });

  it("of users are sessions under an open load", () => {
    const text = fileWith("load: { arrivals: 5/s, sessions: 9, hold: 5s }", {
      journey: "[connect, loop: [send: { prompt: mix }]]",
    });
    const { load } = loadOne(text, { overrides: { users: "20", hold: "7s", set: ["load.arrivals=50/s"] } });
    expect(load).toMatchObject({ sessions: 20, stages: [{ rate: 180_000_000, holdUs: 7_000_000 }] });
    expect(problemsOf(text, { overrides: { users: "0" } })).toEqual([
      "--users: scenarios.s.load.sessions: must be at least 1, is 0",
    ]);
  });

  it("refuse to replace stages by one number", () => {
    const text = fileWith("load: { stages: [{ users: 1, hold: 1s }, { users: 2, hold: 1s }] }");
    expect(problemsOf(text, { overrides: { users: 5 } })[0]).toMatch(/^--users: the load has stages/);
  });
});

describe("--set", () => {
  const set = (...settings: string[]) => ({ overrides: { set: settings } });

  it("sets a value by its dotted path, as YAML", () => {
    const scenario = loadOne(
      steady,
      set("load.users=7", "tags=[x, y]", "turn.timeout=80s", "description=a = b"),
    );
    expect(scenario).toMatchObject({
      tags: ["x", "y"],
      turn: { timeoutUs: 80_000_000 },
      description: "a = b",
    });
    expect(scenario.load.stages[0]).toMatchObject({ users: 7 });
  });

  it("reaches into lists by position", () => {
    const scenario = loadOne(steady, set("journey.1.send.prompt=churn"));
    expect(scenario.journey[1]?.options).toEqual({ prompt: "churn" });
    expect(problemsOf(steady, set("journey.2.send.prompt=churn"))[0]).toMatch(
      /^--set journey\.2\.send\.prompt: `2` is not a position in a list of 2/,
    );
  });

  it("takes the dots of a metric as part of its name", () => {
    expect(loadOne(steady, set("sla.agent.response=p99 < 9s")).sla.rules[0]).toMatchObject({
      metric: "agent.response",
      limit: 9_000_000,
    });
  });

  it.each([
    ["load.users", "--set load.users: expected key=value"],
    ["=5", "--set =5: expected key=value"],
    ["load..users=5", "--set load..users: expected key=value"],
    ["load.usrs=5", "--set load.usrs: scenarios.s.load: unknown key `usrs` | did you mean `users`?"],
    ["load.users=ten", "--set load.users: scenarios.s.load.users: expected a whole number"],
    ["tags=[a", "--set tags: not valid YAML"],
    ["description=", "--set description: scenarios.s.description: expected a text, got nothing"],
  ])("%s is a problem that names the flag", (setting, expected) => {
    expect(problemsOf(steady, set(setting))[0]).toContain(expected);
  });
});

describe("--target", () => {
  it("takes the name of a target, and suggests one for a wrong name", () => {
    const text = steady.replace("targets:", "targets:\n  local: { url: http://127.0.0.1:9 }");
    expect(loadOne(text, { overrides: { target: "local" } }).target).toMatchObject({
      name: "local",
      url: "http://127.0.0.1:9",
      clock: "unknown",
      accounts: { kind: "pattern", register: true },
    });
    expect(problemsOf(text, { overrides: { target: "locl" } })).toEqual([
      "--target: unknown target `locl` | did you mean `local`?",
    ]);
  });

  it("takes a URL; on loopback accounts are made and registered", () => {
    const { target } = loadOne(steady, { overrides: { target: "http://localhost:8000" } });
    expect(target).toMatchObject({ name: "http://localhost:8000", profile: "golden-path", embedded: false });
    expect(target.accounts).toMatchObject({ kind: "pattern", register: true });
  });

  it("refuses a host off loopback that nobody named", () => {
    const overrides = { target: "https://prod.example.com" };
    expect(problemsOf(steady, { overrides })).toEqual([
      "--target: prod.example.com is not this machine, and the file does not name it | if you may load it: --allow-host prod.example.com",
    ]);
    const allowed = { ...overrides, allowHosts: ["Prod.example.com"] };
    const { target } = loadOne(steady, { overrides: allowed });
    expect(target.accounts).toMatchObject({ kind: "pattern", register: false });
  });

  const described = fileWith(LOAD, {
    target: `
    profile: netra
    url: "https://api.x.org"
    options: { tenant: blue }
    headers: { x-key: for-x }
    connect: { rate: 3/s }
    accounts: { pattern: "u{n}@x.org", password: pass-word }`,
  });

  it("speaks to a URL as to the scenario's own target", () => {
    const { target } = loadOne(described, { overrides: { target: "http://localhost:8000" } });
    expect(target).toMatchObject({
      ...{ url: "http://localhost:8000", profile: "netra", options: { tenant: "blue" } },
      ...{ connect: { ratePerSecond: 3 }, headers: { "x-key": "for-x" } },
      accounts: { pattern: "u{n}@x.org", register: true },
    });
    const overrides = { target: "http://localhost:8000", profile: "golden-path" };
    expect(loadOne(described, { overrides }).target).toMatchObject({ profile: "golden-path", options: {} });
  });

  it("takes accounts and headers to no host that the file does not name", () => {
    const overrides = { target: "https://else.x.org", allowHosts: ["else.x.org"] };
    const { target } = loadOne(described, { overrides });
    expect(target).toMatchObject({ profile: "netra", options: { tenant: "blue" }, headers: {} });
    expect(JSON.stringify(target)).not.toContain("pass-word");
    const other = { overrides: { target: "https://api.x.org/v2" } };
    expect(loadOne(described, other).target).toMatchObject({ headers: { "x-key": "for-x" } });
  });

  it("says what is wrong with the scenario's own target once, where it is written", () => {
    const wrong = described.replace("rate: 3/s", "rate: many");
    expect(problemsOf(wrong, { overrides: { target: "http://localhost:8000" } })).toHaveLength(1);
  });

  it("accepts a host that the file names", () => {
    const overrides = { target: "https://api.x.org/v2" };
    expect(loadOne(remote, { overrides }).target.url).toBe("https://api.x.org/v2");
  });

  it("says what is wrong with a URL", () => {
    expect(problemsOf(steady, { overrides: { target: "ws://localhost:1" } })[0]).toMatch(
      /^--target: target\.url: expected an http\(s\) URL/,
    );
  });

  it("does not keep a password of the URL in the target's name", () => {
    const { target } = loadOne(steady, { overrides: { target: "http://me:open-sesame@localhost:1" } });
    expect(target.name).toBe("http://me:***@localhost:1");
  });
});

describe("--profile", () => {
  it("changes how the target is spoken to, and its options with it", () => {
    expect(problemsOf(steady, { overrides: { profile: "netra" } })).toEqual([
      "s.yaml:3:6: targets.t: profile `netra` needs options: tenant",
    ]);
    expect(problemsOf(steady, { overrides: { profile: "nettra" } })).toEqual([
      "--profile: targets.t.profile: unknown profile `nettra` | did you mean `netra`?",
    ]);
  });
});

it("accounts are never registered off loopback unless the file says so", () => {
  expect(loadOne(remote).target.accounts).toMatchObject({ register: false });
  const said = remote.replace("password: pass-word", "password: pass-word, register: true");
  expect(loadOne(said).target.accounts).toMatchObject({ register: true });
  const local = remote.replaceAll("https://api.x.org", "http://127.0.0.1:1");
  expect(loadOne(local).target.accounts).toMatchObject({ register: true });
  const elsewhere = local.replace("accounts", "authUrl: https://auth.x.org, accounts");
  expect(loadOne(elsewhere).target.accounts).toMatchObject({ register: false });
});
