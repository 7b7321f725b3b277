// A fleet of a test's own: its key file, its workers as the command line starts them, and runs over it.
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { RunReport } from "../../../src/model/report/report.js";
import { type RunningCli, startCli } from "../../e2e/support/cli.js";
import { countedJourney, load, scenarioFile } from "../../e2e/support/scenario.js";
import { waitUntil } from "../../e2e/support/wait.js";
import { type Workspace, workspace } from "../../e2e/support/workspace.js";

/** A busy machine makes histories slow and users late, which is not the point of these tests. */
export const FLEET_SLA = { "history.query": "max < 10s", "users.live": "off" };

/** StartFailures that lie in gp-load's own part of the run; a busy machine adds others. */
export function causesOf({ invalidReasons }: RunReport) {
  return invalidReasons.filter(({ code }) => !code.startsWith("generator-"));
}

export interface TestFleet {
  readonly space: Workspace;
  /** Starts `gp-load worker`; resolves when it serves. */
  worker(name: string, ...more: readonly string[]): Promise<RunningCli>;
  /** What `gp-load run` needs beside the scenario. */
  readonly args: readonly string[];
}

export function testFleet(
  redisUrl: string,
  file: object,
  env: Readonly<Record<string, string>> = {},
): TestFleet {
  const space = workspace(file);
  space.write("fleet.key", randomBytes(32).toString("base64"));
  return {
    space,
    args: ["--fleet", redisUrl, "--fleet-key-file", "fleet.key", "--fleet-wait", "15s"],
    async worker(name, ...more) {
      const key = join(space.folder, "fleet.key");
      const own = ["worker", "--redis", redisUrl, "--fleet-key-file", key, "--name", name];
      const worker = startCli([...own, ...more], { cwd: space.folder, env });
      await worker.said("serves the fleet");
      return worker;
    },
  };
}

/** Users who each say so much, and no more, all in the hold: what is counted is the same in every run. */
export function fixedScenario(target: object, users: number, turns: number, sla: object = {}): object {
  const journey = [...countedJourney(turns, "400ms..500ms"), "history"];
  return scenarioFile({ ...target }, { load: load(users, "4s", "0s"), journey, checks: ["isolation"], sla });
}

/** Resolves once some seconds of the hold are in the run's log. */
export function underWay(space: Workspace, seconds = 2): Promise<void> {
  return waitUntil(
    "the run is under way",
    () => {
      const path = join(space.runFolders().at(-1) ?? "", "run.jsonl");
      return existsSync(path) && readFileSync(path, "utf8").split('"type":"second"').length > seconds;
    },
    45_000,
  );
}
