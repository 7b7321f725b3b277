// Finds a service's own order of rows by the times, ids and numbers in the rows themselves.
//
// Roles only count if nothing else shows the order: an answer stored before its message should be found, not taken for
// the opposite order.
import { isObject } from "../../../support/json.js";
import type { HistoryRow } from "../../profile.js";
import { stampUs } from "../../values.js";

export type Order = "asc" | "desc";

/** Most leaf values of one row that are examined. */
const MAX_LEAVES = 60;
const COUNTER =
  /^(seq|sequence|index|idx|position|pos|no|nr|number|order|ordinal|turn)([_-]?(id|no|nr|number))?$/i;
const INTEGER = /^\d{1,30}$/;

/**
 * @param values rows of one page as sent by the service
 * @param rows the same rows, parsed
 * @param whole they are all rows of their thread
 * @returns `undefined` if nothing shows the order, or there is a contradiction
 */
export function ownOrder(
  values: readonly unknown[],
  rows: readonly HistoryRow[],
  whole: boolean,
): Order | undefined {
  const stamps = new Map<string, number[]>();
  const numbers = new Map<string, bigint[]>();
  for (const value of values) {
    for (const [name, leaf] of leavesOf(value)) {
      const us = stampUs(leaf);
      if (!Number.isNaN(us)) add(stamps, name, us);
      else if (COUNTER.test(name.slice(name.lastIndexOf(".") + 1)) && Number.isSafeInteger(leaf))
        add(numbers, name, BigInt(leaf as number));
    }
  }
  const ids = rows.flatMap(({ id }) => (INTEGER.test(id) ? [BigInt(id)] : []));
  const count = values.length;
  return (
    agreed([...stamps.values()], count) ??
    agreed([...numbers.values(), ids], count) ??
    (whole ? byRoles(rows) : undefined)
  );
}

function add<T>(all: Map<string, T[]>, name: string, value: T): void {
  const held = all.get(name);
  if (held) held.push(value);
  else all.set(name, [value]);
}

/** Values of a row and of nested objects. */
function* leavesOf(row: unknown): Generator<readonly [name: string, value: unknown]> {
  if (!isObject(row)) return;
  let left = MAX_LEAVES;
  for (const name in row) {
    const value = row[name];
    if (left-- <= 0) return;
    if (!isObject(value)) yield [name, value];
    else
      for (const inner in value) {
        if (left-- <= 0) return;
        yield [`${name}.${inner}`, value[inner]];
      }
  }
}

/** The order on which all columns agree that every row has and that only rise or only fall. */
function agreed(columns: readonly (readonly (number | bigint)[])[], count: number): Order | undefined {
  const orders = new Set<Order>();
  for (const column of columns) {
    if (column.length !== count) continue;
    const risen = column.some((value, at) => at > 0 && value > (column[at - 1] ?? value));
    const fallen = column.some((value, at) => at > 0 && value < (column[at - 1] ?? value));
    if (risen !== fallen) orders.add(risen ? "asc" : "desc");
  }
  const [order] = orders;
  return orders.size === 1 ? order : undefined;
}

/** A thread starts with a message. */
function byRoles(rows: readonly HistoryRow[]): Order | undefined {
  const said = rows.filter(({ role }) => role !== "other");
  const [first, last] = [said[0]?.role, said.at(-1)?.role];
  if (first === last) return undefined;
  return first === "user" ? "asc" : "desc";
}
