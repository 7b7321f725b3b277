// The statistics of the user's own code for the report.
import { Distribution } from "../../metrics/distribution.js";
import type { ExtensionStates } from "../../model/log/extension.js";
import type { ExtensionReport } from "../../model/report/report.js";
import { isOverBounds } from "../../sla/own-code.js";
import { defined } from "../../support/defined.js";
import { metricSummary, toMs } from "./summaries.js";

/** `undefined` if the run had none. */
export function extensionReports(
  states: ExtensionStates | undefined,
): readonly ExtensionReport[] | undefined {
  return states?.each.map((state) => {
    const { name, kind, place, calls, failed, timedOut, unsettled, late, blocks, trouble } = state;
    const time = Distribution.of(state.time, []);
    return {
      ...{ name, kind, place, calls, failed, timedOut, unsettled, late, blocks },
      withinBounds: !isOverBounds(state),
      ...defined({ trouble }),
      totalMs: toMs(time.sum) ?? 0,
      lagShare: states.lagUs === 0 ? null : Math.round((state.lagUs / states.lagUs) * 1000) / 1000,
      time: metricSummary(time),
    };
  });
}
