// YAML text to located data, bounded against hostile files, and plain data to YAML text.
import {
  type CST,
  Document,
  isAlias,
  isCollection,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type ParsedNode,
  Parser,
  parse,
  parseDocument,
  type YAMLError,
  type YAMLMap,
} from "yaml";
import { lowered } from "./explain.js";
import type { Entry, Located, Scalar } from "./located.js";
import type { Place, Problem } from "./problems.js";

export const MAX_FILE_BYTES = 1_048_576;
/** Most values of a file with its aliases expanded ("billion laughs"). */
export const MAX_NODES = 200_000;
export const MAX_DEPTH = 64;

export interface YamlResult {
  /** `undefined` if the text is empty or not YAML at all. */
  readonly root: Located | undefined;
  readonly problems: readonly Problem[];
  /** The structure cannot be trusted: later checks would only report follow-up problems. */
  readonly broken: boolean;
}

/** Reads one YAML document. Never throws: everything wrong comes back as problems. */
export function readYaml(text: string, file: string): YamlResult {
  const start: Place = { file, line: 1, column: 1 };
  if (Buffer.byteLength(text) > MAX_FILE_BYTES) {
    return refused(start, `the file is larger than 1 MiB (${Buffer.byteLength(text)} bytes)`);
  }
  if (isTooDeep(text)) return refused(start, `nested more than ${MAX_DEPTH} levels deep`);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false });
  const place = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  // A warning is an unresolved tag, which would silently become plain text.
  const problems = [...document.errors, ...document.warnings].map((error) =>
    syntaxProblem(error, place(error.pos[0])),
  );
  const broken = document.errors.some((error) => error.code !== "DUPLICATE_KEY");
  if (broken) return { root: undefined, problems, broken };
  return walked(document, place, problems, start);
}

/** A file of our own: neither bounded nor located, and an error is a bug. */
export function shippedYaml(text: string): unknown {
  return parse(text);
}

/**
 * Composing nodes recurses, and a stack overflow inside a regular expression ends the process. The tokens are parsed
 * without recursion, so the depth is measured on them first.
 */
function isTooDeep(text: string): boolean {
  let level: readonly CST.Token[] = [...new Parser().parse(text)];
  for (let depth = 0; level.length > 0; depth++) {
    // One level of the text is up to two levels of tokens: a map is a value of its pair.
    if (depth > 2 * MAX_DEPTH) return true;
    level = level.flatMap(tokensWithin);
  }
  return false;
}

function tokensWithin(token: CST.Token): readonly CST.Token[] {
  if (token.type === "document") return token.value ? [token.value] : [];
  if (!("items" in token)) return [];
  return token.items.flatMap(({ key, value }) =>
    [key, value].filter((part) => part !== undefined && part !== null),
  );
}

function walked(
  document: Document.Parsed,
  place: (offset: number) => Place,
  problems: Problem[],
  start: Place,
): YamlResult {
  const walk: Walk = { document, place, problems, nodes: 0 };
  try {
    const root = document.contents ? located(document.contents, walk, 0) : undefined;
    return { root, problems, broken: false };
  } catch (error) {
    if (!(error instanceof TooMuch)) throw error;
    return refused(error.place ?? start, error.message);
  }
}

interface Walk {
  readonly document: Document.Parsed;
  readonly place: (offset: number) => Place;
  readonly problems: Problem[];
  nodes: number;
}

class TooMuch extends Error {
  constructor(
    message: string,
    readonly place: Place | undefined,
  ) {
    super(message);
  }
}

function located(node: ParsedNode, walk: Walk, depth: number): Located {
  const place = walk.place(node.range[0]);
  walk.nodes++;
  if (walk.nodes > MAX_NODES)
    throw new TooMuch(`more than ${MAX_NODES} values once aliases are resolved`, place);
  if (depth > MAX_DEPTH) throw new TooMuch(`nested more than ${MAX_DEPTH} levels deep`, place);
  if (isAlias(node)) {
    const target = node.resolve(walk.document);
    if (!target) return { kind: "scalar", place, value: null };
    return located(target as ParsedNode, walk, depth + 1);
  }
  if (isSeq(node)) {
    const items = node.items.map((item) => located(item as ParsedNode, walk, depth + 1));
    return { kind: "list", place, items };
  }
  if (isMap(node)) return { kind: "map", place, entries: entriesOf(node.items, walk, depth, place) };
  return { kind: "scalar", place, value: scalarOf(isScalar(node) ? node.value : null) };
}

