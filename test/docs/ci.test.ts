// What docs/ci.md, action.yml and the project's own workflow say is sound, and the action's script does what it says.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { BASELINES } from "../../src/commands/command.js";
import { COMMANDS } from "../../src/commands/table.js";
import { EXIT } from "../../src/support/errors.js";
import { run } from "../commands/command.fixture.js";
import { describeWith, missing } from "../support/services.js";
import { blocks, ROOT, readDocument, section, tableRows } from "./markdown.js";
import { actionFaults, workflowFaults } from "./workflow-rules.js";

const PAGE = readDocument("docs/ci.md");
const ACTION = readFileSync(join(ROOT, "action.yml"), "utf8");
const WORKFLOWS = readdirSync(join(ROOT, ".github", "workflows"));

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly steps: readonly { readonly id?: string; readonly run?: string }[] };
}
const action = parse(ACTION) as Action;

/** An expression as a workflow has it. */
const REF = ["$", "{{ github.ref }}"].join("");

const folders: string[] = [];
function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "gp-load-ci-"));
  folders.push(made);
  return made;
}
afterAll(() => {
  for (const one of folders) rmSync(one, { recursive: true, force: true });
});

/** Whether the command line of a snippet is one of the program's. */
async function isKnown(line: string): Promise<boolean> {
  const words = line
    .replace(/\s*>.*$/, "")
    .replace(/^npx gp-load /, "")
    .split(" ");
  const deaf = COMMANDS.map((module) => ({ ...module, run: async () => EXIT.pass }));
  return (await run(words, {}, deaf)).exit === EXIT.pass;
}

describe("the action", () => {
  it("is one that GitHub takes", () => {
    expect(actionFaults(ACTION)).toEqual([]);
  });

  it("is explained input by input, output by output", () => {
    const listed = tableRows(section(PAGE, "## GitHub")).map(([name = ""]) => name.replaceAll("`", ""));
    expect(listed).toEqual([...Object.keys(action.inputs), ...Object.keys(action.outputs)]);
  });

  it("passes on all that the program leaves for later steps", () => {
    for (const [name, { value }] of Object.entries(action.outputs))
      expect(value).toContain(`steps.run.outputs.${name} `);
  });

  it("keeps the baseline if the program looks for it", () => {
    expect(ACTION.match(/path: (\S+)$/gm)).toContain(`path: ${BASELINES}`);
  });
});

