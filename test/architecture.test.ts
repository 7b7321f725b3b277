// The layers of the house: who may import whom, who alone may touch a library or a clock, how files look.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const SRC = fileURLToPath(new URL("../src", import.meta.url));

/** From the ground up; a folder may import itself, what is below it, and nothing beside it. */
const LAYERS = [
  ["support"],
  ["model", "llm"],
  ["scenarios", "metrics"],
  ["load", "wire", "sla", "progress"],
  ["profiles", "stores"],
  ["session"],
  ["extensions"],
  ["checks", "faults", "report", "export"],
  ["run"],
  ["fleet"],
  ["app"],
  ["commands"],
  ["cli.ts", "index.ts"],
] as const;

/** Floors inside a folder: its subfolders and the files beside them, from the ground up; rooms of one floor know nothing of each other. */
const INNER_LAYERS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  app: [
    ["context.ts", "version.ts", "axes.ts"],
    ["offline-protocol.ts", "own-code.ts"],
    ["calibration-file.ts", "chosen-file.ts", "lasting-interrupt.ts", "report-folder.ts", "stdout.ts"],
    ["compare", "live"],
    ["run"],
    ["calibrate", "capacity", "doctor", "library", "record", "trial"],
  ],
  run: [["plan", "model-server"], ["process"], ["coordinator", "worker"], ["trial"]],
  session: [
    ["linked-list.ts", "request-failure.ts", "starts.ts"],
    ["turn"],
    ["services.ts"],
    ["channel", "lookup"],
    ["user"],
    ["probe"],
    ["steps"],
    ["journey.ts"],
    ["visits.ts"],
  ],
  report: [
    ["text", "write-whole.ts"],
    ["build"],
    ["html", "formats"],
    ["capacity", "comparison", "history", "live", "suite", "transcript"],
    ["reporters.ts"],
    ["write.ts"],
  ],
  reference: [
    ["counters.ts", "json-depth.ts", "stamps.ts", "traces.ts"],
    ["defects"],
    ["options.ts"],
    ["storage"],
    ["tokens.ts"],
    ["agent", "socket"],
    ["run"],
    ["service.ts"],
    ["sabotage", "http"],
    ["turns"],
    ["gateway"],
    ["control-server.ts"],
    ["server.ts"],
    ["messages.ts"],
    ["launch.ts", "main.ts", "echo-main.ts"],
  ],
  fleet: [["messaging"], ["agent", "coordinator"]],
  llm: [
    ["conversation.ts", "delays.ts"],
    ["brain.ts", "conversations.ts", "faults.ts", "protocols"],
    ["script.ts"],
    ["scripted-brain.ts", "server.ts"],
  ],
  wire: [
    ["reading", "tls-parameters.ts"],
    ["http", "socket", "redis.ts"],
  ],
  model: [
    ["labels.ts", "transport.ts", "values.ts"],
    ["metric.ts"],
    ["verdict.ts"],
    ["turn"],
    ["log"],
    ["report"],
  ],
  "session/turn": [
    ["frames", "text"],
    ["exchange.ts", "streamed-answer.ts", "turn-control.ts"],
    ["turn.ts"],
    ["after-loss.ts", "correlation.ts", "disturbance.ts", "observer.ts", "probe-message.ts", "thread.ts"],
    ["former-turns.ts", "leaks.ts"],
    ["ending"],
  ],
  "profiles/generic": [["language"], ["schema"], ["frames"], ["requests"], ["protocol.ts"], ["preset.ts"]],
};

/** Most files right in one folder; plug-in folders hold one file a plug-in, and may be longer. */
const FILES_PER_FOLDER = 20;
const PLUG_IN_FOLDERS = ["checks", "commands", "session/steps", "faults/actions"];

/** Importers that reach into the reference backend: those that start it. */
const MAY_START_THE_REFERENCE = /^(run|app|commands)\//;

