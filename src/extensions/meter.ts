// Measures the time in a scenario's own code, and notices what such code does wrong.
//
// JavaScript runs one thing at a time, so an extension that computes keeps every other user waiting. A call consists of
// stretches: one up to its first `await`, and one after each wait. Those after a request or sleep of gp-load are known
// directly; others are tracked once any call waits for something else. Each stretch is timed. A garbage collection or a
// lack of CPU can make one long, which is only known a moment later: long stretches count at the next look at the earliest.
import { Distribution, HistogramEncoder } from "../metrics/distribution.js";
import type { ExtensionKind, ExtensionStates } from "../model/log/extension.js";
import { defined } from "../support/defined.js";
import { messageOf } from "../support/errors.js";
import { formatUs } from "../support/units.js";
import { Continuations, type Followed } from "./continuations.js";
import { Stretches } from "./stretches.js";

/** A longer stretch of own code keeps other users waiting, microseconds. */
const BLOCK_US = 10_000;
/** A call that waits this long for nothing known to gp-load is reported, microseconds. */
const SILENT_US = 4_000_000;
/** How often open calls and long stretches are checked, milliseconds. */
export const LOOK_MS = 250;
/** Shorter stretches cause no measurable delay, and are not remembered. */
const LEAST_REMEMBERED_US = 100;
/** Turns of the microtask queue after which a stretch is assumed to have ended. */
const HOPS = 8;

/** What the meter needs from its surroundings. */
export interface MeterSurroundings {
  readonly nowUs: () => number;
  /** Shows people a message at once; it names file and line. */
  readonly note: (text: string) => void;
  /** Time spent in garbage collection between two instants, microseconds. */
  readonly gcUs: (fromUs: number, toUs: number) => number;
  /** Time that this thread has waited for a core since its start, microseconds; `undefined` if unknown. */
  readonly cpuWaitUs: () => number | undefined;
}

/** How a call ended. */
export type Ended<Value> =
  | { readonly ok: true; readonly value: Value; readonly spentUs: number }
  | { readonly ok: false; readonly error: unknown; readonly spentUs: number };

/** A call was given up. */
export class GivenUp extends Error {}

/** Statistics of one definition. */
export class Account {
  calls = 0;
  failed = 0;
  timedOut = 0;
  unsettled = 0;
  late = 0;
  blocks = 0;
  trouble: string | undefined;
  /** One of its stretches was long: the following ones are measured more precisely. */
  watched = false;
  lagUs = 0;
  readonly time = new Distribution();
  readonly stretches = new Stretches();
  readonly noted = new Set<string>();

  constructor(
    readonly name: string,
    readonly kind: ExtensionKind,
    readonly place: string,
  ) {}
}

/** One call that may wait. */
export interface Call {
  /** Aborted when the call is given up. */
  readonly signal: AbortSignal;
  /** Starts an operation of gp-load and waits for it: code that runs after it is timed again. */
  resumed<Value>(start: () => Promise<Value>): Promise<Value>;
}

/** A call that has not ended yet, and its measurement. */
class OpenCall implements Call, Followed {
  spentUs = 0;
  /** Start of the current stretch; `undefined` between stretches. */
  runningUs: number | undefined;
  /** Requests and sleeps in progress. */
  waiting = 0;
  /** Since when it has been waiting for nothing known. */
  idleUs: number;
  open = true;
  /** Nested continuations of it in progress, and which of them started the current stretch; 0 for none. */
  #depth = 0;
  #stretchDepth = 0;
  readonly deadlineUs: number;
  #controller: AbortController | undefined;

  constructor(
    private readonly meter: Meter,
    readonly account: Account,
    private readonly timeoutUs: number,
    fromUs: number,
    private readonly where: (error: unknown) => string,
    private readonly resolve: (ended: Ended<never>) => void,
  ) {
    this.runningUs = fromUs;
    this.idleUs = fromUs;
    this.deadlineUs = fromUs + timeoutUs;
  }

