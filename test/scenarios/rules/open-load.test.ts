// What an open load asks of the rest of its scenario.
import { describe, expect, it } from "vitest";
import { openJourneyFaults, openSlaFaults } from "../../../src/scenarios/rules/open-load.js";
import { rule } from "../../support/records.js";
import { axes } from "../axes.fixture.js";
import { fileWith, loadOne, problemsOf } from "../load.fixture.js";

const LOAD = "load: { arrivals: 20/s, sessions: 30, hold: 10s }";
const problems = (journey: string, extra = LOAD, target?: string) =>
  problemsOf(fileWith(extra, { journey, ...(target === undefined ? {} : { target }) })).map((text) =>
    text.replace(/^s\.yaml:\d+:\d+: /, ""),
  );
const LOOP = "[connect, loop: [send: { prompt: mix }]]";

describe("an open load", () => {
  it("is read with its rate as a whole number, and a second to join for every hundred sessions", () => {
    expect(loadOne(fileWith(LOAD, { journey: LOOP })).load).toEqual({
      kind: "arrivals",
      sessions: 30,
      joinUs: 1_000_000,
      stages: [{ rate: 72_000_000, rampUs: 0, holdUs: 10_000_000 }],
    });
    const staged =
      "load: { sessions: 250, join: 9s, poisson: true, stages: [{ arrivals: 300/m, hold: 10s }, { arrivals: 9/s, ramp: 2s }] }";
    expect(loadOne(fileWith(staged, { journey: LOOP })).load).toMatchObject({
      joinUs: 9_000_000,
      burstiness: 1,
      stages: [
        { rate: 18_000_000, rampUs: 0 },
        { rate: 32_400_000, rampUs: 2_000_000, holdUs: 0 },
      ],
    });
    const many = "load: { arrivals: 1/s, sessions: 250, hold: 9s }";
    expect(loadOne(fileWith(many, { journey: LOOP })).load).toMatchObject({ joinUs: 3_000_000 });
  });

  it("takes its burstiness as a number above 0, also under its old name", () => {
    const read = (more: string) =>
      loadOne(fileWith(`load: { arrivals: 1/s, sessions: 9, hold: 9s, ${more} }`, { journey: LOOP })).load;
    expect(read("burstiness: 0.5")).toMatchObject({ burstiness: 0.5 });
    expect(read("poisson: true")).toEqual(read("burstiness: 1"));
    expect(read("poisson: false")).toEqual(read("join: 1s"));
    const faults = (more: string) =>
      problems(LOOP, `load: { arrivals: 1/s, sessions: 9, hold: 9s, ${more} }`);
    expect(faults("burstiness: 0")).toEqual([
      expect.stringMatching(/load\.burstiness: must be from 0\.01 to 1000, is 0$/),
    ]);
    expect(faults("burstiness: much")[0]).toMatch(/expected a number above 0, such as 1\.0, got `much`/);
    expect(faults("burstiness: 2, poisson: true")[0]).toMatch(
      /load\.poisson: cannot be used together with `burstiness`/,
    );
  });

  it("needs a loop without end to start, with a turn in it, and nothing behind it", () => {
    expect(problems("[connect, send: { prompt: mix }]")[0]).toMatch(/has no loop without `times`/);
    expect(
      problems("[connect, send: { prompt: mix }, loop: { steps: [send: { prompt: mix }], times: 3 }]")[0],
    ).toMatch(/no loop without/);
    expect(problems("[connect, loop: [send: { prompt: mix }], send: { prompt: mix }]")[0]).toMatch(
      /`send` is never reached/,
    );
    expect(problems("[connect, send: { prompt: mix }, loop: [connect]]")[0]).toMatch(/sends nothing/);
    expect(problems("[connect, loop: [send: { prompt: mix }, loop: [send: { prompt: mix }]]]")[0]).toMatch(
      /would never end/,
    );
    expect(problems("[connect, loop: [loop: { steps: [send: { prompt: mix }], times: 2 }]]")).toEqual([]);
  });

  it("refuses steps in its loop that only wait, and takes them before it", () => {
    expect(problems("[connect, loop: [send: { prompt: mix }, think: 1s]]")[0]).toMatch(
      /journey.*`think` in the loop of an open load would only keep its session busy/,
    );
    expect(problems("[connect, think: 1s, loop: [send: { prompt: mix }]]")).toEqual([]);
  });

  it("has no baseline to compare with", () => {
    const { load } = loadOne(fileWith(LOAD, { journey: LOOP }));
    const sla = { rules: [rule("degradation", "<= 2x")], off: [] };
    expect(openSlaFaults(load, sla)[0]).toMatchObject({
      path: ["sla", "degradation"],
      message: "needs a baseline step, which an open load has not",
    });
    expect(openSlaFaults(load, { rules: [rule("agent.response", "p50 < 1s")], off: [] })).toEqual([]);
  });

  it("has no groups: whoever is free takes the next start", () => {
    const { load, journey } = loadOne(fileWith(LOAD, { journey: LOOP }));
    expect(openJourneyFaults(load, { groups: [] }, axes.steps)[0]).toMatchObject({ path: ["groups"] });
    expect(openJourneyFaults(load, { journey }, axes.steps)).toEqual([]);
  });

  it("must give its sessions the time to connect that the target's rate takes", () => {
    const target = (rate: string) => `{ embedded: true, connect: { rate: ${rate} } }`;
    expect(problems(LOOP, LOAD, target("10/s"))[0]).toMatch(
      /30 sessions at the target's connect rate of 10\/s take 3s to connect, and have 1s.*join: 3s/,
    );
    expect(problems(LOOP, LOAD, target("30/s"))).toEqual([]);
  });

  it("must find an account for every session", () => {
    const target = "{ embedded: true, accounts: { tokens: t.txt } }";
    const text = fileWith(LOAD, { journey: LOOP, target });
    expect(problemsOf(text, { files: { "t.txt": "a\nb\n" } })[0]).toMatch(/requires 30 users.*only 2 tokens/);
  });

  it("replaces the closed load of the scenario that it extends", () => {
    const text = `${fileWith("load: { users: 9, ramp: 3s, hold: 5s }", { journey: LOOP })}  o: { extends: s, load: { arrivals: 1/s, sessions: 3, hold: 4s } }\n`;
    expect(loadOne(text, { selection: { names: ["o"] } }).load).toMatchObject({
      kind: "arrivals",
      sessions: 3,
    });
  });
});

