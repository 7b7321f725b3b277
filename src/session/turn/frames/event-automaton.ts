// The legal order of one turn's events, as a small state machine.
//
//   idle ──agent_started──▶ started ──agent_completed | agent_error──▶ ended
//             started: agent_thinking*  (tool_executing ▶ tool_completed)*
//
// The event that proves the disorder gets the blame, so that an absent event is only missing, and a swapped pair is one
// event out of order:
//   - a start after other events of its turn is out of order (they are not: the start may have been lost)
//   - a tool's start after its end is out of order; an end without a start leaves the tool unpaired
//   - a thought during a tool is out of order once that tool's end shows that it was still running, unless the profile
//     allows thoughts during tools
//   - the end of a refused call belongs to no tool run
// Thinking between tools, parallel tools and repeated starts are legal if the profile says so.
import type { ToolRun } from "../../../model/log/turn-line.js";
import type { CriticalEvent } from "../../../model/turn/event.js";
import type { OrderRules } from "../../../profiles/profile.js";

/** An event's effect on its turn's order: `ok`, or an anomaly. */
export type OrderVerdict = "ok" | "duplicate" | "outOfOrder";

interface OpenTool {
  readonly key: string;
  thoughtInside: boolean;
}

/** Order and pairing of one turn's events. One object per turn; allocates nothing before the first tool. */
export class EventAutomaton {
  readonly #rules: OrderRules;
  #any = false;
  #started = false;
  #toolSeen = false;
  #end: "agent_completed" | "agent_error" | undefined;
  #open: OpenTool[] | undefined;
  #paired: string[] | undefined;
  /** Calls that never ran. */
  #refused: string[] | undefined;
  /** Ends that arrived before their start. */
  #early: string[] | undefined;

  constructor(rules: OrderRules) {
    this.#rules = rules;
  }

  /** Starts over: a separate run follows, as after a decision. */
  startAgain(): void {
    this.#started = false;
    this.#any = false;
  }

  get ended(): boolean {
    return this.#end !== undefined;
  }

