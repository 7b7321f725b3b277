// `gp-load calibrate`: how much load this machine can generate without being the limit itself.

import { flagOption } from "../app/context.js";
import type { Calibration } from "../run/plan/calibration.js";
import { EXIT } from "../support/errors.js";
import { visibleJson } from "../support/json.js";
import { alignedTable } from "../support/terminal-text.js";
import { formatBytes, formatCount, formatUs } from "../support/units.js";
import type { CommandModule } from "./command.js";

export const calibrateCommand: CommandModule = {
  name: "calibrate",
  summary:
    "measure how much load this machine can generate, against a server that answers at once (up to 60 s)",
  options: { "--json": "print the calibration as JSON on stdout, and nothing else" },
  examples: ["gp-load calibrate", "gp-load calibrate --json"],
  async run(input, context) {
    const { calibrate } = await import("../app/calibrate/calibrate-machine.js");
    const { refuseUnwritable, writeCalibration } = await import("../app/calibration-file.js");
    refuseUnwritable(context.env);
    const json = flagOption(input, "json");
    const calibration = await calibrate(context, (text) => context.stderr(`${text}\n`));
    if (json) context.stdout(`${visibleJson(calibration, 2)}\n`);
    else context.stdout(table(calibration));
    if (calibration.turnsPerSecond === 0) {
      context.stderr(
        "gp-load was the limit at every rate, so nothing is kept: end what else runs here, and try again\n",
      );
      return EXIT.invalid;
    }
    const path = writeCalibration(context.env, calibration);
    if (!json) context.stdout(`${vouched(calibration)}kept in ${path}: \`gp-load run\` warns beyond it\n`);
    return EXIT.pass;
  },
};

function table({ steps }: Calibration): string {
  const rows = steps.map((step) => [
    `${step.healthy ? "✓" : "✗"} ${formatCount(step.perSecond)}/s`,
    formatCount(step.n),
    formatUs(step.errorP50Us),
    formatUs(step.errorP99Us),
  ]);
  return alignedTable([["  TURNS", "N", "ERROR P50", "ERROR P99"], ...rows]);
}

function vouched({ turnsPerSecond, workers, users, errorP99Us, bytesPerUser }: Calibration): string {
  return [
    `up to ${formatCount(turnsPerSecond)} turns a second by ${workers} workers, exact to ${formatUs(errorP99Us)} at p99\n`,
    `up to ${formatCount(users)} users, of ${formatBytes(bytesPerUser)} each\n`,
  ].join("");
}