  /** Created on first use. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    return this.#controller.signal;
  }

  resumed<Value>(start: () => Promise<Value>): Promise<Value> {
    return this.meter.resumed(this, start);
  }

  begins(): void {
    this.#depth++;
    if (!this.open || this.runningUs !== undefined) return;
    this.runningUs = this.meter.begin(this.account);
    this.#stretchDepth = this.#depth;
  }

  ends(): void {
    if (this.#stretchDepth === this.#depth) {
      this.#stretchDepth = 0;
      if (this.open) this.meter.pause(this);
    }
    this.#depth--;
  }

  readonly done = (value: unknown): void => {
    if (this.open) this.resolve({ ok: true, value: value as never, spentUs: this.meter.close(this) });
  };

  readonly failed = (error: unknown): void => {
    const what = `${messageOf(error)} (${this.where(error)})`;
    if (!this.open) {
      this.account.late++;
      this.meter.troubled(this.account, "rejected after it was given up", what);
      return;
    }
    this.account.failed++;
    this.meter.troubled(this.account, "threw", what);
    this.resolve({ ok: false, error, spentUs: this.meter.close(this) });
  };

  giveUp(): void {
    const error = new GivenUp(`did not end within ${formatUs(this.timeoutUs)}`);
    this.abort(error);
    if (this.waiting > 0) this.account.timedOut++;
    else this.account.unsettled++;
    this.meter.troubled(this.account, this.waiting > 0 ? "timed out" : "never settled", error.message);
    this.resolve({ ok: false, error, spentUs: this.meter.close(this) });
  }

  abort(why: GivenUp): void {
    this.#controller?.abort(why);
  }
}

export class Meter {
  readonly accounts: Account[] = [];
  readonly #around: MeterSurroundings;
  readonly #open = new Set<OpenCall>();
  readonly #encoder = new HistogramEncoder();
  /** Long stretches that may turn out to have another cause. */
  #suspects: { account: Account; fromUs: number; toUs: number; waitedUs: number; hint: string }[] = [];
  #waitSeenUs: number | undefined;
  #lagUs = 0;
  #continuations: Continuations | undefined;

  constructor(around: MeterSurroundings) {
    this.#around = around;
    this.#waitSeenUs = around.cpuWaitUs();
  }

  nowUs(): number {
    return this.#around.nowUs();
  }

  account(name: string, kind: ExtensionKind, place: string): Account {
    const account = new Account(name, kind, place);
    this.accounts.push(account);
    return account;
  }

  /** Calls synchronous code, and rethrows its errors. @param where gives file and line of an error */
  sync<Value>(account: Account, run: () => Value, where: (error: unknown) => string): Value {
    const fromUs = this.begin(account);
    account.calls++;
    try {
      return run();
    } catch (error) {
      account.failed++;
      this.troubled(account, "threw", `${messageOf(error)} (${where(error)})`);
      throw error;
    } finally {
      const toUs = this.#around.nowUs();
      this.#stretch(account, fromUs, toUs);
      account.time.add(toUs - fromUs);
    }
  }