  /** Tools with only a start or only an end. */
  get unpairedTools(): number {
    return (this.#open?.length ?? 0) + (this.#early?.length ?? 0);
  }

  /**
   * @param toolKey the tool's execution id, or else its name; runs of a tool without ids are paired in order
   * @param hasToolId the key identifies one execution, so a second start or end with it is a duplicate
   */
  step(kind: CriticalEvent | "agent_error", toolKey: string, hasToolId: boolean): OrderVerdict {
    const verdict = this.#step(kind, toolKey, hasToolId);
    this.#any = true;
    return verdict;
  }

  /** A call that never ran, or never will: if an end follows, it does not count. */
  refuse(toolKey: string): void {
    this.#any = true;
    const begun = this.#open?.findIndex(({ key }) => key === toolKey) ?? -1;
    if (begun >= 0) this.#open?.splice(begun, 1);
    if (this.#refused) this.#refused.push(toolKey);
    else this.#refused = [toolKey];
  }

  #step(kind: CriticalEvent | "agent_error", toolKey: string, hasToolId: boolean): OrderVerdict {
    switch (kind) {
      case "agent_started":
        return this.#start();
      case "agent_thinking":
        return this.#think();
      case "tool_executing":
        return this.#begin(toolKey, hasToolId);
      case "tool_completed":
        return this.#finish(toolKey, hasToolId);
      case "agent_completed":
      case "agent_error":
        // An error may be followed by the normal end marker, but the same end twice is a duplicate.
        if (this.#end === kind) return "duplicate";
        this.#end ??= kind;
        return "ok";
    }
  }

  #start(): OrderVerdict {
    if (this.#started) return this.#rules.repeatStarted ? "ok" : "duplicate";
    this.#started = true;
    return this.#any ? "outOfOrder" : "ok";
  }

  #think(): OrderVerdict {
    if (!this.#rules.thinkingDuringTools) for (const tool of this.#open ?? []) tool.thoughtInside = true;
    return this.#toolSeen && !this.#rules.thinkingBetweenTools ? "outOfOrder" : "ok";
  }

  #begin(key: string, hasToolId: boolean): OrderVerdict {
    if (hasToolId && (this.#open?.some((tool) => tool.key === key) || this.#paired?.includes(key)))
      return "duplicate";
    this.#toolSeen = true;
    const early = this.#early?.indexOf(key) ?? -1;
    if (early >= 0) {
      this.#early?.splice(early, 1);
      if (hasToolId) this.#remember(key);
      return "outOfOrder";
    }
    const alone = (this.#open?.length ?? 0) === 0;
    const tool = { key, thoughtInside: false };
    if (this.#open) this.#open.push(tool);
    else this.#open = [tool];
    return alone || this.#rules.parallelTools ? "ok" : "outOfOrder";
  }

  #finish(key: string, hasToolId: boolean): OrderVerdict {
    const at = this.#open?.findIndex((tool) => tool.key === key) ?? -1;
    if (at >= 0) {
      const tool = this.#open?.splice(at, 1)[0];
      if (hasToolId) this.#remember(key);
      return tool?.thoughtInside ? "outOfOrder" : "ok";
    }
    if (this.#wasRefused(key)) return "ok";
    if (hasToolId && (this.#paired?.includes(key) || this.#early?.includes(key))) return "duplicate";
    this.#toolSeen = true;
    if (this.#early) this.#early.push(key);
    else this.#early = [key];
    return "ok";
  }

  #wasRefused(key: string): boolean {
    const at = this.#refused?.indexOf(key) ?? -1;
    if (at >= 0) this.#refused?.splice(at, 1);
    return at >= 0;
  }

  #remember(key: string): void {
    if (this.#paired) this.#paired.push(key);
    else this.#paired = [key];
  }
}

/** Most tools per turn whose durations are kept. */
const MAX_RUNS = 50;

interface RunningTool {
  /** Its id, or else its name. */
  readonly key: string;
  startedUs: number;
  readonly name: string;
}

/** Start times of one turn's tools, to measure their durations. */
export class ToolTimes {
  #running: RunningTool[] | undefined;
  #runs: ToolRun[] | undefined;
  readonly #keepsRuns: boolean;
  /** Name of the tool that ended last, from its start; empty if that had none. */
  endedName = "";

  /** @param keepsRuns {@link runs} are needed */
  constructor(keepsRuns = false) {
    this.#keepsRuns = keepsRuns;
  }

  /** Finished tools with their durations; `undefined` if not needed. */
  get runs(): readonly ToolRun[] | undefined {
    return this.#keepsRuns ? (this.#runs ?? []) : undefined;
  }

  /** @param key its id, or else its name */
  began(key: string, startedUs: number, name = ""): void {
    const tool = { key, startedUs, name };
    // A literal has room for its members only; an empty list that grows makes room for 17.
    if (this.#running) this.#running.push(tool);
    else this.#running = [tool];
  }

  /** A tool that waited for its user starts at this instant; `undefined` if it never will. */
  decided(key: string, atUs: number | undefined): void {
    const tool = this.#running?.find((one) => one.key === key);
    if (!tool) return;
    if (atUs === undefined) this.#running?.splice(this.#running.indexOf(tool), 1);
    else tool.startedUs = atUs;
  }

  /** Microseconds since the tool's paired start; `undefined` if there was none. */
  ended(key: string, atUs: number): number | undefined {
    const at = this.#running?.findIndex((one) => one.key === key) ?? -1;
    const tool = at < 0 ? undefined : this.#running?.splice(at, 1)[0];
    if (!tool) return undefined;
    this.endedName = tool.name;
    const us = atUs - tool.startedUs;
    this.#keep(tool, us);
    return us;
  }

  /** Forgets tools that never ended, and returns their names: an end would be too late now. */
  takeUnended(): readonly string[] {
    const left = this.#running;
    if (!left || left.length === 0) return NO_NAMES;
    this.#running = undefined;
    for (const tool of left) this.#keep(tool, null);
    return left.map(({ name }) => name);
  }

  #keep({ key, name }: RunningTool, us: number | null): void {
    if (!this.#keepsRuns) return;
    const run = { tool: name || key, us };
    if (this.#runs === undefined) this.#runs = [run];
    else if (this.#runs.length < MAX_RUNS) this.#runs.push(run);
  }
}

const NO_NAMES: readonly string[] = Object.freeze([]);
