// Fault `mark`: something else breaks the target, or the load itself does; the run only times the recovery.
import { text } from "../../scenarios/schema/fields.js";
import { defineFault } from "../action.js";

export const mark = defineFault({
  place: "nowhere",
  summary: "does nothing: names what happens on its own or is done by others, so that its recovery is timed",
  schema: text("What happens, in a few words", "three times the load"),
  claim: (what) => `mark ${what}`,
  label: (what) => what.slice(0, 60),
});
