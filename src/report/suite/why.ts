// What broke a run, one line each: reasons for INVALID, thresholds, the ledger and findings.
import type { RunReport } from "../../model/report/report.js";
import { shorten } from "../../support/text.js";
import { formatCount } from "../../support/units.js";
import { bySeverity, ledgerVerdict } from "../text/wording.js";

const MOST_LINES = 12;
const LONGEST_LINE = 300;

/** Empty for PASS. At most a dozen lines, the last of which says how many were left out. */
export function whyLines(report: RunReport): readonly string[] {
  if (report.verdict === "PASS") return [];
  const ledger = ledgerVerdict(report.ledger);
  const lines = [
    ...report.invalidReasons.map(({ code, message }) => `${code}: ${message}`),
    ...report.sla
      .filter(({ verdict }) => verdict === "fail")
      .map(({ metric, rule, step, observedText, n }) => {
        const where = step === undefined ? "" : ` (${step})`;
        return `${metric} ${rule}${where}: ${observedText}, n = ${formatCount(n)}`;
      }),
    ...bySeverity(report.findings)
      .filter(({ severity }) => severity === "fail")
      .map(({ check, code, count, message }) => `${check}/${code} × ${formatCount(count)}: ${message}`),
    ...(ledger.holds ? [] : [`ledger: ${ledger.text}`]),
  ].map((line) => shorten(line, LONGEST_LINE));
  if (lines.length <= MOST_LINES) return lines;
  const shown = lines.slice(0, MOST_LINES - 1);
  return [...shown, `and ${lines.length - shown.length} more in its report`];
}
