// The worker's share of the timeline: applies faults to its own users, undoes them, and reports what it did.
import type { FaultAction } from "../../../faults/action.js";
import { chosenUsers } from "../../../faults/chosen.js";
import { faultNamed } from "../../../faults/index.js";
import { type Occurrence, occurrences } from "../../../faults/timeline.js";
import { loadDurationUs, userWindows } from "../../../load/load.js";
import type { PhaseSamples } from "../../../metrics/samples.js";
import type { FaultSpec, Scenario } from "../../../scenarios/scenario.js";
import type { VirtualUser } from "../../../session/user/virtual-user.js";
import type { Clock } from "../../../support/clock.js";
import type { FromWorker } from "../../process/messages.js";

type UserAction = Extract<FaultAction, { place: "users" }>;

export interface UserFaultsOptions {
  readonly scenario: Scenario;
  /** Numbers of all users of the run. */
  readonly everybody: readonly number[];
  readonly clock: Clock;
  readonly worker: number;
  readonly userOf: (number: number) => VirtualUser | undefined;
  readonly tell: (message: FromWorker) => void;
  /** Reports a completed second first: timers of one instant fire in any order, and a fault's effects belong to the next. */
  readonly closeSecond: () => void;
}

/** Time after a fault's end in which a loss still counts as its effect: a channel may be given up that late. */
const AFTERMATH_US = 30_000_000;

export class UserFaults {
  readonly #options: UserFaultsOptions;
  readonly #all: readonly Occurrence[];
  readonly #undos = new Map<Occurrence, () => void>();
  readonly #cancels: (() => void)[] = [];
  /** Users found to have lost their channel, by occurrence. */
  readonly #detected = new Map<Occurrence, Set<number>>();
  #rampUs = Number.NaN;

  constructor(options: UserFaultsOptions) {
    const { scenario } = options;
    this.#options = options;
    this.#all = occurrences(scenario.faults, scenario.seed, loadDurationUs(scenario.load));
  }

  /** Starts the timeline, once the start of the ramp is known. */
  begin(rampUs: number | undefined): void {
    if (rampUs === undefined) return;
    this.#rampUs = rampUs;
    const { clock } = this.#options;
    for (const occurrence of this.#all) {
      const spec = this.#spec(occurrence);
      const action = faultNamed(spec.action);
      if (action.place !== "users") continue;
      const cancel = clock.at(rampUs + occurrence.beginUs, () => this.#strike(occurrence, spec, action));
      this.#cancels.push(cancel);
    }
  }

  /** Starts no further fault, and undoes the active ones. */
  stop(): void {
    for (const cancel of this.#cancels.splice(0)) cancel();
    for (const undo of [...this.#undos.values()]) undo();
  }

  /** A user notices that its channel is lost: a sample of `detection` for each fault that may be the cause, once. */
  lost(user: number, atUs: number, samples: PhaseSamples): void {
    const us = this.#detectedAfter(user, atUs);
    if (us !== undefined) samples.of("detection").push(us);
  }

  #detectedAfter(user: number, atUs: number): number | undefined {
    const sinceUs = atUs - this.#rampUs;
    const cause = this.#all.findLast(
      (one) => one.beginUs <= sinceUs && sinceUs <= one.endUs + AFTERMATH_US && this.#concerns(one, user),
    );
    if (!cause) return undefined;
    const told = this.#detected.get(cause) ?? new Set();
    this.#detected.set(cause, told);
    if (told.has(user)) return undefined;
    told.add(user);
    return sinceUs - cause.beginUs;
  }

  #concerns(occurrence: Occurrence, user: number): boolean {
    const spec = this.#spec(occurrence);
    const action = faultNamed(spec.action);
    if (action.place === "nowhere") return false;
    return action.place !== "users" || this.#chosen(occurrence, spec, action).has(user);
  }

  #chosen(occurrence: Occurrence, { options }: FaultSpec, action: UserAction): ReadonlySet<number> {
    const { scenario, everybody } = this.#options;
    const { beginUs, fault, occurrence: nth } = occurrence;
    const present = everybody.filter((user) =>
      userWindows(scenario.load, user).some(({ fromUs, toUs }) => fromUs <= beginUs && beginUs < toUs),
    );
    return chosenUsers(present, action.share(options), scenario.seed, fault, nth);
  }

  #strike(occurrence: Occurrence, spec: FaultSpec, action: UserAction): void {
    const { clock, userOf, worker, tell, closeSecond } = this.#options;
    closeSecond();
    const struck = [...this.#chosen(occurrence, spec, action)].flatMap((number) => userOf(number) ?? []);
    const { fault, occurrence: nth, beginUs, endUs } = occurrence;
    let hits = 0;
    const say = (edge: "begin" | "end"): void =>
      tell({
        ...{ type: "fault", worker, fault, occurrence: nth, edge, hits },
        atUs: clock.nowUs(),
        users: struck.length,
      });
    say("begin");
    const atUs = clock.nowUs();
    const untilUs = atUs + (endUs - beginUs);
    const hit = (): void => {
      hits++;
    };
    const undos = struck.map((user) => action.strike({ user, clock, atUs, untilUs, hit }, spec.options));
    const end = (): void => {
      if (!this.#undos.delete(occurrence)) return;
      closeSecond();
      for (const undo of undos) undo?.();
      say("end");
    };
    this.#undos.set(occurrence, end);
    if (endUs === beginUs) end();
    else this.#cancels.push(clock.at(this.#rampUs + endUs, end));
  }

  #spec({ fault }: Occurrence): FaultSpec {
    const spec = this.#options.scenario.faults[fault];
    if (!spec) throw new Error(`the timeline has no fault ${fault}`);
    return spec;
  }
}
