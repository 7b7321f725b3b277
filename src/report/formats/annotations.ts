// Annotations of a GitHub job: one `::error` per failure, and text that cannot be a command to the runner.
// https://docs.github.com/actions/reference/workflow-commands-for-github-actions
import type { ComparisonReport } from "../../model/report/comparison.js";
import type { RunReport } from "../../model/report/report.js";
import type { WrittenKey, WrittenPlace } from "../../scenarios/written-places.js";
import { shorten } from "../../support/text.js";
import { formatCount } from "../../support/units.js";
import { bySeverity, ledgerVerdict } from "../text/wording.js";

/** GitHub shows ten errors per step and drops the rest. */
const MAX_ANNOTATIONS = 10;
const LONGEST = 500;

interface Annotation {
  readonly title: string;
  readonly message: string;
  /** The key of the scenario file that it is about, if any. */
  readonly key?: WrittenKey;
}

/** Location of a scenario's key, as a path for the runner; `undefined` for a file outside its workspace. */
export type Locate = (scenario: string, key?: WrittenKey) => WrittenPlace | undefined;

const NOWHERE: Locate = () => undefined;

/** Lines for the runner, thresholds first; empty for PASS. With more than ten, the last says how many are missing. */
export function runAnnotations(report: RunReport, locate: Locate = NOWHERE): readonly string[] {
  if (report.verdict === "PASS") return [];
  const { name } = report.scenario;
  const ledger = ledgerVerdict(report.ledger);
  return errorLines(name, locate, [
    ...report.sla
      .filter(({ verdict }) => verdict === "fail")
      .map(({ metric, rule, step, observedText, n, violations }) => ({
        title: `${metric} ${rule}`,
        message: `${step === undefined ? "" : `${step}: `}observed ${observedText}, n = ${formatCount(n)}, ${formatCount(violations)} violations`,
        key: ["sla", metric] as const,
      })),
    ...bySeverity(report.findings)
      .filter(({ severity }) => severity === "fail")
      .map(({ check, code, count, message }) => ({
        title: `${check}/${code}`,
        message: `${formatCount(count)} × ${message}`,
        key: ["checks", check] as const,
      })),
    ...(ledger.holds ? [] : [{ title: "ledger", message: ledger.text }]),
    ...report.invalidReasons.map(({ code, message, advice }) => ({
      title: `INVALID: ${code}`,
      message: advice === undefined ? message : `${message}: ${advice}`,
    })),
  ]);
}

/** Like {@link runAnnotations}: each percentile that became worse, or why that is unknown. */
export function comparisonAnnotations(report: ComparisonReport, locate: Locate = NOWHERE): readonly string[] {
  if (report.verdict === "PASS") return [];
  const worse = report.percentiles.filter(({ judged, verdict }) => judged && verdict === "worse");
  const fewer = report.shares.filter(({ judged, verdict }) => judged && verdict === "worse");
  const percent = (share: number | null): string => `${((share ?? 0) * 100).toFixed(2)} %`;
  const changes = [
    ...worse.map(({ metric, percentile, baseline, candidate }) => ({
      title: `slower: ${metric} ${percentile}`,
      message: `${baseline.ms}ms before, ${candidate.ms}ms now`,
      key: ["sla", metric] as const,
    })),
    ...fewer.map(({ metric, baseline, candidate }) => ({
      title: `fewer: ${metric}`,
      message: `${percent(baseline.share)} before, ${percent(candidate.share)} now`,
      key: ["sla", metric] as const,
    })),
  ];
  const invalid = { title: "INVALID: comparison", message: [report.summary, ...report.reasons].join("; ") };
  return errorLines(report.scenario, locate, changes.length > 0 ? changes : [invalid]);
}

function errorLines(scenario: string, locate: Locate, all: readonly Annotation[]): readonly string[] {
  const shown: readonly Annotation[] =
    all.length <= MAX_ANNOTATIONS ? all : all.slice(0, MAX_ANNOTATIONS - 1);
  const more: Annotation = { title: "more", message: `${all.length - shown.length} more in the report` };
  return (all.length <= MAX_ANNOTATIONS ? shown : [...shown, more]).map(({ title, message, key }) => {
    const place = locate(scenario, key);
    const where = place ? `file=${commandProperty(place.file)},line=${place.line},` : "";
    return `::error ${where}title=${commandProperty(`gp-load ${scenario}: ${title}`)}::${commandData(message)}`;
  });
}

/** Escapes text after the second `::`. */
function commandData(text: string): string {
  return shorten(text, LONGEST).replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

/** Escapes a property, including its separators. */
function commandProperty(text: string): string {
  return commandData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

/**
 * The same text without anything that the runner would take for a command: `::` at the start of a line, or `##[`
 * anywhere in it. JSON keeps its value, since such sequences only occur in its strings.
 */
export function withoutCommands(text: string, json: boolean): string {
  const inner = text.replaceAll("##[", json ? "#\\u0023[" : "#\u200B#[");
  return json ? inner : inner.replace(/^([^\S\r\n]*):(?=:)/gm, "$1\u200B:");
}
