// Reads the conversations and the trace that a scenario names.
import { messageOf } from "../../support/errors.js";
import type { Problem } from "../parse/problems.js";
import { type Parsed, problemOf } from "../parse/typed.js";
import type { ArrivalsLoad, Scenario } from "../scenario.js";
import type { ScenarioData } from "../schema/scenario.js";
import type { ScenarioSource } from "../source.js";
import { readConversations } from "./conversations.js";
import { readTrace } from "./trace.js";

export interface Replayed {
  readonly conversations?: Scenario["conversations"];
  /** The load with the rows of its trace, if it has one. */
  readonly load?: ArrivalsLoad;
  readonly problems: readonly Problem[];
  /** Unused parts of the files. */
  readonly warnings: readonly Problem[];
}

export function replayed(name: string, parsed: Parsed<ScenarioData>, { readText }: ScenarioSource): Replayed {
  const { conversations: file, load } = parsed.data ?? {};
  const problems: Problem[] = [];
  const warnings: Problem[] = [];
  const at = (path: readonly string[], message: string): Problem =>
    problemOf(`scenarios.${name}`, parsed.tree, { path, message });
  const contentOf = (path: readonly string[], named: string): string | undefined => {
    try {
      return readText(named);
    } catch (error) {
      problems.push(at(path, `cannot read ${named}: ${messageOf(error)}`));
      return undefined;
    }
  };
  const result: { -readonly [Key in "conversations" | "load"]?: Replayed[Key] } = {};
  const chats = file === undefined ? undefined : contentOf(["conversations"], file);
  if (file !== undefined && chats !== undefined) {
    const read = readConversations(chats, file);
    problems.push(...read.problems);
    if (read.unused !== "") warnings.push(at(["conversations"], read.unused));
    result.conversations = read.conversations;
  }
  if (load?.kind === "arrivals" && load.trace) {
    const content = contentOf(["load", "trace"], load.trace.file);
    if (content !== undefined) {
      const { problems: wrong, traced } = withRows(load, load.trace, content);
      problems.push(...wrong);
      result.load = traced;
    }
  }
  return { ...result, problems, warnings };
}

function withRows(
  load: ArrivalsLoad,
  { file, speed }: NonNullable<ArrivalsLoad["trace"]>,
  content: string,
): { readonly traced: ArrivalsLoad; readonly problems: readonly Problem[] } {
  const holdUs = load.stages.reduce((sum, stage) => sum + stage.holdUs, 0);
  const { problems, ...rows } = readTrace(content, file, { speed, holdUs });
  // Plan and report show the mean rate over the whole hold.
  const rate = Math.max(1, Math.round((rows.atUs.length * 3_600_000 * 1_000_000) / Math.max(1, holdUs)));
  const traced = { ...load, trace: { file, speed, ...rows }, stages: [{ rate, rampUs: 0, holdUs }] };
  return { traced, problems };
}