describeWith(["bash"], "the action's script", () => {
  const script = action.runs.steps.find(({ id }) => id === "run")?.run ?? "";

  /** Runs it with a program that tells its arguments and exits as it is told. */
  function ran(env: Readonly<Record<string, string>>, exit = 0, baseline?: string) {
    const cwd = folder();
    mkdirSync(join(cwd, "action", "dist"), { recursive: true });
    const program = `console.log(JSON.stringify(process.argv.slice(2))); process.exit(${exit});`;
    writeFileSync(join(cwd, "action", "dist", "cli.js"), program);
    if (baseline !== undefined) {
      mkdirSync(join(cwd, "baselines", baseline), { recursive: true });
      writeFileSync(join(cwd, "baselines", baseline, "baseline.json"), "{}");
    }
    const inputs = { SCENARIOS: "", TAGS: "", FILE: "scenarios.yaml", ARGUMENTS: "", BASELINE: "" };
    const { PATH = "" } = process.env;
    const output = join(cwd, "output");
    const own = { PATH, PROGRAM: join(cwd, "action", "dist", "cli.js"), GITHUB_OUTPUT: output };
    // As GitHub runs it.
    const { status, stdout, stderr } = spawnSync("bash", ["-eo", "pipefail", "-c", script], {
      ...{ cwd, encoding: "utf8" },
      env: { ...own, ...inputs, ...env },
    });
    const line = stdout.split("\n").find((one) => one.startsWith("["));
    if (line === undefined) throw new Error(`${stdout}\n${stderr}`);
    return { status, args: JSON.parse(line) as string[], stdout, output: readFileSync(output, "utf8") };
  }

  it("passes on scenarios, tags and arguments, each as it was written", () => {
    const { status, args } = ran({
      SCENARIOS: "one two",
      TAGS: "smoke",
      ARGUMENTS: "--set\nsla.x=p99 < 5s\n",
    });
    expect(status).toBe(0);
    expect(args).toEqual([
      ...["run", "--quiet", "--file", "scenarios.yaml", "--tag", "smoke"],
      ...["--set", "sla.x=p99 < 5s", "one", "two"],
    ]);
  });

  it("passes on every name of a block of several lines", () => {
    const { status, args } = ran({
      SCENARIOS: "smoke\n  enterprise-100\tsearch\n\nlast\n",
      TAGS: "nightly\nquick\n",
    });
    expect(status).toBe(0);
    expect(args.slice(4)).toEqual([
      ...["--tag", "nightly", "--tag", "quick"],
      ...["smoke", "enterprise-100", "search", "last"],
    ]);
  });

  it.each([EXIT.fail, EXIT.invalid])("ends as the program does, and tells it: %i", (exit) => {
    const { status, output } = ran({ TAGS: "smoke" }, exit);
    expect([status, output]).toEqual([exit, `exit-code=${exit}\n`]);
  });

  it("compares with a baseline that is there, and says so if there is none yet", () => {
    expect(ran({ BASELINE: "main", SCENARIOS: "a" }, 0, "main").args.slice(-3)).toEqual([
      "--baseline",
      "main",
      "a",
    ]);
    const without = ran({ BASELINE: "main", SCENARIOS: "a" });
    expect(without.args).not.toContain("--baseline");
    expect(without.stdout).toContain("no baseline yet");
  });

  it("runs nothing that is in an input", () => {
    const evil = "$(touch evil) `touch evil`; touch evil";
    const { args } = ran({ SCENARIOS: evil, TAGS: evil, ARGUMENTS: evil, FILE: evil });
    expect(args).toContain(evil);
    for (const one of folders) expect(readdirSync(one)).not.toContain("evil");
  });
});

describe("a workflow", () => {
  const examples = blocks(PAGE, "yaml").filter((text) => text.startsWith("name:"));
  const own = WORKFLOWS.map(
    (name) => [name, readFileSync(join(ROOT, ".github", "workflows", name), "utf8")] as const,
  );

  it.each([...examples.map((text, at) => [`docs/ci.md #${at + 1}`, text] as const), ...own])(
    "is one that GitHub takes: %s",
    (_, text) => {
      expect(workflowFaults(text)).toEqual([]);
    },
  );

  it("of this project gates it with its smoke set, by itself", () => {
    expect(own.map(([, text]) => parse(text) as unknown)).toContainEqual(
      expect.objectContaining({
        jobs: expect.objectContaining({
          gate: expect.objectContaining({
            steps: expect.arrayContaining([
              expect.objectContaining({
                uses: "./",
                with: { version: "source", tags: "smoke", arguments: "--strict" },
              }),
            ]),
          }),
        }),
      }),
    );
  });

  it("gives the action only what it takes", () => {
    for (const text of [...examples, ...own.map(([, one]) => one)]) {
      const { jobs } = parse(text) as { readonly jobs: Record<string, { steps: Record<string, unknown>[] }> };
      for (const { uses, with: given = {} } of Object.values(jobs).flatMap(({ steps }) => steps)) {
        if (!/gp-load@|^\.\/$/.test(String(uses ?? ""))) continue;
        for (const name of Object.keys(given as object)) expect(Object.keys(action.inputs)).toContain(name);
      }
    }
  });

  it.each([
    ["on: push", "jobs: none"],
    ["on: pushed\njobs: { a: { runs-on: x, steps: [run: ls] } }", "no event pushed"],
    ["on: push\njobs: { a: { steps: [run: ls] } }", "runs nowhere"],
    ["on: push\njobs: { a: { runs-on: x, steps: [{ rn: ls }] } }", "no key rn"],
    ["on: push\njobs: { a: { runs-on: x, steps: [uses: actions/checkout] } }", "of no version"],
    ["on: push\njobs: { a: { runs-on: x, needs: b, steps: [run: ls] } }", "needs b"],
    // Only bash can tell.
    ...(missing(["bash"]) === undefined
      ? [["on: push\njobs: { a: { runs-on: x, steps: [run: 'if'] } }", "steps[0]: Error"]]
      : []),
    [`on: push\njobs: { a: { runs-on: x, steps: [run: 'echo ${REF}'] } }`, "within a script"],
    ["on: push\njobs: { a: { runs-on: x, steps: [{ if: steps.b.outcome, run: ls }] } }", "steps.b"],
  ])("that is wrong would be noticed: %s", (text, fault) => {
    expect(workflowFaults(text).join("\n")).toContain(fault);
  });

  it("and an action that is wrong as well", () => {
    expect(actionFaults(ACTION.replace("shell: bash", "shel: bash")).join("\n")).toContain("no key shel");
    expect(actionFaults(ACTION.replace("inputs.tags", "inputs.tag")).join("\n")).toContain("inputs.tag");
    expect(actionFaults(ACTION.replace("steps.run.outputs", "steps.ran.outputs"))).toEqual([
      "outputs: no step ran",
    ]);
  });
});

