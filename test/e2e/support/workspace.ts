// A folder of a test's own: its scenario file, its reports, and runs that start in it.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import type { RunReport } from "../../../src/model/report/report.js";
import { type Finished, type RunningCli, startCli } from "./cli.js";

/** A run that has ended: what the command line said, and the report that it left. */
export interface RunResult extends Finished {
  readonly report: RunReport;
  /** Folder of this run's reports. */
  readonly folder: string;
}

export interface Workspace {
  readonly folder: string;
  readonly reports: string;
  write(name: string, text: string): string;
  /** Makes `name` a link to a folder elsewhere. */
  link(name: string, folder: string): void;
  /** Starts `gp-load run <args>` and does not wait for it. */
  start(args: readonly string[], env?: Readonly<Record<string, string>>): RunningCli;
  /** Runs `gp-load run <args>`. Throws with all it said when it left no report. */
  run(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<RunResult>;
  /** What a run that has ended left behind. */
  resultOf(finished: Finished): RunResult;
  /** Folders of the reports so far, oldest first. */
  runFolders(): readonly string[];
}

/** The scenario file is written as JSON, which is YAML as well. Everything is removed after the test. */
export function workspace(file: object): Workspace {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "gp-load-e2e-")));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const write = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  write("scenarios.yaml", JSON.stringify(file, null, 2));
  const reports = join(folder, "reports");
  const runFolders = (): readonly string[] =>
    existsSync(reports)
      ? readdirSync(reports, { withFileTypes: true })
          .filter((entry) => entry.isDirectory())
          .map(({ name }) => join(reports, name))
          .sort()
      : [];
  const start = (args: readonly string[], env?: Readonly<Record<string, string>>): RunningCli =>
    startCli(["run", ...args], { cwd: folder, ...(env ? { env } : {}) });
  const resultOf = (finished: Finished): RunResult => {
    const latest = runFolders().at(-1);
    const path = join(latest ?? "", "report.json");
    if (latest === undefined || !existsSync(path))
      throw new Error(`no report; exit ${finished.code}\n${finished.stdout}\n${finished.stderr}`);
    return { ...finished, folder: latest, report: JSON.parse(readFileSync(path, "utf8")) as RunReport };
  };
  return {
    folder,
    reports,
    write,
    link(name, target) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      symlinkSync(target, join(folder, name), "junction");
    },
    start,
    run: async (args, env) => resultOf(await start(args, env).finished),
    resultOf,
    runFolders,
  };
}
