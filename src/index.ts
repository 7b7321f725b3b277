// What programs import from gp-load: run, validate and compare, typed scenarios, the shapes of its JSON files, exit codes.
export type { ScenarioFile } from "../schema/scenarios.js";
export {
  type CompareRequest,
  compare,
  defineScenarios,
  type LibraryRun,
  type RunEvent,
  type RunRequest,
  run,
  type ScenarioOrigin,
  type ValidateResult,
  validate,
} from "./app/library/library.js";
export {
  type CheckContext,
  type CheckDefinition,
  type CheckedAnswer,
  type CheckedTurn,
  type CodecContext,
  type CodecDefinition,
  defineCheck,
  defineCodec,
  defineLogin,
  defineReporter,
  defineStep,
  type Extension,
  type ExtensionContext,
  type ExtensionName,
  type ExtensionRequest,
  type ExtensionResponse,
  type ExtensionUser,
  type LoggedIn,
  type LoginContext,
  type LoginDefinition,
  type ReporterDefinition,
  type StepContext,
  type StepDefinition,
} from "./extensions/define.js";
export {
  type Option,
  type OptionSpecs,
  type OptionsOf,
  option,
  type StandardSchema,
} from "./extensions/options.js";
export type { CapacityReport } from "./model/report/capacity.js";
export type { ComparisonReport } from "./model/report/comparison.js";
export type { RunReport } from "./model/report/report.js";
export type { SuiteReport } from "./model/report/suite.js";
export { type Problem, ScenarioProblems } from "./scenarios/parse/problems.js";
export { EXIT, type ExitCode, UserError } from "./support/errors.js";
