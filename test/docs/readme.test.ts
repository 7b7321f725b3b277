// What the documents tell people to type, write and follow is right: commands, scenario files, exit codes, links.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { AXES } from "../../src/app/axes.js";
import type { CommandModule } from "../../src/commands/command.js";
import { COMMANDS } from "../../src/commands/table.js";
import { loadScenarios } from "../../src/scenarios/load-file.js";
import { parseModelScript } from "../../src/scenarios/model-script.js";
import { loadPromptFile } from "../../src/scenarios/prompts/prompt.js";
import { EXIT, EXIT_PRECEDENCE } from "../../src/support/errors.js";
import { run } from "../commands/command.fixture.js";
import {
  anchors,
  blocks,
  DOCUMENTS,
  localLinks,
  ROOT,
  readDocument,
  section,
  tableRows,
  withoutBlocks,
} from "./markdown.js";

const README = readDocument("README.md");
const ENV = {
  LOAD_PASSWORD: "a-password",
  OPS_TOKEN: "a-token",
  DATABASE_URL: "postgres://reader@127.0.0.1:1/app",
  CLICKHOUSE_URL: "http://127.0.0.1:1",
};

/** The real commands with their flags, which only remember what they were asked for. */
function deafCommands(asked: string[]): readonly CommandModule[] {
  return COMMANDS.map((module) => ({
    ...module,
    run: async ({ args }) => {
      asked.push(...(module.name === "run" || module.name === "validate" ? args : []));
      return EXIT.pass;
    },
  }));
}

/** Command lines that people copy: of shell blocks, and of the steps of a workflow. */
function commandLines(markdown: string): readonly string[] {
  const typed = blocks(markdown, "sh").flatMap((text) => text.split("\n"));
  const steps = blocks(markdown, "yaml").flatMap((text) =>
    [...text.matchAll(/^\s*- run: (.+)$/gm)].map(([, line = ""]) => line),
  );
  return [...typed, ...steps]
    .flatMap((line) => line.replace(/(^|\s)#.*$/, "").split("&&"))
    .map((line) => line.trim().replace(/^([A-Z_]+=\S+ )+/, ""))
    .filter((line) => line !== "");
}

/** Words as a shell splits them, single and double quotes undone. */
function words(line: string): readonly string[] {
  return [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, bare]) => single ?? double ?? bare ?? "",
  );
}

function programArgs(line: string): readonly string[] | undefined {
  const own = ["node dist/cli.js ", "npx gp-load ", "gp-load "].find((start) => line.startsWith(start));
  return own === undefined ? undefined : words(line.slice(own.length));
}

const scripts = (
  JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { scripts: Record<string, string> }
).scripts;

/** Why an npm command line would not work here, or `undefined`. */
function npmFault(line: string): string | undefined {
  const [, verb = "", name = ""] = words(line);
  if (["ci", "cit", "install"].includes(verb)) return undefined;
  const script = verb === "run" ? name : verb;
  return script in scripts ? undefined : `no script "${script}"`;
}

describe("a command line", () => {
  const lines = DOCUMENTS.flatMap((path) =>
    commandLines(readDocument(path)).map((line) => [path, line] as const),
  );

  it("is found where there are some", () => {
    expect(lines.filter(([path]) => path === "README.md").length).toBeGreaterThan(8);
    expect(commandLines("```sh\nnpm ci && gp-load run 'a b' # why\n```")).toEqual([
      "npm ci",
      "gp-load run 'a b'",
    ]);
    expect(programArgs("gp-load run 'a b' --set \"x=p99 < 5s\"")).toEqual([
      "run",
      "a b",
      "--set",
      "x=p99 < 5s",
    ]);
  });

  it.each(lines)("of %s is known: %s", async (path, line) => {
    const args = programArgs(line);
    if (args === undefined) {
      expect(line).toMatch(/^npm /);
      expect(npmFault(line)).toBeUndefined();
      return;
    }
    const asked: string[] = [];
    const { exit, stderr } = await run(args, {}, deafCommands(asked));
    expect([exit, stderr]).toEqual([EXIT.pass, ""]);
    // The README speaks of the catalogue; other documents of their own examples.
    if (path !== "README.md") return;
    const catalogue = catalogueNames();
    for (const name of asked) expect(catalogue).toContain(name);
  });

  it("that is wrong would be noticed", async () => {
    for (const args of [["rn"], ["run", "--user", "5"], ["list", "x"]]) {
      expect((await run(args, {}, deafCommands([]))).exit).toBe(EXIT.usage);
    }
    expect(npmFault("npm run no-such")).toBeDefined();
  });
});

