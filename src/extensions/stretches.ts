// When one extension's code ran, to find how much of a turn's delay it caused.

/** Most stretches remembered; older ones are dropped. */
const MAX_REMEMBERED = 20_000;

/** Stretches of one account in order; computes how much of a span they took. */
export class Stretches {
  #from: number[] = [];
  #to: number[] = [];
  /** Total length up to and including each one. */
  #sum: number[] = [];

  add(fromUs: number, toUs: number): void {
    if (this.#from.length >= MAX_REMEMBERED) {
      const half = MAX_REMEMBERED / 2;
      this.#from = this.#from.slice(half);
      this.#to = this.#to.slice(half);
      this.#sum = this.#sum.slice(half);
    }
    this.#from.push(fromUs);
    this.#to.push(toUs);
    this.#sum.push((this.#sum.at(-1) ?? 0) + toUs - fromUs);
  }

  within(fromUs: number, toUs: number): number {
    return Math.max(0, this.#upTo(toUs) - this.#upTo(fromUs));
  }

  /** Their total time up to an instant. */
  #upTo(us: number): number {
    let low = 0;
    let high = this.#from.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#from[middle] ?? 0) < us) low = middle + 1;
      else high = middle;
    }
    const last = low - 1;
    if (last < 0) return this.#start();
    return (this.#sum[last] ?? 0) - Math.max(0, (this.#to[last] ?? 0) - us);
  }

  /** Total of those dropped before the first one. */
  #start(): number {
    return (this.#sum[0] ?? 0) - ((this.#to[0] ?? 0) - (this.#from[0] ?? 0));
  }
}