describe("the snippets for other services", () => {
  it("GitLab's job has a stage that there is, known commands, and keeps what the program writes", async () => {
    const text = blocks(PAGE, "yaml").find((one) => one.startsWith("stages:")) ?? "";
    const { stages, ...jobs } = parse(text) as { readonly stages: string[] } & Record<string, GitlabJob>;
    expect(Object.keys(jobs)).toEqual(["load"]);
    for (const { stage, image, script, artifacts, ...rest } of Object.values<GitlabJob>(jobs)) {
      expect(rest).toEqual({});
      expect(stages).toContain(stage);
      expect(image).toMatch(/^node:\d+$/);
      for (const line of script.filter((one) => one.includes("gp-load")))
        expect(await isKnown(line)).toBe(true);
      expect(artifacts).toEqual({
        when: "always",
        paths: ["reports/"],
        reports: { junit: junitOf(script.join("\n")) },
      });
    }
  });

  it("Jenkins' pipeline closes what it opens and runs known commands", async () => {
    const [text = ""] = blocks(PAGE, "groovy");
    const bare = text.replace(/'[^'\n]*'/g, "''");
    for (const [open = "", close = ""] of ["{}", "()"]) {
      expect(bare.split(open).length).toBeGreaterThan(1);
      expect(bare.split(open)).toHaveLength(bare.split(close).length);
    }
    const lines = [...text.matchAll(/^\s*sh '(.*)'$/gm)].map(([, line = ""]) => line);
    expect(lines).toHaveLength(2);
    for (const line of lines.filter((one) => one.includes("gp-load"))) expect(await isKnown(line)).toBe(true);
    expect(await isKnown("npx gp-load run --taag smoke")).toBe(false);
    expect(text).toContain(`junit '${junitOf(text)}'`);
  });

  describeWith(["bash"], "the shell's", () => {
    it("can be read by a shell", () => {
      for (const text of blocks(PAGE, "sh")) execFileSync("bash", ["-n"], { input: text });
    });
  });
});

/** Where a script has the program write its JUnit file. */
function junitOf(script: string): string {
  return /gp-load run .*--junit ([\w.]+)/.exec(script)?.[1] ?? "none";
}

interface GitlabJob {
  readonly stage: string;
  readonly image: string;
  readonly script: readonly string[];
  readonly artifacts: unknown;
}
