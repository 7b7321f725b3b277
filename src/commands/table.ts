// The table of commands: to add one, write its file and add a line here.
import { baselineCommand } from "./baseline.js";
import { calibrateCommand } from "./calibrate.js";
import { capacityCommand } from "./capacity.js";
import type { CommandModule } from "./command.js";
import { compareCommand } from "./compare.js";
import { completionCommand } from "./completion.js";
import { doctorCommand } from "./doctor.js";
import { exportCommand } from "./export.js";
import { historyCommand } from "./history.js";
import { initCommand } from "./init.js";
import { listCommand } from "./list.js";
import { liveCommand } from "./live.js";
import { modelCommand } from "./model.js";
import { recordCommand } from "./record.js";
import { referenceCommand } from "./reference.js";
import { reportCommand } from "./report.js";
import { runCommand } from "./run.js";
import { schemaCommand } from "./schema.js";
import { tryCommand } from "./try.js";
import { validateCommand } from "./validate.js";
import { workerCommand } from "./worker.js";

/** In the order of help. */
export const COMMANDS: readonly CommandModule[] = [
  runCommand,
  tryCommand,
  initCommand,
  recordCommand,
  listCommand,
  validateCommand,
  schemaCommand,
  reportCommand,
  exportCommand,
  liveCommand,
  historyCommand,
  compareCommand,
  baselineCommand,
  capacityCommand,
  calibrateCommand,
  doctorCommand,
  modelCommand,
  referenceCommand,
  workerCommand,
  completionCommand(() => COMMANDS),
];
