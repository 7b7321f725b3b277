// The section of faults: what was injected, when it actually happened, and how the service recovered.
import type { RunReport } from "../../../model/report/report.js";
import { formatCount } from "../../../support/units.js";
import { lookOf } from "../../text/states.js";
import { formatMs, recoveryText } from "../../text/wording.js";
import { badge, htmlTable, numbers, type Section, section } from "./section.js";

/** No section without faults. */
export function faultsSection(report: RunReport): readonly Section[] {
  if (report.faults.length === 0) return [];
  const rows = report.faults.map((fault) => {
    const { tone, mark } = lookOf(fault.recovered);
    const word = fault.recovered === "yes" ? recoveryText(fault) : fault.recovered;
    return [
      fault.label,
      formatMs(fault.beginMs),
      formatMs(fault.endMs ?? undefined),
      fault.users === undefined ? "–" : formatCount(fault.users),
      fault.hits === undefined ? "–" : formatCount(fault.hits),
      badge(tone, mark, word),
      formatCount(fault.goodputLost),
    ];
  });
  const columns = ["fault", ...numbers("start", "end", "users", "hits", "recovery", "goodput lost")];
  const caption =
    "What was broken on purpose, when it actually started and ended, and how long after its end turns were good again";
  return [section("faults", "Faults", "Faults", htmlTable(caption, columns, rows))];
}
