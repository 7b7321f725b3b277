// Faults in the scenario file: what is refused before the start, where, and why.
import { describe, expect, it } from "vitest";
import { AXES } from "../../src/app/axes.js";
import { loadScenarios } from "../../src/scenarios/load-file.js";
import type { Overrides } from "../../src/scenarios/parse/overrides.js";
import { placeText, ScenarioProblems } from "../../src/scenarios/parse/problems.js";
import type { FaultSpec } from "../../src/scenarios/scenario.js";

const REFERENCE = "{ embedded: true }";

/** A sound scenario of 31 s with these lines of faults; the first of them is line 10. */
function file(faults: readonly string[], target = REFERENCE, more = ""): string {
  return `version: 1
targets:
  t: ${target}
scenarios:
  s:
    target: t
    load: { users: 4, ramp: 1s, hold: 30s }
    journey: [connect, send: { prompt: mix }]
    faults:
${faults.map((line) => `      - ${line}`).join("\n")}
${more}`;
}

function load(text: string, allowed?: Overrides["allowed"]) {
  const source = {
    path: "s.yaml",
    parts: [{ path: "s.yaml", text }],
    axes: AXES,
    env: {},
    readText: () => "",
  };
  return loadScenarios(source, {}, allowed ? { allowed } : {});
}

function faultsOf(...lines: readonly string[]): readonly FaultSpec[] {
  return load(file(lines)).scenarios[0]?.faults ?? [];
}

function problems(text: string, allowed?: Overrides["allowed"]): readonly string[] {
  try {
    load(text, allowed);
    return [];
  } catch (error) {
    if (!(error instanceof ScenarioProblems)) throw error;
    return error.problems.map(
      ({ place, message, hint }) => `${placeText(place)}: ${message}${hint ? ` | ${hint}` : ""}`,
    );
  }
}

const NOTHING = { faults: false, exec: false };

describe("a fault", () => {
  it("is read with its times and its action", () => {
    expect(faultsOf("{ at: 5s, for: 2s, every: 10s, jitter: 500ms, mark: the weather }")).toEqual([
      {
        atUs: 5_000_000,
        forUs: 2_000_000,
        everyUs: 10_000_000,
        jitterUs: 500_000,
        action: "mark",
        options: "the weather",
      },
    ]);
    expect(faultsOf("{ at: 5s, for: 2s, kill: }")[0]).toMatchObject({ action: "kill", options: {} });
  });

  it("that is written wrong is refused with the others, each at its line and column", () => {
    const found = problems(
      file([
        "{ at: 5, kill: {} }",
        "{ at: 5s, for: 1s, kil: {} }",
        "{ at: 5s, fro: 1s, kill: {} }",
        "{ at: 5s }",
        "kill",
        "{ at: 5s, for: 1s, kill: {}, mark: x }",
        "{ for: 1s, kill: {} }",
      ]),
    );
    expect(found[0]).toMatch(/^s\.yaml:10:1\d: .*faults\[0\]\.at: expected a duration/);
    expect(found[1]).toMatch(/^s\.yaml:11:\d+: .*unknown fault `kil` \| did you mean `kill`/);
    expect(found[2]).toMatch(/^s\.yaml:12:\d+: .*unknown key `fro` \| did you mean `for`/);
    expect(found[3]).toMatch(/^s\.yaml:13:\d+: .*names no action \| known: .*latency/);
    expect(found[4]).toMatch(/^s\.yaml:14:\d+: .*expected a fault/);
    expect(found[5]).toMatch(/^s\.yaml:15:\d+: .*one key, this one has 2: kill, mark/);
    expect(found[6]).toMatch(/^s\.yaml:16:\d+: .*at: is missing/);
    expect(found).toHaveLength(7);
  });

  it("that could never be undone is refused", () => {
    expect(problems(file(["{ at: 5s, kill: }"]))).toEqual([
      expect.stringMatching(/^s\.yaml:10:\d+: .*`kill` would never be undone \| say how long/),
    ]);
    expect(problems(file(["{ at: 5s, for: 1s, http: { url: 'http://127.0.0.1:1' } }"]))).toEqual([
      expect.stringMatching(/undo/),
    ]);
    expect(problems(file(["{ at: 5s, for: 1s, exec: { run: 'true' } }"]))).toEqual([
      expect.stringMatching(/undo/),
    ]);
  });

  it("that is over at once takes no time to hold", () => {
    expect(problems(file(["{ at: 5s, for: 2s, reset: }"], REFERENCE, "    via: proxy\n"))).toEqual([
      expect.stringMatching(/`reset` is over at once/),
    ]);
  });

  it("that overlaps itself is refused, and its like as well", () => {
    expect(problems(file(["{ at: 5s, for: 4s, every: 5s, jitter: 1001ms, mark: a }"]))).toEqual([
      expect.stringMatching(/^s\.yaml:10:\d+: .*every: overlaps itself/),
    ]);
    expect(problems(file(["{ at: 5s, for: 4s, every: 5s, jitter: 1s, mark: a }"]))).toEqual([]);
    const twice = ["{ at: 5s, for: 4s, kill: }", "{ at: 8s, for: 4s, kill: }"];
    expect(problems(file(twice))).toEqual([expect.stringMatching(/^s\.yaml:11:.*overlaps faults\[0\]/)]);
    expect(problems(file(["{ at: 5s, for: 4s, kill: }", "{ at: 8s, for: 4s, lock-database: }"]))).toEqual([]);
  });

  it("that lies after the end of the load, or would end there, is refused", () => {
    expect(problems(file(["{ at: 31s, for: 1s, mark: a }"]))).toEqual([
      expect.stringMatching(/at: starts at 31\.0s, after the end of the load at 31\.0s/),
    ]);
    expect(problems(file(["{ at: 29s, for: 3s, mark: a }"]))).toEqual([
      expect.stringMatching(/for: may end at 32\.0s, after the end of the load/),
    ]);
    expect(problems(file(["{ at: 29s, for: 2s, mark: a }"]))).toEqual([]);
  });
});