const MERGE_KEY = "YAML 1.2 has no merge keys (`<<`): write the keys out, or use `extends`";

function entriesOf(items: readonly unknown[], walk: Walk, depth: number, at: Place): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  for (const pair of items) {
    if (!isPair(pair)) continue;
    const keyNode = pair.key as ParsedNode;
    const keyPlace = keyNode?.range ? walk.place(keyNode.range[0]) : at;
    if (!isScalar(keyNode) || keyNode.value === null || keyNode.value === "__proto__") {
      walk.problems.push({ place: keyPlace, message: "a key must be a plain name" });
      continue;
    }
    if (keyNode.value === "<<" && keyNode.type === "PLAIN") {
      walk.problems.push({ place: keyPlace, message: MERGE_KEY });
      continue;
    }
    const value: Located = pair.value
      ? located(pair.value as ParsedNode, walk, depth + 1)
      : { kind: "scalar", place: keyPlace, value: null };
    // The parser reports duplicate keys; the first one counts.
    if (!entries.has(String(keyNode.value))) entries.set(String(keyNode.value), { keyPlace, value });
  }
  return entries;
}

function scalarOf(value: unknown): Scalar {
  const known = typeof value === "number" || typeof value === "boolean" || typeof value === "string";
  return known || value === null ? (value as Scalar) : String(value);
}

function syntaxProblem(error: YAMLError, place: Place): Problem {
  if (error.code === "DUPLICATE_KEY") {
    return { place, message: "this key is written twice in the same map", hint: "keep one of them" };
  }
  const hint =
    error.code === "TAB_AS_INDENT"
      ? "indent with spaces"
      : "check indentation, brackets and quotes; inside { } a variable or a colon needs quotes";
  return { place, message: `not valid YAML: ${lowered(error.message)}`, hint };
}

function refused(place: Place, message: string): YamlResult {
  return { root: undefined, problems: [{ place, message }], broken: true };
}

const LONGEST_LINE = 90;

/**
 * Plain data as a scenario file with comments, laid out as a person would: short maps and lists on one line.
 * @param comments by dotted key, such as `targets.backend.options`: above that key or its nearest parent
 * @param head lines at the top of the file
 */
export function commentedYaml(
  data: Readonly<Record<string, unknown>>,
  comments: ReadonlyMap<string, readonly string[]>,
  head: readonly string[],
): string {
  const document = new Document(data, { aliasDuplicateObjects: false });
  document.commentBefore = head.map((line) => ` ${clean(line)}`).join("\n");
  if (isMap(document.contents)) {
    inline(document.contents, 0);
    for (const [path, lines] of comments) comment(document.contents, path.split("."), lines);
  }
  return document.toString({ lineWidth: 0, flowCollectionPadding: true });
}

/** Flow style for whatever fits on one line. */
function inline(node: Node, depth: number): void {
  if (!isCollection(node)) return;
  const short = JSON.stringify(node.toJSON()).length + depth * 2 <= LONGEST_LINE;
  if (short && depth > 2) {
    node.flow = true;
    return;
  }
  for (const item of node.items) {
    const held: unknown = isPair(item) ? item.value : item;
    if (isCollection(held)) inline(held, depth + 1);
  }
}

function comment(map: YAMLMap, [key = "", ...rest]: readonly string[], lines: readonly string[]): void {
  const pair = map.items.find((item) => isScalar(item.key) && item.key.value === key);
  if (!pair) return;
  if (rest.length > 0 && isMap(pair.value) && pair.value.has(rest[0]) && !pair.value.flow) {
    comment(pair.value, rest, lines);
    return;
  }
  if (!isScalar(pair.key)) return;
  const before = pair.key.commentBefore;
  const text = lines.map((line) => ` ${clean(line)}`).join("\n");
  pair.key.commentBefore = before ? `${before}\n${text}` : text;
}

/** Text from a backend may contain anything. */
function clean(line: string): string {
  return line.replace(/[\p{Cc}\u2028\u2029]/gu, " ");
}