describe("a load of sessions that come and go", () => {
  const COMING = "load: { sessions: { rate: 2/s, turns: 3..8 }, hold: 10s }";

  it("has a rate, a range of turns, and users enough for turns of 10 s", () => {
    expect(loadOne(fileWith(COMING, { journey: LOOP })).load).toEqual({
      kind: "arrivals",
      sessions: 160,
      joinUs: 0,
      turns: { from: 3, to: 8 },
      stages: [{ rate: 7_200_000, rampUs: 0, holdUs: 10_000_000 }],
    });
    const few =
      "load: { sessions: { rate: 30/m, turns: 4, users: 9 }, ramp: 2s, hold: 10s, burstiness: 0.5 }";
    expect(loadOne(fileWith(few, { journey: LOOP })).load).toMatchObject({
      sessions: 9,
      turns: { from: 4, to: 4 },
      burstiness: 0.5,
      stages: [{ rate: 1_800_000, rampUs: 2_000_000 }],
    });
    const overrides = { users: "7" };
    expect(loadOne(fileWith(COMING, { journey: LOOP }), { overrides }).load).toMatchObject({ sessions: 7 });
  });

  it.each([
    ["8..3", /load\.sessions\.turns: ends before it begins: 8\.\.3/],
    ["0", /turns: must be from 1 to 100000, is 0/],
    ["few", /turns: expected a whole number or a range, such as 3\.\.8, got `few`/],
    ["1.5", /turns: expected a whole number or a range/],
  ])("refuses %s turns", (turns, message) => {
    expect(problems(LOOP, `load: { sessions: { rate: 2/s, turns: ${turns} }, hold: 10s }`)).toEqual([
      expect.stringMatching(message),
    ]);
  });

  it("lets sessions think between their turns, and do something when these are over", () => {
    expect(
      problems("[connect, loop: [send: { prompt: mix }, think: 1s], send: { prompt: mix }]", COMING),
    ).toEqual([]);
    expect(problems("[connect, send: { prompt: mix }]", COMING)[0]).toMatch(
      /has no loop without `times`: sessions take their turns in it/,
    );
  });

  it("cannot come faster than the target's connect rate", () => {
    const target = (rate: string) => `{ embedded: true, connect: { rate: ${rate} } }`;
    expect(problems(LOOP, COMING, target("1/s"))[0]).toMatch(
      /load\.sessions\.rate: 2 sessions per second begin, and the target's connect rate is 1\/s.*connect: \{ rate: 2\/s \}/,
    );
    expect(problems(LOOP, COMING, target("2/s"))).toEqual([]);
  });

  it("replaces the sessions that stay of the scenario that it extends, and the other way round", () => {
    const child = (parent: string, own: string) =>
      loadOne(`${fileWith(parent, { journey: LOOP })}  o: { extends: s, ${own} }\n`, {
        selection: { names: ["o"] },
      }).load;
    expect(child(LOAD, "load: { sessions: { rate: 1/s, turns: 2 }, hold: 4s }")).toMatchObject({
      sessions: 20,
    });
    expect(child(COMING, LOAD)).toEqual(loadOne(fileWith(LOAD, { journey: LOOP })).load);
    expect(child(COMING, "load: { sessions: { users: 9 } }")).toMatchObject({
      sessions: 9,
      turns: { from: 3 },
    });
  });
});
