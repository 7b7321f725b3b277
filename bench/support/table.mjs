// The table that a run of benchmarks prints: written into a document, and held against a former one.
import { readFileSync, writeFileSync } from "node:fs";

const BEGIN = "<!-- measured: begin -->";
const END = "<!-- measured: end -->";
/** A ratio may be worse by this share before it counts, however steady the rounds were. */
const TOLERANCE = 0.1;

/** @param rows each [what, figure, remark]; a row whose remark lists its rounds is one that can be compared */
export function tableOf(title, rows) {
  const head = ["benchmark", "median", "rounds"];
  const widths = head.map((cell, at) => Math.max(cell.length, ...rows.map((row) => row[at].length)));
  const line = (cells) => `| ${cells.map((cell, at) => cell.padEnd(widths[at])).join(" | ")} |`;
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return `${title}\n\n${[line(head), rule, ...rows.map(line)].join("\n")}\n`;
}

/** Replaces what stands between the two marks of a document. */
export function writeTable(path, table) {
  const text = readFileSync(path, "utf8");
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`${path} has no place for the table`);
  writeFileSync(path, `${text.slice(0, from + BEGIN.length)}\n\n${table}\n${text.slice(to)}`);
}

/**
 * Ratios that are worse than in a former table: by more than a tenth, and by more than rounds differ, so that the best
 * round is worse than the worst was.
 */
export function regressions(rows, formerText) {
  const former = new Map(ratiosIn(formerText).map((row) => [row.what, row]));
  return ratiosIn(tableOf("", rows)).flatMap(({ what, median, rounds }) => {
    const before = former.get(what);
    if (!before) return [];
    const worse =
      median > before.median * (1 + TOLERANCE) && Math.min(...rounds) > Math.max(...before.rounds);
    return worse ? [`${what}: ${median}, formerly ${before.median}`] : [];
  });
}

/** Rows of a table whose name ends in `ratio` and that list their rounds. */
function ratiosIn(text) {
  return text.split("\n").flatMap((line) => {
    const [, what = "", median = "", remark = ""] = line.split("|").map((cell) => cell.trim());
    const rounds = remark.split(", ").map(Number);
    const isRatio = what.endsWith("ratio") && remark !== "" && rounds.every(Number.isFinite);
    return isRatio ? [{ what, median: Number(median), rounds }] : [];
  });
}