describe("leave", () => {
  const away = "{ url: 'https://api.example.com', accounts: { pattern: 'u{n}@example.com', password: pw } }";
  const kill =
    "{ at: 5s, for: 1s, http: { url: 'http://127.0.0.1:9/a', undo: { url: 'http://127.0.0.1:9/b' } } }";

  it("is needed for faults off this machine", () => {
    expect(problems(file([kill], away), NOTHING)).toEqual([
      expect.stringMatching(/would disturb api\.example\.com, which is not this machine \| --allow-faults/),
    ]);
    expect(problems(file([kill], away), { faults: true, exec: false })).toEqual([]);
    expect(problems(file([kill], "{ url: 'http://127.0.0.1:8000' }"), NOTHING)).toEqual([]);
    expect(problems(file(["{ at: 5s, for: 1s, mark: a }"], away), NOTHING)).toEqual([]);
  });

  it("is needed for hooks that call another machine", () => {
    const far = kill.replace("127.0.0.1:9/a", "ops.example.com/a");
    expect(problems(file([far]), NOTHING)).toEqual([expect.stringMatching(/calls ops\.example\.com/)]);
  });

  it("is needed for commands, whatever the target", () => {
    const exec = "{ at: 5s, for: 1s, exec: { run: 'true', undo: 'true' } }";
    expect(problems(file([exec]), { faults: true, exec: false })).toEqual([
      expect.stringMatching(/^s\.yaml:10:\d+: .*runs a command of the scenario file.*--allow-exec/),
    ]);
    expect(problems(file([exec]), { faults: false, exec: true })).toEqual([]);
    expect(problems(file([exec]))).toEqual([]);
  });
});

describe("a fault that this target cannot have", () => {
  it("is rejected: in the network without a proxy, or of the reference without the reference", () => {
    expect(problems(file(["{ at: 5s, for: 1s, latency: 50ms }"]))).toEqual([
      expect.stringMatching(/there is no fault proxy \| add to the scenario: via: proxy/),
    ]);
    expect(problems(file(["{ at: 5s, for: 1s, latency: 50ms }"], REFERENCE, "    via: proxy\n"))).toEqual([]);
    expect(problems(file(["{ at: 5s, for: 1s, kill: }"], "{ url: 'http://127.0.0.1:8000' }"))).toEqual([
      expect.stringMatching(/only possible with the embedded reference backend.*hook/),
    ]);
    expect(
      problems(
        file([], "{ url: 'https://127.0.0.1:8000' }", "    via: proxy\n").replace(
          "faults:\n\n",
          "faults: []\n",
        ),
      ),
    ).toEqual([expect.stringMatching(/plain http only/)]);
  });
});
