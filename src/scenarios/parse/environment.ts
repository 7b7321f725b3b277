// `${NAME}`, `${NAME:-default}` and `${secret:NAME}` in a scenario's values: replaced from the environment at load time.
import { type Located, type LocatedScalar, plain } from "./located.js";
import type { Problem } from "./problems.js";

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Substituted {
  readonly tree: Located;
  /** One for each unset variable without a default. */
  readonly unset: readonly Problem[];
  /** References with wrong syntax. */
  readonly malformed: readonly Problem[];
  /** Values of `${secret:NAME}`. */
  readonly secrets: readonly string[];
}

/** `$${` is a literal `${`. Groups: secret, name, default. */
const REFERENCE = /\$\$\{|\$\{(secret:)?([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}|\$\{/g;

/** An unset variable makes its value unknown. */
export function withEnvironment(tree: Located, env: Environment): Substituted {
  const found: Found = { unset: [], malformed: [], secrets: [] };
  return { tree: replaced(tree, env, found), ...found };
}

type Found = Readonly<Record<"unset" | "malformed", Problem[]> & Record<"secrets", string[]>>;

function replaced(node: Located, env: Environment, found: Found): Located {
  if (node.kind === "list") return { ...node, items: node.items.map((item) => replaced(item, env, found)) };
  if (node.kind === "map") {
    const entries = [...node.entries].map(
      ([key, entry]) => [key, { ...entry, value: replaced(entry.value, env, found) }] as const,
    );
    return { ...node, entries: new Map(entries) };
  }
  return typeof node.value === "string" && node.value.includes("${") ? scalar(node, env, found) : node;
}

function scalar(node: LocatedScalar, env: Environment, found: Found): LocatedScalar {
  const before = found.unset.length + found.malformed.length;
  const value = String(plain(node)).replace(REFERENCE, (whole, secret, name, fallback) => {
    if (whole === "$${") return "${";
    if (name === undefined) {
      const hint =
        "write the name in braces: A-Z, 0-9 and _, with :-default behind it if need be; `$${` is a literal";
      found.malformed.push({ place: node.place, message: "`${` does not begin a variable's name", hint });
      return "";
    }
    const held: string | undefined = env[name] || fallback;
    if (held === undefined) {
      const hint = `set it, or give a default: \${${name}:-…}`;
      found.unset.push({
        place: node.place,
        message: `environment variable ${name} is not set or empty`,
        hint,
      });
      return "";
    }
    if (secret && held !== "") found.secrets.push(held);
    return held;
  });
  const failed = found.unset.length + found.malformed.length > before;
  return failed ? { ...node, value, unknown: true } : { ...node, value };
}
