// Every kind of mistake in a scenario file, with the place and the mend that it is reported with.
import { describe, expect, it } from "vitest";
import { fileWith, LOAD, type Options, problemsOf } from "../load.fixture.js";

/** One mistake, with « before the place where it must be reported, and the report. */
type Case = readonly [marked: string, expected: string];

/** The file without its mark, and the place where the mark stood. */
function unmarked(text: string): { readonly text: string; readonly place: string } {
  const before = text.slice(0, text.indexOf("«")).split("\n");
  const place = `s.yaml:${before.length}:${(before.at(-1) ?? "").length + 1}: `;
  return { text: text.replace("«", ""), place };
}

function expectOnly(marked: string, expected: string, options: Options = {}): void {
  const { text, place } = unmarked(marked);
  const problems = problemsOf(text, options);
  expect(problems).toHaveLength(1);
  expect(problems[0]?.slice(0, place.length + expected.length)).toBe(`${place}${expected}`);
}

describe("a mistake in a scenario is reported at its place", () => {
  const cases: readonly Case[] = [
    [
      "load: { users: «ten, hold: 5s }",
      "scenarios.s.load.users: expected a whole number, such as 100, got `ten`",
    ],
    [
      "load: { users: «1.5, hold: 5s }",
      "scenarios.s.load.users: expected a whole number, such as 100, got 1.5",
    ],
    ["load: { users: «0, hold: 5s }", "scenarios.s.load.users: must be at least 1, is 0"],
    ["load: { users: «-3, hold: 5s }", "scenarios.s.load.users: must be at least 1, is -3"],
    [
      "load: { users: «2000000, hold: 5s }",
      "scenarios.s.load.users: must be at most 1,000,000, is 2,000,000",
    ],
    [
      "load: { users: 1, hold: «30 }",
      "scenarios.s.load.hold: expected a duration with its unit, such as 30s (units: us, ms, s, m, h), got 30",
    ],
    [
      "load: { users: 1, hold: «30sec }",
      "scenarios.s.load.hold: expected a duration with its unit, such as 30s (units: us, ms, s, m, h), got `30sec`",
    ],
    ["load: { users: 1, hold: «25h }", "scenarios.s.load.hold: must be at most 24h00m00s, is 25h00m00s"],
    ["load: «{ users: 1, hold: 0 }", "scenarios.s.load: lasts no time: ramp and hold are both 0"],
    [
      "load: «{ users: 1, ramp: 5s, hold: 0s }",
      "scenarios.s.load: has no hold, so the SLAs would judge nothing",
    ],
    [
      "load: { stages: [{ users: 1, hold: 5s }, «{ users: 2 }] }",
      "scenarios.s.load.stages[1]: lasts no time: ramp and hold are both 0",
    ],
    [
      "load: «{ stages: [{ users: 1, hold: 20h }, { users: 1, hold: 20h }] }",
      "scenarios.s.load: holds for more than 24h in all",
    ],
    [
      "load: { arrivals: «0/s, sessions: 5, hold: 5s }",
      "scenarios.s.load.arrivals: must be at least 1/h, is 0/s",
    ],
    [
      "load: { arrivals: «200000/s, sessions: 5, hold: 5s }",
      "scenarios.s.load.arrivals: must be at most 100000/s, is 200000/s",
    ],
    [
      "load: { arrivals: «20, sessions: 5, hold: 5s }",
      "scenarios.s.load.arrivals: expected a rate with its unit, such as 20/s (per s, m or h), got 20",
    ],
    [
      "load: { arrivals: 5/s, sessions: «0, hold: 5s }",
      "scenarios.s.load.sessions: must be at least 1, is 0",
    ],
    ["«load: { arrivals: 5/s, hold: 5s }", "scenarios.s.load.sessions: is missing"],
    [
      "load: «{ arrivals: 1/m, sessions: 5, hold: 15s }",
      "scenarios.s.load: holds for less than one start: 0.25 of one | hold longer, or raise the rate",
    ],
    [
      "load: «{ arrivals: 100000/s, sessions: 5, hold: 24h }",
      "scenarios.s.load: asks for 8,640,000,000 starts; at most 1,000,000,000 can be told apart",
    ],
    [
      "load: { sessions: 5, stages: [{ arrivals: 5/s, hold: 1s }, «{ arrivals: 9/s }] }",
      "scenarios.s.load.stages[1]: lasts no time: ramp and hold are both 0",
    ],
    ["«load: { users: 1 }", "scenarios.s.load.hold: is missing"],
    ["load: { «usrs: 1, hold: 5s }", "scenarios.s.load: unknown key `usrs` | did you mean `users`?"],
    [
      "load: «fast",
      "scenarios.s.load: expected { users, ramp, hold }, { arrivals, sessions, hold }, { sessions: { rate, turns }, hold }, { trace, sessions, hold } or { stages: [...] }, got `fast`",
    ],
    [`${LOAD}\n    seed: «-1`, "scenarios.s.seed: must be at least 0, is -1"],
    [`${LOAD}\n    tags: «smoke`, "scenarios.s.tags: expected a list, got `smoke`"],
    [`${LOAD}\n    tags: [«1]`, "scenarios.s.tags[0]: expected a text, got a number: put it in quotes"],
    [`${LOAD}\n    cleanup: «maybe`, "scenarios.s.cleanup: expected true or false, got `maybe`"],
    [`${LOAD}\n    faults: [«{ at: 20s }]`, "scenarios.s.faults[0]: names no action"],
    [
      `${LOAD}\n    turn: { «timout: 9s }`,
      "scenarios.s.turn: unknown key `timout` | did you mean `timeout`?",
    ],
    [`${LOAD}\n    «maxTurns: 5`, "scenarios.s: unknown key `maxTurns` | did you mean `max-turns`?"],
    [`${LOAD}\n    max-turns: «0`, "scenarios.s.max-turns: must be at least 1, is 0"],
    [
      `${LOAD}\n    checks: [«isolaton]`,
      "scenarios.s.checks[0]: unknown check `isolaton` | did you mean `isolation`?",
    ],
    [
      `${LOAD}\n    checks: [isolation, «isolation]`,
      "scenarios.s.checks[1]: check `isolation` is listed twice",
    ],
    [
      `${LOAD}\n    checks: [history: { pages: «many }]`,
      "scenarios.s.checks[0].history.pages: expected a whole number, such as 2, got `many`",
    ],
    [`${LOAD}\n    sla: { «agnt: p99 < 5s }`, 'scenarios.s.sla: there is no metric "agnt"'],
    [
      `${LOAD}\n    sla: { agent.response: «p99 < 90s }`,
      "scenarios.s.sla.agent.response: the limit of p99 < 90s is not below the turn's timeout of 1m10s | turn: { timeout: 108s }",
    ],
    [
      `${LOAD}\n    turn: { timeout: 5s }\n    sla: { message.processing: «p99 < 5s }`,
      "scenarios.s.sla.message.processing: the limit of p99 < 5s is not below the turn's timeout of 5.00s | turn: { timeout: 6s }",
    ],
    [`${LOAD}\n    description: «`, "scenarios.s.description: expected a text, got nothing"],
    [`${LOAD}\n    extends: «nobody`, "`extends` names an unknown scenario `nobody` | known: s"],
    [`${LOAD}\n    prompts: «mine.yaml`, "scenarios.s.prompts: cannot read mine.yaml: ENOENT: no such file"],
  ];

  it.each(cases)("%s", (mistake, expected) => expectOnly(fileWith(mistake), expected));
});

