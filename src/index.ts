// What scripts import from gp-load: the shapes of the JSON files that it writes. The program itself is the command line.
export type { CapacityReport } from "./model/report/capacity.js";
export type { ComparisonReport } from "./model/report/comparison.js";
export type { RunReport } from "./model/report/report.js";
export type { SuiteReport } from "./model/report/suite.js";
export { EXIT, type ExitCode } from "./support/errors.js";
