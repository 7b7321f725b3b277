// `gp-load run`: one scenario, or several as a suite.

import { type AppContext, type CommandInput, flagOption, listOption, textOption } from "../app/context.js";
import { fleetSettings } from "../app/run/fleet-settings.js";
import type { GatedRuns } from "../app/run/gate.js";
import type { RunReport } from "../model/report/report.js";
import type { Verdict } from "../model/verdict.js";
import type { Scenario } from "../scenarios/scenario.js";
import type { ScenarioSource } from "../scenarios/source.js";
import { EXIT, type ExitCode, UserError } from "../support/errors.js";
import { visibleJson } from "../support/json.js";
import {
  BASELINES,
  BASELINES_OPTION,
  COPY_OPTIONS,
  type CommandModule,
  type CommandOptions,
  LLM_OPTION,
  LOG_OPTIONS,
  repeatable,
  SOURCE_OPTIONS,
} from "./command.js";
import {
  invocationOf,
  llmOption,
  loadChosen,
  turnsOption,
  wholeOption,
  workersOption,
} from "./run-options.js";

const FLEET_OPTIONS: CommandOptions = {
  "--fleet <url>": "run the users on other machines: Redis URL of their workers (redis:// or rediss://)",
  "--fleet-key-file <file>": "file with the key shared by the fleet's runs and workers",
  "--fleet-wait <duration>": {
    description: "how long to wait until the fleet has enough workers",
    default: "60s",
  },
};

export const runCommand: CommandModule = {
  name: "run",
  summary: "run scenarios and judge them: PASS, FAIL or INVALID",
  argument: { name: "[scenario...]", description: "scenarios to run, one after another" },
  options: {
    ...SOURCE_OPTIONS,
    "-t, --tag <tag>": repeatable("run the scenarios with this tag"),
    "--target <name|url>": "run against this target of the file, or this URL",
    "--profile <name>": "profile of a target that is given as a URL",
    "--users <n>": "number of concurrent users",
    "--ramp <duration>": "how long it takes until all users have joined",
    "--hold <duration>": "how long all users stay at full load",
    "--speed <factor>": "replay a trace this many times faster: 2x",
    "--seed <n>": "seed for all random choices",
    "--max-turns <n>": "start at most this many turns",
    "--set <key=value>": repeatable("set any key of the scenario"),
    "--workers <n|auto>": {
      description:
        "number of worker processes, or of fleet workers; auto: by cores and users, or every free worker",
      default: "auto",
    },
    ...FLEET_OPTIONS,
    "--reports <dir>": { description: "reports folder", default: "reports" },
    "--turns <all|sample|none>": {
      description: "which turns get a line in turns.jsonl; sample: the first 5,000, then fewer and fewer",
      default: "sample",
    },
    ...COPY_OPTIONS,
    ...LOG_OPTIONS,
    "--allow-host <host>": repeatable("allow load on this host, not just on this machine"),
    "--allow-faults": "allow faults on a target that is not on this machine",
    "--allow-exec": "allow faults to run the scenario file's commands on this machine",
    "--baseline <name|path>": "compare with this baseline, or with these runs: slower is a FAIL",
    ...BASELINES_OPTION,
    "--repeat <n>": "run each scenario this many times, each time with the next seed",
    "--abort-on-fail": "end a run as soon as one of its rules is broken",
    "--fail-fast": "stop after the first scenario that does not pass",
    "--only-failed <dir>":
      "rerun what did not pass in this suite or run, or in the newest suite of this folder",
    "--otlp <url|env>":
      "send telemetry to this OpenTelemetry receiver during the run; env: to the one the environment names",
    "--build <version>": "version of the system under test, shown in the reports",
    "--strict": "anything that could not be checked makes the run INVALID",
    "--json": "print only JSON on stdout: the report, or the suite if there are several scenarios",
    "--live [port]": "serve a page on this machine to watch the run (on any free port, if none is given)",
    ...LLM_OPTION,
    "-q, --quiet": "no progress; only the result",
    "-v, --verbose": "print failed requests as they happen, up to five of each kind",
    "--no-color": "no colours",
  },
  examples: [
    "gp-load run enterprise-100",
    "gp-load run smoke --target http://127.0.0.1:8000",
    "gp-load run enterprise-100 --users 200 --hold 60s --set 'sla.history.query=p99 < 50ms'",
    "gp-load run --tag smoke --json > result.json",
    "gp-load run --tag smoke --junit junit.xml --summary summary.md",
    "gp-load run smoke --verbose --log-level debug --log-file load.log",
    "gp-load run --tag lifecycle --tag quality --fail-fast",
    "gp-load run --only-failed reports",
    "gp-load run enterprise-100 --repeat 3 --baseline main",
    "gp-load run enterprise-100 --fleet rediss://fleet.example.com:6379 --fleet-key-file fleet.key --workers 10",
  ],
  async run(input, context) {
    const { otlpSettings } = await import("../export/settings.js");
    const { preparedCopies } = await import("../app/run/copies.js");
    const { placesInWorkspace, writeStepOutputs } = await import("../app/run/github.js");
    const { shownPath } = await import("../app/report-folder.js");
    const { join } = await import("node:path");
    const { logSettings } = await import("../app/run/diagnostic-log.js");
    const { liveSettings } = await import("../app/live/watch-run.js");
    const { openGate } = await import("../app/run/gate.js");
    const { runOne } = await import("../app/run/run-one.js");
    const { emptySuite, runSuite, suiteAsJson } = await import("../app/run/run-suite.js");
    const copies = await preparedCopies(input, context);
    const log = await logSettings(input, context);
    const verbose = flagOption(input, "verbose");
    if (verbose && (flagOption(input, "quiet") || flagOption(input, "json")))
      throw new UserError("--verbose cannot print anything with --quiet or --json", "use --log-file");
    const chosen = await chosenScenarios(input, context);
    const otlp = textOption(input, "otlp");
    const repeat = wholeOption(input, "repeat", 1, MAX_REPETITIONS);
    const workers = workersOption(input);
    const { live } = input.options;
    const settings = {
      workers,
      fleet: fleetSettings(input, context, workers),
      reports: textOption(input, "reports") ?? "reports",
      strict: flagOption(input, "strict"),
      invocation: invocationOf(runCommand, input),
      live: live === true || typeof live === "string" ? liveSettings(live) : undefined,
      json: flagOption(input, "json"),
      quiet: flagOption(input, "quiet"),
      history: true,
      noColor: input.options.color === false,
      failFast: flagOption(input, "failFast"),
      abortOnFail: flagOption(input, "abortOnFail"),
      otlp: otlp === undefined ? undefined : otlpSettings(otlp, context.env),
      repeat,
      copies,
      log,
      turns: turnsOption(input),
      llm: llmOption(input),
      verbose,
    };
    const print = (value: unknown): void => {
      if (settings.json) context.stdout(`${visibleJson(value, 2)}\n`);
    };
    if (chosen === "none") {
      print(suiteAsJson(emptySuite()));
      return EXIT.pass;
    }
    const named = textOption(input, "baseline");
    const baselines = textOption(input, "baselines") ?? BASELINES;
    const names = chosen.scenarios.map(({ name }) => name);
    // Read before the load starts, so that a missing baseline is reported at once.
    const gate = named === undefined ? undefined : await openGate(named, baselines, names, context);
    const located = { ...settings, locate: placesInWorkspace(chosen.source, context) };
    const conclude = async (ended: Ended): Promise<ExitCode> => {
      const { exit, folder, page, reports } = ended;
      const judged = await gate?.judge(ended, located, context);
      print({ ...ended.told, ...judged?.told });
      const outputs = {
        verdict: VERDICTS[judged?.exit ?? exit] ?? ended.verdict,
        report: join(shownPath(folder, context), page),
        "failed-rules": reports.flatMap(({ sla }) => sla.filter(({ verdict }) => verdict === "fail")).length,
      };
      await writeStepOutputs(outputs, context);
      return judged?.exit ?? exit;
    };
    const [only, ...others] = chosen.scenarios;
    // A rerun is always a suite, so that --only-failed works on it again.
    if (only && others.length === 0 && repeat === 1 && !chosen.again) {
      const { report, folder } = await runOne(only, located, context);
      const { exitCode: exit, verdict } = report;
      const runFolders = [folder];
      return conclude({
        exit,
        verdict,
        folder,
        runFolders,
        page: "report.html",
        reports: [report],
        told: report,
      });
    }
    const ended = await runSuite(chosen.scenarios, located, context);
    const { exitCode: exit, verdict } = ended.suite;
    return conclude({ ...ended, exit, verdict, page: "index.html", told: suiteAsJson(ended) });
  },
};

