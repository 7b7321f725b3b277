// Loads scenario texts in tests: a sound file to vary, and problems as short lines.
import { type LoadedScenarios, loadScenarios } from "../../src/scenarios/load-file.js";
import type { Overrides } from "../../src/scenarios/parse/overrides.js";
import { placeText, ScenarioProblems } from "../../src/scenarios/parse/problems.js";
import type { Scenario } from "../../src/scenarios/scenario.js";
import type { Selection } from "../../src/scenarios/selection.js";
import { axes } from "./axes.fixture.js";

export interface Options {
  readonly env?: Readonly<Record<string, string>>;
  readonly overrides?: Overrides;
  readonly selection?: Selection;
  /** Files beside the scenario file. */
  readonly files?: Readonly<Record<string, string>>;
}

export function load(text: string, options: Options = {}): LoadedScenarios {
  const { env = {}, overrides, selection, files = {} } = options;
  const readText = (path: string): string => {
    const content = files[path];
    if (content === undefined) throw Object.assign(new Error("no such file"), { code: "ENOENT" });
    return content;
  };
  return loadScenarios(
    { path: "s.yaml", parts: [{ path: "s.yaml", text }], axes, env, readText },
    selection,
    overrides,
  );
}

/** The first scenario of a file that must be sound. */
export function loadOne(text: string, options: Options = {}): Scenario {
  const [scenario] = load(text, options).scenarios;
  if (!scenario) throw new Error("no scenario");
  return scenario;
}

/** The problems of a file, each as `place: message | hint`; empty when it is sound. */
export function problemsOf(text: string, options: Options = {}): readonly string[] {
  try {
    load(text, options);
    return [];
  } catch (error) {
    if (!(error instanceof ScenarioProblems)) throw error;
    return error.problems.map(
      ({ place, message, hint }) =>
        `${placeText(place)}: ${message}${hint === undefined ? "" : ` | ${hint}`}`,
    );
  }
}

/** A sound file with one scenario `s`; `lines` replace or follow its keys. Line 8 is the first of `extra`. */
export function fileWith(
  extra: string,
  parts: { readonly target?: string; readonly journey?: string } = {},
): string {
  return `version: 1
targets:
  t: ${parts.target ?? "{ embedded: true }"}
scenarios:
  s:
    target: t
    journey: ${parts.journey ?? "[connect, send: { prompt: mix }]"}
    ${extra}
`;
}

/** The load that tests use which are not about loads. */
export const LOAD = "load: { users: 2, hold: 5s }";
