// `gp-load doctor`: is this machine ready, and what would make it better?
import { flagOption } from "../app/context.js";
import { visibleJson } from "../support/json.js";
import type { CommandModule } from "./command.js";

export const doctorCommand: CommandModule = {
  name: "doctor",
  summary:
    "check this machine: what limits a run here, what is missing, and what to do (exit 1: no run can succeed)",
  options: { "--json": "print the findings as JSON on stdout, and nothing else" },
  examples: ["gp-load doctor", "gp-load doctor --json"],
  async run(input, context) {
    const { tell } = await import("../app/stdout.js");
    const { doctorText, examine } = await import("../app/doctor/examine.js");
    const report = await examine(context);
    if (flagOption(input, "json")) context.stdout(`${visibleJson(report, 2)}\n`);
    else tell(doctorText(report), context);
    return report.exitCode;
  },
};
