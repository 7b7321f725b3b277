// Trace context of turns and connections: W3C ids derived from the run's name, so that they need not be stored.
import { seedOf } from "../../support/random.js";

/** Ids on the wire: 32 and 16 lower-case hex digits. */
export interface TraceContext {
  readonly traceId: string;
  readonly spanId: string;
}

/** The same ids for the same arguments, in every process of one run. */
export interface TraceIds {
  /** @param turn the user's own count of turns, from 0 */
  turn(user: number, turn: number): TraceContext;
  /** @param connection the worker's own count of connections, from 0 */
  connection(worker: number, connection: number): TraceContext;
}

const ROUNDS = 4;

/**
 * Within a run no two turns share a trace: each half of an id is a permutation of its two numbers. All digits look random,
 * so that services that sample traces by their ids get a fair sample.
 *
 * @param run unique to this run
 */
export function traceIds(run: string): TraceIds {
  const idsOf = (kind: string) => {
    const high = permutation(run, kind, "high");
    const low = permutation(run, kind, "low");
    const span = permutation(run, kind, "span");
    return (first: number, second: number): TraceContext => ({
      traceId: high(first, second) + low(first, second),
      spanId: span(first, second),
    });
  };
  return { turn: idsOf("turn"), connection: idsOf("connection") };
}

/** Header of https://www.w3.org/TR/trace-context/: version 00, with the sampled flag. */
export function traceparentOf({ traceId, spanId }: TraceContext): string {
  return `00-${traceId}-${spanId}-01`;
}

/** A Feistel network over two 32-bit words, as 16 hex digits: no two pairs give the same. */
function permutation(...seed: readonly string[]): (first: number, second: number) => string {
  const keys = Array.from({ length: ROUNDS }, (_, round) => seedOf(...seed, round));
  return (first, second) => {
    let left = first >>> 0;
    let right = second >>> 0;
    for (const key of keys) {
      const next = (left ^ mixed(right ^ key)) >>> 0;
      left = right;
      right = next;
    }
    return hex(left) + hex(right);
  };
}

/** The finaliser of murmur3. */
function mixed(word: number): number {
  let hash = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

const BYTES = Array.from({ length: 256 }, (_, value) => value.toString(16).padStart(2, "0"));

/** By a table, for speed: ids are made while a turn is being sent. */
function hex(word: number): string {
  return `${BYTES[word >>> 24]}${BYTES[(word >>> 16) & 255]}${BYTES[(word >>> 8) & 255]}${BYTES[word & 255]}`;
}