describe("a flag that prose mentions", () => {
  const known = new Set([
    "help",
    // npm's own
    "save-dev",
    ...COMMANDS.flatMap(({ options }) =>
      Object.keys(options).flatMap((flags) =>
        [...flags.matchAll(/--([\w-]+)/g)].map(([, name]) => name ?? ""),
      ),
    ),
  ]);
  it.each(DOCUMENTS)("is one of the program's own: %s", (path) => {
    const flags = [...withoutBlocks(readDocument(path)).matchAll(/(?<![\w|-])--([a-z][\w-]*)/g)];
    expect(flags.map(([, name = ""]) => name).filter((name) => !known.has(name))).toEqual([]);
  });
});

describe("an example of YAML", () => {
  const examples = DOCUMENTS.flatMap((path) =>
    blocks(readDocument(path), "yaml").map((text, at) => [`${path} #${at + 1}`, text] as const),
  );

  it("is found where there are some", () => {
    expect(examples.filter(([name]) => name.startsWith("README.md")).length).toBeGreaterThanOrEqual(2);
    expect(examples.filter(([name]) => name.startsWith("docs/scenarios.md")).length).toBeGreaterThanOrEqual(
      6,
    );
  });

  it.each(examples)("is sound: %s", (_name, text) => {
    const kind = /^(\w+):/m.exec(text)?.[1];
    switch (kind) {
      case "version":
        // Its steps are in a module that the reader has yet to write.
        if (text.includes("extensions:"))
          return expect(() => loadedNames(text)).toThrow(/^\S+ \S+: unknown step `acme\/pay`\n[^\n]*$/);
        return expect(loadedNames(text).length).toBeGreaterThan(0);
      case "load":
      case "journey":
      case "faults":
      case "sla":
        return expect(loadedNames(around(kind, text))).toEqual(["example"]);
      case "stores":
        return expect(loadedNames(ofTarget(text))).toEqual(["example"]);
      case "control":
        return expect(loadedNames(ofTarget(inGeneric(text)))).toEqual(["example"]);
      case "model":
        return expect(parseModelScript(text, "model.yaml").faults.length).toBeGreaterThan(0);
      case "prompts":
        return expect(loadPromptFile("prompts.yaml", () => text)).not.toEqual([]);
      case "name":
        // A workflow of a CI service: its command lines are held above.
        return expect(text).toMatch(/gp-load run|uses: .*gp-load@/);
      case "stages":
        // A job of GitLab's: ci.test.ts holds it.
        return expect(text).toContain("gp-load run");
      default:
        throw new Error(`nobody knows how to check an example that begins with "${kind}"`);
    }
  });

  it("that is wrong would be noticed", () => {
    expect(() => loadedNames(around("sla", "sla: { agent.respons: p99 < 5s }"))).toThrow(/agent\.response/);
  });
});

/** A fragment of a scenario within a file that is sound but for it. */
function around(key: string, fragment: string): string {
  const others = {
    load: "load: { users: 2, hold: 2m }",
    journey: "journey: [connect, loop: [send: { prompt: mix }]]",
  };
  const rest = Object.entries(others).flatMap(([name, line]) => (name === key ? [] : [line]));
  const lines = ["target: t", ...rest, ...fragment.trimEnd().split("\n")];
  const indented = lines.map((line) => `    ${line}`).join("\n");
  return `version: 1\ntargets:\n  t: { embedded: true }\nscenarios:\n  example:\n${indented}\n`;
}

