// Plain data as a scenario file with comments, as a person would lay it out: short maps and lists on one line.
import { Document, isCollection, isMap, isPair, isScalar, type Node, type YAMLMap } from "yaml";

const LONGEST_LINE = 90;

/**
 * @param comments by dotted keys, such as `targets.backend.options`: above the key, or above the closest one that is there
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

/** Braces and brackets for whatever fits on a line and holds no further comments. */
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

/** What a backend calls its keys may hold anything. */
function clean(line: string): string {
  return line.replace(/[\p{Cc}\u2028\u2029]/gu, " ");
}