describe("a mistake in a journey is reported at its place", () => {
  const cases: readonly Case[] = [
    [
      "[«conect, send: { prompt: mix }]",
      "scenarios.s.journey[0]: unknown step `conect` | did you mean `connect`?",
    ],
    ["[connect, «snd: { prompt: mix }]", "scenarios.s.journey[1]: unknown step `snd` | did you mean `send`?"],
    [
      "[connect, send: { «promt: x, prompt: mix }]",
      "scenarios.s.journey[1].send: unknown key `promt` | did you mean `prompt`?",
    ],
    ["[connect, «send]", "scenarios.s.journey[1]: step `send` needs options: Sends a message"],
    [
      "[connect, { send: { prompt: mix }, «history: }]",
      "scenarios.s.journey[1]: a step has one key, this one has 2",
    ],
    ["[connect, «5]", "scenarios.s.journey[1]: expected a step: a name, or a name with options, got 5"],
    ["«[]", "scenarios.s.journey: needs at least one step"],
    ["«connect", "scenarios.s.journey: expected a list of steps"],
    ["«[connect, history]", "scenarios.s.journey: sends nothing"],
    ["[«send: { prompt: mix }, connect]", "scenarios.s.journey[0]: `send` comes before a channel is open"],
    [
      "[loop: [history, «send: { prompt: mix }], connect]",
      "scenarios.s.journey[0].loop[1]: `send` comes before a channel is open",
    ],
    [
      "[connect, loop: { times: 2, steps: [send: { prompt: «churm }] }]",
      "scenarios.s.journey[1].loop.steps[0].send.prompt: unknown prompt `churm` | did you mean `churn`?",
    ],
    [
      "[connect, loop: [send: { prompt: «churm }]]",
      "scenarios.s.journey[1].loop[0].send.prompt: unknown prompt `churm` | did you mean `churn`?",
    ],
    [
      "[connect, loop: [history: { limit: «0 }, send: { prompt: mix }]]",
      "scenarios.s.journey[1].loop[0].history.limit: must be at least 1, is 0",
    ],
    [
      "[connect, loop: { «tims: 2, steps: [send: { prompt: mix }] }]",
      "scenarios.s.journey[1].loop: unknown key `tims` | did you mean `times`?",
    ],
    ["[connect, loop: «[]]", "scenarios.s.journey[1].loop: needs at least one step"],
    [
      "[connect, send: { prompt: mix, expect: «eror }]",
      "scenarios.s.journey[1].send.expect: expected `error`, got `eror` | did you mean `error`?",
    ],
  ];

  it.each(cases)("%s", (journey, expected) => expectOnly(fileWith(LOAD, { journey }), expected));
});