const SOLE_IMPORTERS: Readonly<Record<string, RegExp>> = {
  ws: /^wire\/socket\/websocket\.ts$/,
  undici: /^wire\/http\/http\.ts$/,
  "eventsource-parser": /^wire\/reading\/stream-frames\.ts$/,
  "socket.io-client": /^wire\/socket\/socket-io\.ts$/,
  "hdr-histogram-js": /^metrics\/distribution\.ts$/,
  yaml: /^scenarios\/[\w/-]+\.ts$/,
  commander: /^commands\/[\w-]+\.ts$/,
  pino: /^support\/log\/[\w-]+\.ts$/,
  pg: /^stores\/[\w-]+\.ts$/,
  "@clickhouse/client": /^stores\/[\w-]+\.ts$/,
  ioredis: /^wire\/redis\.ts$/,
  "string-width": /^support\/terminal-text\.ts$/,
  "csv-parse": /^scenarios\/parse\/csv\.ts$/,
  uplot: /^report\/html\/client\/[\w/-]+\.ts$/,
  bullmq: /^fleet\/[\w/-]+\.ts$/,
};

/** Reads of a clock outside support/clock.ts, each with its reason. */
const CLOCK_READERS: Readonly<Record<string, string>> = {
  "app/calibrate/calibrate-machine.ts":
    "the calendar time of the calibration is kept with it; nothing is measured by it",
  "app/run/prepare-run.ts":
    "the calendar time at which the run began names its folder; nothing is measured by it",
  "app/run/run-suite.ts": "the calendar time at which the suite began names its folder, as for a run",
  "app/capacity/capacity-answer.ts":
    "the calendar time at which a search began names its folder, as for a run",
};

interface Import {
  readonly from: string;
  /** Path under src, or the name of a package. */
  readonly to: string;
  readonly typeOnly: boolean;
  readonly local: boolean;
}

const files = readdirSync(SRC, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".ts"))
  .map((path) => path.replaceAll("\\", "/"))
  .sort();
const text = new Map(files.map((path) => [path, readFileSync(join(SRC, path), "utf8")]));
const imports = files.flatMap((path) => importsOf(path, text.get(path) ?? ""));

