// Recognises the kind of a frame: ordered rules compiled to closures, and why one of them decided.
import type { EventKind } from "../../../model/turn/event.js";
import { compilePath, type FrameView, type Getter } from "../language/json-path.js";
import { compileCondition, describeCondition, pathsOf } from "../language/predicate.js";
import type { RuleSpec } from "../schema/events.js";

/** A compiled rule. */
export interface Rule {
  readonly spec: RuleSpec;
  /** The kind by this rule, and the name on the wire; `undefined` if the rule does not match. */
  readonly find: (view: FrameView) => Found | undefined;
  /** The list whose items are matched one by one. */
  readonly each: Getter | undefined;
}

export interface Found {
  readonly kind: EventKind;
  readonly name: string;
}

const NAME_LENGTH = 64;
const MAX_TOLD = 6;
/** Most items of a list that a rule with `each` looks at. */
const MAX_ITEMS = 100;

export function compileRules(rules: readonly RuleSpec[]): readonly Rule[] {
  return rules.map((spec) => ({
    spec,
    find: spec.when ? byCondition(spec) : byTable(spec),
    each: spec.each === undefined ? undefined : compilePath(spec.each),
  }));
}

/**
 * Calls `take` with each event of a frame, in the order of the rules: the first match decides, and later rules only count
 * if it says `continue`.
 * @param take returns whether to go on
 */
export function eachMatch<R extends Rule>(
  rules: readonly R[],
  view: FrameView,
  take: (rule: R, found: Found) => boolean,
): void {
  let fitted = false;
  const ask = (rule: R, item: unknown): boolean => {
    view.item = item;
    const found = rule.find(view);
    if (!found) return true;
    fitted = true;
    return take(rule, found);
  };
  for (const rule of rules) {
    fitted = false;
    if (!rule.each) {
      if (!ask(rule, undefined)) return;
    } else {
      const items = rule.each(view);
      if (!Array.isArray(items)) continue;
      for (let at = 0; at < items.length && at < MAX_ITEMS; at++) if (!ask(rule, items[at])) return;
    }
    if (fitted && rule.spec.continue !== true) return;
  }
}

/** Results are created once per rule and name, so that frames cost no objects. */
function byTable({ path = [], kinds = {}, name }: RuleSpec): Rule["find"] {
  const getters = path.map(compilePath);
  const table = new Map<string, Found>(
    Object.entries(kinds).map(([value, kind]) => [
      value,
      { kind, name: name ?? value.slice(0, NAME_LENGTH) },
    ]),
  );
  return (view) => {
    for (const get of getters) {
      const found = table.get(keyOf(get(view)));
      if (found) return found;
    }
    return undefined;
  };
}

function byCondition({ when = {}, kind = "ignored", name }: RuleSpec): Rule["find"] {
  const holds = compileCondition(when);
  const found: Found = { kind, name: name ?? describeCondition(when).slice(0, NAME_LENGTH) };
  return (view) => (holds(view) ? found : undefined);
}

function keyOf(value: unknown): string {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}

/** The rule in words; numbers start at 1. */
export function describeRule({ path = [], when }: RuleSpec, at: number, value?: string): string {
  const told = when
    ? describeCondition(when)
    : `${path.join(" or ")}${value === undefined ? "" : ` = ${value}`}`;
  return `rule ${at + 1}: ${told}`;
}

/** Why no rule matches: the value at each place that rules look at. Values are cut; the caller redacts them. */
export function describeMiss(rules: readonly Rule[], view: FrameView): string {
  if (rules.length === 0) return "there are no rules";
  const paths = [
    ...new Set(rules.flatMap(({ spec }) => (spec.when ? pathsOf(spec.when) : (spec.path ?? [])))),
  ].filter((path) => path !== "@frame");
  const seen = paths.slice(0, MAX_TOLD).map((path) => `${path} is ${shownValue(compilePath(path)(view))}`);
  const count = rules.length === 1 ? "the one rule does not fit" : `none of ${rules.length} rules fits`;
  return seen.length > 0 ? `${count}: ${seen.join(", ")}` : count;
}

function shownValue(value: unknown): string {
  if (value === undefined) return "not there";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "a map";
  return `\`${String(value).slice(0, NAME_LENGTH)}\``;
}
