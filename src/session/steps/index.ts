// The table of journey steps: to add one, write its file and add its line here.
import { allSteps } from "../../scenarios/rules/nested.js";
import type { StepSpec } from "../../scenarios/scenario.js";
import { barrier } from "./barrier.js";
import { burst } from "./burst.js";
import { connect } from "./connect.js";
import { answer, approve, reject } from "./decide.js";
import { deleteThread } from "./delete-thread.js";
import { dialogue } from "./dialogue.js";
import { expiredToken } from "./expired-token.js";
import { history } from "./history.js";
import { http } from "./http.js";
import { leaveWaitingStep } from "./leave-waiting.js";
import { login } from "./login.js";
import { logout } from "./logout.js";
import { loop } from "./loop.js";
import { observe } from "./observe.js";
import { offline } from "./offline.js";
import { ownStep } from "./own-step.js";
import { page } from "./page.js";
import { probe } from "./probe.js";
import { search } from "./search.js";
import { send } from "./send.js";
import { NOTHING_PLANNED, type Step, type StepPlan } from "./step.js";
import { stop } from "./stop.js";
import { think } from "./think.js";
import { waitFor } from "./wait-for.js";

export const STEPS = {
  connect,
  login,
  logout,
  send,
  burst,
  dialogue,
  stop,
  approve,
  reject,
  answer,
  "leave-waiting": leaveWaitingStep,
  history,
  page,
  search,
  probe,
  "expired-token": expiredToken,
  "delete-thread": deleteThread,
  http,
  "wait-for": waitFor,
  think,
  barrier,
  offline,
  observe,
  loop,
} as const satisfies Record<string, Step>;

/** The step of that name. Throws for an unknown one: the scenario file was checked, so that would be a bug. */
export function stepNamed(name: string): Step {
  if (name.includes("/")) return ownStep(name);
  if (!Object.hasOwn(STEPS, name)) throw new Error(`no step named ${name}`);
  return STEPS[name as keyof typeof STEPS];
}

/** Whether users of the journey send messages, in it or in nested loops. */
export function sendsTurns(journey: readonly StepSpec[]): boolean {
  return someStep(journey, ({ role }) => role === "sends-turn");
}

/** Whether they decide agents' requests, or leave them waiting. */
export function decides(journey: readonly StepSpec[]): boolean {
  return someStep(journey, (step) => step.decides === true);
}

function someStep(journey: readonly StepSpec[], fits: (step: Step) => boolean): boolean {
  return allSteps(journey).some(({ step }) => fits(stepNamed(step)));
}

/** One pass of a journey; for an endless loop, one pass of the loop (the steps before it run once). */
export function passOf(journey: readonly StepSpec[]): StepPlan {
  return journey.reduce<StepPlan>((sum, { step, options }) => {
    const plan = stepNamed(step).plan(options, passOf);
    const samples = { ...sum.samples };
    for (const [metric, count] of Object.entries(plan.samples)) {
      const key = metric as keyof typeof samples;
      samples[key] = (samples[key] ?? 0) + (count ?? 0);
    }
    return {
      turns: sum.turns + plan.turns,
      thinkUs: sum.thinkUs + plan.thinkUs,
      samples,
      endless: sum.endless || plan.endless,
      tellsFacts: sum.tellsFacts || plan.tellsFacts,
      plantsRecords: sum.plantsRecords || plan.plantsRecords,
    };
  }, NOTHING_PLANNED);
}
