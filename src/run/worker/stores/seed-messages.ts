// Messages that look as if they had been exchanged before the run, so that a search has something to search in.
import type { StoredMessage } from "../../../profiles/profile.js";

const QUESTIONS = [
  "How did the numbers of week {n} compare with those of the week before?",
  "Please sum up the meeting number {n} about the release, and list what is open.",
  "Which of the {n} tickets of last month came back, and why?",
  "What would it take to serve {n} customers from one region less?",
] as const;
const ANSWERS = [
  "Week {n} was a little quieter: fewer visits, the same share of them with a purchase.",
  "Meeting {n} left two things open: the date of the freeze, and who writes the notes.",
  "Of {n} tickets nine came back, most of them because the first reply missed the point.",
  "For {n} customers it takes a second cache and a failover that was tried at least once.",
] as const;

/** Question and answer by turns; a pure function of the user's number and the message's. */
export function seedMessage(user: number, number: number): StoredMessage {
  const pair = Math.floor(number / 2);
  const texts = number % 2 === 0 ? QUESTIONS : ANSWERS;
  const text = (texts[pair % texts.length] ?? "").replace("{n}", String(user * 1000 + pair));
  return { role: number % 2 === 0 ? "user" : "assistant", text };
}