interface Ended extends GatedRuns {
  readonly verdict: Verdict;
  readonly reports: readonly RunReport[];
  /** The file in the folder that people open. */
  readonly page: string;
  /** What `--json` prints. */
  readonly told: object;
}

/** Of exit codes: the comparison with a baseline may change the verdict. */
const VERDICTS: { readonly [exit: number]: Verdict } = {
  [EXIT.pass]: "PASS",
  [EXIT.fail]: "FAIL",
  [EXIT.invalid]: "INVALID",
};

/** Far more than a baseline comparison needs. */
const MAX_REPETITIONS = 100;

interface Chosen {
  readonly source: ScenarioSource;
  readonly scenarios: readonly Scenario[];
  /** By --only-failed. */
  readonly again: boolean;
}

/** `none` if --only-failed finds that everything had passed. */
async function chosenScenarios(input: CommandInput, context: AppContext): Promise<Chosen | "none"> {
  const { openChosenFile } = await import("../app/chosen-file.js");
  const { failedBefore } = await import("../app/run/only-failed.js");
  const tags = listOption(input, "tag");
  const dir = textOption(input, "onlyFailed");
  const source = await openChosenFile(input, context);
  if (dir === undefined && input.args.length === 0 && tags.length === 0) {
    throw new UserError("no scenario given", "name one (`gp-load list` shows them), or use --tag");
  }
  if (dir !== undefined && input.args.length + tags.length > 0) {
    throw new UserError("--only-failed takes the scenarios from the folder", "leave out names and --tag");
  }
  const failed = dir === undefined ? undefined : await failedBefore(dir, source, context.cwd);
  if (failed?.length === 0) {
    const tell = flagOption(input, "json") ? context.stderr : context.stdout;
    tell(`nothing to run again: everything in ${dir} passed\n`);
    return "none";
  }
  const names = [...new Set(failed?.map(({ scenario }) => scenario) ?? input.args)];
  const scenarios = await loadChosen(source, { names, tags }, input, context);
  for (const { name, target } of scenarios) {
    const before = failed?.find(({ scenario }) => scenario === name)?.target ?? target.name;
    if (before !== target.name)
      context.stderr(`warning: ${name} ran on ${before} before, and now runs on ${target.name}\n`);
  }
  return { source, scenarios, again: failed !== undefined };
}
