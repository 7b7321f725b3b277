// Chooses agents for a run from those on offer, or says why there are too few.
import type { Target } from "../../scenarios/scenario.js";
import { UserError } from "../../support/errors.js";
import { formatCount } from "../../support/units.js";
import { refusedHosts } from "../messaging/allowed-hosts.js";
import { FLEET_FORMAT, type Offer } from "../messaging/messages.js";
import type { Found } from "../messaging/offers.js";
import { dealSlices } from "./slices.js";

export interface FleetDemand {
  readonly users: number;
  /** Number of agents; `undefined` for all that are free. */
  readonly agents: number | undefined;
  /** If no number is requested, wait for busy agents, which may just be finishing the previous run. */
  readonly patient: boolean;
  readonly version: string;
  /** Name of the coordinator's key. */
  readonly key: string;
  readonly target: Target;
}

export interface Choice {
  readonly offer: Offer;
  readonly slices: readonly number[];
}

/**
 * The agents with their slices, or a text that says what is still missing. Throws a `UserError` for anything that waiting
 * does not change: a different version or key, or a host that is not allowed.
 */
export function chooseAgents(found: readonly Found[], demand: FleetDemand): readonly Choice[] | string {
  const fitting = found.filter((one) => isFitting(one, demand));
  const free = fitting.flatMap(({ offer }) => (offer && !offer.busy ? [offer] : []));
  const busy = fitting.length - free.length;
  const wanted = demand.agents ?? Math.max(1, free.length + (demand.patient ? busy : 0));
  if (free.length < wanted) {
    refuseMisfits(found, demand);
    return `${free.length} of ${wanted} workers are available${busy > 0 ? `, ${busy} busy` : ""}`;
  }
  const chosen = free
    .toSorted((a, b) => b.capacity - a.capacity || (a.name < b.name ? -1 : 1))
    .slice(0, wanted);
  for (const offer of chosen) refuseHosts(offer, demand.target);
  const slices = dealSlices(demand.users, chosen);
  if (!slices) {
    const room = chosen.reduce((sum, { capacity }) => sum + capacity, 0);
    return `${chosen.length} workers take at most ${formatCount(room)} users, and ${formatCount(demand.users)} are needed`;
  }
  return chosen.flatMap((offer, at) => {
    const own = slices[at] ?? [];
    return own.length > 0 ? [{ offer, slices: own }] : [];
  });
}

function isFitting({ version, format, offer }: Found, demand: FleetDemand): boolean {
  return version === demand.version && format === FLEET_FORMAT && offer !== undefined;
}

function refuseMisfits(found: readonly Found[], { version, key }: FleetDemand): void {
  for (const one of found) {
    const name = one.offer?.name ?? one.id;
    if (!one.offer) {
      throw new UserError(
        `the worker ${name} has the fleet key ${one.key}, and this run has ${key}`,
        "give both the same --fleet-key-file",
      );
    }
    if (one.version !== version || one.format !== FLEET_FORMAT) {
      throw new UserError(
        `the worker ${name} is gp-load ${one.version}, and this is ${version}`,
        "install the same version on all machines",
      );
    }
  }
}

function refuseHosts({ name, allowedHosts }: Offer, target: Target): void {
  const refused = refusedHosts(target, allowedHosts);
  if (refused.length === 0) return;
  throw new UserError(
    `the worker ${name} does not load ${refused.join(", ")}`,
    `its owner can allow that with \`gp-load worker --allow-host ${refused[0]}\``,
  );
}
