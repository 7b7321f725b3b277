// A thread's memory: the facts that a message states, and the fact that a question asks for.

/** `subject` is normalised (`monthly budget`), so that the same thing said twice is one fact. */
export interface RememberedFact {
  readonly subject: string;
  readonly value: string;
}

const SUBJECT = "(?:our|my|the|your)\\s+([a-z][a-z0-9 -]{1,60}?)";
const VALUE = "([^.!?;\\n]{1,120}?(?:\\.\\d[^.!?;\\n]{0,60}?)*)";
const END = "(?=\\s*(?:[.!?;\\n]|,\\s+(?:and|please|so|but|no)\\b|$))";

/** Sentences that state a fact only count with a sign that they should be remembered, or that they correct something. */
const TELLING: readonly RegExp[] = [
  new RegExp(
    `\\b(?:remember|note|keep in mind|for the record|for later|correction|update|actually|fyi)\\b[^.!?\\n]{0,40}?\\b${SUBJECT}\\s+(?:is|are|=|will be)\\s+(?:now\\s+)?${VALUE}${END}`,
    "gi",
  ),
  new RegExp(`\\b${SUBJECT}\\s+(?:is|are)\\s+now\\s+${VALUE}${END}`, "gi"),
  new RegExp(
    `\\b${SUBJECT}\\s+(?:has\\s+)?(?:changed|rose|fell|moved|increased|decreased|went up|went down|been raised|been cut|been changed)\\s+(?:from\\s+[^.!?\\n]{1,40}?\\s+)?to\\s+${VALUE}${END}`,
    "gi",
  ),
  new RegExp(
    `\\b(?:change|update|set|raise|lower|correct)\\s+${SUBJECT}\\s+(?:from\\s+[^.!?\\n]{1,40}?\\s+)?to\\s+${VALUE}${END}`,
    "gi",
  ),
];

const ASKING: readonly RegExp[] = [
  /\bwhat(?:'s|\s+is|\s+are|\s+was|\s+were)\s+(?:our|my|the)\s+([a-z][a-z0-9 -]{1,60}?)(?=\s*(?:\?|$|,|\bagain\b|\bnow\b|\bthat\b|\bin\b|\bfor\b|\bwe\b|\bi\b))/i,
  /\bhow\s+(?:much|many|large|big|high|long)\s+(?:is|are|was)\s+(?:our|my|the)\s+([a-z][a-z0-9 -]{1,60}?)(?=\s*(?:\?|$|,|\bagain\b|\bnow\b))/i,
  /\b(?:recall|remind\s+me\s+(?:of|about|what)|repeat|state|tell\s+me|confirm)\s+(?:again\s+)?(?:what\s+)?(?:our|my|the)\s+([a-z][a-z0-9 -]{1,60}?)(?=\s*(?:[?.!,]|$|\bis\b|\bare\b|\bagain\b|\bthat\b|\bwe\b|\bi\b))/i,
  /\b(?:which|what)\s+([a-z][a-z0-9 -]{1,60}?)\s+(?:did|have|do)\s+(?:i|we)\b/i,
];

const DROPPED = new Set([
  "current",
  "new",
  "exact",
  "agreed",
  "planned",
  "latest",
  "own",
  "total",
  "overall",
  "actual",
]);

/** `our current monthly budget` and `Monthly Budget` are the same subject. */
function normalSubject(text: string): string {
  const words = text.toLowerCase().trim().split(/\s+/);
  const kept = words.filter((word) => !DROPPED.has(word));
  return (kept.length > 0 ? kept : words).join(" ");
}

/** The facts that a message states, in order; a later one on the same subject wins. */
export function factMemory(message: string): RememberedFact[] {
  const facts = new Map<string, string>();
  for (const pattern of TELLING) {
    for (const [, subject, value] of message.matchAll(pattern)) {
      if (subject && value) facts.set(normalSubject(subject), value.replace(/^(?:now|about)\s+/i, "").trim());
    }
  }
  return [...facts].map(([subject, value]) => ({ subject, value }));
}

/** The subject that a question wants recalled, or `undefined` if it asks for no fact. */
export function askedSubject(message: string): string | undefined {
  for (const pattern of ASKING) {
    const subject = pattern.exec(message)?.[1];
    if (subject) return normalSubject(subject);
  }
  return undefined;
}

/** Whether two subjects mean the same: all words of one are in the other, so `budget` finds `cloud budget`. */
export function sameSubject(a: string, b: string): boolean {
  const [few, many] = a.length <= b.length ? [a, b] : [b, a];
  const words = new Set(many.split(" "));
  return few.split(" ").every((word) => words.has(word));
}
