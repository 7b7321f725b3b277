// Fault `mark`: others break something, or the load itself does; the run only times the recovery.
import { text } from "../../scenarios/schema/fields.js";
import { defineFault } from "../action.js";

export const mark = defineFault({
  place: "nowhere",
  summary: "nothing is done: names what happens by itself or by others, so that its recovery is timed",
  schema: text("What happens, in a few words", "three times the load"),
  claim: (what) => `mark ${what}`,
  label: (what) => what.slice(0, 60),
});
