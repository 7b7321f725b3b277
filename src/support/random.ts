// Seeded randomness: each user and purpose has its own stream, so a run can be repeated.

/** `next` is in [0, 1), `between` in [min, max). */
export interface Random {
  next(): number;
  between(min: number, max: number): number;
  /** Integer in [0, bound). */
  below(bound: number): number;
}

/** Mixes text or numbers into an unsigned 32-bit seed (FNV-1a, then a murmur3 finaliser). */
export function seedOf(...parts: readonly (string | number)[]): number {
  let hash = 0x811c9dc5;
  for (const part of parts) {
    const text = `${part}\u0000`;
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Mulberry32: 32 bits of state, good enough for this purpose, and the same on every machine. */
export function randomFrom(...seed: readonly (string | number)[]): Random {
  let state = seedOf(...seed);
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    next,
    between: (min, max) => min + (max - min) * next(),
    below: (bound) => Math.floor(next() * bound),
  };
}
