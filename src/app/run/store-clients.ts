// Says before the start what keeps a target's stores from being read at all: a package or a file that is not there.
import type { Scenario } from "../../scenarios/scenario.js";
import { openStore } from "../../stores/index.js";
import { faultOf } from "../../stores/reader.js";
import { UserError } from "../../support/errors.js";

/** Nothing connects here: a store that is away, or refuses its user, is a matter of the run. Rejects with UserError. */
export async function refuseMissingClients({ name, target }: Scenario): Promise<void> {
  for (const spec of target.stores?.list ?? []) {
    const reader = await openStore(spec).catch((error: unknown) => {
      if (error instanceof UserError) throw error;
      const hint = "check the files that its URL names";
      throw new UserError(`${name}: stores.${spec.store}: ${faultOf(spec, error).message}`, hint);
    });
    await reader.close();
  }
}
