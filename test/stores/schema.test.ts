// `stores:` of a target: what it takes, what it refuses, and that it tells no secret in doing so.
import { describe, expect, it } from "vitest";
import { AXES } from "../../src/app/axes.js";
import { loadScenarios } from "../../src/scenarios/load-file.js";
import { placeText, ScenarioProblems } from "../../src/scenarios/parse/problems.js";
import { redactedScenario, secretsOf } from "../../src/scenarios/redacted.js";
import type { Scenario } from "../../src/scenarios/scenario.js";
import { fileWith, LOAD } from "../scenarios/load.fixture.js";

const PASSWORD = "orange-harbour-91";
const URLS = {
  DATABASE_URL: `postgres://reader:${PASSWORD}@db.example:5432/app?sslmode=disable`,
  REDIS_URL: `rediss://:${PASSWORD}@cache.example:6380/2`,
  CLICKHOUSE_URL: `http://reader:${PASSWORD}@analytics.example:8123/app`,
};

function loaded(stores: string, profile = "golden-path", env: Record<string, string> = URLS): Scenario {
  const target = `{ embedded: true, profile: ${profile}, stores: ${stores} }`;
  const text = fileWith(LOAD, { target });
  const source = { path: "s.yaml", parts: [{ path: "s.yaml", text }], axes: AXES, env, readText: () => "" };
  const [scenario] = loadScenarios(source).scenarios;
  if (!scenario) throw new Error("no scenario");
  return scenario;
}

function problems(stores: string, profile?: string): string {
  try {
    loaded(stores, profile);
    return "";
  } catch (error) {
    if (!(error instanceof ScenarioProblems)) throw error;
    return error.problems.map(({ place, message }) => `${placeText(place)}: ${message}`).join("\n");
  }
}

const ALL =
  '{ postgres: "$' +
  '{DATABASE_URL}", redis: "$' +
  '{REDIS_URL}", clickhouse: "$' +
  '{CLICKHOUSE_URL}", probes: 2/s }';

describe("stores of a target", () => {
  it("are URLs, with the lookups of the profile", () => {
    const { stores } = loaded(ALL).target;
    expect(stores?.probesPerSecond).toBe(2);
    expect(stores?.list.map(({ store, place, windowUs }) => [store, place, windowUs])).toEqual([
      ["postgres", "db.example:5432/app", 1_000_000],
      ["redis", "cache.example:6380/2", 1_000_000],
      ["clickhouse", "analytics.example:8123/app", 10_000_000],
    ]);
    expect(stores?.list[0]?.byThread).toContain("gp_load_reference.messages");
    expect(stores?.list[1]).toMatchObject({ byThread: "thread:{thread}:messages", keep: 1000 });
  });

  it("may each be asked otherwise, and then are not asked as the profile would", () => {
    const own =
      '{ postgres: { url: "$' +
      '{DATABASE_URL}", by-thread: "SELECT 1 AS id FROM m WHERE t = ANY(:threads)", holds: answers, window: 3s, timeout: 1s } }';
    expect(loaded(own).target.stores?.list).toEqual([
      expect.objectContaining({
        byThread: "SELECT 1 AS id FROM m WHERE t = ANY(:threads)",
        byMessage: undefined,
        holds: "answers",
        windowUs: 3_000_000,
        timeoutUs: 1_000_000,
      }),
    ]);
  });

  it("are none if their URL is empty", () => {
    expect(loaded('{ postgres: "$' + '{NONE:-}" }').target.stores).toBeUndefined();
    expect(loaded("{}").target.stores).toBeUndefined();
  });

  it("keep their URLs from every report", () => {
    const scenario = loaded(ALL);
    const shown = JSON.stringify(redactedScenario(scenario));
    expect(shown).toContain("db.example:5432/app");
    expect(shown).not.toContain(PASSWORD);
    expect(shown).not.toContain("reader");
    expect(secretsOf(scenario)).toEqual(expect.arrayContaining([PASSWORD, URLS.REDIS_URL]));
  });
});

describe("a mistake in the stores of a target", () => {
  const postgres = (rest: string): string => `{ postgres: { url: "\${DATABASE_URL}", ${rest} } }`;
  it.each([
    ["{ mysql: x }", /unknown key `mysql`/],
    [
      `{ postgres: "mysql://root:${PASSWORD}@x/y" }`,
      /stores\.postgres: expected a connection URL such as postgres:/,
    ],
    [`{ redis: "no url ${PASSWORD}" }`, /stores\.redis: expected a connection URL such as redis/],
    [postgres('by-thread: "DELETE FROM m WHERE t = ANY(:threads)"'), /by-thread: must be one SELECT/],
    [postgres('by-thread: "SELECT 1"'), /by-thread: must look up rows by the list :threads/],
    [postgres("holds: nothing"), /holds/],
    [postgres("window: 3"), /window: expected a duration/],
    ['{ redis: { url: "$' + '{REDIS_URL}", by-thread: "messages" } }', /by-thread: must hold \{thread\}/],
    ["{ redis: { by-thread: 'x:{thread}' } }", /url/],
    ["{ probes: 5 }", /probes: expected a rate/],
  ])("is told: %s", (stores, message) => {
    const told = problems(stores);
    expect(told).toMatch(message);
    expect(told).not.toContain(PASSWORD);
  });
});