/** Every import and re-export of a file, types and dynamic ones included. */
function importsOf(path: string, source: string): Import[] {
  const code = withoutComments(source);
  const statements = [
    ...code.matchAll(/^(?:import|export)\s+(type\s+)?(?:[\w*{][^;"']*?\sfrom\s*)?["']([^"']+)["']/gm),
    ...code.matchAll(/\b()import\(\s*["']([^"']+)["']\s*\)/g),
  ];
  return statements.map(([statement, typeKeyword, specifier = ""]) => {
    const resolved = resolve(SRC, dirname(path), specifier.replace(/\.js$/, ".ts"));
    // What lies beside src is as foreign as a package: the types of the scenario file.
    const local = specifier.startsWith(".") && !relative(SRC, resolved).startsWith("..");
    const to = local ? relative(SRC, resolved).replaceAll("\\", "/") : packageOf(specifier);
    const named = /\{([^}]*)\}/.exec(statement)?.[1]?.split(",") ?? [];
    const bindings = named.map((name) => name.trim()).filter((name) => name !== "");
    const onlyTypes = bindings.length > 0 && bindings.every((name) => name.startsWith("type "));
    return { from: path, to, typeOnly: Boolean(typeKeyword) || onlyTypes, local };
  });
}

function packageOf(specifier: string): string {
  if (specifier.startsWith("node:")) return specifier;
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}

function withoutComments(source: string): string {
  return source.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
}

const folderOf = (path: string): string => path.split("/")[0] ?? path;
const layerOf = (folder: string): number =>
  LAYERS.findIndex((layer) => (layer as readonly string[]).includes(folder));
const shown = ({ from, to }: Import): string => `${from} → ${to}`;

describe("the test itself", () => {
  it("saw the whole tree, and the imports in it", () => {
    expect(files.length).toBeGreaterThan(100);
    expect(imports.length).toBeGreaterThan(files.length * 2);
    expect(imports.filter(({ typeOnly }) => typeOnly).length).toBeGreaterThan(50);
  });

  it("understands every form of import", () => {
    const source = [
      'import a from "./a.js";',
      'import type { B } from "../model/b.js";',
      'import { type C, type D } from "zod";',
      "import {\n  e,\n  type F,\n} from './e.js';",
      'import * as g from "@scope/pkg/deep";',
      'import "./side-effect.js";',
      'export { h } from "./h.js";',
      'export type { I } from "./i.js";',
      'export * from "node:fs";',
      'const j = await import("./j.js");',
      '// import k from "./k.js";',
      'export const l = "./l.js";',
    ].join("\n");
    expect(importsOf("run/x.ts", source).map(({ to, typeOnly }) => (typeOnly ? `type ${to}` : to))).toEqual([
      "run/a.ts",
      "type model/b.ts",
      "type zod",
      "run/e.ts",
      "@scope/pkg",
      "run/side-effect.ts",
      "run/h.ts",
      "type run/i.ts",
      "node:fs",
      "run/j.ts",
    ]);
  });
});

describe("imports", () => {
  it("lead to files that exist", () => {
    const broken = imports.filter(({ local, to }) => local && !text.has(to));
    expect(broken.map(shown)).toEqual([]);
  });

  it("go down only: support, model, scenarios and metrics, … run, commands, cli", () => {
    const up = imports.filter(({ from, to, local }) => {
      const [above, below] = [folderOf(from), folderOf(to)];
      if (!local || above === below || above === "reference" || below === "reference") return false;
      return layerOf(below) < 0 || layerOf(above) <= layerOf(below);
    });
    expect(up.map(shown)).toEqual([]);
    expect(files.map(folderOf).filter((folder) => folder !== "reference" && layerOf(folder) < 0)).toEqual([]);
  });

  it.each(Object.entries(INNER_LAYERS))("go down only inside %s, too", (folder, floors) => {
    const within = (path: string): boolean => path.startsWith(`${folder}/`);
    const roomOf = (path: string): string => path.slice(folder.length + 1).split("/")[0] ?? path;
    const floorOf = (path: string): number => floors.findIndex((floor) => floor.includes(roomOf(path)));
    const inside = files.filter(within);
    expect(inside.filter((path) => floorOf(path) < 0)).toEqual([]);
    const up = imports.filter(
      ({ from, to, local }) =>
        local &&
        within(from) &&
        within(to) &&
        roomOf(from) !== roomOf(to) &&
        floorOf(from) <= floorOf(to) &&
        // Files beside subfolders share their floor as one room does.
        !(roomOf(from).endsWith(".ts") && roomOf(to).endsWith(".ts") && floorOf(from) === floorOf(to)),
    );
    expect(up.map(shown)).toEqual([]);
  });

  it("name the whole of a worker's services only if they are put together: whoever uses some takes just those", () => {
    const naming = files.filter((path) =>
      /import[^;]*\bServices\b[^;]*services\.js"/.test(text.get(path) ?? ""),
    );
    expect(naming).toEqual(["run/worker/composition.ts"]);
  });

  it("never lead from report or progress to run, and from run to progress only for a type", () => {
    const wrong = imports.filter(({ from, to, typeOnly }) => {
      const [above, below] = [folderOf(from), folderOf(to)];
      if ((above === "report" || above === "progress") && below === "run") return true;
      if (above !== "run") return false;
      return below === "report" || (below === "progress" && !(typeOnly && to === "progress/state.ts"));
    });
    expect(wrong.map(shown)).toEqual([]);
  });

  it("leave the reference backend a tree of its own, on nothing but support and the model endpoint", () => {
    const out = imports.filter(
      ({ from, to, local }) =>
        local && folderOf(from) === "reference" && !["reference", "llm", "support"].includes(folderOf(to)),
    );
    const into = imports.filter(
      ({ from, to }) =>
        folderOf(to) === "reference" && folderOf(from) !== "reference" && !MAY_START_THE_REFERENCE.test(from),
    );
    expect([...out, ...into].map(shown)).toEqual([]);
  });

  it("form no circle, types included", () => {
    const next = new Map<string, string[]>();
    for (const { from, to, local } of imports) if (local) next.set(from, [...(next.get(from) ?? []), to]);
    expect(circleIn(next)).toEqual([]);
    expect(
      circleIn(
        new Map([
          ["a", ["b"]],
          ["b", ["c"]],
          ["c", ["a"]],
        ]),
      ),
    ).toEqual(["a", "b", "c", "a"]);
  });
});

/** The first circle that a walk finds, as the way round it; empty for none. */
function circleIn(next: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const done = new Set<string>();
  const walk = (file: string, way: readonly string[]): readonly string[] => {
    if (way.includes(file)) return [...way.slice(way.indexOf(file)), file];
    if (done.has(file)) return [];
    for (const target of next.get(file) ?? []) {
      const circle = walk(target, [...way, file]);
      if (circle.length > 0) return circle;
    }
    done.add(file);
    return [];
  };
  for (const file of next.keys()) {
    const circle = walk(file, []);
    if (circle.length > 0) return circle;
  }
  return [];
}

describe("libraries", () => {
  it.each(Object.entries(SOLE_IMPORTERS))("%s has one importer", (library, allowed) => {
    const importers = [
      ...new Set(imports.filter(({ to, typeOnly }) => to === library && !typeOnly).map(({ from }) => from)),
    ].filter((from) => folderOf(from) !== "reference");
    expect(importers.length).toBeLessThanOrEqual(1);
    for (const importer of importers) expect(importer).toMatch(allowed);
  });

  it.each(["ws", "undici", "hdr-histogram-js", "yaml", "commander"])("%s is imported at all", (library) => {
    expect(imports.some(({ to, from }) => to === library && folderOf(from) !== "reference")).toBe(true);
  });

  it("are kept out of what is pure: load knows none, model only its schemas, metrics only its histogram", () => {
    const pure: Readonly<Record<string, readonly string[]>> = {
      load: [],
      model: ["zod"],
      metrics: ["hdr-histogram-js"],
    };
    const known = imports.filter(
      ({ from, to, local }) => !local && pure[folderOf(from)]?.includes(to) === false,
    );
    expect(known.map(shown)).toEqual([]);
  });
});

describe("time", () => {
  it("is read in support/clock.ts, in the reference, and where there is a reason", () => {
    const reads = /\bDate\.now\b|\bperformance\.(now|timeOrigin)\b|\bprocess\.hrtime\b|\bnew Date\(\s*\)/;
    const readers = files.filter(
      (path) => folderOf(path) !== "reference" && reads.test(withoutComments(text.get(path) ?? "")),
    );
    expect(readers.filter((path) => path !== "support/clock.ts" && !(path in CLOCK_READERS))).toEqual([]);
    expect(readers).toContain("support/clock.ts");
    expect(Object.keys(CLOCK_READERS).filter((path) => !readers.includes(path))).toEqual([]);
  });

  it("passes without timers in load, metrics, model and sla", () => {
    const timers = /\bset(Timeout|Interval|Immediate)\b|\bnode:timers|\bsystemClock\b|\bnowUs\(/;
    const wrong = files.filter(
      (path) =>
        ["load", "metrics", "model", "sla"].includes(folderOf(path)) &&
        timers.test(withoutComments(text.get(path) ?? "")),
    );
    expect(wrong).toEqual([]);
  });
});

describe("the process", () => {
  it("is left in one place only", () => {
    const leavers = files.filter(
      (path) =>
        folderOf(path) !== "reference" && /\bprocess\.exit\(/.test(withoutComments(text.get(path) ?? "")),
    );
    expect(leavers.filter((path) => path !== "cli.ts" && path !== "run/worker/main.ts")).toEqual([]);
  });
});

describe("a folder", () => {
  it(`holds at most ${FILES_PER_FOLDER} files, unless each is a plug-in`, () => {
    const held = new Map<string, number>();
    for (const path of files) held.set(dirname(path), (held.get(dirname(path)) ?? 0) + 1);
    const full = [...held].filter(
      ([folder, count]) => count > FILES_PER_FOLDER && !PLUG_IN_FOLDERS.includes(folder),
    );
    expect(full).toEqual([]);
    expect(PLUG_IN_FOLDERS.filter((folder) => !held.has(folder))).toEqual([]);
  });
});

describe("a file", () => {
  it("starts with one line that says what it does", () => {
    const silent = files.filter((path) => !/^(#![^\n]*\n)?\/\/ [^\n]{15,}\n/.test(text.get(path) ?? ""));
    expect(silent).toEqual([]);
  });

  it("holds no `any`, no `!`, no silenced check and no note of work undone", () => {
    const code = /\bas any\b|: any\b|<any>|\w!\.|@ts-(ignore|expect-error|nocheck)/;
    const comments = /@ts-(ignore|expect-error|nocheck)|biome-ignore(?! [\w/]+: \w)|\bTODO\b|\bFIXME\b/;
    const marked = files.filter((path) => {
      const source = text.get(path) ?? "";
      return code.test(withoutComments(source)) || comments.test(source);
    });
    expect(marked).toEqual([]);
  });
});