  /** Calls asynchronous code, and gives up at its timeout. Never rejects. */
  run<Value>(
    account: Account,
    timeoutUs: number,
    start: (call: Call) => Promise<Value> | Value,
    where: (error: unknown) => string,
  ): Promise<Ended<Value>> {
    account.calls++;
    return new Promise((resolve) => {
      const call = new OpenCall(this, account, timeoutUs, this.begin(account), where, resolve);
      let result: Promise<Value> | Value;
      try {
        result = this.#continuations ? this.#continuations.of(call, () => start(call)) : start(call);
      } catch (error) {
        call.failed(error);
        return;
      }
      if (!isPromise(result)) {
        call.done(result);
        return;
      }
      this.pause(call);
      this.#open.add(call);
      result.then(call.done, call.failed);
      if (!this.#continuations) afterHops(HOPS, () => this.#followIfForeign(call));
    });
  }

  /** Ends a call. @returns time in its code */
  close(call: OpenCall): number {
    this.pause(call);
    this.#open.delete(call);
    call.open = false;
    call.account.time.add(call.spentUs);
    return call.spentUs;
  }

  /** Checks open calls and long stretches. Call it every {@link LOOK_MS}. */
  look(): void {
    const now = this.#around.nowUs();
    const suspects = this.#suspects;
    this.#suspects = [];
    for (const { account, fromUs, toUs, waitedUs, hint } of suspects) {
      const ownUs = toUs - fromUs - this.#around.gcUs(fromUs, toUs) - waitedUs;
      if (ownUs <= BLOCK_US) continue;
      account.blocks++;
      this.troubled(account, "blocked the event loop for more than 10 ms without a break", hint);
    }
    this.#waitSeenUs = this.#around.cpuWaitUs();
    for (const call of this.#open) {
      if (now >= call.deadlineUs) call.giveUp();
      else if (call.waiting === 0 && now - call.idleUs >= SILENT_US)
        this.#note(call.account, "has waited for 4 s, and not for a request or sleep of gp-load");
    }
  }

  /** Gives up all open calls, as at the end of a run, without blaming them. */
  abort(): void {
    this.#continuations?.end();
    for (const call of this.#open) call.abort(new GivenUp("the run is over"));
  }

  /** An error that nobody awaited. */
  stray(account: Account, what: string): void {
    account.late++;
    this.troubled(account, "left an error that nobody awaited", what);
  }

  /** Adds the send lag of one turn of the hold, and how much of it was own code. */
  lag(intendedUs: number, sentUs: number): void {
    if (Number.isNaN(sentUs)) return;
    const lagUs = Math.max(0, sentUs - intendedUs);
    this.#lagUs += lagUs;
    if (lagUs < LEAST_REMEMBERED_US) return;
    for (const account of this.accounts) account.lagUs += account.stretches.within(intendedUs, sentUs);
  }

  states(): ExtensionStates {
    return {
      lagUs: Math.round(this.#lagUs),
      each: this.accounts.map(
        ({ name, kind, place, calls, failed, timedOut, unsettled, late, blocks, trouble, lagUs, time }) => ({
          ...{ name, kind, place, calls, failed, timedOut, unsettled, late, blocks },
          ...defined({ trouble }),
          lagUs: Math.round(lagUs),
          time: time.state(this.#encoder),
        }),
      ),
    };
  }

  resumed<Value>(call: OpenCall, start: () => Promise<Value>): Promise<Value> {
    call.waiting++;
    const { nowUs } = this.#around;
    const promise = this.#continuations ? this.#continuations.outside(start) : start();
    return new Promise((resolve, reject) => {
      const goOn = (deliver: () => void): void => {
        call.waiting--;
        call.idleUs = nowUs();
        if (call.runningUs === undefined && call.open) {
          call.runningUs = this.begin(call.account);
          // Code that awaited this runs in the next turns of the microtask queue.
          afterHops(HOPS, () => {
            this.pause(call);
            this.#followIfForeign(call);
          });
        }
        deliver();
      };
      promise.then(
        (value) => goOn(() => resolve(value)),
        (error) => goOn(() => reject(error)),
      );
    });
  }

  /** Starts tracking continuations if the call waits for something that gp-load did not start. */
  #followIfForeign(call: OpenCall): void {
    if (call.open && call.waiting === 0) this.#continuations ??= new Continuations();
  }

  /**
   * Starts a stretch. Waits for a core before it do not count as part of it: on a busy machine they would hide its own
   * time. Reading them costs microseconds, so it is done only for accounts that were slow before.
   */
  begin(account: Account): number {
    if (account.watched) this.#waitSeenUs = this.#around.cpuWaitUs();
    return this.#around.nowUs();
  }

  /** Ends the current stretch. */
  pause(call: OpenCall): void {
    if (call.runningUs === undefined) return;
    const now = this.#around.nowUs();
    call.spentUs += now - call.runningUs;
    this.#stretch(call.account, call.runningUs, now);
    call.runningUs = undefined;
  }

  #stretch(account: Account, fromUs: number, toUs: number): void {
    const us = toUs - fromUs;
    if (us < LEAST_REMEMBERED_US) return;
    account.stretches.add(fromUs, toUs);
    if (us <= BLOCK_US) return;
    account.watched = true;
    const waited = this.#around.cpuWaitUs();
    const waitedUs = waited === undefined ? 0 : Math.min(us, waited - (this.#waitSeenUs ?? waited));
    this.#waitSeenUs = waited;
    this.#suspects.push({ account, fromUs, toUs, waitedUs, hint: `${formatUs(us)} in one call` });
  }

  /** Remembers the first trouble, and reports each kind once. */
  troubled(account: Account, what: string, detail: string): void {
    account.trouble ??= `${what}: ${detail}`;
    this.#note(account, what, detail);
  }

  #note(account: Account, what: string, detail?: string): void {
    if (account.noted.has(what)) return;
    account.noted.add(what);
    const { name, kind, place } = account;
    this.#around.note(`the ${kind} ${name} (${place}) ${what}${detail === undefined ? "" : `: ${detail}`}`);
  }
}

function isPromise<Value>(value: Promise<Value> | Value): value is Promise<Value> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}

function afterHops(hops: number, then: () => void): void {
  if (hops === 0) then();
  else queueMicrotask(() => afterHops(hops - 1, then));
}