describe("a mistake in a target is reported at its place", () => {
  const accounts = 'accounts: { pattern: "u{n}@x.org", password: pass-word }';
  const cases: readonly Case[] = [
    [
      "{ profile: «goldenpath, embedded: true }",
      "targets.t.profile: unknown profile `goldenpath` | did you mean `golden-path`?",
    ],
    [
      "{ embedded: true, options: { mode: «plan } }",
      "targets.t.options.mode: expected one of `plain`, `chatty`, got `plan`",
    ],
    ["«{ embedded: true, profile: netra }", "targets.t: profile `netra` needs options: tenant"],
    ["{ embedded: true, «url: http://localhost:1 }", "targets.t: an embedded target has no url"],
    ["«{ profile: golden-path }", "targets.t: needs a url, or `embedded: true`"],
    ["{ url: «nowhere }", "targets.t.url: expected a URL such as https://api.staging.example.com"],
    ["{ url: «ws://localhost:1 }", "targets.t.url: expected an http(s) URL: the profile derives"],
    ["{ url: «ftp://localhost:1 }", "targets.t.url: expected an http(s) URL"],
    [
      "«{ url: https://api.x.org }",
      "targets.t: needs accounts: none are made up on a host that is not this machine",
    ],
    ["{ embedded: true, clock: «unknown }", "targets.t.clock: an embedded target runs on this machine"],
    ["{ embedded: true, tls: «{ cert: pair.pem } }", "targets.t.tls: `cert` and `key` go together"],
    ["{ embedded: true, tls: { ca: «c.pem } }", "targets.t.tls.ca: cannot read c.pem: ENOENT"],
    ["{ embedded: true, tls: { ca: «note.txt } }", "targets.t.tls.ca: note.txt is not a PEM file"],
    [
      '{ embedded: true, headers: { «"a b": x } }',
      "targets.t.headers: `a b` is not a valid name of a header",
    ],
    [
      "{ embedded: true, headers: { «TraceParent: x } }",
      "targets.t.headers: turns and connections bring their own traceparent | trace: false",
    ],
    [
      "{ embedded: true, connect: { rate: «10 } }",
      "targets.t.connect.rate: expected a rate with its unit, such as 10/s (per s, m or h), got 10",
    ],
    [
      "{ embedded: true, connect: { concurrency: «0 } }",
      "targets.t.connect.concurrency: must be at least 1, is 0",
    ],
    [
      "{ embedded: true, limits: { frame: «1 } }",
      "targets.t.limits.frame: expected a size with its unit, such as 1MiB",
    ],
    [
      "{ embedded: true, accounts: { pattern: «u@x.org, password: pass-word } }",
      "targets.t.accounts.pattern: must contain {n}",
    ],
    ['{ embedded: true, «accounts: { pattern: "u{n}@x.org" } }', "targets.t.accounts.password: is missing"],
    [
      '{ embedded: true, accounts: { pattern: "u{n}@x.org", password: «12345 } }',
      "targets.t.accounts.password: expected a text, got a number: put it in quotes",
    ],
    [
      "{ embedded: true, accounts: { file: «none.csv } }",
      "targets.t.accounts.file: cannot read none.csv: ENOENT",
    ],
    [
      "{ embedded: true, accounts: { «fil: a.csv } }",
      "targets.t.accounts: unknown key `fil` | did you mean `file`?",
    ],
    [`{ url: https://api.x.org, ${accounts}, «shops: {} }`, "targets.t: unknown key `shops`"],
  ];
  const files = {
    "note.txt": "hello",
    "pair.pem": "-----BEGIN CERTIFICATE-----",
    "two.csv": "email,password\na@x.org,one-pass\nb@x.org,two-pass\n",
    "one.txt": "# tokens\n\nabcdefgh\n",
  };

  it.each(cases)("%s", (target, expected) => expectOnly(fileWith(LOAD, { target }), expected, { files }));

  it.each([
    ["{ embedded: true, accounts: { file: two.csv } }", "2 accounts"],
    ["{ embedded: true, accounts: { tokens: one.txt } }", "1 tokens"],
  ])("more users than %s holds", (target, held) => {
    const text = fileWith("load: { users: «5, hold: 5s }", { target });
    expectOnly(text, `scenarios.s.load.users: requires 5 users, but the target has only ${held}`, { files });
  });
});

