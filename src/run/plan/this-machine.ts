// This machine, as a run's header and a calibration name it.
import { cpus, totalmem } from "node:os";
import type { MachineInfo } from "../../model/log/run-log.js";

export function thisMachine(): MachineInfo {
  const processors = cpus();
  return {
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    cpus: processors.length,
    cpuModel: processors[0]?.model.trim() ?? "unknown",
    memoryBytes: totalmem(),
  };
}