/** Keys of a target within a file that is sound but for them. */
function ofTarget(keys: string): string {
  const file = around("", "");
  const indented = keys.trimEnd().replaceAll(/^/gm, "    ");
  return file.replace("t: { embedded: true }", `t:\n    url: http://127.0.0.1:1\n${indented}`);
}

/** Options of the profile `generic`, on top of those of a socket that is known. */
function inGeneric(options: string): string {
  return `profile: openai-realtime\noptions:\n${options.trimEnd().replaceAll(/^/gm, "  ")}\n`;
}

function loadedNames(text: string): readonly string[] {
  const readText = (path: string): string => {
    if (path === "BurstGPT_1.csv") return "Timestamp,Request tokens\n5,472\n";
    if (path === "accounts.csv") {
      const accounts = Array.from({ length: 5 }, (_, n) => `u${n}@example.com,a-password\n`);
      return `email,password\n${accounts.join("")}`;
    }
    throw new Error(`${path} is not there`);
  };
  const source = {
    path: "example.yaml",
    parts: [{ path: "example.yaml", text }],
    axes: AXES,
    env: ENV,
    readText,
  };
  return loadScenarios(source).scenarios.map(({ name }) => name);
}

function catalogueNames(): readonly string[] {
  return loadedNames(readFileSync(join(ROOT, "scenarios.yaml"), "utf8"));
}

describe("exit codes", () => {
  it.each([
    ["README.md", "## Verdicts and exit codes"],
    ["docs/verdicts.md", "## Exit codes"],
  ])("are those of the program, in the order in which they apply: %s", (path, heading) => {
    const part = section(readDocument(path), heading);
    const listed = tableRows(part).map(([code = ""]) => Number(code));
    expect(listed).toEqual(Object.values(EXIT).sort((a, b) => a - b));
    const prose = part.split("\n").filter((line) => !line.startsWith("|"));
    const order = /\b70\b[^.]*\b0\./.exec(prose.join(" "))?.[0] ?? "";
    expect((order.match(/\d+/g) ?? []).map(Number)).toEqual(EXIT_PRECEDENCE);
  });
});

describe("a link", () => {
  it.each(DOCUMENTS)("of %s leads to a file and a heading that exist", (path) => {
    const broken = localLinks(readDocument(path)).filter((target) => {
      const [file = "", anchor] = target.split("#");
      const full = file === "" ? path : join(dirname(path), file);
      if (!existsSync(join(ROOT, full))) return true;
      return anchor !== undefined && !anchors(readDocument(full)).includes(anchor);
    });
    expect(broken).toEqual([]);
  });
});

describe("the limits that the documents admit", () => {
  const limits = readDocument("docs/limits.md");

  it("are still there: open loads without a baseline, a proxy without TLS", () => {
    expect(limits).toContain("no baseline step");
    expect(() =>
      loadedNames(around("load", "load: { arrivals: 20/s, sessions: 9, hold: 5s, baseline: true }")),
    ).toThrow(/baseline/);
    expect(limits).toContain("fault proxy carries plain http only");
  });
});

describe("the README", () => {
  it("fits on a few screens, and every page of docs/ is in the table of contents", () => {
    expect(README.split("\n").length).toBeLessThanOrEqual(150);
    const listed = localLinks(readDocument("docs/README.md")).map((target) => `docs/${target}`);
    const pages = readdirSync(join(ROOT, "docs")).filter(
      (name) => name.endsWith(".md") && name !== "README.md",
    );
    expect(listed.sort()).toEqual(pages.map((name) => `docs/${name}`).sort());
  });

  it("opens with what it is and the two commands", () => {
    const first = README.split("\n").slice(0, 8).join("\n");
    expect(first).toContain("npm ci && npm start");
    expect(first).toContain("npm cit");
  });

  it("shows a failing SLA before anything else", () => {
    const [output = ""] = blocks(README, "text");
    expect(output).toMatch(/^✗ FAIL /);
    const metrics = [...output.matchAll(/^[✓✗] ([a-z]+(?:[.-][a-z]+)*) {2,}/gm)].map(([, name]) => name);
    expect(metrics.length).toBeGreaterThan(5);
    for (const name of metrics) expect(AXES.metricNames).toContain(name);
  });
});