describe("a mistake in the outline is reported at its place", () => {
  const sound = fileWith(LOAD);
  it.each([
    ["", "s.yaml:1:1: the file is empty"],
    ["- a\n- b\n", "s.yaml:1:1: expected a map"],
    [
      sound.replace("version: 1", "version: 2"),
      "s.yaml:1:10: this gp-load reads version 1 only | version: 1",
    ],
    [sound.replace("version: 1\n", ""), "s.yaml:1:1: `version` is missing"],
    [`${sound}scenaros: {}\n`, "s.yaml:9:1: unknown key `scenaros` | did you mean `scenarios`?"],
    [sound.replace("target: t", "target: tt"), "s.yaml:6:13: unknown target `tt` | did you mean `t`?"],
    [sound.replace("    target: t\n", ""), "s.yaml:5:3: scenarios.s.target: is missing | known: t"],
    [sound.replace(/ {4}journey.*\n/, ""), "s.yaml:6:5: scenarios.s.journey: is missing"],
    [sound.replace("  s:", '  "s/x":'), "s.yaml:5:3: `s/x` is not a valid name"],
    [
      "version: 1\ntargets: { t: { embedded: true } }\nscenarios: { s: 5 }\n",
      "s.yaml:3:14: scenarios.s expects a map",
    ],
    ["version: 1\ntargets: { t: { embedded: true } }\n", "s.yaml:1:1: `scenarios` is missing"],
  ])("%j", (text, expected) => {
    const problems = problemsOf(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(expected);
  });
});

it("a file with eight different mistakes reports all eight at once, in the order of the file", () => {
  const marked = `version: 1
targets:
  t: { profile: «golden, embedded: true }
  u: { url: «"nowhere", embedded: «maybe }
scenarios:
  s:
    target: t
    load: { users: «0, hold: «5 }
    journey:
      - connect
      - send: { «promt: mix }
    checks: [isolation, «hystory]
    «sede: 4
`;
  const pieces = marked.split("«");
  const expected = pieces.slice(1).map((_, at) => unmarked(`${pieces.slice(0, at + 1).join("")}«`).place);
  expect(expected).toHaveLength(8);
  const problems = problemsOf(pieces.join(""));
  expect(problems.map((problem) => `${problem.split(": ")[0]}: `)).toEqual(expected);
});

it("a mistake that scenarios inherit is reported once", () => {
  const problems = problemsOf(
    `${fileWith("load: { users: 0, hold: 5s }")}  child: { extends: s }\n  other: { extends: s }\n`,
  );
  expect(problems).toEqual(["s.yaml:8:20: scenarios.s.load.users: must be at least 1, is 0"]);
});

it("no message shows a password", () => {
  const target =
    '{ url: "ftp://me:open-sesame@x.org", accounts: { pattern: "{n}", password: open-sesame, regster: true } }';
  const text = problemsOf(fileWith(LOAD, { target })).join("\n");
  expect(text).toContain("regster");
  expect(text).not.toContain("open-sesame");
});
